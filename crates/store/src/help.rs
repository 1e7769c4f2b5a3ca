//! Calls for help from the kiosk.

use rusqlite::OptionalExtension;
use vestibule_domain::UtcMillis;

use crate::{Store, StoreError, journal};

impl Store {
    /// Somebody calls for help. While nobody has seen an earlier call, it is the same one.
    ///
    /// # Errors
    /// What the store says.
    pub fn call_for_help(&self, now: UtcMillis) -> Result<(), StoreError> {
        self.change(|tx| {
            if tx
                .query_row("SELECT EXISTS (SELECT 1 FROM help WHERE seen_at IS NULL)", [], |row| row.get(0))?
            {
                return Ok(());
            }
            tx.execute("INSERT INTO help (at) VALUES (?1)", [now.0])?;
            journal::append(
                tx,
                now,
                "helpCalled",
                &tx.last_insert_rowid().to_string(),
                &serde_json::json!({}),
            )
        })
    }

    /// Since when somebody waits for help; none when nobody does.
    ///
    /// # Errors
    /// What the store says.
    pub fn help_waits_since(&self) -> Result<Option<UtcMillis>, StoreError> {
        let connection = self.read();
        let mut statement =
            connection.prepare_cached("SELECT at FROM help WHERE seen_at IS NULL ORDER BY at LIMIT 1")?;
        Ok(statement.query_row([], |row| row.get(0)).optional()?.map(UtcMillis))
    }

    /// Somebody is coming to help.
    ///
    /// # Errors
    /// What the store says.
    pub fn help_seen(&self, now: UtcMillis) -> Result<(), StoreError> {
        self.change(|tx| {
            if tx.execute("UPDATE help SET seen_at = ?1 WHERE seen_at IS NULL", [now.0])? == 0 {
                return Ok(());
            }
            journal::append(tx, now, "helpSeen", "", &serde_json::json!({}))
        })
    }
}
