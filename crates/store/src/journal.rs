//! What happened on this desk, in order, without names.

use rusqlite::{Transaction, params};
use serde_json::Value;
use vestibule_domain::UtcMillis;

use crate::desk::next_sequence;
use crate::{Store, StoreError};

/// One entry.
#[derive(Debug, Clone, PartialEq)]
pub struct JournalRow {
    /// Gap-free number within the desk.
    pub sequence: i64,
    /// The process that wrote it.
    pub epoch: i64,
    /// When.
    pub at: UtcMillis,
    /// What happened.
    pub kind: String,
    /// Whom or what it is about: an id.
    pub subject: String,
    /// More, without personal data.
    pub detail: Value,
}

/// Adds an entry in the transaction of the change it tells of.
pub(crate) fn append(
    tx: &Transaction<'_>,
    at: UtcMillis,
    kind: &str,
    subject: &str,
    detail: &Value,
) -> Result<(), StoreError> {
    let (sequence, epoch) = next_sequence(tx)?;
    tx.prepare_cached(
        "INSERT INTO journal (sequence, epoch, at, kind, subject, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![sequence, epoch, at.0, kind, subject, detail.to_string()])?;
    Ok(())
}

impl Store {
    /// The newest entries, newest first.
    ///
    /// # Errors
    /// What the store says.
    pub fn journal(&self, limit: u32) -> Result<Vec<JournalRow>, StoreError> {
        let connection = self.read();
        let mut statement = connection.prepare_cached(
            "SELECT sequence, epoch, at, kind, subject, detail FROM journal ORDER BY sequence DESC LIMIT ?1",
        )?;
        let rows = statement.query_map([limit], |row| {
            let detail: String = row.get(5)?;
            Ok(JournalRow {
                sequence: row.get(0)?,
                epoch: row.get(1)?,
                at: UtcMillis(row.get(2)?),
                kind: row.get(3)?,
                subject: row.get(4)?,
                detail: serde_json::from_str(&detail).unwrap_or(Value::Null),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
