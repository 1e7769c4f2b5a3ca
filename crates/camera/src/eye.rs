//! The eye.

use std::sync::Arc;

use vestibule_domain::Clock;

use crate::choice::{Choice, Settings};
use crate::frame::Frame;
use crate::slot::{Changes, Frames, Slot};
use crate::state::EyeState;

/// An open eye. Dropping it closes it: the state becomes [`EyeState::Off`], receivers end, the device is let go
/// as soon as its driver returns. Neither opening nor closing waits for a driver.
#[derive(Debug)]
pub struct Eye {
    frames: Arc<Slot<Arc<Frame>>>,
    state: Arc<Slot<EyeState>>,
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
        drop((choice, settings, clock));
        Self { frames: Slot::new(None), state: Slot::new(Some(EyeState::Starting)) }
    }

    /// A receiver of frames. Several may listen; each gets the latest.
    #[must_use]
    pub fn frames(&self) -> Frames {
        Frames::of(&self.frames)
    }

    /// How it is now.
    #[must_use]
    pub fn state(&self) -> EyeState {
        self.state.latest().unwrap_or(EyeState::Off)
    }

    /// A receiver of states.
    #[must_use]
    pub fn changes(&self) -> Changes {
        Changes::of(&self.state)
    }
}

impl Drop for Eye {
    fn drop(&mut self) {
        self.state.put(EyeState::Off);
        self.state.close();
        self.frames.close();
    }
}
