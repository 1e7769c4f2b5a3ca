//! A slot for the latest of something: writers replace, readers wait for the next.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::frame::Frame;
use crate::state::EyeState;

/// What waiting brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next<T> {
    /// Something new.
    Came(T),
    /// Nothing new in that time.
    Nothing,
    /// There will be nothing any more: the eye is closed.
    Closed,
}

#[derive(Debug)]
struct Held<T> {
    value: Option<T>,
    number: u64,
    closed: bool,
}

/// The shared side.
#[derive(Debug)]
pub(crate) struct Slot<T> {
    held: Mutex<Held<T>>,
    changed: Condvar,
}

impl<T: Clone> Slot<T> {
    pub(crate) fn new(value: Option<T>) -> Arc<Self> {
        let number = u64::from(value.is_some());
        Arc::new(Self { held: Mutex::new(Held { value, number, closed: false }), changed: Condvar::new() })
    }

    pub(crate) fn put(&self, value: T) {
        let mut held = self.lock();
        held.value = Some(value);
        held.number += 1;
        drop(held);
        self.changed.notify_all();
    }

    pub(crate) fn latest(&self) -> Option<T> {
        self.lock().value.clone()
    }

    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    fn next(&self, seen: &mut u64, wait: Duration) -> Next<T> {
        let held = self.lock();
        let (held, _) = self
            .changed
            .wait_timeout_while(held, wait, |held| held.number == *seen && !held.closed)
            .unwrap_or_else(PoisonError::into_inner);
        if held.number != *seen {
            *seen = held.number;
            return held.value.clone().map_or(Next::Nothing, Next::Came);
        }
        if held.closed { Next::Closed } else { Next::Nothing }
    }

    fn lock(&self) -> MutexGuard<'_, Held<T>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Receives frames: always the latest, each at most once. What came in between while nobody looked is gone.
#[derive(Debug, Clone)]
pub struct Frames {
    slot: Arc<Slot<Arc<Frame>>>,
    seen: u64,
}

impl Frames {
    pub(crate) fn of(slot: &Arc<Slot<Arc<Frame>>>) -> Self {
        Self { slot: Arc::clone(slot), seen: 0 }
    }

    /// Waits for a frame that this receiver has not had yet. Blocks its thread for at most `wait`.
    pub fn next(&mut self, wait: Duration) -> Next<Arc<Frame>> {
        self.slot.next(&mut self.seen, wait)
    }
}

/// Receives states: always the latest, each at most once, the present one first.
#[derive(Debug, Clone)]
pub struct Changes {
    slot: Arc<Slot<EyeState>>,
    seen: u64,
}

impl Changes {
    pub(crate) fn of(slot: &Arc<Slot<EyeState>>) -> Self {
        Self { slot: Arc::clone(slot), seen: 0 }
    }

    /// Waits for a state that this receiver has not had yet. Blocks its thread for at most `wait`.
    pub fn next(&mut self, wait: Duration) -> Next<EyeState> {
        self.slot.next(&mut self.seen, wait)
    }
}
