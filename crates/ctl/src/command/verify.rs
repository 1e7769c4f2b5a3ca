//! `verify`.

use std::process::ExitCode;

use clap::Args;
use vestibule_domain::verdict::Decision;

use crate::{General, Outcome, answer, open};

/// What somebody shows.
#[derive(Args)]
pub(crate) struct Verify {
    /// The text of the code, or its short form.
    code: String,
}

impl Verify {
    pub(crate) async fn run(self, general: &General) -> Outcome {
        let verdict = open::desk(general).await?.verify(&self.code)?;
        answer(general, &verdict, |verdict| {
            let decision = match verdict.decision {
                Decision::LetIn => "LET IN",
                Decision::Stop => "STOP",
                Decision::CannotTell => "CANNOT TELL",
            };
            let reason = serde_json::to_string(&verdict.reason).unwrap_or_default();
            let name = verdict.pass.as_ref().map_or("", |pass| pass.visitor_name.as_str());
            format!("{decision}  {}  {name}", reason.trim_matches('"')).trim_end().to_owned()
        });
        Ok(match verdict.decision {
            Decision::LetIn => ExitCode::SUCCESS,
            Decision::Stop => ExitCode::from(3),
            Decision::CannotTell => ExitCode::from(4),
        })
    }
}
