//! Taking the rows whose turn it is.

use rusqlite::params;
use vestibule_domain::UtcMillis;

use super::DueRow;
use crate::column::from_word;
use crate::{Lease, Store, StoreError};

impl Store {
    /// Takes at most `limit` rows whose turn it is, at most one a lane, those that take a right away first, and writes
    /// down that they are on their way before anybody sends them. Rows whose time is over become expired.
    ///
    /// # Errors
    /// What the store says; then nothing was taken.
    pub fn take_due(&self, lease: &Lease, now: UtcMillis, limit: u32) -> Result<Vec<DueRow>, StoreError> {
        self.change(|tx| {
            tx.prepare_cached(
                "UPDATE outbox SET state = 'expired' WHERE state IN ('waiting', 'wedged') AND not_after <= ?1",
            )?
            .execute([now.0])?;
            let mut statement = tx.prepare_cached(
                "UPDATE outbox SET state = 'sending', epoch = ?1, attempts = attempts + 1 WHERE id IN (
                     SELECT due.id FROM outbox AS due
                     WHERE due.state = 'waiting' AND due.next_try_at <= ?2
                       AND NOT EXISTS (
                           SELECT 1 FROM outbox AS ahead
                           WHERE ahead.lane = due.lane AND ahead.id <> due.id
                             AND ahead.state IN ('waiting', 'sending', 'wedged')
                             AND (ahead.state = 'sending'
                                  OR ahead.urgent > due.urgent
                                  OR (ahead.urgent = due.urgent AND ahead.id < due.id)))
                       AND (due.after IS NULL OR NOT EXISTS (
                           SELECT 1 FROM outbox AS first WHERE first.id = due.after
                             AND first.state IN ('waiting', 'sending', 'wedged')))
                     ORDER BY due.urgent DESC, due.id LIMIT ?3)
                 RETURNING id, kind, subject, attempts",
            )?;
            let rows = statement.query_map(params![lease.epoch, now.0, limit], |row| {
                Ok(DueRow { id: row.get(0)?, kind: from_word(row, 1)?, subject: row.get(2)?, attempt: row.get(3)? })
            })?;
            let mut due: Vec<DueRow> = rows.collect::<Result<_, _>>()?;
            due.sort_by_key(|row| row.id);
            Ok(due)
        })
    }

    /// When the next waiting row may be tried; none when nothing waits.
    ///
    /// # Errors
    /// What the store says.
    pub fn next_try(&self) -> Result<Option<UtcMillis>, StoreError> {
        let connection = self.lock();
        let mut statement =
            connection.prepare_cached("SELECT min(next_try_at) FROM outbox WHERE state = 'waiting'")?;
        Ok(statement.query_row([], |row| row.get::<_, Option<i64>>(0))?.map(UtcMillis))
    }

    /// Lets every waiting row be tried at once: the connection is back.
    ///
    /// # Errors
    /// What the store says.
    pub fn hurry(&self, now: UtcMillis) -> Result<(), StoreError> {
        self.change(|tx| {
            tx.prepare_cached(
                "UPDATE outbox SET next_try_at = ?1 WHERE state = 'waiting' AND next_try_at > ?1",
            )?
            .execute([now.0])?;
            Ok(())
        })
    }
}
