//! The verdict on a code that somebody shows: let in, stop, or cannot tell. The whole rule is one table.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::clock::UtcMillis;
use crate::pass::{PassCode, Readiness, ShortCode};
use crate::window::{Place, Window};

/// Knowledge of a pass issued elsewhere is trusted this long. (Passes of this desk are its own knowledge: nobody but
/// this desk changes them, so they do not age.)
pub const TRUSTED_AGE: Duration = Duration::from_secs(15 * 60);
/// Beyond this difference between the PC's clock and the gateway's, no verdict that depends on time is given.
pub const CLOCK_TRUST: Duration = Duration::from_secs(600);
/// What the ledger holds may be this far in the future before the clock is not believed.
pub const CLOCK_STEP: Duration = Duration::from_secs(120);
/// A code that is read again this soon is the same person at the same place, and no second use.
pub const SAME_SHOWING: Duration = Duration::from_secs(10);

/// The version of the table. Raised whenever the same question may get another answer, so that verdicts that were written
/// down are judged again by the table they were judged by, or not at all.
pub const RULES: u32 = 1;

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
    /// A valid pass in its window, shown for the first time.
    Valid,
    /// The same, and it was let in here before.
    Again,
    /// The same, given out during an outage: the readers knew its code before the visitor came.
    Spare,
    /// Taken back.
    Revoked,
    /// The visitor signed out.
    SignedOut,
    /// The window has not begun.
    NotYet,
    /// The window is over.
    Expired,
    /// It was let in at this desk as often as any of its doors would take it.
    LimitUsed,
    /// It is for other doors than those of this post.
    WrongDoor,
    /// What was read cannot be a pass code at all.
    NotAPass,
    /// What was read is the address of a web page or of another app.
    Address,
    /// The code is not in this desk's ledger. It may have been issued elsewhere.
    NotIssuedHere,
    /// It has the form of a short code, and no pass here has it: most likely mistyped.
    NoSuchShortCode,
    /// Letters that no code has: a scanner behind an input method, or another code altogether.
    Garbled,
    /// No door of this desk that the pass is for exists any more.
    DoorGone,
    /// No door has confirmed the pass yet.
    NotReady,
    /// The same, and the connection is lost, so none will for now.
    NotTold,
    /// The service does not take the pass for any of its doors here, or a call about it was set aside.
    NotTaken,
    /// What is known is too old.
    Stale,
    /// The clock of this PC is too far off.
    ClockOff,
    /// The clock of this PC is behind what this desk has written down itself.
    ClockBack,
}

/// Where a door of a pass is, as seen from the post at which it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Side {
    /// Watched from this post.
    Here,
    /// A door of this desk that this post does not watch.
    Elsewhere,
    /// No door of this desk any more.
    Gone,
}

/// What is known of the pass behind a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Known {
    /// When it was taken back.
    pub revoked_at: Option<UtcMillis>,
    /// When the visitor signed out, which takes the pass back as well.
    pub left_at: Option<UtcMillis>,
    /// From when until when.
    pub window: Window,
    /// Where the pass stands at each door, and where that is.
    pub doors: Vec<(Readiness, Side)>,
    /// Whether a call about it was set aside.
    pub wedged: bool,
    /// Whether it came of a spare.
    pub spare: bool,
    /// How often a door takes it.
    pub limit: u16,
    /// How often it was let in here.
    pub seen_times: u32,
    /// When it was let in here last.
    pub last_seen_at: Option<UtcMillis>,
    /// When it was issued.
    pub issued_at: UtcMillis,
    /// Whether this desk issued it.
    pub issued_here: bool,
    /// When this was last heard from whoever issued it.
    pub as_of: UtcMillis,
}

/// What is known of the world around.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Around {
    /// How far the PC's clock is from the gateway's, where that has been measured.
    pub skew: Option<Duration>,
    /// Whether the connection is known to be lost.
    pub lost: bool,
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

impl Reason {
    /// What follows from it.
    #[must_use]
    pub fn decision(self) -> Decision {
        match self {
            Self::Valid | Self::Again | Self::Spare => Decision::LetIn,
            Self::Revoked
            | Self::SignedOut
            | Self::NotYet
            | Self::Expired
            | Self::LimitUsed
            | Self::WrongDoor
            | Self::NotAPass
            | Self::Address => Decision::Stop,
            Self::NotIssuedHere
            | Self::NoSuchShortCode
            | Self::Garbled
            | Self::DoorGone
            | Self::NotReady
            | Self::NotTold
            | Self::NotTaken
            | Self::Stale
            | Self::ClockOff
            | Self::ClockBack => Decision::CannotTell,
        }
    }
}

/// Whether a code that was let in at `last` and is shown again at `now` is still the same showing.
#[must_use]
pub fn is_same_showing(last: UtcMillis, now: UtcMillis) -> bool {
    now.since(last) < SAME_SHOWING
}

/// Everything the table is asked about a pass, as it is written down with each verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Asked {
    /// What is known of the pass.
    pub known: Known,
    /// The moment.
    pub now: UtcMillis,
    /// The world around.
    pub around: Around,
}

impl Asked {
    /// What the table says.
    #[must_use]
    pub fn judge(&self) -> Verdict {
        judge(&self.known, self.now, self.around)
    }
}

/// Judges the pass behind a code.
#[must_use]
pub fn judge(known: &Known, now: UtcMillis, around: Around) -> Verdict {
    let age = if known.issued_here { Duration::ZERO } else { now.since(known.as_of) };
    let reason = decide(known, now, around, age);
    Verdict { decision: reason.decision(), reason, age: Some(age) }
}

/// Judges a text behind which there is no pass in the ledger, by its form alone.
#[must_use]
pub fn judge_unknown(text: &str) -> Verdict {
    let reason = if ShortCode::typed(text).is_some() {
        Reason::NoSuchShortCode
    } else if PassCode::plausible(text).is_some() {
        Reason::NotIssuedHere
    } else if is_address(text) {
        Reason::Address
    } else if text.is_ascii() {
        Reason::NotAPass
    } else {
        Reason::Garbled
    };
    Verdict { decision: reason.decision(), reason, age: None }
}

/// A scheme and two slashes: `https://…`, `wxp://…`.
fn is_address(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, _)| {
        !scheme.is_empty()
            && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
    })
}

/// The rule table, from the surest to the weakest: the first row that fits decides.
fn decide(known: &Known, now: UtcMillis, around: Around, age: Duration) -> Reason {
    // Signing out takes the pass back; what was taken back before says more.
    if let Some(left) = known.left_at
        && known.revoked_at.is_none_or(|revoked| revoked >= left)
    {
        return Reason::SignedOut;
    }
    if known.revoked_at.is_some() {
        return Reason::Revoked;
    }
    if around.skew.is_some_and(|skew| skew > CLOCK_TRUST) {
        return Reason::ClockOff;
    }
    if known.last_seen_at.unwrap_or(known.issued_at).max(known.issued_at) > now.plus(CLOCK_STEP) {
        return Reason::ClockBack;
    }
    match known.window.place(now) {
        Place::Before => return Reason::NotYet,
        Place::After => return Reason::Expired,
        Place::Inside => {}
    }
    let again = known.last_seen_at.is_some_and(|last| is_same_showing(last, now));
    if known.seen_times >= u32::from(known.limit) && !again {
        return Reason::LimitUsed;
    }
    if age > TRUSTED_AGE {
        return Reason::Stale;
    }
    let at =
        |side| known.doors.iter().filter(move |(_, place)| *place == side).map(|(readiness, _)| *readiness);
    if at(Side::Here).next().is_none() {
        return match at(Side::Elsewhere).next() {
            Some(_) => Reason::WrongDoor,
            None if known.doors.is_empty() => Reason::NotReady,
            None => Reason::DoorGone,
        };
    }
    if !at(Side::Here).any(|readiness| readiness == Readiness::Ready) {
        return if known.wedged || at(Side::Here).all(|readiness| readiness == Readiness::Failed) {
            Reason::NotTaken
        } else if around.lost {
            Reason::NotTold
        } else {
            Reason::NotReady
        };
    }
    match (known.seen_times, known.spare) {
        (1.., _) => Reason::Again,
        (0, true) => Reason::Spare,
        (0, false) => Reason::Valid,
    }
}
