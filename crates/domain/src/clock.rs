//! Time as an argument: the only place of the product where a clock is read.

use std::sync::Mutex;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A moment on the wall clock: milliseconds since 1970-01-01 00:00:00 UTC.
///
/// Crosses into TypeScript as a plain number, which holds every millisecond until the year 287396 exactly.
// For TypeScript it is a u32: an i64 is refused there and an f64 would become `number | null`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, specta::Type)]
#[serde(transparent)]
pub struct UtcMillis(#[specta(type = u32)] pub i64);

impl UtcMillis {
    /// This moment plus a duration; stays at the largest moment instead of overflowing.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }

    /// This moment minus a duration; stays at the smallest moment instead of overflowing.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }

    /// How long after `earlier` this moment is; zero when it is before.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

/// A moment on a clock that never jumps: time since an arbitrary start of this process, sleep of the PC included
/// where the system offers that. Only differences mean anything, and only within one process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Monotonic(pub Duration);

impl Monotonic {
    /// This moment plus a duration.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(span))
    }

    /// How long after `earlier` this moment is; zero when it is before.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// The wall clock: for windows, records and signatures. May jump.
    fn now(&self) -> UtcMillis;
    /// The steady clock: for deadlines, lock-outs and idle times. Never jumps.
    fn monotonic(&self) -> Monotonic;
}

/// The clocks of the operating system.
#[derive(Debug)]
pub struct SystemClock {
    started: std::time::Instant,
    started_wall: std::time::SystemTime,
}

impl SystemClock {
    /// A clock whose monotonic side starts at zero now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place where the clock is read")]
    pub fn new() -> Self {
        Self { started: std::time::Instant::now(), started_wall: std::time::SystemTime::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the clock is read")]
    fn now(&self) -> UtcMillis {
        let since_epoch =
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        UtcMillis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    }

    /// Rust's `Instant` stops while a Linux PC sleeps. A deadline must not sleep with it, so the larger of the
    /// steady clock and the wall clock's advance counts: a jump forward can only end a deadline early, never late.
    #[expect(clippy::disallowed_methods, reason = "the one place where the clock is read")]
    fn monotonic(&self) -> Monotonic {
        let steady = self.started.elapsed();
        let wall = std::time::SystemTime::now().duration_since(self.started_wall).unwrap_or_default();
        // Slewing and small corrections stay out: only a gap that looks like sleep counts.
        if wall > steady + Duration::from_secs(2) { Monotonic(wall) } else { Monotonic(steady) }
    }
}

/// A clock that stands still until a test turns it.
#[derive(Debug)]
pub struct TurnedClock {
    at: Mutex<(UtcMillis, Duration)>,
}

impl TurnedClock {
    /// A clock that shows `now` on the wall and zero on the steady side.
    #[must_use]
    pub fn at(now: UtcMillis) -> Self {
        Self { at: Mutex::new((now, Duration::ZERO)) }
    }

    /// Both clocks move forward.
    pub fn turn(&self, span: Duration) {
        let mut at = self.lock();
        at.0 = at.0.plus(span);
        at.1 += span;
    }

    /// Only the wall clock is set, forward or back, as by an administrator or a time server.
    pub fn set_wall(&self, now: UtcMillis) {
        self.lock().0 = now;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, (UtcMillis, Duration)> {
        self.at.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Clock for TurnedClock {
    fn now(&self) -> UtcMillis {
        self.lock().0
    }

    fn monotonic(&self) -> Monotonic {
        Monotonic(self.lock().1)
    }
}
