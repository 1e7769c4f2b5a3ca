//! `pass issue`, `pass show`, `pass print`, `pass revoke`.

pub(crate) mod draw;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Subcommand};
use vestibule_desk::{Desk, PassView};
use vestibule_domain::{DoorId, PassId, VisitId};

use self::draw::Kind;
use super::printer;
use crate::{General, Outcome, Trouble, answer, open};

/// How long `pass issue` waits for the window beside it to tell the service.
const PATIENCE: Duration = Duration::from_secs(10);

/// Passes.
#[derive(Subcommand)]
pub(crate) enum Pass {
    /// Issues a pass for a visit and waits until a door has accepted it.
    Issue(Issue),
    /// A pass as it is now.
    Show(Show),
    /// Prints the receipt of a pass, once.
    Print {
        /// The pass.
        pass: PassId,
        /// The language of its words; that of the settings when not given.
        #[arg(long)]
        language: Option<printer::Tongue>,
        /// Prints one more.
        #[arg(long)]
        again: bool,
    },
    /// Takes a pass back.
    Revoke {
        /// The pass.
        pass: PassId,
    },
}

/// What the pass is to be.
#[derive(Args)]
pub(crate) struct Issue {
    /// The visit, as `visitor add` named it.
    #[arg(long)]
    visit: VisitId,
    /// A door, by id; once for each. The doors of the settings when none is named.
    #[arg(long = "door", value_name = "IOTID")]
    doors: Vec<String>,
    /// How many scans.
    #[arg(long)]
    times: Option<u16>,
    /// When it ends, `yyyy-MM-dd HH:mm:ss` on the clock of the first door.
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Where to write the QR code: a .svg or .png file.
    #[arg(long, value_name = "FILE")]
    qr: Option<PathBuf>,
}

/// Which pass.
#[derive(Args)]
pub(crate) struct Show {
    /// The pass.
    pass: PassId,
    /// Where to write the QR code: a .svg or .png file.
    #[arg(long, value_name = "FILE")]
    qr: Option<PathBuf>,
}

impl Pass {
    pub(crate) async fn run(self, general: &General) -> Outcome {
        let desk = open::desk(general).await?;
        match self {
            Self::Issue(issue) => {
                if let Some(file) = &issue.qr {
                    Kind::of(file)?;
                }
                let pass = issue.issue(&desk).await?;
                finish(general, &desk, &pass, issue.qr.as_deref())
            }
            Self::Show(show) => {
                let pass = desk.pass(show.pass)?;
                finish(general, &desk, &pass, show.qr.as_deref())
            }
            Self::Print { pass, language, again } => {
                let printer = printer::of(desk.settings());
                let language = language.map_or(desk.settings().language, Into::into);
                let print = |receipt| printer::on_a_thread(move || printer.print(&receipt));
                printer::said(general, desk.print_pass(pass, language, again, print).await?)
            }
            Self::Revoke { pass } => {
                let pass = desk.revoke_pass(pass)?;
                desk.drain().await;
                answer(general, &desk.pass(pass.id)?, in_words);
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

impl Issue {
    async fn issue(&self, desk: &Desk) -> Result<PassView, Trouble> {
        let doors: Vec<DoorId> = self.doors.iter().cloned().map(DoorId).collect();
        let zone = desk.settings().zone();
        let until = self.until.as_deref().map(|time| {
            zone.moment(time).ok_or_else(|| {
                Trouble(format!("--until: \"{time}\" is no time such as \"2026-03-04 18:00:00\""))
            })
        });
        let until = until.transpose()?;
        let named = (!doors.is_empty()).then_some(doors.as_slice());
        let pass = desk.issue_pass(self.visit, named, until, self.times)?;
        desk.drain().await;
        if !desk.has_lease() {
            wait(desk, pass.id).await?;
        }
        Ok(desk.pass(pass.id)?)
    }
}

/// Another process tells the service; the answer appears in the ledger.
async fn wait(desk: &Desk, pass: PassId) -> Result<(), Trouble> {
    let step = Duration::from_millis(100);
    for _ in 0..PATIENCE.as_millis() / step.as_millis() {
        if desk.pass(pass)?.showable {
            return Ok(());
        }
        tokio::time::sleep(step).await;
    }
    Ok(())
}

fn finish(general: &General, desk: &Desk, pass: &PassView, file: Option<&Path>) -> Outcome {
    answer(general, pass, in_words);
    let Some(file) = file else { return Ok(ExitCode::SUCCESS) };
    let Some(code) = desk.showable_code(pass.id)? else {
        return Err(Trouble(format!(
            "{}: not written: no door has accepted the pass yet; `pass show` tries again",
            file.display()
        )));
    };
    Kind::of(file)?.write(file, code.reveal())?;
    Ok(ExitCode::SUCCESS)
}

fn in_words(pass: &PassView) -> String {
    let mut words = format!("pass {}  {}", pass.id, pass.short_code);
    for door in &pass.doors {
        let readiness = serde_json::to_string(&door.readiness).unwrap_or_default();
        words.push_str(&format!("\n  {}  {}", readiness.trim_matches('"'), door.name));
        if let Some(said) = &door.said {
            words.push_str(&format!("  ({said})"));
        }
    }
    words
}
