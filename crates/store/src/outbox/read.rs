//! Looking at the outbox.

use rusqlite::params;
use vestibule_domain::UtcMillis;

use super::{OutboxRow, Tally};
use crate::column::from_word;
use crate::visit::about;
use crate::{Store, StoreError};

impl Store {
    /// The open rows that are still of use, those set aside first, then the oldest, at most `limit`.
    ///
    /// # Errors
    /// What the store says.
    pub fn outbox(&self, now: UtcMillis, limit: u32) -> Result<Vec<OutboxRow>, StoreError> {
        let connection = self.read();
        let mut statement = connection.prepare_cached(
            "SELECT outbox.id, outbox.kind, outbox.subject, coalesce(direct.id, through.id), coalesce(direct.key, through.key),
                    coalesce(direct.about, through.about), outbox.state, outbox.attempts, outbox.created_at,
                    outbox.next_try_at, outbox.last_answer
             FROM outbox
             LEFT JOIN visitor AS direct ON direct.id = outbox.subject
             LEFT JOIN pass ON pass.id = outbox.subject
             LEFT JOIN visitor AS through ON through.id = pass.visitor
             WHERE outbox.state IN ('waiting', 'sending', 'wedged')
               AND (outbox.not_after IS NULL OR outbox.not_after > ?2)
             ORDER BY outbox.state <> 'wedged', outbox.id LIMIT ?1",
        )?;
        let rows = statement.query_and_then(params![limit, now.0], |row| {
            let visitor: Option<String> = row.get(3)?;
            let about = visitor.map(|visitor| about(self.vault(), &visitor, row, 4)).transpose()?;
            Ok(OutboxRow {
                id: row.get(0)?,
                kind: from_word(row, 1)?,
                subject: row.get(2)?,
                visitor_name: about.map(|(_, about)| about.name).unwrap_or_default(),
                state: from_word(row, 6)?,
                attempts: row.get(7)?,
                created_at: UtcMillis(row.get(8)?),
                next_try_at: UtcMillis(row.get(9)?),
                last_answer: row.get(10)?,
            })
        })?;
        rows.collect()
    }

    /// How many rows are open and still of use, and since when the first of them is there. All are counted beside the
    /// rows (see the migration); those whose time is over are found by an index and left out.
    ///
    /// # Errors
    /// What the store says.
    pub fn tally(&self, now: UtcMillis) -> Result<Tally, StoreError> {
        let connection = self.read();
        let mut statement = connection.prepare_cached(
            "SELECT desk.waiting - over.waiting, desk.wedged - over.wedged,
                    (SELECT min(created_at) FROM (SELECT (
                        SELECT created_at FROM outbox INDEXED BY outbox_turn
                        WHERE state IN ('waiting', 'sending', 'wedged') AND urgent = level.column1
                          AND (not_after IS NULL OR not_after > ?1)
                        ORDER BY id LIMIT 1) AS created_at FROM (VALUES (0), (1), (2)) AS level))
             FROM desk, (
                 SELECT count(*) FILTER (WHERE state <> 'wedged') AS waiting,
                        count(*) FILTER (WHERE state = 'wedged') AS wedged
                 FROM outbox INDEXED BY outbox_over
                 WHERE state IN ('waiting', 'sending', 'wedged') AND not_after <= ?1) AS over",
        )?;
        Ok(statement.query_row([now.0], |row| {
            Ok(Tally {
                waiting: row.get(0)?,
                wedged: row.get(1)?,
                oldest: row.get::<_, Option<i64>>(2)?.map(UtcMillis),
            })
        })?)
    }
}
