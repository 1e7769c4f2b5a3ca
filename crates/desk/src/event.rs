//! The only way back from the desk to the screens.

use vestibule_domain::PassId;

/// Something changed; whoever shows it asks again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The connection, or how many calls wait.
    Status,
    /// A pass.
    Pass(PassId),
    /// The list of visits, or of who is expected.
    Visits,
    /// Somebody calls for help, or somebody is coming.
    Help,
    /// A door, or the door log.
    Doors,
    /// A hold.
    Holds,
    /// Who is signed in, or an account.
    Session,
    /// The outbox.
    Queue,
    /// Another process changed the store: anything may have changed.
    Everything,
}
