//! What happened on this desk, in order, without names. Each entry is chained to those before it ([`crate::chain`]).

use rusqlite::{Row, params};
use serde::Serialize;
use serde_json::Value;
use vestibule_domain::UtcMillis;

use crate::chain::{Fields, hex};
use crate::{Change, Store, StoreError};

/// One entry, as it was written.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
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
    /// What binds it to those before, in hexadecimal digits; none when it is older than the chain.
    pub mac: Option<String>,
}

/// An entry to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// When.
    pub at: UtcMillis,
    /// What happened.
    pub kind: &'static str,
    /// Whom or what it is about: an id.
    pub subject: String,
    /// More, without personal data.
    pub detail: Value,
}

/// Adds an entry in the transaction of the change it tells of.
pub(crate) fn append(
    tx: &Change<'_>,
    at: UtcMillis,
    kind: &str,
    subject: &str,
    detail: &Value,
) -> Result<(), StoreError> {
    let detail = detail.to_string();
    let mut desk = tx.prepare_cached("SELECT sequence, epoch, mac FROM desk WHERE only = 1")?;
    let (newest, epoch, end): (i64, i64, Option<Vec<u8>>) =
        desk.query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let sequence = newest + 1;
    let entry = Fields {
        sequence,
        epoch,
        at: at.0,
        kind: kind.as_bytes(),
        subject: subject.as_bytes(),
        detail: detail.as_bytes(),
    };
    let (mac, end) = tx.key.link(end.as_deref(), &entry);
    tx.prepare_cached(
        "INSERT INTO journal (sequence, epoch, at, kind, subject, detail, mac) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![sequence, epoch, at.0, kind, subject, detail, mac])?;
    tx.prepare_cached("UPDATE desk SET sequence = ?1, mac = ?2 WHERE only = 1")?
        .execute(params![sequence, end])?;
    Ok(())
}

impl Store {
    /// Tells the journal of things that change nothing else, all or none.
    ///
    /// # Errors
    /// What the store says.
    pub fn note(&self, entries: &[Entry]) -> Result<(), StoreError> {
        self.change_even_when_full(|tx| {
            for entry in entries {
                append(tx, entry.at, entry.kind, &entry.subject, &entry.detail)?;
            }
            Ok(())
        })
    }

    /// The newest entries, newest first.
    ///
    /// # Errors
    /// What the store says.
    pub fn journal(&self, limit: u32) -> Result<Vec<JournalRow>, StoreError> {
        let connection = self.read();
        let mut statement = connection
            .prepare_cached(&format!("SELECT {COLUMNS} FROM journal ORDER BY sequence DESC LIMIT ?1"))?;
        let rows = statement.query_map([limit], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The entries after one, oldest first.
    ///
    /// # Errors
    /// What the store says.
    pub fn journal_after(&self, sequence: i64, limit: u32) -> Result<Vec<JournalRow>, StoreError> {
        let connection = self.read();
        let mut statement = connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM journal WHERE sequence > ?1 ORDER BY sequence LIMIT ?2"
        ))?;
        let rows = statement.query_map(params![sequence, limit], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

const COLUMNS: &str = "sequence, epoch, at, kind, subject, detail, mac";

fn read(row: &Row<'_>) -> rusqlite::Result<JournalRow> {
    let detail: String = row.get(5)?;
    let mac: Option<Vec<u8>> = row.get(6)?;
    Ok(JournalRow {
        sequence: row.get(0)?,
        epoch: row.get(1)?,
        at: UtcMillis(row.get(2)?),
        kind: row.get(3)?,
        subject: row.get(4)?,
        detail: serde_json::from_str(&detail).unwrap_or(Value::Null),
        mac: mac.as_deref().map(hex),
    })
}
