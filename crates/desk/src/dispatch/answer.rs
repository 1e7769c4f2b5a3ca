//! What an answer means for the row whose call it answers.

use std::time::Duration;

use vestibule_domain::DoorId;
use vestibule_domain::pass::Pass;
use vestibule_gateway::endpoint::answer::DoorAnswer;
use vestibule_gateway::{GatewayError, Outcome, WhatNow};

use crate::FailureCode;
use crate::connection::Met;
use crate::failure::met_by;

/// What became of a row's call.
#[derive(Debug)]
pub(crate) enum End {
    /// Told, wholly.
    Done,
    /// No longer needed.
    Superseded,
    /// Again later: what came back, whether only the connection was at fault, and what the other side asked for.
    Later { answer: String, held: bool, not_before: Option<Duration> },
    /// A person must decide.
    Wedged(String),
}

impl End {
    pub(crate) fn later(answer: &str) -> Self {
        Self::Later { answer: answer.to_owned(), held: false, not_before: None }
    }
}

/// What a failed call means for its row. All rows may be repeated, so doubt means "again". The service's own words are
/// left out: they may repeat what was sent.
pub(crate) fn end_of(error: &GatewayError) -> End {
    let code = FailureCode::of_gateway(error).word();
    let answer = match error {
        GatewayError::Refused(refusal) => format!("{code} {}", refusal.code),
        other => format!("{code}: {other}"),
    };
    // Our key, our clock or the network: no fault of the row, so it waits for the connection.
    let held = matches!(met_by(error), Met::Trouble(_)) && error.outcome() != Outcome::Ambiguous;
    match error.what_now() {
        _ if held => End::Later { answer, held, not_before: None },
        WhatNow::RetryLater(not_before) => End::Later { answer, held, not_before },
        WhatNow::FixClock | WhatNow::RenewToken | WhatNow::UnknownOutcome => End::later(&answer),
        WhatNow::Never => End::Wedged(answer),
    }
}

/// What the answers of single doors mean together: done when every door that was asked said yes.
pub(crate) fn of_doors(asked: &[DoorId], answers: &[DoorAnswer]) -> End {
    let open: Vec<(String, bool)> = asked
        .iter()
        .filter_map(|door| match answers.iter().find(|answer| answer.iot_id == *door) {
            Some(answer) if answer.is_ok() => None,
            Some(answer) => Some((answer.code.to_string(), is_final(answer.code))),
            None => Some(("noAnswerForDoor".to_owned(), false)),
        })
        .collect();
    match open.first() {
        None => End::Done,
        Some((answer, _)) if open.iter().all(|(_, is_final)| *is_final) => End::Wedged(answer.clone()),
        Some((answer, _)) => End::later(answer),
    }
}

/// Codes of one door that will not change by asking again: unknown person or door, wrong parameters.
fn is_final(code: i64) -> bool {
    matches!(code, 400 | 403 | 404 | 460 | 2000 | 2062 | 2063 | 2065 | 2066 | 28560)
}

/// The worst of several ends decides: doubt and waiting before "set aside", anything before "done". The row waits only
/// for the connection where nothing but the connection was at fault.
pub(crate) fn worst(ends: Vec<End>) -> End {
    let mut worst = End::Done;
    for end in ends {
        worst = match (worst, end) {
            (
                End::Later { held: one, answer, not_before: a },
                End::Later { held: two, not_before: b, .. },
            ) => End::Later { held: one && two, answer, not_before: a.max(b) },
            (later @ End::Later { .. }, _) | (_, later @ End::Later { .. }) => later,
            (wedged @ End::Wedged(_), _) | (_, wedged @ End::Wedged(_)) => wedged,
            (_, end) => end,
        };
    }
    worst
}

/// Words of the service about a door, short, on one line, and without the pass's code in them.
pub(super) fn words_of(words: &str, pass: &Pass) -> String {
    let words = match &pass.code {
        Some(code) => words.replace(code.reveal(), "…"),
        None => words.to_owned(),
    };
    words.chars().filter(|c| !c.is_control()).take(120).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_door_that_may_still_work_keeps_the_row_waiting() {
        let later = || End::later("500");
        assert!(matches!(worst(vec![End::Wedged("2063".to_owned()), later(), End::Done]), End::Later { .. }));
        assert!(matches!(worst(vec![End::Done, End::Wedged("2063".to_owned())]), End::Wedged(_)));
        assert!(matches!(worst(vec![End::Done, End::Done]), End::Done));
    }
}
