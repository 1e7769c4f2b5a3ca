//! The journal of this desk: its verdicts as they were given, and the look through all of it.
//!
//! A verdict that lets somebody in is written with the fact that they were, in the transaction that there is anyway.
//! Every other waits for no disk: it is handed to the scribe, a thread that writes what has gathered. A disk that takes
//! nothing keeps the scribe waiting, and nobody else.

mod scribe;

use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use vestibule_domain::staff::Act;
use vestibule_domain::verdict::{Asked, Decision, RULES, Reason, Verdict};
use vestibule_domain::{PassId, StaffId};
use vestibule_store::{Anchor, ChainReport, Entry, JournalRow, Sound};

use crate::{Desk, Failure, FailureCode};

pub(crate) use scribe::Scribe;

/// The kind of an entry that tells of a verdict.
const VERDICT: &str = "verdict";
/// So many verdicts that do not come out again are named.
const NAMED: usize = 20;

/// A verdict as the journal has it. What was shown is not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VerdictEntry {
    /// What was said.
    pub decision: Decision,
    /// Why.
    pub reason: Reason,
    /// How old the knowledge behind it was, in milliseconds; none when nothing was known.
    pub age_ms: Option<u64>,
    /// The version of the table it was judged by.
    pub rules: u32,
    /// The station.
    pub station: String,
    /// The account that was signed in.
    pub staff: Option<StaffId>,
    /// What the table was asked; none where there was no pass, and the text alone was judged by its form.
    pub asked: Option<Asked>,
}

impl VerdictEntry {
    /// The verdict of an entry; none where it tells of something else.
    #[must_use]
    pub fn of(row: &JournalRow) -> Option<Self> {
        (row.kind == VERDICT).then(|| serde_json::from_value(row.detail.clone()).ok()).flatten()
    }

    /// Whether the same comes out again; none where this program has another table.
    #[must_use]
    pub fn comes_out_again(&self) -> Option<bool> {
        if self.rules != RULES {
            return None;
        }
        Some(match &self.asked {
            // The form that a text had is the reason.
            None => self.decision == self.reason.decision() && self.age_ms.is_none(),
            Some(asked) => {
                let again = asked.judge();
                (again.decision, again.reason, age_ms(again)) == (self.decision, self.reason, self.age_ms)
            }
        })
    }
}

fn age_ms(verdict: Verdict) -> Option<u64> {
    verdict.age.map(|age| u64::try_from(age.as_millis()).unwrap_or(u64::MAX))
}

/// What was found in the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JournalReport {
    /// Of its entries and what binds them.
    #[serde(flatten)]
    pub chain: ChainReport,
    /// Whether there is a key. Without one this shows accidents, not forgers.
    pub keyed: bool,
    /// The verdicts among the entries.
    pub verdicts: u64,
    /// Those of them that were judged again.
    pub judged_again: u64,
    /// Those that were judged by another version of the table than this program has.
    pub other_rules: u64,
    /// The first of those that did not come out as they were written.
    pub differing: Vec<i64>,
}

impl JournalReport {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.chain.fault.is_none() && self.differing.is_empty()
    }

    fn judge_again(&mut self, entry: &Sound<'_>) {
        if entry.kind != VERDICT {
            return;
        }
        self.verdicts += 1;
        let again = serde_json::from_str(entry.detail).map(|verdict: VerdictEntry| verdict.comes_out_again());
        match again {
            Ok(None) => self.other_rules += 1,
            Ok(Some(true)) => self.judged_again += 1,
            Ok(Some(false)) | Err(_) => {
                if self.differing.len() < NAMED {
                    self.differing.push(entry.sequence);
                }
            }
        }
    }
}

impl Desk {
    /// The newest entries, newest first.
    ///
    /// # Errors
    /// What the store says.
    pub fn journal(&self, limit: u32) -> Result<Vec<JournalRow>, Failure> {
        self.may(Act::SeeDoorLog)?;
        self.inner.scribe.catch_up();
        Ok(self.inner.store.journal(limit)?)
    }

    /// The entries after one, oldest first.
    ///
    /// # Errors
    /// What the store says.
    pub fn journal_after(&self, sequence: i64, limit: u32) -> Result<Vec<JournalRow>, Failure> {
        self.may(Act::SeeDoorLog)?;
        self.inner.scribe.catch_up();
        Ok(self.inner.store.journal_after(sequence, limit)?)
    }

    /// One entry.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`], or what the store says.
    pub fn journal_entry(&self, sequence: i64) -> Result<JournalRow, Failure> {
        self.may(Act::SeeDoorLog)?;
        let found = self.journal_after(sequence.saturating_sub(1), 1)?.pop();
        found.filter(|row| row.sequence == sequence).ok_or_else(|| Failure::of(FailureCode::NotFound))
    }

    /// The newest entry and what binds it to all others, to be noted elsewhere; none while no entry is chained.
    ///
    /// # Errors
    /// What the store says.
    pub fn journal_anchor(&self) -> Result<Option<Anchor>, Failure> {
        self.may(Act::SeeDoorLog)?;
        self.inner.scribe.catch_up();
        Ok(self.inner.store.anchor()?)
    }

    /// Looks through the whole journal: whether it is as it was written, also against what was noted elsewhere, and
    /// whether every verdict comes out again.
    ///
    /// # Errors
    /// What the store says. What is wrong with the journal is an answer, not an error.
    pub fn verify_journal(&self, anchor: Option<&Anchor>) -> Result<JournalReport, Failure> {
        self.may(Act::SeeDoorLog)?;
        self.inner.scribe.catch_up();
        let mut report = JournalReport {
            chain: ChainReport::default(),
            keyed: self.inner.settings.seal.is_some(),
            verdicts: 0,
            judged_again: 0,
            other_rules: 0,
            differing: Vec::new(),
        };
        report.chain = self.inner.store.check_chain(anchor, |entry| report.judge_again(entry))?;
        Ok(report)
    }

    pub(crate) fn verdict_entry(
        &self,
        pass: Option<PassId>,
        verdict: Verdict,
        staff: Option<StaffId>,
        asked: Option<Asked>,
    ) -> Entry {
        let at = asked.as_ref().map_or_else(|| self.now(), |asked| asked.now);
        let detail = VerdictEntry {
            decision: verdict.decision,
            reason: verdict.reason,
            age_ms: age_ms(verdict),
            rules: RULES,
            station: self.station().word().to_owned(),
            staff,
            asked,
        };
        let subject = pass.map_or_else(|| "-".to_owned(), |pass| pass.to_string());
        Entry { at, kind: VERDICT, subject, detail: json!(detail) }
    }

    /// Writes down what this process was told to be: a hash of the settings, in which no secret is.
    pub(crate) fn note_settings(&self) {
        let settings = &self.inner.settings;
        let detail = json!({
            "version": env!("CARGO_PKG_VERSION"),
            "station": settings.station,
            "doors": settings.doors.len(),
            "hash": hex::encode(Sha256::digest(format!("{settings:?}"))),
        });
        self.inner.scribe.write(Entry {
            at: self.now(),
            kind: "settings",
            subject: "desk".to_owned(),
            detail,
        });
    }
}
