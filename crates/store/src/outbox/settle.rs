//! How a row ends, or waits, or is set aside.

use rusqlite::params;
use vestibule_domain::UtcMillis;

use crate::{Lease, Store, StoreError, journal};

impl Store {
    /// The row was told.
    ///
    /// # Errors
    /// What the store says.
    pub fn settle(&self, lease: &Lease, row: i64) -> Result<(), StoreError> {
        self.end_sending(lease, row, "done", None, None)
    }

    /// The row is tried again at `next_try`. The attempt does not count where nothing left this PC (`spent` false).
    ///
    /// # Errors
    /// What the store says.
    pub fn postpone(
        &self,
        lease: &Lease,
        row: i64,
        next_try: UtcMillis,
        answer: &str,
        spent: bool,
    ) -> Result<(), StoreError> {
        self.end_sending(lease, row, "waiting", Some(answer), Some(next_try))?;
        if !spent {
            self.change(|tx| {
                tx.prepare_cached(
                    "UPDATE outbox SET attempts = max(attempts - 1, 0) WHERE id = ?1 AND state = 'waiting'",
                )?
                .execute([row])?;
                Ok(())
            })?;
        }
        Ok(())
    }

    /// The row is set aside with a reason.
    ///
    /// # Errors
    /// What the store says.
    pub fn wedge(&self, lease: &Lease, row: i64, answer: &str) -> Result<(), StoreError> {
        self.end_sending(lease, row, "wedged", Some(answer), None)
    }

    /// The row's work became unnecessary while it was on its way.
    ///
    /// # Errors
    /// What the store says.
    pub fn set_superseded(&self, lease: &Lease, row: i64) -> Result<(), StoreError> {
        self.end_sending(lease, row, "superseded", None, None)
    }

    fn end_sending(
        &self,
        lease: &Lease,
        row: i64,
        state: &str,
        answer: Option<&str>,
        next_try: Option<UtcMillis>,
    ) -> Result<(), StoreError> {
        self.change(|tx| {
            tx.prepare_cached(
                "UPDATE outbox SET state = ?3, epoch = NULL, last_answer = ?4, next_try_at = coalesce(?5, next_try_at)
                 WHERE id = ?1 AND state = 'sending' AND epoch = ?2",
            )?
            .execute(params![row, lease.epoch, state, answer, next_try.map(|moment| moment.0)])?;
            Ok(())
        })
    }

    /// A person says: try a row that was set aside, or that waits, again now.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when no such row waits or was set aside.
    pub fn retry_row(&self, row: i64, now: UtcMillis) -> Result<(), StoreError> {
        self.change(|tx| {
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

    /// A person says: give up a row that was set aside.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when no such row was set aside.
    pub fn drop_row(&self, row: i64, now: UtcMillis) -> Result<(), StoreError> {
        self.change(|tx| {
            let changed = tx.execute(
                "UPDATE outbox SET state = 'superseded' WHERE id = ?1 AND state = 'wedged'",
                [row],
            )?;
            if changed == 0 {
                return Err(StoreError::NotFound);
            }
            journal::append(tx, now, "rowDropped", &row.to_string(), &serde_json::json!({}))
        })
    }
}
