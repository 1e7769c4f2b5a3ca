//! Time as an argument: the only place of the product where a clock is read.

use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

/// How long this PC is up, and since which start of it. Time that was measured so certainly passed: nobody can set it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uptime {
    /// The start of this PC; where the system does not name it, the start of this process.
    pub boot: Uuid,
    /// For how long it is up since then.
    pub up: Duration,
}

impl Uptime {
    /// The start of this process in the place of the PC's.
    fn of_process(now: Monotonic) -> Self {
        static PROCESS: OnceLock<Uuid> = OnceLock::new();
        Self { boot: *PROCESS.get_or_init(Uuid::new_v4), up: now.0 }
    }
}

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// The wall clock: for windows, records and signatures. May jump.
    fn now(&self) -> UtcMillis;
    /// The steady clock: for deadlines, lock-outs and idle times. Never jumps.
    fn monotonic(&self) -> Monotonic;
    /// The steady clock for what outlives the process.
    fn uptime(&self) -> Uptime {
        Uptime::of_process(self.monotonic())
    }
}

/// The clocks of the operating system.
///
/// A deadline must not sleep while the PC does. On Linux the steady side is `CLOCK_BOOTTIME`, which goes on through
/// suspend and is never set; Rust's `Instant` stands still there. On Windows `Instant` reads the performance counter,
/// which goes on.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    started: Duration,
    #[cfg(not(target_os = "linux"))]
    origin: std::time::Instant,
}

impl SystemClock {
    /// A clock whose monotonic side starts at zero now.
    #[must_use]
    #[cfg_attr(
        not(target_os = "linux"),
        expect(clippy::disallowed_methods, reason = "the one place where the clock is read")
    )]
    pub fn new() -> Self {
        let mut clock = Self {
            started: Duration::ZERO,
            #[cfg(not(target_os = "linux"))]
            origin: std::time::Instant::now(),
        };
        clock.started = clock.steady();
        clock
    }

    #[cfg(target_os = "linux")]
    #[expect(clippy::unused_self, reason = "the other systems count from an origin")]
    fn steady(&self) -> Duration {
        let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        Duration::new(u64::try_from(now.tv_sec).unwrap_or(0), u32::try_from(now.tv_nsec).unwrap_or(0))
    }

    #[cfg(not(target_os = "linux"))]
    fn steady(&self) -> Duration {
        self.origin.elapsed()
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

    fn monotonic(&self) -> Monotonic {
        Monotonic(self.steady().saturating_sub(self.started))
    }

    #[cfg(target_os = "linux")]
    fn uptime(&self) -> Uptime {
        static BOOT: OnceLock<Option<Uuid>> = OnceLock::new();
        let named = || std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?.trim().parse().ok();
        match BOOT.get_or_init(named) {
            Some(boot) => Uptime { boot: *boot, up: self.steady() },
            None => Uptime::of_process(self.monotonic()),
        }
    }
}

/// A clock that stands still until a test turns it.
#[derive(Debug)]
pub struct TurnedClock {
    at: Mutex<(UtcMillis, Duration)>,
    boot: Mutex<(Uuid, Duration)>,
}

impl TurnedClock {
    /// A clock that shows `now` on the wall and zero on the steady side.
    #[must_use]
    pub fn at(now: UtcMillis) -> Self {
        Self { at: Mutex::new((now, Duration::ZERO)), boot: Mutex::new((Uuid::new_v4(), Duration::ZERO)) }
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

    /// The PC is switched off and on again.
    pub fn reboot(&self) {
        let up = self.lock().1;
        *self.boot.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = (Uuid::new_v4(), up);
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

    fn uptime(&self) -> Uptime {
        let (boot, from) = *self.boot.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Uptime { boot, up: self.lock().1.saturating_sub(from) }
    }
}
