//! A press: one push on "open". The rules that keep a door from opening late or twice.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::clock::Monotonic;
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

/// Where a press stands. There is no way back from the last three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
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

/// Until when a press may leave: a point on the steady clock. It cannot be stored, copied into the outbox or carried
/// over a restart: there is no way to write one down.
#[derive(Debug, Clone, Copy)]
pub struct PressDeadline(Monotonic);

impl PressDeadline {
    /// The deadline of a press whose finger came down at `pressed`.
    #[must_use]
    pub fn of(pressed: Monotonic) -> Self {
        Self(pressed.plus(PRESS_TTL))
    }

    /// Whether a request may still leave.
    #[must_use]
    pub fn is_open(&self, now: Monotonic) -> bool {
        now < self.0
    }

    /// The point itself, for the transport that checks it last, before the first byte.
    #[must_use]
    pub fn instant(&self) -> Monotonic {
        self.0
    }
}

/// Whether a door that was last pressed at `last` takes a press now.
#[must_use]
pub fn is_locked_out(last: Option<Monotonic>, now: Monotonic) -> bool {
    last.is_some_and(|last| now.since(last) < LOCK_OUT)
}
