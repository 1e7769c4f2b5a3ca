//! `visitor add`.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use uuid::Uuid;
use vestibule_desk::RegisterForm;

use crate::{General, Outcome, answer, open};

/// Visitors.
#[derive(Subcommand)]
pub(crate) enum Visitor {
    /// Registers a visitor who is here; `pass issue` gives them a pass.
    Add(Add),
    /// The visits of today.
    List,
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
