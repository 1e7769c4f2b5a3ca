//! What the gateway has still to be told.
//!
//! A row is an intent, never a signed request: the call is composed from the ledger at the moment it is sent, so a
//! newer name or a shorter window goes out, not the one of the day the row was made. Rows of one lane go out in the
//! order in which they were decided; lanes go side by side. A row that waits or is set aside holds its own lane, and
//! nothing else. A row that takes a right away ("urgent") overtakes every row of its lane that has not left yet.
//!
//! A door press has no place here: [`Kind`] has no such word, and `Store::ask_press` has no next try.

mod compact;
mod enqueue;
mod read;
mod recover;
mod settle;
mod take_due;

use serde::{Deserialize, Serialize};
use vestibule_domain::{IdentityId, UtcMillis};

pub(crate) use enqueue::{NewRow, enqueue, is_open, open_row_of, supersede};
pub(crate) use recover::recover_outbox;
pub use settle::RowEnd;
pub use take_due::Wanted;

/// How urgent it is to close a door: before everything.
const CLOSING: u8 = 2;

/// What is to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// `user/modify`: the visitor exists. The subject is the visitor.
    RegisterVisitor,
    /// `qrcode/generate`: a code for a pass. The subject is the pass.
    GenerateCode,
    /// `perm/qrcode/config`: the pass counts at its doors. The subject is the pass.
    GrantPass,
    /// `perm/qrcode/remove`: it counts no longer. The subject is the pass.
    RemovePass,
    /// `perm/qrcode/config` again: a pass that came of a spare counts only as long as its visit. The subject is the pass.
    NarrowPass,
    /// A person, a code and its doors for a spare. The subject is the spare.
    PrepareSpare,
    /// A spare that nobody needed is taken away. The subject is the spare.
    RemoveSpare,
    /// `keepopen/set` with false: a door is held open no longer. The subject is the hold.
    CloseHold,
}

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RowState {
    /// Goes out when its turn comes.
    Waiting,
    /// On its way; nobody knows yet.
    Sending,
    /// Told.
    Done,
    /// Set aside with a reason, until a person decides.
    Wedged,
    /// A later decision made it unnecessary before it left.
    Superseded,
}

/// Why a person gives up a row. Words of their own might hold names, which the journal must not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum DropReason {
    /// Nobody needs it any more.
    NotNeeded,
    /// It was done by hand at the service.
    DoneByHand,
    /// It was a mistake from the start.
    Mistake,
    /// Something else.
    Other,
}

/// A row on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueRow {
    /// Its number.
    pub id: i64,
    /// What is to be told.
    pub kind: Kind,
    /// Of whom or what.
    pub subject: String,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// Whose id the visitor it is about had at the service when it was taken; none where it is about something else. A
    /// visitor who gets another id meanwhile leaves a person behind, who is taken away after this row.
    pub visitor: Option<IdentityId>,
}

/// A row as people see it.
#[derive(Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// Its number.
    pub id: i64,
    /// What is to be told.
    pub kind: Kind,
    /// Of whom or what.
    pub subject: String,
    /// The visitor's name, for the people at the desk.
    pub visitor_name: String,
    /// Where it stands.
    pub state: RowState,
    /// How often it was tried.
    pub attempts: u32,
    /// Since when it is there.
    pub created_at: UtcMillis,
    /// When it is tried next.
    pub next_try_at: UtcMillis,
    /// What came back last.
    pub last_answer: Option<String>,
}

/// How many rows are open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Waiting or on their way.
    pub waiting: u32,
    /// Set aside.
    pub wedged: u32,
    /// Since when the oldest of both is there.
    pub oldest: Option<UtcMillis>,
}
