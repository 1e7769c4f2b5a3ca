//! The reader.

use vestibule_domain::Monotonic;

use crate::frame::LumaFrame;
use crate::gray::Gray;
use crate::hint::Hint;
use crate::ladder::LADDER;
use crate::live::Live;
use crate::reading::Reading;

/// The smallest side that can hold a code.
const SMALLEST: usize = 11;

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
pub struct Reader {
    live: Option<Live>,
}

impl Reader {
    /// A reader that spends what it takes on each picture.
    #[must_use]
    pub fn still() -> Self {
        Self { live: None }
    }

    /// A reader that spends a budget on each frame and goes on with the next.
    #[must_use]
    pub fn live() -> Self {
        Self { live: Some(Live::default()) }
    }

    /// Looks at a frame.
    pub fn look(&mut self, frame: &LumaFrame<'_>, now: Monotonic) -> Look {
        if frame.width().min(frame.height()) < SMALLEST {
            return Look::default();
        }
        match &mut self.live {
            None => Look { readings: Self::read_still(frame), hint: None },
            Some(live) => {
                let (readings, hint) = live.look(frame, now);
                Look { readings: each_once(readings), hint }
            }
        }
    }

    /// Reads a single picture with everything there is.
    #[must_use]
    pub fn read_still(frame: &LumaFrame<'_>) -> Vec<Reading> {
        if frame.width().min(frame.height()) < SMALLEST {
            return Vec::new();
        }
        let picture = Gray::of(frame);
        LADDER
            .iter()
            .map(|rung| rung.look(&picture))
            .find(|readings| !readings.is_empty())
            .map(each_once)
            .unwrap_or_default()
    }
}

/// Each text once, in the order in which they were read.
fn each_once(readings: Vec<Reading>) -> Vec<Reading> {
    let mut once: Vec<Reading> = Vec::with_capacity(readings.len());
    for reading in readings {
        if !once.iter().any(|other| other.text == reading.text) {
            once.push(reading);
        }
    }
    once
}
