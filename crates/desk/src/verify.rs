//! Judging a code that somebody shows, from the ledger alone: the same with and without a network.

use std::time::Duration;

use vestibule_domain::pass::PassState;
use vestibule_domain::staff::Act;
use vestibule_domain::verdict::{Around, Asked, Decision, Known, Side, judge_unknown};
use vestibule_domain::{DoorId, PassCode, ShortCode};
use vestibule_store::PassRow;

use crate::{Desk, Event, Failure, FailureCode, PassView, VerdictView};

/// No text longer than this, in bytes, is looked up.
const LONGEST_CODE: usize = 512;

impl Desk {
    /// Whose pass a text is: its code or its short form. Nobody is let in by that, so nothing is judged or written down.
    ///
    /// # Errors
    /// [`crate::FailureCode::NotFound`] when it is no pass of this desk.
    pub fn find_pass(&self, text: &str) -> Result<PassView, Failure> {
        self.may(Act::SeeVisits)?;
        let row = self.pass_by_text(text)?.ok_or(Failure::of(FailureCode::NotFound))?;
        self.view_pass(&row)
    }

    /// Judges a text that was read from a picture, scanned or typed: the code of a pass or its short form. While nobody is
    /// signed in it says what to do and why, and not who it is.
    ///
    /// # Errors
    /// What the store says. A text that is no code is a verdict, not an error.
    pub fn verify(&self, text: &str) -> Result<VerdictView, Failure> {
        let staff = self.may(Act::Verify)?;
        let now = self.now();
        let Some(row) = self.pass_by_text(text)? else {
            let verdict = judge_unknown(text.trim());
            self.inner.scribe.write(self.verdict_entry(None, verdict, staff, None));
            return Ok(VerdictView::new(verdict, now, None, None));
        };
        let skew = self.inner.gateway.skew().map(|skew| Duration::from_millis(skew.millis.unsigned_abs()));
        let around = Around { skew, lost: self.line().is_offline() };
        let asked = Asked { known: self.known(&row)?, now, around };
        let verdict = asked.judge();
        let mut seen_before = row.first_seen_at;
        let entry = self.verdict_entry(Some(row.pass.id), verdict, staff, Some(asked));
        let mut written = false;
        if verdict.decision == Decision::LetIn {
            // Whoever may come in comes in, also where the disk does not take that they did.
            match self.inner.store.mark_seen(row.pass.id, now, &entry) {
                Ok(seen) => (seen_before, written) = (seen.before, seen.counted),
                Err(error) => tracing::error!(%error, "that a pass was seen could not be written down"),
            }
            self.changed(&Event::Visits);
        }
        if !written {
            self.inner.scribe.write(entry);
        }
        let mut pass = self.view_pass(&row)?;
        if !self.sees_names() {
            pass.hide_names();
        }
        Ok(VerdictView::new(verdict, now, Some(pass), seen_before))
    }

    fn pass_by_text(&self, text: &str) -> Result<Option<PassRow>, Failure> {
        let text = text.trim();
        // The exact text first: the service's alphabet is not published, and what it gave is good whatever it looks like.
        let mut found = None;
        if (1..=LONGEST_CODE).contains(&text.len()) {
            found = self.inner.store.pass_by_code(&PassCode::from_service(text.to_owned()))?;
        }
        if let (None, Some(short)) = (&found, ShortCode::typed(text)) {
            found = self.inner.store.pass_by_short_code(&short)?;
        }
        Ok(found)
    }

    fn known(&self, row: &PassRow) -> Result<Known, Failure> {
        let visit = self.inner.store.visit(row.pass.visit)?;
        Ok(Known {
            revoked_at: row.pass.revoked_at.filter(|_| row.pass.state == PassState::Revoked),
            left_at: visit.left_at,
            window: row.pass.window,
            doors: row.pass.doors.iter().map(|(door, readiness)| (*readiness, self.side(door))).collect(),
            wedged: row.wedged,
            spare: row.spare,
            limit: row.pass.limit.times,
            seen_times: row.seen_times,
            last_seen_at: row.last_seen_at,
            issued_at: row.pass.issued_at,
            issued_here: true,
            as_of: self.now(),
        })
    }

    /// Where a door is, as seen from this post.
    fn side(&self, door: &DoorId) -> Side {
        let watched = &self.inner.settings.guard.doors;
        match self.door(door) {
            None => Side::Gone,
            Some(_) if watched.is_empty() || watched.contains(door) => Side::Here,
            Some(_) => Side::Elsewhere,
        }
    }
}
