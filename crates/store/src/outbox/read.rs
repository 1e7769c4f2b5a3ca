//! Looking at the outbox.

use vestibule_domain::UtcMillis;

use super::{OutboxRow, Tally};
use crate::column::from_word;
use crate::{Store, StoreError};

impl Store {
    /// The open rows, oldest first, at most `limit`.
    ///
    /// # Errors
    /// What the store says.
    pub fn outbox(&self, limit: u32) -> Result<Vec<OutboxRow>, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(
            "SELECT outbox.id, outbox.kind, outbox.subject, coalesce(direct.name, through.name, ''), outbox.state,
                    outbox.attempts, outbox.created_at, outbox.next_try_at, outbox.last_answer
             FROM outbox
             LEFT JOIN visitor AS direct ON direct.id = outbox.subject
             LEFT JOIN pass ON pass.id = outbox.subject
             LEFT JOIN visitor AS through ON through.id = pass.visitor
             WHERE outbox.state IN ('waiting', 'sending', 'wedged') ORDER BY outbox.id LIMIT ?1",
        )?;
        let rows = statement.query_map([limit], |row| {
            Ok(OutboxRow {
                id: row.get(0)?,
                kind: from_word(row, 1)?,
                subject: row.get(2)?,
                visitor_name: row.get(3)?,
                state: from_word(row, 4)?,
                attempts: row.get(5)?,
                created_at: UtcMillis(row.get(6)?),
                next_try_at: UtcMillis(row.get(7)?),
                last_answer: row.get(8)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many rows are open.
    ///
    /// # Errors
    /// What the store says.
    pub fn tally(&self) -> Result<Tally, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(
            "SELECT count(*) FILTER (WHERE state <> 'wedged'), count(*) FILTER (WHERE state = 'wedged'), min(created_at)
             FROM outbox WHERE state IN ('waiting', 'sending', 'wedged')",
        )?;
        Ok(statement.query_row([], |row| {
            Ok(Tally {
                waiting: row.get(0)?,
                wedged: row.get(1)?,
                oldest: row.get::<_, Option<i64>>(2)?.map(UtcMillis),
            })
        })?)
    }
}
