//! How far this PC's clock is from the gateway's, learnt from the `Date` header of its answers.
//!
//! Decision 2026-11-24: the median of the last five answers is only shown. Signatures use the PC's own time until the
//! gateway says that it is off by more than its 15 minutes; only then is the offset applied, and it is dropped again
//! when the gateway says the same of the corrected time (then its `Date` is what is wrong).

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use vestibule_domain::UtcMillis;

const REMEMBERED: usize = 5;
/// `Date` has whole seconds; on average half a second has passed since.
const HALF_A_SECOND: i64 = 500;
/// Two offsets closer than this are the same.
const SAME: i64 = 60_000;

/// This PC's clock minus the gateway's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skew {
    /// Milliseconds; positive when this PC is ahead.
    pub millis: i64,
}

impl Skew {
    /// How far apart, whichever is ahead.
    #[must_use]
    pub fn magnitude(self) -> Duration {
        Duration::from_millis(self.millis.unsigned_abs())
    }
}

#[derive(Debug, Default)]
pub(crate) struct ServerTime {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    /// The last few offsets, oldest first.
    seen: Vec<i64>,
    /// The offset that signatures subtract, once the gateway has refused the PC's own time.
    applied: Option<i64>,
    /// The last `Date` and its time: many answers come within a second.
    last: (String, i64),
}

impl ServerTime {
    /// Takes note of an answer: its `Date`, and when the request left and the answer came.
    pub(crate) fn observe(&self, date: Option<&str>, sent: UtcMillis, received: UtcMillis) -> Option<i64> {
        let date = date?;
        let mut inner = self.lock();
        if inner.last.0 != date {
            inner.last = (date.to_owned(), parse(date)?);
        }
        let gateway = inner.last.1.saturating_add(HALF_A_SECOND);
        let middle = sent.0 / 2 + received.0 / 2;
        let offset = middle.saturating_sub(gateway);
        if inner.seen.len() == REMEMBERED {
            inner.seen.remove(0);
        }
        inner.seen.push(offset);
        Some(offset)
    }

    /// The gateway refused a time. Returns whether the next signature would carry a different one.
    pub(crate) fn correct(&self, offset: Option<i64>) -> bool {
        let mut inner = self.lock();
        let wanted = match (offset, inner.applied) {
            (Some(offset), Some(applied)) if (offset - applied).abs() < SAME => None,
            (Some(offset), None) if offset.abs() < SAME => None,
            (offset, _) => offset,
        };
        if wanted.is_some() {
            // What was learnt before the clock jumped is worth nothing now.
            inner.seen.clear();
            inner.seen.extend(wanted);
        }
        let changes = wanted != inner.applied;
        inner.applied = wanted;
        changes
    }

    /// The time to sign with.
    pub(crate) fn signing_time(&self, now: UtcMillis) -> UtcMillis {
        UtcMillis(now.0.saturating_sub(self.lock().applied.unwrap_or(0)))
    }

    /// The median of the last offsets.
    pub(crate) fn skew(&self) -> Option<Skew> {
        let mut seen = self.lock().seen.clone();
        seen.sort_unstable();
        seen.get(seen.len() / 2).map(|&millis| Skew { millis })
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A `Date` header (RFC 9110's preferred form) in milliseconds.
fn parse(date: &str) -> Option<i64> {
    let time = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(date).ok()?;
    Some(time.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: &str = "Tue, 14 Nov 2023 22:13:20 GMT";
    const NOON_MS: i64 = 1_700_000_000_000;

    fn at(offset: i64) -> UtcMillis {
        UtcMillis(NOON_MS + offset)
    }

    #[test]
    fn the_median_of_the_last_five_counts() {
        let time = ServerTime::default();
        assert_eq!(time.skew(), None);
        for offset in [900_000, 1_500, 1_500, 700_000, 1_500, 1_700] {
            time.observe(Some(NOON), at(offset), at(offset));
        }
        assert_eq!(time.skew(), Some(Skew { millis: 1_000 }));
    }

    #[test]
    fn a_refused_time_is_corrected_once_and_a_lying_date_is_dropped() {
        let time = ServerTime::default();
        let ahead = at(3_600_500);
        let offset = time.observe(Some(NOON), ahead, ahead);
        assert_eq!(time.signing_time(ahead), ahead, "nothing is corrected before the gateway complains");
        assert!(time.correct(offset));
        assert_eq!(time.signing_time(ahead), at(500));
        // The same complaint about the corrected time: the Date itself is wrong.
        assert!(time.correct(offset));
        assert_eq!(time.signing_time(ahead), ahead);
    }

    #[test]
    fn a_date_that_agrees_with_this_pc_corrects_nothing() {
        let time = ServerTime::default();
        let offset = time.observe(Some(NOON), at(500), at(500));
        assert!(!time.correct(offset));
        assert!(!time.correct(None));
    }

    #[test]
    fn nonsense_is_ignored() {
        let time = ServerTime::default();
        assert_eq!(time.observe(Some("yesterday"), at(0), at(0)), None);
        assert_eq!(time.observe(None, at(0), at(0)), None);
    }
}
