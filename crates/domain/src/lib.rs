//! The words of a lobby and the rules about them.
//!
//! Nothing here reads a file, a socket or a clock (the one exception is [`clock::SystemClock`], which everything
//! else receives as an argument), and nothing waits. A rule about passes, doors or time that is not in this crate
//! is in the wrong place.

pub mod agreement;
pub mod clock;
pub mod door;
mod guard;
pub mod hold;
pub mod host;
pub mod invitation;
mod language;
pub mod pass;
pub mod press;
pub mod receipt;
pub mod spare;
pub mod staff;
pub mod tries;
pub mod verdict;
pub mod visitor;
pub mod window;

#[cfg(test)]
mod explore;

pub use clock::{Clock, Monotonic, SystemClock, TurnedClock, Uptime, UtcMillis};
pub use door::DoorId;
pub use hold::HoldId;
pub use host::HostId;
pub use invitation::InvitationId;
pub use language::Language;
pub use pass::{PassCode, PassId, ShortCode};
pub use press::PressId;
pub use spare::SpareId;
pub use staff::StaffId;
pub use visitor::{IdentityId, VisitId, VisitorId};
pub use window::{Window, Zone};
