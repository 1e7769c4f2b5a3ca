//! Online or offline: a state with a reason, not an error.

use serde::Serialize;
use specta::Type;
use vestibule_domain::UtcMillis;

use crate::{Desk, Event, Failure};

/// A call that left and got no answer is not yet a lost connection; this many in a row are.
const SILENT_CALLS: u32 = 2;

/// Whether the service can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ConnectionState {
    /// Not tried yet.
    Unknown,
    /// The last call was answered by the service.
    Online,
    /// It cannot be reached; see the reason.
    Offline,
}

/// Why it cannot be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum OfflineWhy {
    /// Nothing left this PC: no network, no name, no connection.
    NoNetwork,
    /// Calls leave, and nothing comes back.
    NoAnswer,
    /// Somebody else answers: a login page of the network.
    NotTheService,
    /// Whoever answers cannot prove to be the service.
    BadCertificate,
    /// The service does not take our key or signature.
    RefusedUs,
    /// The clock of this PC is too far off.
    ClockOff,
}

/// The connection as shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Connection {
    /// Whether the service can be reached.
    pub state: ConnectionState,
    /// Since when it is so.
    pub since: UtcMillis,
    /// Why not.
    pub why: Option<OfflineWhy>,
}

/// The status line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The connection.
    pub connection: Connection,
    /// Calls that wait.
    pub waiting: u32,
    /// Calls that were set aside.
    pub wedged: u32,
    /// Since when the oldest of both waits.
    pub oldest: Option<UtcMillis>,
    /// Now, by the desk's clock.
    pub now: UtcMillis,
    /// How far this PC's clock is ahead of the service's, in milliseconds, where that was measured.
    pub skew_ms: Option<i32>,
}

/// What a call met on its way, as far as the connection is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Met {
    /// The service itself answered, whatever it said.
    Service,
    /// It could not be reached.
    Trouble(OfflineWhy),
    /// Nothing that says anything about the connection: a fault found here, or a gateway that stumbles.
    Nothing,
}

/// The state of the connection, moved by what calls meet.
#[derive(Debug)]
pub(crate) struct Line {
    connection: Connection,
    silent: u32,
}

impl Line {
    pub(crate) fn new(now: UtcMillis) -> Self {
        Self { connection: Connection { state: ConnectionState::Unknown, since: now, why: None }, silent: 0 }
    }

    pub(crate) fn is_offline(&self) -> bool {
        self.connection.state == ConnectionState::Offline
    }

    /// The service answered. True when that is news.
    pub(crate) fn heard(&mut self, now: UtcMillis) -> bool {
        self.silent = 0;
        self.set(ConnectionState::Online, None, now)
    }

    /// A call met trouble. True when the state changed.
    pub(crate) fn lost(&mut self, why: OfflineWhy, now: UtcMillis) -> bool {
        if why == OfflineWhy::NoAnswer {
            self.silent += 1;
            if self.silent < SILENT_CALLS && !self.is_offline() {
                return false;
            }
        }
        self.set(ConnectionState::Offline, Some(why), now)
    }

    fn set(&mut self, state: ConnectionState, why: Option<OfflineWhy>, now: UtcMillis) -> bool {
        let news = self.connection.state != state;
        if news {
            self.connection.since = now;
        }
        let changed = news || self.connection.why != why;
        self.connection.state = state;
        self.connection.why = why;
        changed
    }
}

impl Desk {
    /// The status line.
    ///
    /// # Errors
    /// What the store says.
    pub fn status(&self) -> Result<Status, Failure> {
        let tally = self.inner.store.tally(self.now())?;
        let skew_ms = self.inner.gateway.skew().map(|skew| {
            i32::try_from(skew.millis).unwrap_or(if skew.millis > 0 { i32::MAX } else { i32::MIN })
        });
        Ok(Status {
            connection: self.line().connection,
            waiting: tally.waiting,
            wedged: tally.wedged,
            oldest: tally.oldest,
            now: self.now(),
            skew_ms,
        })
    }

    /// The connection is good: what waits only for it goes at once.
    fn hurry(&self) {
        if let Err(error) = self.inner.store.hurry(self.now()) {
            tracing::error!(%error, "what waits could not be hurried");
        }
        self.inner.wake.notify_one();
    }

    /// Moves the connection by what a call met.
    pub(crate) fn met(&self, met: Met) {
        let now = self.now();
        let changed = match met {
            Met::Service => self.line().heard(now),
            Met::Trouble(why) => self.line().lost(why, now),
            Met::Nothing => false,
        };
        if changed {
            self.changed(&Event::Status);
            if met == Met::Service {
                self.hurry();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_unanswered_call_is_no_lost_connection_two_are() {
        let mut line = Line::new(UtcMillis(0));
        assert!(line.heard(UtcMillis(1)));
        assert!(
            !line.lost(OfflineWhy::NoAnswer, UtcMillis(2)),
            "one silent call may be that call's own fault"
        );
        assert!(line.lost(OfflineWhy::NoAnswer, UtcMillis(3)));
        assert_eq!(line.connection.since, UtcMillis(3));
        assert!(!line.lost(OfflineWhy::NoAnswer, UtcMillis(4)), "no news");
        assert_eq!(line.connection.since, UtcMillis(3), "since when it began, not when it was last seen");
    }

    #[test]
    fn an_answer_between_two_silent_calls_starts_the_count_again() {
        let mut line = Line::new(UtcMillis(0));
        line.heard(UtcMillis(1));
        line.lost(OfflineWhy::NoAnswer, UtcMillis(2));
        line.heard(UtcMillis(3));
        assert!(!line.lost(OfflineWhy::NoAnswer, UtcMillis(4)));
        assert!(!line.is_offline());
    }

    #[test]
    fn a_call_that_could_not_leave_is_offline_at_once() {
        let mut line = Line::new(UtcMillis(0));
        assert!(line.lost(OfflineWhy::NoNetwork, UtcMillis(1)));
        assert!(line.is_offline());
    }
}
