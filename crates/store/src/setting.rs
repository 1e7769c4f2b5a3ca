//! Small settings that change while the program runs.

use rusqlite::{OptionalExtension, params};

use crate::{Store, StoreError};

impl Store {
    /// A setting; none when it was never set.
    ///
    /// # Errors
    /// What the store says.
    pub fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        let connection = self.read();
        let mut statement = connection.prepare_cached("SELECT value FROM setting WHERE key = ?1")?;
        Ok(statement.query_row([key], |row| row.get(0)).optional()?)
    }

    /// Sets a setting.
    ///
    /// # Errors
    /// What the store says.
    pub fn set_setting(&self, key: &str, value: &str) -> Result<(), StoreError> {
        self.change(|tx| {
            tx.execute(
                "INSERT INTO setting (key, value) VALUES (?1, ?2)
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                params![key, value],
            )?;
            Ok(())
        })
    }
}
