//! How far a long command is, on standard error: one line that changes on a terminal, a line now and then elsewhere.

use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::time::Duration;

use vestibule_domain::{Clock, Monotonic};

/// How far a long command is.
pub(crate) struct Progress {
    clock: Arc<dyn Clock>,
    total: Option<usize>,
    begun: Monotonic,
    last: Option<Monotonic>,
    how: How,
}

enum How {
    Silent,
    OneLine,
    Lines,
}

impl Progress {
    /// Shown on a terminal, or where it is wanted.
    pub(crate) fn new(clock: Arc<dyn Clock>, wanted: bool, total: Option<usize>) -> Self {
        let how = match (std::io::stderr().is_terminal(), wanted) {
            (true, _) => How::OneLine,
            (false, true) => How::Lines,
            (false, false) => How::Silent,
        };
        let begun = clock.monotonic();
        Self { clock, total, begun, last: None, how }
    }

    /// So many are settled, so many of them not well. Most calls print nothing: they come too often.
    pub(crate) fn show(&mut self, settled: usize, failed: usize) {
        let pause = match self.how {
            How::Silent => return,
            How::OneLine => Duration::from_millis(100),
            How::Lines => Duration::from_secs(2),
        };
        let now = self.clock.monotonic();
        let is_last = self.total == Some(settled);
        if !is_last && self.last.is_some_and(|last| now.since(last) < pause) {
            return;
        }
        self.last = Some(now);
        let text = self.text(settled, failed, now);
        match self.how {
            How::OneLine => put(&format!("\r{text}\u{1b}[K")),
            How::Lines | How::Silent => put(&format!("{text}\n")),
        }
    }

    /// Nothing more comes; whatever is printed next begins on a line of its own.
    pub(crate) fn end(&mut self) {
        if matches!(self.how, How::OneLine) && self.last.is_some() {
            put("\n");
        }
        self.how = How::Silent;
    }

    fn text(&self, settled: usize, failed: usize, now: Monotonic) -> String {
        let mut text = match self.total {
            Some(total) => format!("{settled} of {total} rows"),
            None => format!("{settled} rows"),
        };
        if failed > 0 {
            text.push_str(&format!(", {failed} not taken"));
        }
        let seconds = now.since(self.begun).as_secs();
        if seconds > 0 {
            text.push_str(&format!(
                ", {} a second",
                settled / usize::try_from(seconds).unwrap_or(usize::MAX)
            ));
        }
        text
    }
}

/// A terminal that is gone is no reason to end the work.
fn put(text: &str) {
    drop(std::io::stderr().write_all(text.as_bytes()));
}
