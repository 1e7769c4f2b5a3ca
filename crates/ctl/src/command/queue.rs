//! `queue list`, `queue retry`, `queue drop`.

use std::process::ExitCode;

use clap::Subcommand;
use vestibule_desk::DropReason;

use crate::{General, Outcome, answer, open};

/// What the service has still to be told.
#[derive(Subcommand)]
pub(crate) enum Queue {
    /// What waits or was set aside, oldest first.
    List,
    /// Tries a row again now.
    Retry {
        /// Its number.
        row: i64,
    },
    /// Gives up a row that was set aside.
    Drop {
        /// Its number.
        row: i64,
        /// Why.
        #[arg(long)]
        reason: Reason,
    },
}

/// Why a row is given up.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(crate) enum Reason {
    /// Nobody needs it any more.
    NotNeeded,
    /// It was done by hand at the service.
    DoneByHand,
    /// It was a mistake from the start.
    Mistake,
    /// Something else.
    Other,
}

impl From<Reason> for DropReason {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::NotNeeded => Self::NotNeeded,
            Reason::DoneByHand => Self::DoneByHand,
            Reason::Mistake => Self::Mistake,
            Reason::Other => Self::Other,
        }
    }
}

impl Queue {
    pub(crate) async fn run(self, general: &General) -> Outcome {
        let desk = open::desk(general).await?;
        match self {
            Self::List => {
                for row in desk.queue()? {
                    answer(general, &row, |row| {
                        let plain = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
                        let kind = serde_json::to_value(row.kind).map(plain).unwrap_or_default();
                        let state = serde_json::to_value(row.state).map(plain).unwrap_or_default();
                        let said = row.last_answer.as_deref().unwrap_or_default();
                        format!(
                            "{}  {state}  {kind}  {} tries  {}  {said}",
                            row.id, row.attempts, row.visitor_name
                        )
                    });
                }
            }
            Self::Retry { row } => {
                desk.retry_row(row)?;
                desk.drain().await;
            }
            Self::Drop { row, reason } => desk.drop_row(row, reason.into())?,
        }
        Ok(ExitCode::SUCCESS)
    }
}
