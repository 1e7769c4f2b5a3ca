//! `pins set`.

mod digits;
mod source;

use std::process::ExitCode;

use clap::{Args, Subcommand};
use futures_util::StreamExt as _;
use serde::Serialize;
use vestibule_domain::staff::Act;
use vestibule_domain::{DoorId, IdentityId};
use vestibule_gateway::batch::{BatchOptions, RowOutcome};
use vestibule_gateway::endpoint::passwd::modify::{Modify, Number, Password};

use crate::open::Service;
use crate::{General, Outcome, Trouble, answer, open, words};
use source::Source;

/// PINs at doors.
#[derive(Subcommand)]
pub(crate) enum Pins {
    /// Sets a PIN of a person at doors, from now until a time. A PIN never stands on the command line: it is read
    /// from a file, or made and shown once. No call takes a PIN back: one that is set again under the same number
    /// takes the place of the old one.
    Set(Set),
}

/// Which PIN.
#[derive(Args)]
pub(crate) struct Set {
    /// The person's identityId.
    #[arg(long, value_name = "ID")]
    person: String,
    /// A door by its iotId; once for each.
    #[arg(long = "door", value_name = "IOTID", required = true)]
    doors: Vec<String>,
    /// The number of the PIN, in digits: a door may hold several of one person. Leading zeros count.
    #[arg(long, value_name = "N", value_parser = number)]
    number: Number,
    /// When it ends, `yyyy-MM-dd HH:mm:ss` on the clock of each door.
    #[arg(long, value_name = "TIME")]
    until: String,
    #[command(flatten)]
    source: Source,
}

/// What became of it.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    /// The doors that took it.
    set: Vec<String>,
    /// The doors that did not, or gave no good answer.
    failed: Vec<String>,
    /// The PIN, where it was made here and a door took it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pin: Option<String>,
    /// What the call met, where it never succeeded.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

impl Pins {
    pub(crate) async fn run(self, general: &General) -> Outcome {
        let Self::Set(set) = self;
        open::allow(general, Act::ChangeService).await?;
        let service = open::service(general)?;
        // A time that is none is found before a PIN is read or made.
        set.check_end(&service)?;
        let (pin, made) = set.source.pin()?;
        let mut report = send(&service, set.rows(&pin)).await;
        report.pin = (made && !report.set.is_empty()).then_some(pin);
        if !report.failed.is_empty() {
            let unknown = "the service gives no reason; most often it does not know the person or the door";
            eprintln!("vestibulectl: {}", report.why.as_deref().unwrap_or(unknown));
        }
        answer(general, &report, in_words);
        Ok(if report.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

impl Set {
    /// An end that has passed would take the PIN of that number away instead of setting one.
    fn check_end(&self, service: &Service) -> Result<(), Trouble> {
        let now = service.clock.now();
        for id in &self.doors {
            let known = service.settings.doors.iter().find(|door| door.id.0 == *id);
            let zone = known.map_or_else(|| service.settings.zone(), |door| door.zone.clone());
            let ends = zone.moment(&self.until).filter(|ends| zone.wall(*ends) == self.until);
            let Some(ends) = ends else {
                return Err(Trouble("--until: no time such as \"2026-03-04 18:00:00\"".to_owned()));
            };
            if ends <= now {
                return Err(Trouble(format!("--until: has passed at {id} ({})", zone.name())));
            }
        }
        Ok(())
    }

    fn rows(&self, pin: &str) -> Vec<Password> {
        let mut rows: Vec<Password> = Vec::new();
        for door in self.doors.iter().map(|door| DoorId(door.clone())) {
            if rows.iter().all(|row| row.iot_id != door) {
                rows.push(Password {
                    identity_id: IdentityId(self.person.clone()),
                    iot_id: door,
                    password: pin.to_owned(),
                    number: Some(self.number.clone()),
                    expired_date: Some(self.until.clone()),
                });
            }
        }
        rows
    }
}

async fn send(service: &Service, rows: Vec<Password>) -> Report {
    let doors: Vec<String> = rows.iter().map(|row| row.iot_id.0.clone()).collect();
    let mut outcomes: Vec<RowOutcome> = vec![RowOutcome::Skipped; rows.len()];
    let parts = {
        // Somebody sits there and waits.
        let patience = std::time::Duration::from_secs(30);
        service.client.batch::<Modify, _>(rows, BatchOptions { patience, ..BatchOptions::default() })
    };
    let mut parts = std::pin::pin!(parts);
    while let Some(part) = parts.next().await {
        for row in part {
            outcomes[row.index] = row.outcome;
        }
    }
    let mut report = Report::default();
    for (door, outcome) in doors.into_iter().zip(outcomes) {
        match outcome {
            RowOutcome::Done => report.set.push(door),
            RowOutcome::Failed | RowOutcome::Skipped => report.failed.push(door),
            RowOutcome::Unsettled(error) => {
                report.failed.push(door);
                report.why.get_or_insert_with(|| words::gateway::of_error(&error));
            }
        }
    }
    report
}

/// A number in digits. With a leading zero it is sent as text, as in the service's sample; otherwise as a number, as
/// in its table.
fn number(text: &str) -> Result<Number, String> {
    if text.is_empty() || text.len() > 9 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("one to nine digits".to_owned());
    }
    match text.parse() {
        Ok(number) if text == "0" || !text.starts_with('0') => Ok(Number::Integer(number)),
        _ => Ok(Number::Text(text.to_owned())),
    }
}

fn in_words(report: &Report) -> String {
    let mut lines: Vec<String> = report.set.iter().map(|door| format!("{door}  set")).collect();
    lines.extend(report.failed.iter().map(|door| format!("{door}  NOT SET")));
    if let Some(pin) = &report.pin {
        lines.push(format!("PIN {pin}  (shown this once and kept nowhere)"));
    }
    lines.join("\n")
}
