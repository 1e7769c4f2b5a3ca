//! A press: one push on "open". The rules that keep a door from opening late or twice.
//!
//! A press goes through three hands, and each asks here: [`Doors`] is what one process remembers, [`is_busy`] is asked
//! of what all processes have written down, and the [`Permit`] is looked at last, before the first byte. Then
//! [`PressState::after`] says what an answer makes of it. Nothing here can be carried over a restart: a permit cannot be
//! written down.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use specta::Type;
use uuid::Uuid;

use crate::DoorId;
use crate::clock::{Monotonic, UtcMillis};
use crate::guard::{Guard, on};
use crate::visitor::id;

id!(
    /// One press.
    PressId
);

/// A press that has not left within this time after the finger never leaves.
pub const PRESS_TTL: Duration = Duration::from_secs(5);
/// After a press, the same door takes no other for this long.
pub const LOCK_OUT: Duration = Duration::from_secs(3);
/// How long the first step of the two-step release stays armed.
pub const ARMED_FOR: Duration = Duration::from_secs(10);
/// No answer takes longer than this; an older press without an end belongs to a process that died.
pub const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// Where a press stands. There is no way back from the last three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PressState {
    /// Written down; not yet answered.
    Asked,
    /// The service accepted it. It does not say that the door opened.
    Accepted,
    /// It did not happen: refused here or by the service, or it never left.
    Refused,
    /// It left and nothing certain came back: the door may have opened. Never sent again.
    Unknown,
}

/// Why somebody opens a door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PressReason {
    /// A visitor.
    Visitor,
    /// A delivery.
    Delivery,
    /// A colleague.
    Staff,
    /// Something else.
    Other,
}

/// What came back after something was asked of a door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// The service accepted it.
    Yes,
    /// It certainly did not happen.
    No,
    /// Nothing certain: no answer, or one that nobody understands. A restart is such an answer too.
    Unclear,
}

impl Answer {
    pub(crate) fn is_certainly_no(self) -> bool {
        match self {
            Self::Yes => false,
            Self::No => true,
            Self::Unclear => !on(Guard::Doubt),
        }
    }
}

impl PressState {
    /// Where a press stands after an answer; none when it has ended before.
    #[must_use]
    pub fn after(self, answer: Answer) -> Option<Self> {
        if self != Self::Asked && on(Guard::Settled) {
            return None;
        }
        Some(match answer {
            Answer::Yes => Self::Accepted,
            answer if answer.is_certainly_no() => Self::Refused,
            _ => Self::Unknown,
        })
    }
}

/// Whether the people at a station may open doors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Right {
    /// Visitors stand there.
    Nothing,
    /// Staff stand there.
    Release,
}

/// Why a press does not begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NotNow {
    /// This station may not.
    NotAllowed,
    /// The first step is missing, used up, or too long ago.
    NotArmed,
    /// The door was pressed a moment ago.
    LockedOut,
}

/// The connection as a press sees it: whether it is known to be lost, and how often it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Contact {
    /// It is lost now.
    pub lost: bool,
    /// How often it was lost since this process began.
    pub losses: u32,
}

/// Why something that was asked of a door must not leave any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Void {
    /// Its five seconds are over, or what it was for is.
    TooLate,
    /// The connection is lost, or was since the finger.
    LineLost,
}

/// The right of one press to leave, in the process in which the finger came down. It cannot be stored, copied into the
/// outbox or carried over a restart: there is no way to write one down.
#[derive(Debug, PartialEq, Eq, Hash)]
#[cfg_attr(test, derive(Clone))]
pub struct Permit {
    not_after: Monotonic,
    contact: Contact,
}

impl Permit {
    /// Whether a request may leave now. Whoever sends asks last, before the first byte.
    ///
    /// # Errors
    /// Why not, and then never.
    pub fn may_leave(&self, now: Monotonic, contact: Contact) -> Result<(), Void> {
        if on(Guard::Deadline) && now >= self.not_after {
            return Err(Void::TooLate);
        }
        if on(Guard::PressedOffline) && self.contact.lost {
            return Err(Void::LineLost);
        }
        if on(Guard::LostSince) && contact.losses != self.contact.losses {
            return Err(Void::LineLost);
        }
        Ok(())
    }
}

/// What one process remembers of its doors: which are armed, and when each was last pressed. Gone after a restart, as
/// it must be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Doors {
    armed: BTreeMap<Uuid, (DoorId, Monotonic)>,
    pressed: BTreeMap<DoorId, Monotonic>,
}

impl Doors {
    /// The first step: chooses a door. The token serves for one press within [`ARMED_FOR`].
    ///
    /// # Errors
    /// [`NotNow::NotAllowed`].
    pub fn arm(&mut self, right: Right, token: Uuid, door: DoorId, now: Monotonic) -> Result<(), NotNow> {
        if on(Guard::RightToArm) && right != Right::Release {
            return Err(NotNow::NotAllowed);
        }
        self.armed.retain(|_, (_, at)| now.since(*at) <= ARMED_FOR);
        self.armed.insert(token, (door, now));
        Ok(())
    }

    /// The second step, when the finger comes down: uses up the token and takes the door's lock-out, both at once, so
    /// that of two at the same moment one passes.
    ///
    /// # Errors
    /// Why it does not begin. The token is used up all the same, but not by a station without the right.
    pub fn press(
        &mut self,
        right: Right,
        token: Uuid,
        now: Monotonic,
        contact: Contact,
    ) -> Result<(DoorId, Permit), NotNow> {
        if on(Guard::RightToPress) && right != Right::Release {
            return Err(NotNow::NotAllowed);
        }
        let (door, at) = self.armed.get(&token).cloned().ok_or(NotNow::NotArmed)?;
        if on(Guard::TokenOnce) {
            self.armed.remove(&token);
        }
        if on(Guard::ArmedFor) && now.since(at) > ARMED_FOR {
            return Err(NotNow::NotArmed);
        }
        if on(Guard::LockOut) && !self.locked_for(&door, now).is_zero() {
            return Err(NotNow::LockedOut);
        }
        self.pressed.insert(door.clone(), now);
        Ok((door, Permit { not_after: now.plus(PRESS_TTL), contact }))
    }

    /// The door that a token is for.
    #[must_use]
    pub fn armed(&self, token: Uuid) -> Option<&DoorId> {
        self.armed.get(&token).map(|(door, _)| door)
    }

    /// For how long the door takes no press of this process.
    #[must_use]
    pub fn locked_for(&self, door: &DoorId, now: Monotonic) -> Duration {
        self.pressed.get(door).map_or(Duration::ZERO, |at| LOCK_OUT.saturating_sub(now.since(*at)))
    }
}

/// Whether a door takes no press now because of the presses that were written down, whichever process asked. A press
/// that seems to be of the future counts as well: the clock was set back.
#[must_use]
pub fn is_busy(now: UtcMillis, presses: impl IntoIterator<Item = (PressState, UtcMillis)>) -> bool {
    presses.into_iter().any(|(state, at)| {
        let apart = now.since(at).max(at.since(now));
        let window = match state {
            PressState::Refused => Duration::ZERO,
            PressState::Asked if on(Guard::OneOpenPress) => ANSWER_WITHIN,
            _ if on(Guard::SharedLockOut) => LOCK_OUT,
            _ => Duration::ZERO,
        };
        apart < window
    })
}

/// Whether a press or a hold belongs to an earlier process: only the start it was written down in may go on with it.
#[must_use]
pub fn is_orphan(asked_in: i64, epoch: i64) -> bool {
    on(Guard::Orphans) && asked_in < epoch
}
