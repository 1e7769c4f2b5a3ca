//! SQLite: the ledger, the outbox and the journal of one desk. All SQL of the product is in this crate.
//!
//! Every operation is one transaction, durable when it returns (WAL, `synchronous=FULL`): a domain row, its outbox
//! rows and its journal row come into being together or not at all. The crate knows no network word.
//!
//! Decision of 2026-11-24: one connection behind a mutex, called directly from async code. A transaction takes a few
//! hundred microseconds on an SSD, less than handing it to another thread and back costs a busy PC; nothing here
//! waits for anything but the disk.

mod agreement;
mod ballast;
mod chain;
mod column;
mod desk;
mod disk;
mod error;
mod help;
mod hold;
mod host;
mod invitation;
mod journal;
mod migrate;
mod open;
mod outbox;
mod pass;
mod press;
mod purge;
mod receipt;
mod reseal;
mod roll_call;
mod setting;
mod spare;
mod staff;
mod vault;
mod visit;

pub use agreement::AgreementRow;
pub use chain::{Anchor, ChainFault, ChainKey, ChainReport, Sound};
pub use desk::Lease;
#[doc(hidden)]
pub use disk::{Disk, RawFile};
pub use error::StoreError;
pub use hold::{HoldRow, NewHold};
pub use host::HostsChanged;
pub use invitation::InvitationRow;
pub use journal::{Entry, JournalRow};
pub(crate) use open::Change;
pub use open::{Opened, Store};
pub use outbox::{DropReason, DueRow, Kind, OutboxRow, RowEnd, RowState, Tally, Wanted};
pub use pass::{DoorAnswer, NewPass, PassRow, Seen};
pub use press::{NewPress, PressRow};
pub use purge::{Means, Purged};
pub use roll_call::{Movements, RollCallRow};
pub use spare::{GivenSpare, NewSpare, SpareRow};
pub use staff::{StaffChange, StaffRow};
pub use vault::VaultKey;
pub use visit::{Details, NewVisit, Visit, VisitRow};
