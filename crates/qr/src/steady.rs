//! From "the code is in view" to one showing.
//!
//! A code that is held before the camera is read many times a second and means one visit. [`Steady`] reports it
//! once for as long as it stays in view, and is ready at once for any other code.

use std::collections::VecDeque;
use std::time::Duration;

use vestibule_domain::Monotonic;

use crate::reading::Text;

/// Unread for this long, a code has left the view: a hand that trembles is no second showing.
const GONE_AFTER: Duration = Duration::from_millis(1500);
/// Shown again within this time of its last report, it is the same showing still, and worth a word.
const SAME_FOR: Duration = Duration::from_secs(10);
/// The word "same code" is not said more often than this.
const WORD_EVERY: Duration = Duration::from_secs(3);
/// How many codes are remembered.
const REMEMBERED: usize = 16;

/// A code that was shown to the camera.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Showing {
    /// A code that was not in view before: act on it.
    New(Text),
    /// A code that was acted on a moment ago left the view and came back: say so, do not act.
    Same(Text),
}

#[derive(Debug)]
struct Seen {
    text: Text,
    reported: Monotonic,
    last: Monotonic,
    word: Monotonic,
}

/// Remembers what is in view.
#[derive(Debug, Default)]
pub struct Steady {
    seen: VecDeque<Seen>,
}

impl Steady {
    /// Nothing in view yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A text was read at this moment. Nothing comes back while it merely stays in view.
    pub fn see(&mut self, text: &Text, now: Monotonic) -> Option<Showing> {
        let Some(at) = self.seen.iter().position(|seen| seen.text == *text) else {
            return Some(self.report(text, now));
        };
        let seen = &mut self.seen[at];
        let away = now.since(seen.last);
        seen.last = now;
        if away < GONE_AFTER {
            return None;
        }
        if now.since(seen.reported) >= SAME_FOR {
            self.seen.remove(at);
            return Some(self.report(text, now));
        }
        if now.since(seen.word) < WORD_EVERY {
            return None;
        }
        seen.word = now;
        Some(Showing::Same(text.clone()))
    }

    /// Forgets a code, so that showing it again is a new showing: for "try again" on the screen.
    pub fn forget(&mut self, text: &Text) {
        self.seen.retain(|seen| seen.text != *text);
    }

    fn report(&mut self, text: &Text, now: Monotonic) -> Showing {
        self.seen.push_back(Seen { text: text.clone(), reported: now, last: now, word: now });
        if self.seen.len() > REMEMBERED {
            self.seen.pop_front();
        }
        Showing::New(text.clone())
    }
}
