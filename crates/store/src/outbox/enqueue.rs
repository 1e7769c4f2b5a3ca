//! Adding rows, and taking back those that have not left.

use rusqlite::{OptionalExtension, params};
use vestibule_domain::UtcMillis;

use super::{CLOSING, Kind};
use crate::Change;
use crate::StoreError;
use crate::column::word;

/// The meaning of `kind` and `subject` today.
const VERSION: i64 = 1;

/// A row to be added.
pub(crate) struct NewRow<'a> {
    kind: Kind,
    subject: &'a str,
    lane: String,
    after: Option<i64>,
    urgent: u8,
    at: UtcMillis,
    not_after: Option<UtcMillis>,
    not_before: UtcMillis,
}

impl<'a> NewRow<'a> {
    pub(crate) fn new(kind: Kind, subject: &'a str, lane: String, at: UtcMillis) -> Self {
        Self { kind, subject, lane, after: None, urgent: 0, at, not_after: None, not_before: at }
    }

    /// Goes out only when that row of another lane is done.
    pub(crate) fn after(self, row: Option<i64>) -> Self {
        Self { after: row, ..self }
    }

    /// Overtakes what has not left yet.
    pub(crate) fn urgent(self) -> Self {
        Self { urgent: 1, ..self }
    }

    /// Goes before everything.
    pub(crate) fn first(self) -> Self {
        Self { urgent: CLOSING, ..self }
    }

    /// Does not go out before then.
    pub(crate) fn not_before(self, moment: UtcMillis) -> Self {
        Self { not_before: moment, ..self }
    }

    /// Is of no use from then on.
    pub(crate) fn not_after(self, moment: UtcMillis) -> Self {
        Self { not_after: Some(moment), ..self }
    }
}

pub(crate) fn enqueue(tx: &Change<'_>, row: &NewRow<'_>) -> Result<i64, StoreError> {
    tx.prepare_cached(
        "INSERT INTO outbox (lane, after, kind, version, subject, urgent, state, epoch, taken, attempts, held,
                             created_at, next_try_at, not_after, last_answer)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'waiting', NULL, 0, 0, 0, ?7, ?9, ?8, NULL)",
    )?
    .execute(params![
        row.lane,
        row.after,
        word(row.kind),
        VERSION,
        row.subject,
        row.urgent,
        row.at.0,
        row.not_after.map(|moment| moment.0),
        row.not_before.0
    ])?;
    Ok(tx.last_insert_rowid())
}

/// Takes back what has not left. What is on its way cannot be taken back.
pub(crate) fn supersede(tx: &Change<'_>, kind: Kind, subject: &str) -> Result<usize, StoreError> {
    Ok(tx
        .prepare_cached(
            "UPDATE outbox SET state = 'superseded'
             WHERE subject = ?1 AND kind = ?2 AND state IN ('waiting', 'wedged')",
        )?
        .execute(params![subject, word(kind)])?)
}

/// Whether any call about the subject is still open.
pub(crate) fn is_open(tx: &Change<'_>, subject: &str) -> Result<bool, StoreError> {
    Ok(tx
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM outbox WHERE subject = ?1 AND state IN ('waiting', 'sending', 'wedged'))",
        )?
        .query_row([subject], |row| row.get(0))?)
}

/// The open row of that kind about the subject.
pub(crate) fn open_row_of(tx: &Change<'_>, kind: Kind, subject: &str) -> Result<Option<i64>, StoreError> {
    Ok(tx
        .prepare_cached(
            "SELECT id FROM outbox WHERE subject = ?1 AND kind = ?2 AND state IN ('waiting', 'sending', 'wedged')
             ORDER BY id DESC LIMIT 1",
        )?
        .query_row(params![subject, word(kind)], |row| row.get(0))
        .optional()?)
}
