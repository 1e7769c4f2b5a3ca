//! How often somebody at a self-service screen may ask for what is not theirs to read out: names by search, codes and
//! phone numbers by guessing. Nobody who needs one answer notices; whoever wants them all waits.

use std::time::Duration;

use crate::Monotonic;

/// So many wrong codes cost nothing: people mistype.
const FREE: u32 = 3;
/// The wait after the first wrong one that costs something; it doubles from there.
const FIRST_WAIT: Duration = Duration::from_secs(5);
/// The longest wait: the next person in the queue may have a good code.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// After so long without a wrong one, all are forgotten.
const FORGOTTEN: Duration = Duration::from_secs(600);

/// A supply of questions that fills up again, one at a time.
#[derive(Debug)]
pub struct Supply {
    most: u32,
    every: Duration,
    left: u32,
    filled: Monotonic,
}

impl Supply {
    /// A full one of `most` questions, to which one is added `every` so often.
    #[must_use]
    pub fn new(most: u32, every: Duration) -> Self {
        Self { most, every, left: most, filled: Monotonic(Duration::ZERO) }
    }

    /// Takes one; false when there is none.
    pub fn take(&mut self, now: Monotonic) -> bool {
        let grown = now.since(self.filled).as_millis() / self.every.as_millis().max(1);
        let grown = u32::try_from(grown).unwrap_or(u32::MAX);
        if self.left.saturating_add(grown) >= self.most {
            (self.left, self.filled) = (self.most, now);
        } else {
            self.left += grown;
            self.filled = self.filled.plus(self.every.saturating_mul(grown));
        }
        let is_one = self.left > 0;
        self.left = self.left.saturating_sub(1);
        is_one
    }
}

/// Codes that were wrong, and how long to wait for them.
#[derive(Debug, Default)]
pub struct WrongCodes {
    count: u32,
    last: Option<Monotonic>,
}

impl WrongCodes {
    /// How long no code is looked at; none when one may be tried now.
    #[must_use]
    pub fn wait(&self, now: Monotonic) -> Option<Duration> {
        let quiet = now.since(self.last?);
        let doubled = self.count.checked_sub(FREE)?.min(8);
        let wait = FIRST_WAIT.saturating_mul(1 << doubled).min(LONGEST_WAIT);
        wait.checked_sub(quiet).filter(|left| !left.is_zero())
    }

    /// One was wrong.
    pub fn add(&mut self, now: Monotonic) {
        if self.last.is_some_and(|last| now.since(last) >= FORGOTTEN) {
            self.count = 0;
        }
        self.count = self.count.saturating_add(1);
        self.last = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Monotonic {
        Monotonic(Duration::from_secs(seconds))
    }

    #[test]
    fn a_supply_runs_out_and_fills_up_one_at_a_time() {
        let mut supply = Supply::new(3, Duration::from_secs(10));
        assert_eq!(
            [supply.take(at(0)), supply.take(at(1)), supply.take(at(2)), supply.take(at(3))],
            [true, true, true, false]
        );
        assert!(!supply.take(at(9)) && supply.take(at(10)) && !supply.take(at(11)));
        assert!(supply.take(at(1000)) && supply.take(at(1000)) && supply.take(at(1000)));
        assert!(!supply.take(at(1000)), "never more than it holds");
    }

    #[test]
    fn wrong_codes_cost_a_wait_that_grows_and_is_forgotten() {
        let mut wrong = WrongCodes::default();
        let mut now = 0;
        let mut waits = Vec::new();
        for _ in 0..8 {
            assert_eq!(wrong.wait(at(now)), None);
            wrong.add(at(now));
            let wait = wrong.wait(at(now)).unwrap_or_default().as_secs();
            waits.push(wait);
            now += wait;
        }
        assert_eq!(waits, [0, 0, 5, 10, 20, 40, 60, 60]);
        wrong.add(at(now + 601));
        assert_eq!(wrong.wait(at(now + 601)), None, "after ten minutes it begins anew");
    }
}
