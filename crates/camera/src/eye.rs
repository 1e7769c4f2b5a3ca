//! The eye: two threads and the rules between them.
//!
//! The *worker* opens the source and waits for frames. It may get stuck in a driver for ever, so nobody waits for
//! it: every attempt has a number, and a worker whose number is no longer the current one is ignored and ends by
//! itself when its driver lets it. The *watchdog* decides what state that is, and when to try again.

mod health;
mod shared;
mod watchdog;
mod worker;

use std::sync::Arc;

use vestibule_domain::Clock;

use crate::choice::{Choice, Settings};
use crate::frame::Frame;
use crate::slot::{Changes, Frames, Slot};
use crate::state::EyeState;
use shared::Shared;

/// An open eye. Dropping it closes it: the state becomes [`EyeState::Off`], receivers end, the device is let go
/// as soon as its driver returns. Neither opening nor closing waits for a driver.
pub struct Eye {
    shared: Arc<Shared>,
}

impl Eye {
    /// Opens the eye with the usual settings.
    #[must_use]
    pub fn open(choice: Choice, clock: Arc<dyn Clock>) -> Self {
        Self::open_with(choice, Settings::default(), clock)
    }

    /// Opens the eye.
    #[must_use]
    pub fn open_with(choice: Choice, settings: Settings, clock: Arc<dyn Clock>) -> Self {
        let shared = Arc::new(Shared::new(choice, settings, clock));
        watchdog::start(&shared);
        Self { shared }
    }

    /// A receiver of frames. Several may listen; each gets the latest.
    #[must_use]
    pub fn frames(&self) -> Frames {
        Frames::of(&self.shared.frames)
    }

    /// How it is now.
    #[must_use]
    pub fn state(&self) -> EyeState {
        self.shared.state.latest().unwrap_or(EyeState::Off)
    }

    /// A receiver of states.
    #[must_use]
    pub fn changes(&self) -> Changes {
        Changes::of(&self.shared.state)
    }
}

impl Drop for Eye {
    fn drop(&mut self) {
        self.shared.close();
    }
}

impl std::fmt::Debug for Eye {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Eye").field("state", &self.state()).finish_non_exhaustive()
    }
}

/// The slots that receivers listen to.
type FrameSlot = Arc<Slot<Arc<Frame>>>;
type StateSlot = Arc<Slot<EyeState>>;
