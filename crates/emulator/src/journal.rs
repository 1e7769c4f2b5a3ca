//! What outlives a restart: every change in the order it came, one JSON line each.
//!
//! Decision 2026-11-24: the changes, not the state. A line is handed to the system before the answer leaves, so a
//! killed emulator has lost nothing it answered for; done again, the changes give the same state, codes included.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use vestibule_domain::UtcMillis;

use crate::doors::DoorSettings;
use crate::readers::Credential;

/// A change.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum Entry {
    Call {
        at: UtcMillis,
        path: String,
        params: Box<RawValue>,
        made: Option<String>,
        fail_rows: Option<(u16, bool)>,
        refused_doors: Option<(HashSet<String>, i64)>,
    },
    Present {
        at: UtcMillis,
        iot_id: String,
        what: Credential,
    },
    Added {
        iot_id: String,
        name: String,
    },
    Door {
        at: UtcMillis,
        iot_id: String,
        settings: DoorSettings,
    },
}

/// Why an emulator's file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// It cannot be opened, read or written.
    #[error("the file cannot be used: {0}")]
    Io(#[from] std::io::Error),
    /// A line of it is not an emulator's.
    #[error("line {line} is not an emulator's: {why}")]
    Line {
        /// Which line, from one.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
}

pub(crate) struct Journal {
    file: File,
}

impl Journal {
    /// Opens or makes the file and reads what it tells. A last line that was cut off by a kill is cut away.
    pub(crate) fn open(path: &Path) -> Result<(Self, Vec<Entry>), JournalError> {
        let file = File::options().read(true).append(true).create(true).open(path)?;
        let mut entries = Vec::new();
        let mut good = 0;
        let mut reader = BufReader::new(&file);
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            let length = reader.read_until(b'\n', &mut line)?;
            if line.last() != Some(&b'\n') {
                break;
            }
            let entry = serde_json::from_slice(&line);
            entries.push(entry.map_err(|error| JournalError::Line { line: number, why: error.to_string() })?);
            good += length as u64;
        }
        file.set_len(good)?;
        Ok((Self { file }, entries))
    }

    pub(crate) fn write(&mut self, entry: &Entry) -> std::io::Result<()> {
        let mut line = serde_json::to_vec(entry)?;
        line.push(b'\n');
        self.file.write_all(&line)
    }
}
