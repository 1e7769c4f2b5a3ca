//! The verdict on a code that somebody shows: let in, stop, or cannot tell. The whole rule is one table.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::clock::UtcMillis;
use crate::pass::{PassState, Readiness};
use crate::window::{Place, Window};

/// Knowledge of a pass issued elsewhere is trusted this long. (Passes of this desk are its own knowledge: nobody but
/// this desk changes them, so they do not age.)
pub const TRUSTED_AGE: Duration = Duration::from_secs(15 * 60);
/// Beyond this difference between the PC's clock and the gateway's, no verdict that depends on time is given.
pub const CLOCK_TRUST: Duration = Duration::from_secs(600);

/// What to do with the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Decision {
    /// Let in.
    LetIn,
    /// Stop.
    Stop,
    /// The desk does not know enough; a person decides.
    CannotTell,
}

/// Why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Reason {
    /// A valid pass in its window.
    Valid,
    /// Taken back.
    Revoked,
    /// The visitor signed out.
    SignedOut,
    /// The window has not begun.
    NotYet,
    /// The window is over.
    Expired,
    /// The code is not in this desk's ledger. It may have been issued elsewhere.
    NotIssuedHere,
    /// What was read cannot be a pass code at all.
    NotAPass,
    /// No door has confirmed the pass yet.
    NotReady,
    /// What is known is too old.
    Stale,
    /// The clock of this PC is too far off.
    ClockOff,
}

/// What is known of the pass behind a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Given or taken back.
    pub state: PassState,
    /// The visitor signed out.
    pub signed_out: bool,
    /// From when until when.
    pub window: Window,
    /// Where the pass stands at each door.
    pub doors: Vec<Readiness>,
    /// Whether this desk issued it.
    pub issued_here: bool,
    /// When this was last heard from whoever issued it.
    pub as_of: UtcMillis,
}

/// A verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// What to do.
    pub decision: Decision,
    /// Why.
    pub reason: Reason,
    /// How old the knowledge behind it is; none when nothing is known.
    pub age: Option<Duration>,
}

/// Judges. `skew` is how far the PC's clock is from the gateway's, where that has been measured.
#[must_use]
pub fn judge(known: Option<&Known>, now: UtcMillis, skew: Option<Duration>) -> Verdict {
    let Some(known) = known else {
        return Verdict { decision: Decision::CannotTell, reason: Reason::NotIssuedHere, age: None };
    };
    let age = Some(if known.issued_here { Duration::ZERO } else { now.since(known.as_of) });
    let (decision, reason) = decide(known, now, skew, age);
    Verdict { decision, reason, age }
}

/// The rule table, from the surest to the weakest: the first row that fits decides.
fn decide(
    known: &Known,
    now: UtcMillis,
    skew: Option<Duration>,
    age: Option<Duration>,
) -> (Decision, Reason) {
    if known.state == PassState::Revoked {
        return (Decision::Stop, Reason::Revoked);
    }
    if known.signed_out {
        return (Decision::Stop, Reason::SignedOut);
    }
    if skew.is_some_and(|skew| skew > CLOCK_TRUST) {
        return (Decision::CannotTell, Reason::ClockOff);
    }
    match known.window.place(now) {
        Place::Before => return (Decision::Stop, Reason::NotYet),
        Place::After => return (Decision::Stop, Reason::Expired),
        Place::Inside => {}
    }
    if age.is_some_and(|age| age > TRUSTED_AGE) {
        return (Decision::CannotTell, Reason::Stale);
    }
    if !known.doors.contains(&Readiness::Ready) {
        return (Decision::CannotTell, Reason::NotReady);
    }
    (Decision::LetIn, Reason::Valid)
}
