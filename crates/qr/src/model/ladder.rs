//! The rungs one by one, for measuring what each adds.

use crate::frame::LumaFrame;
use crate::gray::Gray;
use crate::ladder::LADDER;
use crate::reading::Reading;

/// What the rungs are.
#[must_use]
pub fn names() -> Vec<String> {
    LADDER.iter().map(|rung| format!("{rung:?}")).collect()
}

/// Looks with one rung only.
#[must_use]
pub fn look(rung: usize, frame: &LumaFrame<'_>) -> Vec<Reading> {
    LADDER.get(rung).map(|rung| rung.look(&Gray::of(frame))).unwrap_or_default()
}
