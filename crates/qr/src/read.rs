//! The reader.

use vestibule_domain::Monotonic;

use crate::frame::LumaFrame;
use crate::hint::Hint;
use crate::reading::Reading;

/// What one look at a frame gave.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Look {
    /// The codes in view that were read, each text once. More than one: ask which one is meant.
    pub readings: Vec<Reading>,
    /// What would help, when nothing was read but something was seen.
    pub hint: Option<Hint>,
}

/// Reads codes out of frames. One per camera: a live reader remembers what it has tried.
#[derive(Debug)]
pub struct Reader {}

impl Reader {
    /// A reader that spends what it takes on each picture.
    #[must_use]
    pub fn still() -> Self {
        Self {}
    }

    /// A reader that spends a budget on each frame and goes on with the next.
    #[must_use]
    pub fn live() -> Self {
        Self {}
    }

    /// Looks at a frame.
    pub fn look(&mut self, frame: &LumaFrame<'_>, now: Monotonic) -> Look {
        let _ = (frame, now);
        Look::default()
    }

    /// Reads a single picture with everything there is.
    #[must_use]
    pub fn read_still(frame: &LumaFrame<'_>) -> Vec<Reading> {
        let _ = frame;
        Vec::new()
    }
}
