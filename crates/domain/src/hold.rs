//! A hold: a door kept open. The service knows no end for it, so it has one here, and an owner; whoever holds a door
//! must be able to lose power, network and mind, and the door still closes.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::clock::{Monotonic, UtcMillis};
use crate::visitor::id;

id!(
    /// One hold.
    HoldId
);

/// People are warned this long before a hold ends.
pub const WARNING: Duration = Duration::from_secs(60);

/// Where a hold stands. It only goes forward; from "asked" it may go straight to the last two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum HoldState {
    /// Written down; not yet answered.
    Asked,
    /// The service accepted it.
    Open,
    /// Over, or nobody knows whether it began: the service is told to close until it says that it has.
    Closing,
    /// The service says that the door is not held open, or it certainly never was.
    Closed,
}

/// When a hold ends, on both clocks: whichever is first. Setting the PC's clock back cannot make it longer; after a
/// restart only the wall clock is left, and then a hold is over anyway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HoldEnd {
    /// On the wall clock.
    pub wall: UtcMillis,
    /// On the steady clock.
    pub steady: Monotonic,
}

impl HoldEnd {
    /// The end of a hold that begins now.
    #[must_use]
    pub fn after(length: Duration, now: UtcMillis, steady: Monotonic) -> Self {
        Self { wall: now.plus(length), steady: steady.plus(length) }
    }

    /// Whether it is over.
    #[must_use]
    pub fn is_over(&self, now: UtcMillis, steady: Monotonic) -> bool {
        now >= self.wall || steady >= self.steady
    }
}
