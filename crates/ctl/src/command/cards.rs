//! `cards import`, `cards export`, `cards delete`.

mod delete;
mod export;
mod import;
mod left;
mod report;

use clap::Subcommand;

use crate::{General, Outcome};

/// Card rights at doors, by the table.
#[derive(Subcommand)]
pub(crate) enum Cards {
    /// Gives the cards of a CSV file rights at doors. The first row names the columns: identityId, cardId,
    /// expiryTime (yyyy-MM-dd HH:mm:ss on the door's clock; empty for no end) and, where rows differ in their door,
    /// iotId. A file with a fault in it is not begun. Safe to run again: what is set already is only set again.
    Import(import::Import),
    /// Writes the card rights that doors hold as a CSV file that `cards import` reads.
    Export(export::Export),
    /// Takes a person off doors. The service takes all cards of the person there, not one of them.
    Delete(delete::Delete),
}

impl Cards {
    pub(crate) async fn run(self, general: &General) -> Outcome {
        match self {
            Self::Import(import) => import.run(general).await,
            Self::Export(export) => export.run(general).await,
            Self::Delete(delete) => delete.run(general).await,
        }
    }
}
