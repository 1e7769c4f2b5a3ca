//! What the worker and the watchdog both see.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use vestibule_domain::{Clock, Monotonic};

use super::{FrameSlot, StateSlot};
use crate::choice::{Choice, Settings};
use crate::frame::{Frame, Shot};
use crate::slot::Slot;
use crate::state::{CameraFault, EyeState};

/// How far the current attempt is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stage {
    /// No worker yet, or the last one ended; the next is started at this moment.
    Resting {
        until: Monotonic,
    },
    Opening {
        since: Monotonic,
    },
    Streaming {
        name: String,
        /// When the last picture came, of whatever kind.
        last: Monotonic,
    },
}

pub(super) struct Now {
    /// The number of the current attempt.
    pub(super) attempt: u64,
    pub(super) stage: Stage,
    /// Workers that have not ended, stuck ones included.
    pub(super) workers: usize,
    /// Attempts in a row without a picture.
    pub(super) failures: u32,
    /// Whether a picture ever came.
    pub(super) ever: bool,
    sequence: u64,
    closed: bool,
}

pub(super) struct Shared {
    pub(super) choice: Choice,
    pub(super) settings: Settings,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) frames: FrameSlot,
    pub(super) state: StateSlot,
    now: Mutex<Now>,
    changed: Condvar,
}

impl Shared {
    pub(super) fn new(choice: Choice, settings: Settings, clock: Arc<dyn Clock>) -> Self {
        let stage = Stage::Resting { until: clock.monotonic() };
        let now = Now { attempt: 0, stage, workers: 0, failures: 0, ever: false, sequence: 0, closed: false };
        Self {
            choice,
            settings,
            clock,
            frames: Slot::new(None),
            state: Slot::new(Some(EyeState::Starting)),
            now: Mutex::new(now),
            changed: Condvar::new(),
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets the state when it is another.
    pub(super) fn say(&self, now: &Now, state: EyeState) {
        if !now.closed && self.state.latest().as_ref() != Some(&state) {
            tracing::info!(state = ?state, "the camera's state changed");
            self.state.put(state);
        }
    }

    /// A moment in which the watchdog sleeps, cut short when a worker ends or the eye closes. False when closed.
    pub(super) fn pause(&self, span: Duration) -> bool {
        let now = self.lock();
        if now.closed {
            return false;
        }
        let (now, _) = self.changed.wait_timeout(now, span).unwrap_or_else(PoisonError::into_inner);
        !now.closed
    }

    pub(super) fn close(&self) {
        let mut now = self.lock();
        self.say(&now, EyeState::Off);
        now.closed = true;
        now.attempt += 1;
        drop(now);
        self.state.close();
        self.frames.close();
        self.changed.notify_all();
    }

    /// The worker opened its source. False when nobody waits for it any more.
    pub(super) fn opened(&self, attempt: u64, name: &str) -> bool {
        let mut now = self.lock();
        if now.attempt != attempt {
            return false;
        }
        now.stage = Stage::Streaming { name: name.to_owned(), last: self.clock.monotonic() };
        true
    }

    /// A picture came: hands it on when it is a good one. False when nobody waits for it any more.
    pub(super) fn came(&self, attempt: u64, shot: Shot, health: Option<CameraFault>) -> bool {
        let mut now = self.lock();
        if now.attempt != attempt {
            return false;
        }
        let at = self.clock.monotonic();
        let Stage::Streaming { name, last } = &mut now.stage else { return false };
        *last = at;
        let name = name.clone();
        now.failures = 0;
        now.ever = true;
        now.sequence += 1;
        match health {
            Some(fault) => self.say(&now, EyeState::Failed { fault }),
            None => self.say(&now, EyeState::Running { name }),
        }
        // A frozen picture is an old one, and an old one must not be read.
        if health != Some(CameraFault::Frozen) {
            self.frames.put(Arc::new(Frame::of(shot, at, now.sequence)));
        }
        true
    }

    /// The worker's source ended or was never there.
    pub(super) fn ended(&self, attempt: u64, fault: CameraFault) {
        let mut now = self.lock();
        if now.attempt == attempt {
            self.fail(&mut now, fault);
        }
        drop(now);
        self.changed.notify_all();
    }

    /// A worker is gone, with all it held.
    pub(super) fn gone(&self) {
        self.lock().workers -= 1;
        self.changed.notify_all();
    }

    /// Ends the current attempt: says why, and rests before the next.
    pub(super) fn fail(&self, now: &mut Now, fault: CameraFault) {
        let stuck = now.workers > 1;
        let fault = match fault {
            // Not there any more is something else than never there.
            CameraFault::None if now.ever => CameraFault::Lost,
            // Whoever has it may be our own stuck worker.
            CameraFault::Busy if stuck => CameraFault::Silent,
            fault => fault,
        };
        self.say(now, EyeState::Failed { fault });
        now.attempt += 1;
        now.failures = now.failures.saturating_add(1);
        let rest = Duration::from_millis(250) * now.failures.min(6);
        now.stage = Stage::Resting { until: self.clock.monotonic().plus(rest) };
    }
}
