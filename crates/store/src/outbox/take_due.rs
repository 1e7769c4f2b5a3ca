//! Taking the rows whose turn it is.

use rusqlite::params;
use vestibule_domain::UtcMillis;

use super::{CLOSING, DueRow};
use crate::column::from_word;
use crate::{Lease, Store, StoreError};

/// No row waits longer than this on purpose. One that seems to was put off by a clock that was ahead, and is due.
const LONGEST_PAUSE_MS: i64 = 20 * 60 * 1000;

impl Store {
    /// Takes at most `limit` rows that were due at `due_at`, at most one a lane, those that take a right away first, and
    /// writes down that they are on their way before anybody sends them. Rows whose time is over are passed over, and
    /// stay: a clock that was ahead for a moment must not end anything.
    ///
    /// # Errors
    /// What the store says; then nothing was taken.
    pub fn take_due(
        &self,
        lease: &Lease,
        now: UtcMillis,
        due_at: UtcMillis,
        limit: u32,
    ) -> Result<Vec<DueRow>, StoreError> {
        self.take(lease, now, due_at, limit, 0)
    }

    /// As [`Self::take_due`], and only the orders to close a door.
    ///
    /// # Errors
    /// What the store says; then nothing was taken.
    pub fn take_closings(
        &self,
        lease: &Lease,
        now: UtcMillis,
        due_at: UtcMillis,
        limit: u32,
    ) -> Result<Vec<DueRow>, StoreError> {
        self.take(lease, now, due_at, limit, CLOSING)
    }

    fn take(
        &self,
        lease: &Lease,
        now: UtcMillis,
        due_at: UtcMillis,
        limit: u32,
        least_urgent: u8,
    ) -> Result<Vec<DueRow>, StoreError> {
        self.change(|tx| {
            // "state IN (three)" everywhere, so that the partial indexes serve and done rows cost nothing; in the order of
            // the index, so that the first few are found without looking at ten thousand.
            let mut statement = tx.prepare_cached(
                "UPDATE outbox SET state = 'sending', epoch = ?1, taken = taken + 1, attempts = attempts + 1, held = 0
                 WHERE id IN (
                     SELECT due.id FROM outbox AS due INDEXED BY outbox_turn
                     WHERE due.state IN ('waiting', 'sending', 'wedged') AND due.state = 'waiting'
                       AND (due.next_try_at <= ?3 OR due.next_try_at > ?3 + ?5)
                       AND (due.not_after IS NULL OR due.not_after > ?2) AND due.urgent >= ?6
                       AND NOT EXISTS (
                           SELECT 1 FROM outbox AS ahead INDEXED BY outbox_open
                           WHERE ahead.lane = due.lane AND ahead.id <> due.id
                             AND ahead.state IN ('waiting', 'sending', 'wedged')
                             AND (ahead.state = 'sending'
                                  OR (ahead.not_after IS NULL OR ahead.not_after > ?2)
                                     AND (ahead.urgent > due.urgent
                                          OR (ahead.urgent = due.urgent AND ahead.id < due.id))))
                       AND (due.after IS NULL OR EXISTS (
                           SELECT 1 FROM outbox AS first WHERE first.id = due.after AND first.state = 'done'))
                     ORDER BY due.urgent DESC, due.id LIMIT ?4)
                 RETURNING id, kind, subject, attempts",
            )?;
            let parameters = params![lease.epoch, now.0, due_at.0, limit, LONGEST_PAUSE_MS, least_urgent];
            let rows = statement.query_map(parameters, |row| {
                Ok(DueRow { id: row.get(0)?, kind: from_word(row, 1)?, subject: row.get(2)?, attempt: row.get(3)? })
            })?;
            let mut due: Vec<DueRow> = rows.collect::<Result<_, _>>()?;
            due.sort_by_key(|row| row.id);
            Ok(due)
        })
    }

    /// Lets every row that waits only for the connection be tried at once.
    ///
    /// # Errors
    /// What the store says.
    pub fn hurry(&self, now: UtcMillis) -> Result<(), StoreError> {
        self.change(|tx| {
            tx.prepare_cached(
                "UPDATE outbox SET next_try_at = ?1
                 WHERE state IN ('waiting', 'sending', 'wedged') AND state = 'waiting' AND held = 1",
            )?
            .execute([now.0])?;
            Ok(())
        })
    }
}
