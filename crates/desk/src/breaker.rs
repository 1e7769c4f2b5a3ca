//! Resting a gateway that stumbles.
//!
//! A line that is lost holds everything by itself ([`crate::connection`]). This is for a gateway that is there and
//! fails: after [`TRIP`] failures in a row nothing is sent for a while, then one call tries, and only its answer lets
//! the others go. A gateway that says "too many" is believed at the first word. Closing a door does not wait for any
//! of this.

use std::time::Duration;

use vestibule_domain::Monotonic;

/// So many failures in a row, of whatever calls, are the gateway's and not a call's own.
const TRIP: u32 = 5;
/// The first rest; it doubles with every trial that fails.
const FIRST_REST: Duration = Duration::from_secs(1);
/// And grows no longer than this, whatever is asked for.
const LONGEST_REST: Duration = Duration::from_secs(300);

/// How many calls may go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    /// As many as usual.
    All,
    /// One, to try.
    One,
    /// None but the closing of doors.
    Closings,
}

/// The state, moved by what calls meet.
#[derive(Debug, Default)]
pub(crate) struct Breaker {
    failures: u32,
    rests: u32,
    until: Option<Monotonic>,
    trying: bool,
}

impl Breaker {
    /// How many calls may go out now.
    pub(crate) fn room(&self, now: Monotonic) -> Room {
        match self.until {
            None => Room::All,
            Some(until) if now >= until && !self.trying => Room::One,
            Some(_) => Room::Closings,
        }
    }

    /// When the rest ends; none when there is none.
    pub(crate) fn until(&self) -> Option<Monotonic> {
        self.until
    }

    /// One call goes out to try.
    pub(crate) fn trial_begins(&mut self) {
        self.trying = true;
    }

    /// The trial ended, whatever came of it.
    pub(crate) fn trial_ends(&mut self) {
        self.trying = false;
    }

    /// The service answered. True when that ended a rest.
    pub(crate) fn answered(&mut self) -> bool {
        let rested = self.until.is_some();
        *self = Self::default();
        rested
    }

    /// A call met a gateway that failed, or that asked for a pause. `chance` spreads many desks. True when a rest
    /// began or grew.
    pub(crate) fn stumbled(&mut self, now: Monotonic, asked: Option<Duration>, chance: f64) -> bool {
        self.failures = self.failures.saturating_add(1);
        let resting = self.until.is_some_and(|until| now < until);
        if resting || (asked.is_none() && self.until.is_none() && self.failures < TRIP) {
            return false;
        }
        self.rests = self.rests.saturating_add(1);
        let own = backoff(self.rests, FIRST_REST, LONGEST_REST, chance);
        // What the other side asks for is believed within bounds.
        self.until = Some(now.plus(asked.map_or(own, |asked| asked.clamp(own, LONGEST_REST))));
        true
    }
}

/// Full jitter: anywhere between a tenth of the doubled wait and all of it, so that many desks do not come back in
/// step.
pub(crate) fn backoff(attempt: u32, first: Duration, longest: Duration, chance: f64) -> Duration {
    let wait = first.saturating_mul(1 << attempt.saturating_sub(1).min(16)).min(longest);
    wait.mul_f64(0.1 + 0.9 * chance)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> Monotonic {
        Monotonic(Duration::from_millis(ms))
    }

    #[test]
    fn five_failures_in_a_row_rest_the_gateway_and_one_answer_between_them_does_not() {
        let mut breaker = Breaker::default();
        for _ in 0..4 {
            assert!(!breaker.stumbled(at(0), None, 1.0));
        }
        breaker.answered();
        for _ in 0..4 {
            assert!(!breaker.stumbled(at(0), None, 1.0));
        }
        assert_eq!(breaker.room(at(0)), Room::All);
        assert!(breaker.stumbled(at(0), None, 1.0));
        assert_eq!(breaker.room(at(999)), Room::Closings);
    }

    #[test]
    fn after_the_rest_one_call_tries_and_only_its_answer_lets_the_others_go() {
        let mut breaker = Breaker::default();
        for _ in 0..5 {
            breaker.stumbled(at(0), None, 1.0);
        }
        assert_eq!(breaker.room(at(1000)), Room::One);
        breaker.trial_begins();
        assert_eq!(breaker.room(at(1000)), Room::Closings, "one at a time");
        assert!(breaker.stumbled(at(1100), None, 1.0), "the trial failed: a longer rest");
        breaker.trial_ends();
        assert_eq!(breaker.room(at(3000)), Room::Closings);
        assert_eq!(breaker.room(at(3100)), Room::One);
        breaker.trial_begins();
        assert!(breaker.answered());
        assert_eq!(breaker.room(at(3100)), Room::All);
    }

    #[test]
    fn too_many_is_believed_at_once_and_within_bounds() {
        let mut breaker = Breaker::default();
        assert!(breaker.stumbled(at(0), Some(Duration::from_secs(30)), 1.0));
        assert_eq!(breaker.room(at(29_999)), Room::Closings);
        assert_eq!(breaker.room(at(30_000)), Room::One);
        let mut breaker = Breaker::default();
        breaker.stumbled(at(0), Some(Duration::from_secs(86_400)), 1.0);
        assert_eq!(breaker.room(at(300_000)), Room::One, "nobody can send a desk away for a day");
        let mut breaker = Breaker::default();
        breaker.stumbled(at(0), Some(Duration::ZERO), 1.0);
        assert_eq!(breaker.room(at(999)), Room::Closings, "nor into a busy loop");
    }

    #[test]
    fn failures_of_calls_that_were_under_way_do_not_lengthen_a_rest() {
        let mut breaker = Breaker::default();
        for _ in 0..5 {
            breaker.stumbled(at(0), None, 1.0);
        }
        assert!(!breaker.stumbled(at(1), None, 1.0));
        assert_eq!(breaker.room(at(1000)), Room::One);
    }

    #[test]
    fn waiting_doubles_to_its_bound_and_is_never_a_busy_loop() {
        let (first, longest) = (Duration::from_secs(1), Duration::from_secs(300));
        assert_eq!(backoff(1, first, longest, 1.0), Duration::from_secs(1));
        assert_eq!(backoff(4, first, longest, 1.0), Duration::from_secs(8));
        assert_eq!(backoff(40, first, longest, 1.0), longest);
        assert!(backoff(1, first, longest, 0.0) >= Duration::from_millis(100));
    }
}
