//! Judging a code that somebody shows, from the ledger alone: the same with and without a network.

use std::time::Duration;

use vestibule_domain::staff::Act;
use vestibule_domain::verdict::{Decision, Known, Reason, Verdict, judge};
use vestibule_domain::{PassCode, ShortCode};
use vestibule_store::PassRow;

use crate::{Desk, Event, Failure, PassView, VerdictView};

/// No text longer than this, in bytes, is looked up.
const LONGEST_CODE: usize = 512;

impl Desk {
    /// Judges a text that was read from a picture, scanned or typed: the code of a pass or its short form. While nobody is
    /// signed in it says what to do and why, and not who it is.
    ///
    /// # Errors
    /// What the store says. A text that is no code is a verdict, not an error.
    pub fn verify(&self, text: &str) -> Result<VerdictView, Failure> {
        self.may(Act::Verify)?;
        let now = self.now();
        let text = text.trim();
        // The exact text first: the service's alphabet is not published, and what it gave is good whatever it looks like.
        let mut found = None;
        if (1..=LONGEST_CODE).contains(&text.len()) {
            found = self.inner.store.pass_by_code(&PassCode::from_service(text.to_owned()))?;
        }
        let short = ShortCode::typed(text);
        if let (None, Some(short)) = (&found, &short) {
            found = self.inner.store.pass_by_short_code(short)?;
        }
        if found.is_none() && short.is_none() && PassCode::plausible(text).is_none() {
            let verdict = Verdict { decision: Decision::Stop, reason: Reason::NotAPass, age: None };
            return Ok(VerdictView::new(verdict, now, None, None));
        }
        let known = found.as_ref().map(|row| self.known(row)).transpose()?;
        let skew = self.inner.gateway.skew().map(|skew| Duration::from_millis(skew.millis.unsigned_abs()));
        let verdict = judge(known.as_ref(), now, skew);
        let mut seen_before = found.as_ref().and_then(|row| row.first_seen_at);
        if let (Some(row), Decision::LetIn) = (&found, verdict.decision) {
            // Whoever may come in comes in, also where the disk does not take that they did.
            match self.inner.store.mark_seen(row.pass.id, now) {
                Ok(before) => seen_before = before,
                Err(error) => tracing::error!(%error, "that a pass was seen could not be written down"),
            }
            self.changed(&Event::Visits);
        }
        let mut pass = found.map(|row| self.view_pass(&row)).transpose()?;
        if !self.sees_names() {
            pass.iter_mut().for_each(PassView::hide_names);
        }
        Ok(VerdictView::new(verdict, now, pass, seen_before))
    }

    fn known(&self, row: &PassRow) -> Result<Known, Failure> {
        let visit = self.inner.store.visit(row.pass.visit)?;
        Ok(Known {
            state: row.pass.state,
            signed_out: visit.left_at.is_some(),
            window: row.pass.window,
            doors: row.pass.doors.iter().map(|(_, readiness)| *readiness).collect(),
            issued_here: true,
            as_of: self.now(),
        })
    }
}
