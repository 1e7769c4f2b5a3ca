//! A desk that is killed again and again, and what must be true afterwards.
//!
//! The **victim** (`src/bin/victim.rs`) is a process with a real store in a folder and a real desk on it. It does what a
//! script drawn from a seed says: registers, issues, takes back, signs out, presses, holds, verifies, loses its network
//! and finds it again. Before each deed it says what it begins and after it what it was told, one line each. The parent
//! (a [`Lobby`](lobby::Lobby)) has the gateway, which listens on a socket and has troubles of its own, and kills the
//! victim: at a random moment, while it starts, or at one of the [`Point`](orders::Point)s at which it ends itself.
//!
//! After some lives the last victim is left alone without trouble until nothing waits any more. Then the history of the
//! gateway, the ledger and what was told are held against each other ([`audit`]). The gateway of this lobby takes more
//! than the real one (people nobody added, a nonce twice), so that what must not happen is seen and not refused.
//!
//! That the audit sees anything is shown by [`Bug`](bug::Bug)s: each is planted from outside into the victim's file or
//! its road to the gateway, and must be found.
//!
//! The seed decides the script, the troubles and the plan of the kills. It does not decide what two processes and a
//! socket do in which millisecond: the same seed meets the same situations, not the same instants.

pub mod audit;
pub mod bug;
pub mod chance;
pub mod clock;
pub mod doors;
pub mod finding;
pub mod history;
pub mod life;
pub mod lobby;
pub mod model;
pub mod orders;
pub mod plan;
pub mod road;
pub mod run;
pub mod script;
pub mod word;
