//! `purge`: destroys what is kept of visitors.

use std::process::ExitCode;

use clap::Args;
use vestibule_desk::{Desk, PurgeReport, PurgeScope};
use vestibule_domain::Zone;

use crate::{General, Outcome, Trouble, answer, open};

/// What to destroy.
#[derive(Args)]
pub(crate) struct Purge {
    /// One visitor, by phone number or the id of a visit: all their visits, whatever they still have.
    #[arg(long, conflicts_with = "before")]
    visitor: Option<String>,
    /// Everybody who came before this day and not since, such as 2026-10-24; the days of the settings where it is left out.
    #[arg(long)]
    before: Option<String>,
    /// Says what would be destroyed, and destroys nothing.
    #[arg(long)]
    dry_run: bool,
}

impl Purge {
    pub(crate) async fn run(self, general: &General) -> Outcome {
        let desk = open::desk(general).await?;
        let report = match (&self.visitor, &self.before) {
            (Some(who), _) => desk.purge(PurgeScope::One(who), self.dry_run)?,
            (None, Some(day)) => {
                let zone = desk.settings().zone();
                let before = zone.moment(&format!("{day} 00:00:00"));
                let before =
                    before.ok_or_else(|| Trouble(format!("\"{day}\" is no day such as 2026-10-24")))?;
                desk.purge(PurgeScope::Before(before), self.dry_run)?
            }
            (None, None) => {
                let before = desk.kept_since().ok_or_else(|| {
                    Trouble("retention.days is 0 in the settings: say --before or --visitor".to_owned())
                })?;
                desk.purge(PurgeScope::Before(before), self.dry_run)?
            }
        };
        tell(general, &desk, &report).await;
        Ok(ExitCode::SUCCESS)
    }
}

/// The certificate; and the service is told, if it can be.
pub(crate) async fn tell(general: &General, desk: &Desk, report: &PurgeReport) {
    if !report.dry {
        desk.drain().await;
    }
    let zone = desk.settings().zone();
    answer(general, report, |report| in_words(report, &zone));
}

fn in_words(report: &PurgeReport, zone: &Zone) -> String {
    let done = if report.dry { "would be destroyed" } else { "destroyed" };
    let mut text = format!(
        "{done}: {} visitors with their visits, {} unused invitations, {} notes",
        report.visitors, report.invitations, report.notes
    );
    if let (Some(from), Some(until)) = (report.from, report.until) {
        text += &format!("\nthey came from {} until {}", zone.wall(from), zone.wall(until));
    }
    if report.orders > 0 {
        text += &format!(
            "\nto be told to the service: {} orders, which wait in the queue until they are",
            report.orders
        );
    }
    if let Some(until) = report.codes_until {
        text += &format!(
            "\ncodes that doors may take until it was told: {}, the last until {}",
            report.codes,
            zone.wall(until)
        );
    }
    if report.persons_stay {
        text += "\nat the service the persons stay, as an id and a neutral name: other desks of the site may know them too";
    }
    if report.kept > 0 {
        text += &format!("\nnot yet: {} visitors whose codes are still being removed", report.kept);
    }
    if report.set_aside > 0 {
        text += &format!("\ndamaged files that were set aside and may hold more: {}", report.set_aside);
    }
    text
}
