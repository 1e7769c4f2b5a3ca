//! Which passes were printed: written down before anything goes to a printer, so that no accident prints one twice.

use rusqlite::params;
use vestibule_domain::receipt::PrintFault;
use vestibule_domain::{PassId, UtcMillis};

use crate::{Store, StoreError, journal};

impl Store {
    /// Somebody asks for a receipt. False when it was printed before, or may have been, and this is not to be one more.
    ///
    /// # Errors
    /// What the store says.
    pub fn ask_receipt(&self, pass: PassId, again: bool, now: UtcMillis) -> Result<bool, StoreError> {
        self.change(|tx| {
            let asked = tx.execute(
                "INSERT INTO receipt (pass, times, asked_at) VALUES (?1, 1, ?2)
                 ON CONFLICT (pass) DO UPDATE SET times = times + 1, asked_at = excluded.asked_at WHERE ?3",
                params![pass.to_string(), now.0, again],
            )?;
            if asked == 0 {
                return Ok(false);
            }
            let detail = serde_json::json!({ "again": again });
            journal::append(tx, now, "receiptAsked", &pass.to_string(), &detail)?;
            Ok(true)
        })
    }

    /// Certainly nothing of it came onto paper: it may be asked for as if nobody had.
    ///
    /// # Errors
    /// What the store says.
    pub fn receipt_failed(&self, pass: PassId, why: PrintFault, now: UtcMillis) -> Result<(), StoreError> {
        self.change(|tx| {
            let pass = pass.to_string();
            if tx.execute("DELETE FROM receipt WHERE pass = ?1 AND times = 1", [&pass])? == 0 {
                tx.execute("UPDATE receipt SET times = times - 1 WHERE pass = ?1", [&pass])?;
            }
            let detail = serde_json::json!({ "why": why.to_string() });
            journal::append(tx, now, "receiptFailed", &pass, &detail)
        })
    }
}
