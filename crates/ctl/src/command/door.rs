//! `door list`, `door open`, `door log`.

use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use vestibule_desk::{PressView, Station};
use vestibule_domain::DoorId;
use vestibule_domain::press::{PressReason, PressState};

use crate::{General, Outcome, answer, open, words};

/// Doors.
#[derive(Subcommand)]
pub(crate) enum Door {
    /// The doors of the settings.
    List,
    /// Opens a door now, once. Needs `--yes`: somebody must be looking at it.
    Open {
        /// The door's id.
        door: String,
        /// Why.
        #[arg(long, default_value = "other")]
        reason: ReasonName,
        /// Yes, open it.
        #[arg(long)]
        yes: bool,
    },
    /// The newest presses.
    Log,
}

/// A reason on the command line.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum ReasonName {
    /// A visitor.
    Visitor,
    /// A delivery.
    Delivery,
    /// A colleague.
    Staff,
    /// Something else.
    Other,
}

impl Door {
    pub(crate) async fn run(self, general: &General) -> Outcome {
        let desk = open::desk(general).await?;
        match self {
            Self::List => {
                for door in desk.doors()? {
                    answer(general, &door, |door| format!("{}  {}  {}", door.id, door.name, door.zone));
                }
                Ok(ExitCode::SUCCESS)
            }
            Self::Log => {
                for press in desk.door_log()? {
                    answer(general, &press, in_words);
                }
                Ok(ExitCode::SUCCESS)
            }
            Self::Open { door, reason, yes } => {
                if !yes {
                    return Err(crate::Trouble(
                        "nothing was opened: say --yes when somebody looks at the door".to_owned(),
                    ));
                }
                desk.speak()?;
                open::reachable(&desk)?;
                let armed = desk.arm_door(Station::Guard, &DoorId(door))?;
                let press = desk.press_door(Station::Guard, armed.token, reason.into()).await?;
                answer(general, &press, in_words);
                Ok(if press.state == PressState::Accepted { ExitCode::SUCCESS } else { ExitCode::FAILURE })
            }
        }
    }
}

/// A press and where it stands.
pub(super) fn in_words(press: &PressView) -> String {
    let state = match press.state {
        PressState::Asked => "asked, no end written down yet",
        PressState::Accepted => "accepted by the service",
        PressState::Refused => "refused",
        PressState::Unknown => "unknown: look at the door, do not press again yet",
    };
    let why = press.why.map(|code| format!(" ({})", words::of_code(code))).unwrap_or_default();
    format!("{}: {state}{why}", press.door_name)
}

impl From<ReasonName> for PressReason {
    fn from(name: ReasonName) -> Self {
        match name {
            ReasonName::Visitor => Self::Visitor,
            ReasonName::Delivery => Self::Delivery,
            ReasonName::Staff => Self::Staff,
            ReasonName::Other => Self::Other,
        }
    }
}
