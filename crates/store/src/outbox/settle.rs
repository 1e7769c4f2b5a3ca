//! How a row ends, or waits, or is set aside.

use rusqlite::params;
use vestibule_domain::{PassId, UtcMillis};

use super::DropReason;
use crate::{Change, Lease, Store, StoreError, journal};

/// How a row's call ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowEnd {
    /// It was told.
    Done,
    /// Its work became unnecessary while it was on its way.
    Superseded,
    /// It is set aside with a reason.
    Wedged(String),
    /// It is tried again. Where the fault is the connection's and not its own (`held`), the attempt does not count, and
    /// it goes as soon as the connection is back.
    Later {
        /// When.
        next_try: UtcMillis,
        /// What came back.
        answer: String,
        /// Whether only the connection was at fault.
        held: bool,
    },
    /// It was taken and not sent after all: it stands as if it had not been taken.
    NotSent,
}

impl Store {
    /// A person says: try a row that was set aside, or that waits, again now.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when no such row waits or was set aside.
    pub fn retry_row(&self, row: i64, now: UtcMillis) -> Result<(), StoreError> {
        self.change_even_when_full(|tx| {
            let changed = tx.execute(
                "UPDATE outbox SET state = 'waiting', next_try_at = ?2 WHERE id = ?1 AND state IN ('waiting', 'wedged')",
                params![row, now.0],
            )?;
            if changed == 0 {
                return Err(StoreError::NotFound);
            }
            journal::append(tx, now, "rowRetried", &row.to_string(), &serde_json::json!({}))
        })
    }

    /// A person says: try again now what was set aside of a pass or of the person it is for.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when nothing of it was.
    pub fn retry_pass(&self, pass: PassId, now: UtcMillis) -> Result<(), StoreError> {
        self.change_even_when_full(|tx| {
            let rows: Vec<i64> = tx
                .prepare_cached(
                    "UPDATE outbox SET state = 'waiting', next_try_at = ?2 WHERE state = 'wedged'
                       AND subject IN (SELECT id FROM pass WHERE id = ?1 UNION SELECT visitor FROM pass WHERE id = ?1)
                     RETURNING id",
                )?
                .query_map(params![pass.to_string(), now.0], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            if rows.is_empty() {
                return Err(StoreError::NotFound);
            }
            for row in rows {
                journal::append(tx, now, "rowRetried", &row.to_string(), &serde_json::json!({}))?;
            }
            Ok(())
        })
    }

    /// A person says: give up a row that was set aside. What waits for it is given up with it: without the person the
    /// service takes no code. The order to take a right away or to close a door is never set aside, so it cannot be
    /// given up.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when no such row was set aside.
    pub fn drop_row(&self, row: i64, reason: DropReason, now: UtcMillis) -> Result<(), StoreError> {
        self.change_even_when_full(|tx| {
            let changed = tx.execute(
                "UPDATE outbox SET state = 'superseded' WHERE id = ?1 AND state = 'wedged'",
                [row],
            )?;
            if changed == 0 {
                return Err(StoreError::NotFound);
            }
            tx.execute(
                "UPDATE outbox SET state = 'superseded' WHERE state IN ('waiting', 'wedged')
                   AND lane IN (SELECT lane FROM outbox WHERE after = ?1)",
                [row],
            )?;
            journal::append(tx, now, "rowDropped", &row.to_string(), &serde_json::json!({ "reason": reason }))
        })
    }
}

pub(super) fn settle_rows(tx: &Change<'_>, lease: &Lease, ends: &[(i64, RowEnd)]) -> Result<(), StoreError> {
    for (row, end) in ends {
        match end {
            RowEnd::Done => end_sending(tx, lease, *row, "done", None)?,
            RowEnd::Superseded => end_sending(tx, lease, *row, "superseded", None)?,
            RowEnd::Wedged(answer) => end_sending(tx, lease, *row, "wedged", Some(answer))?,
            RowEnd::Later { next_try, answer, held } => {
                postpone(tx, lease, *row, *next_try, answer, *held)?;
            }
            RowEnd::NotSent => give_back(tx, lease, *row)?,
        }
    }
    Ok(())
}

fn give_back(tx: &Change<'_>, lease: &Lease, row: i64) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE outbox SET state = 'waiting', epoch = NULL, taken = taken - 1, attempts = attempts - 1
         WHERE id = ?1 AND state = 'sending' AND epoch = ?2",
    )?
    .execute([row, lease.epoch])?;
    Ok(())
}

fn postpone(
    tx: &Change<'_>,
    lease: &Lease,
    row: i64,
    next_try: UtcMillis,
    answer: &str,
    held: bool,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE outbox SET state = 'waiting', epoch = NULL, last_answer = ?3, next_try_at = ?4, held = ?5,
                           attempts = attempts - ?5
         WHERE id = ?1 AND state = 'sending' AND epoch = ?2",
    )?
    .execute(params![row, lease.epoch, answer, next_try.0, held])?;
    Ok(())
}

fn end_sending(
    tx: &Change<'_>,
    lease: &Lease,
    row: i64,
    state: &str,
    answer: Option<&str>,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE outbox SET state = ?3, epoch = NULL, last_answer = ?4
         WHERE id = ?1 AND state = 'sending' AND epoch = ?2",
    )?
    .execute(params![row, lease.epoch, state, answer])?;
    Ok(())
}
