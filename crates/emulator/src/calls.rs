//! The last calls, for tests and for a person who watches.

use std::collections::VecDeque;

use serde::Serialize;
use serde_json::Value;
use vestibule_domain::UtcMillis;

/// A call that reached the emulator.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CallRecord {
    /// A number that only grows.
    pub number: u64,
    /// When.
    pub at: UtcMillis,
    /// The path.
    pub path: String,
    /// The parameters; null when they were long or could not be read.
    pub params: Value,
    /// The HTTP status that was prepared.
    pub status: u16,
    /// The envelope's code, when there was an envelope.
    pub code: Option<i64>,
    /// The gateway's refusal, when there was one.
    pub rejected: Option<String>,
    /// What the trouble did to it.
    pub trouble: Vec<&'static str>,
}

const REMEMBERED: usize = 500;

#[derive(Default)]
pub(crate) struct Calls {
    last: VecDeque<CallRecord>,
    count: u64,
}

impl Calls {
    pub(crate) fn push(&mut self, mut record: CallRecord) {
        self.count += 1;
        record.number = self.count;
        if self.last.len() == REMEMBERED {
            self.last.pop_front();
        }
        self.last.push_back(record);
    }

    pub(crate) fn list(&self) -> Vec<CallRecord> {
        self.last.iter().cloned().collect()
    }

    pub(crate) fn count(&self) -> u64 {
        self.count
    }
}
