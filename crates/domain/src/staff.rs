//! Staff: who may do what, how often somebody may try to prove who they are, and what a PIN must be like.
//!
//! [`may`] is the whole table. Whoever asks it is the desk, at one place, for the window and the terminal alike; no
//! screen decides anything.
//!
//! Decisions of 2026-11-24:
//!
//! - *The self-service station is a [`Who`] of its own.* Whoever is signed in elsewhere, there it is a visitor who asks.
//! - *A staff station at which nobody is signed in still judges passes*, without names: a guard who stepped aside for two
//!   minutes must not become a reason to wave everybody through, and a verdict opens nothing. Doors, lists and passes
//!   are closed.
//! - *Tries are counted in time that certainly passed* ([`crate::clock::Uptime`]): while this PC was up. A wall clock can
//!   be set forward, and a pulled plug is no day. A PC that is switched off at night gives the tries of a day back more
//!   slowly than the sun; an administrator gives a new PIN meanwhile, and every other account works.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::visitor::{FieldFault, NAME_LIMIT, id, text_field};

id!(
    /// One account of a member of staff.
    StaffId
);

/// What an account is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// Receives visitors.
    Reception,
    /// Watches the doors.
    Guard,
    /// Answers for guards and receptionists.
    Supervisor,
    /// Answers for this PC.
    Admin,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Reception, Self::Guard, Self::Supervisor, Self::Admin];
}

/// Who stands before the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    /// Whoever stands at the self-service station.
    Visitor,
    /// Whoever stands at a staff station or a terminal while nobody has an account yet: nothing tells people apart.
    Anyone,
    /// Whoever stands at a staff station or a terminal at which nobody is signed in.
    Nobody,
    /// A member of staff who is signed in.
    Staff(Role),
}

/// What can be done at a desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Act {
    /// Register a visitor.
    Register,
    /// Issue one more pass for a visit.
    IssuePass,
    /// See a pass and its code, by its id.
    SeePass,
    /// See who comes and goes.
    SeeVisits,
    /// See names where something else is shown.
    SeeNames,
    /// See who came and went on earlier days.
    SeeHistory,
    /// Take the history along as a file, with phone numbers.
    ExportHistory,
    /// Tick off who is outside when everybody has to leave.
    RollCall,
    /// Take a pass back.
    Revoke,
    /// Write down that a visitor left.
    SignOut,
    /// Judge a code.
    Verify,
    /// See who opened which door, and why.
    SeeDoorLog,
    /// Open a door once.
    OpenDoor,
    /// Keep a door open.
    HoldDoor,
    /// Say that somebody else may keep a door open.
    ApproveHold,
    /// Close a door that is kept open.
    EndHold,
    /// See what the service has still to be told.
    SeeQueue,
    /// Have it told now.
    RetryRow,
    /// Give it up.
    DropRow,
    /// See the passes that are kept ready for an outage.
    SeeReserve,
    /// Change what the service knows by hand: cards, PINs of doors, people, single calls.
    ChangeService,
    /// Change what this PC is told to be.
    ChangeSettings,
    /// See accounts and change them.
    ManageStaff,
    /// Destroy what is kept of visitors, or give it out.
    Purge,
}

impl Act {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 24] = [
        Self::Register,
        Self::IssuePass,
        Self::SeePass,
        Self::SeeVisits,
        Self::SeeNames,
        Self::SeeHistory,
        Self::ExportHistory,
        Self::RollCall,
        Self::Revoke,
        Self::SignOut,
        Self::Verify,
        Self::SeeDoorLog,
        Self::OpenDoor,
        Self::HoldDoor,
        Self::ApproveHold,
        Self::EndHold,
        Self::SeeQueue,
        Self::RetryRow,
        Self::DropRow,
        Self::SeeReserve,
        Self::ChangeService,
        Self::ChangeSettings,
        Self::ManageStaff,
        Self::Purge,
    ];
}

/// Whether somebody may do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Leave {
    /// They may.
    Yes,
    /// They may when a supervisor says so, each time.
    WithApproval,
    /// They may not.
    No,
}

/// The table: who may do what.
#[must_use]
pub fn may(who: Who, act: Act) -> Leave {
    use Role::{Admin, Guard, Reception, Supervisor};
    use Who::{Anyone, Nobody, Staff, Visitor};
    let yes = match act {
        // What visitors do for themselves. A pass is found by an id that nobody can guess.
        Act::Register | Act::SeePass => !matches!(who, Nobody),
        // Without names where there is no right to them.
        Act::SeeQueue => true,
        Act::Verify => !matches!(who, Visitor),
        // The daily work.
        Act::IssuePass
        | Act::SeeVisits
        | Act::SeeNames
        | Act::RollCall
        | Act::Revoke
        | Act::SignOut
        | Act::SeeDoorLog
        | Act::OpenDoor
        | Act::EndHold
        | Act::RetryRow
        | Act::SeeReserve => matches!(who, Anyone | Staff(Reception | Guard | Supervisor | Admin)),
        Act::HoldDoor => match who {
            Staff(Reception | Guard) => return Leave::WithApproval,
            Anyone | Staff(Supervisor | Admin) => true,
            Visitor | Nobody => false,
        },
        // Without accounts there is nobody to ask.
        Act::ApproveHold => matches!(who, Staff(Supervisor | Admin)),
        // Guards need who is here, not who was.
        Act::SeeHistory => matches!(who, Anyone | Staff(Reception | Supervisor | Admin)),
        Act::DropRow | Act::ExportHistory | Act::Purge => matches!(who, Anyone | Staff(Supervisor | Admin)),
        Act::ChangeService | Act::ChangeSettings | Act::ManageStaff => matches!(who, Anyone | Staff(Admin)),
    };
    if yes { Leave::Yes } else { Leave::No }
}

/// No account is tried more often than this in any [`DAY`].
pub const TRIES_A_DAY: usize = 18;
/// A day of tries: of time that certainly passed.
pub const DAY: Duration = Duration::from_secs(24 * 3600);
/// How long to wait after so many wrong tries in a row, in seconds; the last one also after more of them.
const WAITS: [u64; 11] = [0, 0, 0, 5, 15, 30, 60, 120, 300, 600, 900];

/// Why a try is not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotYet {
    /// For how long.
    pub wait: Duration,
    /// Whether the tries of a day are used up.
    pub day: bool,
}

/// Whether one more try of an account is looked at. `wrong` are the moments of the tries that were not right, also those
/// of which nobody knows the end, oldest first; `in_a_row` is how many of them came after the last one that was right.
///
/// A right one does not give the tries of the day back: somebody could try between the owner's own.
///
/// # Errors
/// For how long it is not.
pub fn may_try(wrong: &[Duration], in_a_row: usize, now: Duration) -> Result<(), NotYet> {
    let recent: Vec<Duration> = wrong.iter().copied().filter(|at| now.saturating_sub(*at) < DAY).collect();
    if let Some(first) = recent.len().checked_sub(TRIES_A_DAY).and_then(|first| recent.get(first)) {
        return Err(NotYet { wait: (*first + DAY).saturating_sub(now), day: true });
    }
    let pause = Duration::from_secs(WAITS[in_a_row.min(WAITS.len() - 1)]);
    let wait = recent.last().map_or(Duration::ZERO, |last| (*last + pause).saturating_sub(now));
    if wait.is_zero() { Ok(()) } else { Err(NotYet { wait, day: false }) }
}

/// The smallest number of digits of a PIN.
pub const PIN_DIGITS: usize = 6;
/// The smallest number of characters of a passphrase.
pub const PHRASE_LENGTH: usize = 10;
/// The largest number of characters of either.
pub const SECRET_LIMIT: usize = 128;

/// Whether a PIN or passphrase is too easy to guess. Of digits alone it is a PIN: six or more, not a repeated block, and
/// no pattern of equal steps on the pad. A date of birth is not found out: any six digits may be one.
#[must_use]
pub fn is_weak(secret: &str) -> bool {
    let length = secret.chars().count();
    if length > SECRET_LIMIT {
        return true;
    }
    if !secret.bytes().all(|byte| byte.is_ascii_digit()) {
        return length < PHRASE_LENGTH || repeats(secret);
    }
    let digits: Vec<u8> = secret.bytes().map(|byte| byte - b'0').collect();
    length < PIN_DIGITS || repeats(secret) || even_steps(&digits) || pairs(&digits) || KNOWN.contains(&secret)
}

/// Patterns of the pad that every list of guesses begins with.
const KNOWN: [&str; 8] = ["147258", "258369", "159753", "147852", "789456", "456123", "123321", "147258369"];

/// The same block again and again, such as 000000, 121212 or 123123.
fn repeats(secret: &str) -> bool {
    let chars: Vec<char> = secret.chars().collect();
    (1..=chars.len() / 2).any(|block| {
        chars.len().is_multiple_of(block) && chars.chunks(block).all(|chunk| chunk == &chars[..block])
    })
}

/// The same step from digit to digit, such as 123456, 987654, 024680 or 789012.
fn even_steps(digits: &[u8]) -> bool {
    let step = |pair: &[u8]| (pair[1] + 10 - pair[0]) % 10;
    let mut steps = digits.windows(2).map(step);
    steps.next().is_some_and(|first| steps.all(|step| step == first))
}

/// Twins in even steps, such as 112233.
fn pairs(digits: &[u8]) -> bool {
    let twins = digits.len().is_multiple_of(2) && digits.chunks(2).all(|pair| pair[0] == pair[1]);
    twins && even_steps(&digits.iter().step_by(2).copied().collect::<Vec<_>>())
}

/// A name for an account, tidied as a visitor's is.
///
/// # Errors
/// What is wrong with it.
pub fn account_name(typed: &str) -> Result<String, FieldFault> {
    let name = text_field(typed, NAME_LIMIT)?;
    if name.is_empty() { Err(FieldFault::Missing) } else { Ok(name) }
}
