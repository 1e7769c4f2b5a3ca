//! Online or offline: a state with a reason, not an error.
//!
//! It is lost at once where a call cannot leave, and after [`SILENT_CALLS`] where calls leave and nothing comes back. It
//! is back with the first answer; a line that was lost before within [`FLAPPING`] has to give one answer more for each
//! time, up to [`MOST_ANSWERS`], so that a bad cable does not make every screen blink.

use std::time::Duration;

use serde::Serialize;
use specta::Type;
use vestibule_domain::press::Contact;
use vestibule_domain::{Monotonic, UtcMillis};

use crate::breaker::Breaker;
use crate::{Desk, Event, Failure};

/// A call that left and got no answer is not yet a lost connection; this many in a row are.
const SILENT_CALLS: u32 = 2;
/// How long a lost connection is remembered against the line.
const FLAPPING: Duration = Duration::from_secs(300);
/// No line has to give more answers in a row than this before it counts as back.
const MOST_ANSWERS: usize = 5;

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
    /// Nothing left this PC: no network, or nobody takes the connection.
    NoNetwork,
    /// The service's name is not found: the network is there, its list of names is not.
    NoName,
    /// A connection comes about, and no secure one.
    NoSecureConnection,
    /// Calls leave, and nothing comes back.
    NoAnswer,
    /// Answers begin, and do not end in time.
    TooSlow,
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
    /// Until when nothing is sent because the service stumbles or asked for a pause.
    pub rests_until: Option<UtcMillis>,
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
    /// It is there and failed, or asked for a pause of this length.
    Stumbled(Option<Duration>),
    /// Nothing that says anything about the connection: a fault found here.
    Nothing,
}

/// The state of the connection, moved by what calls meet.
#[derive(Debug)]
pub(crate) struct Line {
    connection: Connection,
    silent: u32,
    answers: usize,
    losses: Vec<Monotonic>,
    cuts: u32,
    pub(crate) breaker: Breaker,
}

impl Line {
    pub(crate) fn new(now: UtcMillis) -> Self {
        let connection = Connection { state: ConnectionState::Unknown, since: now, why: None };
        Self { connection, silent: 0, answers: 0, losses: Vec::new(), cuts: 0, breaker: Breaker::default() }
    }

    pub(crate) fn is_offline(&self) -> bool {
        self.connection.state == ConnectionState::Offline
    }

    pub(crate) fn is_online(&self) -> bool {
        self.connection.state == ConnectionState::Online
    }

    /// Whether it answers again and has to show that it stays.
    pub(crate) fn is_on_probation(&self) -> bool {
        self.is_offline() && self.answers > 0
    }

    /// The connection as a press sees it.
    pub(crate) fn contact(&self) -> Contact {
        Contact { lost: self.is_offline(), losses: self.cuts }
    }

    /// The service answered. True when that is news.
    pub(crate) fn heard(&mut self, now: UtcMillis, steady: Monotonic) -> bool {
        self.silent = 0;
        if self.is_offline() {
            self.answers += 1;
            self.losses.retain(|at| steady.since(*at) < FLAPPING);
            if self.answers < self.losses.len().min(MOST_ANSWERS) {
                return false;
            }
        }
        self.answers = 0;
        self.set(ConnectionState::Online, None, now)
    }

    /// A call met trouble. True when the state changed.
    pub(crate) fn lost(&mut self, why: OfflineWhy, now: UtcMillis, steady: Monotonic) -> bool {
        self.answers = 0;
        if matches!(why, OfflineWhy::NoAnswer | OfflineWhy::TooSlow) {
            self.silent += 1;
            if self.silent < SILENT_CALLS && !self.is_offline() {
                return false;
            }
        }
        if !self.is_offline() {
            self.losses.push(steady);
        }
        self.set(ConnectionState::Offline, Some(why), now)
    }

    fn set(&mut self, state: ConnectionState, why: Option<OfflineWhy>, now: UtcMillis) -> bool {
        let news = self.connection.state != state;
        if news {
            self.connection.since = now;
            self.cuts += u32::from(state == ConnectionState::Offline);
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
        let (connection, rest) = {
            let line = self.line();
            (line.connection, line.breaker.until())
        };
        let steady = self.inner.clock.monotonic();
        let rests_until =
            rest.filter(|until| *until > steady).map(|until| self.now().plus(until.since(steady)));
        Ok(Status {
            connection,
            rests_until,
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
        let (now, steady) = (self.now(), self.inner.clock.monotonic());
        let changed = match met {
            Met::Service => {
                let mut line = self.line();
                let rested = line.breaker.answered();
                line.heard(now, steady) || rested
            }
            Met::Trouble(why) => self.line().lost(why, now, steady),
            Met::Stumbled(asked) => self.line().breaker.stumbled(steady, asked, chance()),
            Met::Nothing => false,
        };
        if changed {
            self.changed(&Event::Status);
            match met {
                Met::Service => self.hurry(),
                Met::Trouble(_) => self.spares_for_those_who_wait(),
                Met::Stumbled(_) | Met::Nothing => {}
            }
        }
    }
}

/// A number from 0 to 1. Not for secrets.
pub(crate) fn chance() -> f64 {
    f64::from(u32::try_from(uuid::Uuid::new_v4().as_u128() & 0xFFFF_FFFF).unwrap_or(0)) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(ms: i64) -> UtcMillis {
        UtcMillis(ms)
    }

    fn steady(secs: u64) -> Monotonic {
        Monotonic(Duration::from_secs(secs))
    }

    #[test]
    fn one_unanswered_call_is_no_lost_connection_two_are() {
        let mut line = Line::new(utc(0));
        assert!(line.heard(utc(1), steady(0)));
        assert!(
            !line.lost(OfflineWhy::NoAnswer, utc(2), steady(0)),
            "one silent call may be that call's own fault"
        );
        assert!(line.lost(OfflineWhy::NoAnswer, utc(3), steady(0)));
        assert_eq!(line.connection.since, utc(3));
        assert!(!line.lost(OfflineWhy::NoAnswer, utc(4), steady(0)), "no news");
        assert_eq!(line.connection.since, utc(3), "since when it began, not when it was last seen");
    }

    #[test]
    fn an_answer_between_two_silent_calls_starts_the_count_again() {
        let mut line = Line::new(utc(0));
        line.heard(utc(1), steady(0));
        line.lost(OfflineWhy::NoAnswer, utc(2), steady(0));
        line.heard(utc(3), steady(0));
        assert!(!line.lost(OfflineWhy::TooSlow, utc(4), steady(0)));
        assert!(!line.is_offline());
    }

    #[test]
    fn a_call_that_could_not_leave_is_offline_at_once() {
        let mut line = Line::new(utc(0));
        assert!(line.lost(OfflineWhy::NoNetwork, utc(1), steady(0)));
        assert!(line.is_offline());
    }

    #[test]
    fn the_first_loss_ends_with_the_first_answer_and_a_line_that_flaps_has_to_give_more() {
        let mut line = Line::new(utc(0));
        line.lost(OfflineWhy::NoNetwork, utc(0), steady(0));
        assert!(line.heard(utc(1), steady(1)));
        line.lost(OfflineWhy::NoNetwork, utc(2), steady(2));
        assert!(!line.heard(utc(3), steady(3)), "the second loss within five minutes");
        assert!(line.is_on_probation());
        assert!(line.heard(utc(4), steady(4)));
        for _ in 0..20 {
            line.lost(OfflineWhy::NoNetwork, utc(5), steady(5));
            while !line.heard(utc(6), steady(6)) {}
        }
        line.lost(OfflineWhy::NoNetwork, utc(7), steady(7));
        let answers = (1..).take_while(|_| !line.heard(utc(8), steady(8))).count() + 1;
        assert_eq!(answers, MOST_ANSWERS, "and no more than that");
    }

    #[test]
    fn trouble_between_two_answers_starts_the_probation_again_and_old_losses_are_forgotten() {
        let mut line = Line::new(utc(0));
        for _ in 0..2 {
            line.lost(OfflineWhy::NoNetwork, utc(0), steady(0));
            line.heard(utc(1), steady(1));
        }
        assert!(line.is_offline());
        line.lost(OfflineWhy::NoNetwork, utc(2), steady(2));
        assert!(!line.heard(utc(3), steady(3)));
        assert!(line.heard(utc(4), steady(302)), "of the two losses none is younger than five minutes");
    }
}
