//! Taking the rows whose turn it is.

use rusqlite::params;
use vestibule_domain::{IdentityId, UtcMillis};

use super::settle::{RowEnd, settle_rows};
use super::{CLOSING, DueRow, Kind};
use crate::column::from_word;
use crate::{Change, Lease, Store, StoreError};

/// No row waits longer than this on purpose. One that seems to was put off by a clock that was ahead, and is due.
const LONGEST_PAUSE_MS: i64 = 20 * 60 * 1000;

/// Which rows are asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Now: rows whose time is over are passed over.
    pub now: UtcMillis,
    /// Rows that were due then.
    pub due_at: UtcMillis,
    /// How many at most.
    pub limit: u32,
    /// Only the orders to close a door.
    pub closings_only: bool,
}

impl Store {
    /// One turn of the disk: writes down how calls ended, and takes the rows whose turn it is then, in one transaction.
    ///
    /// At most one row a lane is taken, those that take a right away first, and all are written down as on their way
    /// before anybody sends them. Rows whose time is over are passed over, and stay: a clock that was ahead for a moment
    /// must not end anything.
    ///
    /// # Errors
    /// What the store says; then no end was written down and nothing was taken.
    pub fn turn(
        &self,
        lease: &Lease,
        ends: &[(i64, RowEnd)],
        wanted: Option<Wanted>,
    ) -> Result<Vec<DueRow>, StoreError> {
        let turn = |tx: &Change<'_>| {
            settle_rows(tx, lease, ends)?;
            wanted.map_or(Ok(Vec::new()), |wanted| take(tx, lease, wanted))
        };
        // New calls are no reason to use up the room that is set aside; the ends of old ones are.
        if ends.is_empty() { self.change(turn) } else { self.change_even_when_full(turn) }
    }

    /// As [`Self::turn`] with nothing to write down: rows of every urgency that were due at `due_at`.
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
        self.turn(lease, &[], Some(Wanted { now, due_at, limit, closings_only: false }))
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

fn take(tx: &Change<'_>, lease: &Lease, wanted: Wanted) -> Result<Vec<DueRow>, StoreError> {
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
         RETURNING id, kind, subject, attempts,
             (SELECT identity FROM visitor WHERE visitor.id = outbox.subject)",
    )?;
    let Wanted { now, due_at, limit, closings_only } = wanted;
    let least_urgent = if closings_only { CLOSING } else { 0 };
    let parameters = params![lease.epoch, now.0, due_at.0, limit, LONGEST_PAUSE_MS, least_urgent];
    let rows = statement.query_map(parameters, |row| {
        let visitor = row.get::<_, Option<String>>(4)?.map(IdentityId);
        let (id, kind, subject, attempt) = (row.get(0)?, from_word(row, 1)?, row.get(2)?, row.get(3)?);
        Ok(DueRow { id, kind, subject, attempt, visitor })
    })?;
    let mut due: Vec<DueRow> = rows.collect::<Result<_, _>>()?;
    due.sort_by_key(|row| (row.kind != Kind::CloseHold, row.id));
    Ok(due)
}
