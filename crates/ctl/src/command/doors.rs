//! `doors status`.

use std::pin::pin;
use std::process::ExitCode;

use clap::Subcommand;
use futures_util::StreamExt as _;
use serde::Serialize;
use vestibule_gateway::GatewayError;

use crate::probe::Probe;
use crate::{General, Outcome, Trouble, answer, open, probe, words};

/// All doors at once.
#[derive(Subcommand)]
pub(crate) enum Doors {
    /// Asks every door of the settings whether it is held open. Exit code 1 when one gives no answer.
    Status,
}

/// A door as printed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    door: String,
    name: String,
    zone: String,
    answers: bool,
    /// None where nobody knows.
    keep_open: Option<bool>,
    ms: u64,
    /// Why there is no answer.
    why: Option<String>,
    what_now: Option<&'static str>,
}

impl Doors {
    pub(crate) async fn run(self, general: &General) -> Outcome {
        let Self::Status = self;
        let service = open::service(general)?;
        let doors = &service.settings.doors;
        if doors.is_empty() {
            return Err(Trouble("the settings name no door: add a [[door]] to them".to_owned()));
        }
        let mut code = ExitCode::SUCCESS;
        let mut probes = pin!(probe::doors(&service.client, &service.clock, doors));
        while let Some(probe) = probes.next().await {
            if probe.held_open.is_err() {
                code = ExitCode::FAILURE;
            }
            if !answer(general, &Line::from(probe), in_words) {
                break;
            }
        }
        Ok(code)
    }
}

impl From<Probe> for Line {
    fn from(probe: Probe) -> Self {
        let error = probe.held_open.as_ref().err();
        Self {
            door: probe.door.id.0.clone(),
            name: probe.door.name.clone(),
            zone: probe.door.zone.name().to_owned(),
            answers: error.is_none(),
            keep_open: probe.held_open.as_ref().ok().copied(),
            ms: probe.ms,
            why: error.map(GatewayError::to_string),
            what_now: error.map(words::gateway::what_now),
        }
    }
}

fn in_words(line: &Line) -> String {
    let state = match (line.keep_open, &line.why) {
        (Some(true), _) => format!("HELD OPEN      {} ms", line.ms),
        (Some(false), _) => format!("not held open  {} ms", line.ms),
        (None, why) => format!(
            "NO ANSWER      {} ms  {}; {}",
            line.ms,
            why.as_deref().unwrap_or_default(),
            line.what_now.unwrap_or_default()
        ),
    };
    format!("{}  {}  {state}", line.door, crate::print::plain(&line.name))
}
