//! A hold: a door kept open. The service knows no end for it, so it has one here, and an owner; whoever holds a door
//! must be able to lose power, network and mind, and the door still closes.
//!
//! Decision 2026-11-24: an order to open that got no clear answer may still be on its way: the gateway takes a request
//! up to 15 minutes after it was signed. A hold that ends before its opening was answered is therefore closed three
//! times: at once, when whatever the gateway was working on is done, and when nothing can arrive any more. The banner
//! goes with the first that reads back; a banner that stays for a quarter of an hour on a closed door teaches people
//! not to look at it.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::clock::{Monotonic, UtcMillis};
use crate::guard::{Guard, on};
use crate::press::{Answer, Void};
use crate::visitor::id;

id!(
    /// One hold.
    HoldId
);

/// People are warned this long before a hold ends.
pub const WARNING: Duration = Duration::from_secs(60);

/// When closing is ordered after a hold has ended.
const CLOSE_ONCE: &[Duration] = &[Duration::ZERO];
/// The same where the order to open may still be on its way.
const CLOSE_AGAIN: &[Duration] = &[Duration::ZERO, Duration::from_secs(30), Duration::from_secs(16 * 60)];

/// Where a hold stands. It only goes forward; from "asked" it may go straight to the last two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
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

/// What happens to a hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HoldEvent {
    /// What came back after it was asked for.
    Answered(Answer),
    /// Its time, a person, the end of the program, or a restart.
    Over,
    /// The service was told to close, and says whether the door is held open.
    Read {
        /// It is.
        held: bool,
    },
}

impl HoldState {
    /// Where it stands after that; none where nothing changes.
    #[must_use]
    pub fn after(self, event: HoldEvent) -> Option<Self> {
        let next = match event {
            HoldEvent::Answered(Answer::Yes) => Self::Open,
            HoldEvent::Answered(answer) if answer.is_certainly_no() && self == Self::Asked => Self::Closed,
            HoldEvent::Answered(_) | HoldEvent::Over => Self::Closing,
            HoldEvent::Read { held } if self == Self::Closing && !(held && on(Guard::ReadBack)) => {
                Self::Closed
            }
            HoldEvent::Read { .. } => return None,
        };
        let is_forward = next > self || (next != self && !on(Guard::Settled));
        is_forward.then_some(next)
    }

    /// How long after its end each order to close a hold that ends in this state is given.
    #[must_use]
    pub fn close_orders(self) -> &'static [Duration] {
        if self == Self::Asked && on(Guard::CloseAgain) { CLOSE_AGAIN } else { CLOSE_ONCE }
    }
}

/// Whether a door takes no hold because of the state of another one.
#[must_use]
pub fn is_taken(other: Option<HoldState>) -> bool {
    on(Guard::OneHold) && other.is_some_and(|state| state != HoldState::Closed)
}

/// What becomes of an order to close.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CloseOrder {
    /// It is given.
    Give,
    /// It waits.
    Wait,
    /// It is no longer needed.
    Drop,
}

/// What becomes of an order to close the hold that stands at `own`, where the same door has another hold that is not
/// closed. Such an order comes late, and would close what somebody now means to be open. It is left to the other one's
/// end, as soon as that is certain to come.
#[must_use]
pub fn close_order(own: HoldState, other: Option<HoldState>) -> CloseOrder {
    match (own, other) {
        (HoldState::Asked | HoldState::Open | HoldState::Closing, _) | (HoldState::Closed, None) => {
            CloseOrder::Give
        }
        (HoldState::Closed, Some(HoldState::Asked)) if on(Guard::LateCloseWaits) => CloseOrder::Wait,
        (HoldState::Closed, Some(_)) => CloseOrder::Drop,
    }
}

/// When a hold ends, on both clocks: whichever is first. Setting the PC's clock back cannot make it longer; after a
/// restart only the wall clock is left, and then a hold is over anyway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct HoldEnd {
    /// On the wall clock.
    pub wall: UtcMillis,
    /// On the steady clock.
    pub steady: Monotonic,
}

impl HoldEnd {
    /// The end of a hold that begins now; none for a length that is not allowed.
    #[must_use]
    pub fn of(length: Duration, longest: Duration, now: UtcMillis, steady: Monotonic) -> Option<Self> {
        if on(Guard::Longest) && (length.is_zero() || length > longest) {
            return None;
        }
        Some(Self { wall: now.plus(length), steady: steady.plus(length) })
    }

    fn is_over(&self, now: UtcMillis, steady: Monotonic) -> bool {
        (on(Guard::EndOnWall) && now >= self.wall) || (on(Guard::EndOnSteady) && steady >= self.steady)
    }

    fn is_near(&self, now: UtcMillis, steady: Monotonic) -> bool {
        self.is_over(now.plus(WARNING), steady.plus(WARNING))
    }
}

/// A hold as it was written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Held {
    /// Which.
    pub id: HoldId,
    /// When it was asked for.
    pub at: UtcMillis,
    /// When it ends, as people were told.
    pub until: UtcMillis,
    /// Where it stands.
    pub state: HoldState,
}

/// What has become due.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Due {
    /// These holds are over.
    pub over: Vec<HoldId>,
    /// A hold has come near its end: people are to be warned.
    pub warning: bool,
}

/// When the holds end that one process knows of: its own, and those it found, whichever process began them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct HoldEnds(BTreeMap<HoldId, (HoldEnd, bool)>);

impl HoldEnds {
    /// A hold of this process begins, or has to end at another time than it should.
    pub fn set(&mut self, id: HoldId, end: HoldEnd) {
        self.0.insert(id, (end, false));
    }

    /// A hold has ended, before its time or with it.
    pub fn forget(&mut self, id: HoldId) {
        self.0.remove(&id);
    }

    /// Whether the order to open may still leave, besides what its permit says: not when the hold has ended meanwhile.
    ///
    /// # Errors
    /// [`Void::TooLate`].
    pub fn may_leave(&self, id: HoldId) -> Result<(), Void> {
        if on(Guard::OverIsOver) && !self.0.contains_key(&id) {
            return Err(Void::TooLate);
        }
        Ok(())
    }

    /// Looks at all holds that are not closed. One that this process did not begin gets an end on this process's steady
    /// clock from now on, so that setting the clock back cannot make it longer either.
    pub fn look(&mut self, holds: &[Held], now: UtcMillis, steady: Monotonic) -> Due {
        let going = |held: &&Held| held.state < HoldState::Closing;
        self.0.retain(|id, _| holds.iter().filter(going).any(|held| held.id == *id));
        let mut due = Due::default();
        for held in holds.iter().filter(going) {
            let length = if on(Guard::Adopt) { held.until.since(held.at) } else { Duration::MAX };
            let found = HoldEnd { wall: held.until, steady: steady.plus(length) };
            let (end, warned) = self.0.entry(held.id).or_insert((found, false));
            if end.is_over(now, steady) {
                due.over.push(held.id);
            } else if !*warned && end.is_near(now, steady) {
                *warned = true;
                due.warning = true;
            }
        }
        due
    }
}
