//! From "the code is in view" to one showing.

use vestibule_domain::Monotonic;

use crate::reading::Text;

/// A code that was shown to the camera: reported once for as long as it stays in view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Showing {
    /// A code that was not in view before: act on it.
    New(Text),
    /// The code that was acted on a moment ago came back: say so, do not act.
    Same(Text),
}

/// Remembers what is in view.
#[derive(Debug, Default)]
pub struct Steady {}

impl Steady {
    /// Nothing in view yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A text was read at this moment.
    pub fn see(&mut self, text: &Text, now: Monotonic) -> Option<Showing> {
        let _ = now;
        Some(Showing::New(text.clone()))
    }
}
