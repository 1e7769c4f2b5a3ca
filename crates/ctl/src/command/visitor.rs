//! `visitor add`, `visitor list`, `visitor export`, `visitor erase`.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use uuid::Uuid;
use vestibule_desk::{PurgeScope, RegisterForm};

use crate::command::purge;
use crate::{General, Outcome, Trouble, answer, open};

/// Visitors.
#[derive(Subcommand)]
pub(crate) enum Visitor {
    /// Registers a visitor who is here; `pass issue` gives them a pass.
    Add(Add),
    /// The visits of today.
    List,
    /// Everything that is kept of a visitor, as JSON, for themselves.
    Export {
        /// Their phone number, or the id of a visit.
        visitor: String,
    },
    /// Destroys everything that is kept of a visitor, whatever they still have.
    Erase {
        /// Their phone number, or the id of a visit.
        visitor: String,
    },
}

/// What a visitor tells us.
#[derive(Args)]
pub(crate) struct Add {
    /// Their name.
    #[arg(long)]
    name: String,
    /// Their phone number.
    #[arg(long)]
    phone: String,
    /// Whom they visit.
    #[arg(long, default_value = "")]
    host: String,
}

impl Add {
    pub(crate) fn form(&self) -> RegisterForm {
        RegisterForm {
            form: Uuid::new_v4().to_string(),
            name: self.name.clone(),
            phone: self.phone.clone(),
            host: self.host.clone(),
            ..RegisterForm::default()
        }
    }
}

impl Visitor {
    pub(crate) async fn run(self, general: &General) -> Outcome {
        let desk = open::desk(general).await?;
        match self {
            Self::Add(add) => {
                let visit = desk.add_visitor(&add.form())?;
                desk.drain().await;
                answer(general, &visit, |visit| format!("visit {} of {}", visit.id, visit.visitor_name));
            }
            Self::Export { visitor } => {
                let visits = desk.export_visitor(&visitor)?;
                let text =
                    serde_json::to_string_pretty(&visits).map_err(|error| Trouble(error.to_string()))?;
                println!("{text}");
            }
            Self::Erase { visitor } => {
                let report = desk.purge(PurgeScope::One(&visitor), false)?;
                purge::tell(general, &desk, &report).await;
            }
            Self::List => {
                for visit in desk.todays_visits()? {
                    answer(general, &visit, |visit| {
                        let left = if visit.left_at.is_some() { "left" } else { "here" };
                        format!(
                            "{}  {left}  {}  {}  {} passes",
                            visit.id,
                            visit.visitor_name,
                            visit.host,
                            visit.passes.len()
                        )
                    });
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
