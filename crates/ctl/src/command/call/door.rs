//! A raw call that moves a door: only on a person's word, by the desk's own rules, and written down before it is sent.
//!
//! Such a call is a press or a hold like any other: its row comes first, it leaves once, on the connections for doors,
//! within five seconds, and what nobody knows is not called refused. A door that the settings do not name has no rows,
//! so nothing can move it from here.

use std::process::ExitCode;
use std::time::Duration;

use serde::Deserialize as _;
use serde_json::Value;
use vestibule_desk::{Desk, Failure, FailureCode, Station};
use vestibule_domain::press::{PressReason, PressState};
use vestibule_domain::{Clock as _, DoorId, SystemClock};
use vestibule_gateway::endpoint::service::invoke;
use vestibule_gateway::endpoint::{Entry, keepopen};

use crate::command::door::in_words;
use crate::print::tree::pair;
use crate::words::gateway;
use crate::{General, Outcome, Trouble, answer, open, print, words};

/// What the call would do.
enum Act {
    Open(DoorId),
    KeepOpen(DoorId),
}

/// Does it, if `yes` was said.
pub(super) async fn act(general: &General, entry: &Entry, params: &Value, yes: bool) -> Outcome {
    let act = read(params)?;
    if !yes {
        return Err(Trouble(format!("{}: nothing was sent: {}", entry.name, warning(&act))));
    }
    let desk = open::desk(general).await?;
    match act {
        Act::Open(door) => {
            desk.speak()?;
            open::reachable(&desk)?;
            press(general, entry.name, &desk, &door).await
        }
        Act::KeepOpen(door) => hold(general, &desk, &door).await,
    }
}

fn read(params: &Value) -> Result<Act, Trouble> {
    if let Ok(keepopen::set::Params { iot_id, .. }) = keepopen::set::Params::deserialize(params) {
        return Ok(Act::KeepOpen(iot_id));
    }
    let params = invoke::Params::deserialize(params).map_err(|error| Trouble(error.to_string()))?;
    if !params.args.is_empty() {
        return Err(Trouble("args: must be {}, which is all that opening a door takes".to_owned()));
    }
    Ok(Act::Open(params.iot_id))
}

fn warning(act: &Act) -> &'static str {
    match act {
        Act::Open(_) => {
            "this opens a real door, and a second time opens it again. `door open DOOR --yes` is the same with a reason; to do it here, say --yes when somebody looks at the door"
        }
        Act::KeepOpen(_) => {
            "this keeps a real door open for everybody until it is closed. The guard's post does the same with an end; to do it here, say --yes when somebody looks at the door"
        }
    }
}

async fn press(general: &General, name: &str, desk: &Desk, door: &DoorId) -> Outcome {
    let armed = desk.arm_door(Station::Guard, door).map_err(|failure| refused(&failure, door))?;
    let clock = SystemClock::new();
    let begun = clock.monotonic();
    let (press, answer) = desk
        .press_by_hand(Station::Guard, armed.token, PressReason::Other)
        .await
        .map_err(|failure| refused(&failure, door))?;
    let ms = clock.monotonic().since(begun).as_millis();
    let state = in_words(&press);
    match answer {
        Err(error) => return Err(Trouble(format!("{}\n{state}", gateway::of_error(&error)))),
        Ok(answer) if general.json => print::line(&String::from_utf8_lossy(&answer.body)),
        Ok(answer) => {
            print::line(&format!("{}\n{}", super::in_words(name, &answer, ms), pair("press", &state, 10, 1)))
        }
    };
    Ok(if press.state == PressState::Accepted { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// As a hold of the desk, for as long as the settings allow. Only beside a window, which closes the door again: this
/// program is gone in a moment.
async fn hold(general: &General, desk: &Desk, door: &DoorId) -> Outcome {
    if desk.speak()? {
        return Err(Trouble(
            "nothing was sent: no window runs on this data folder, so nobody would close the door again"
                .to_owned(),
        ));
    }
    open::reachable(desk)?;
    let armed = desk.arm_door(Station::Guard, door).map_err(|failure| refused(&failure, door))?;
    let minutes = desk.settings().hold.longest_minutes;
    let length = Duration::from_secs(u64::from(minutes) * 60);
    let hold = desk
        .hold_open(Station::Guard, armed.token, length)
        .await
        .map_err(|failure| refused(&failure, door))?;
    answer(general, &hold, |hold| {
        format!(
            "{}: kept open, for {minutes} minutes at most; the window closes it, or `call keepopen-set` with false",
            hold.door_name
        )
    });
    Ok(ExitCode::SUCCESS)
}

fn refused(failure: &Failure, door: &DoorId) -> Trouble {
    if failure.code == FailureCode::NotFound {
        let door = print::plain(&door.0);
        return Trouble(format!(
            "{door}: nothing was sent: the settings name no such door, so it could not be written down"
        ));
    }
    Trouble(words::of_failure(failure))
}
