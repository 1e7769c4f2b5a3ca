//! Bringing a file to the newest format, one numbered step at a time.

use std::path::Path;

use rusqlite::Connection;

use crate::StoreError;

/// Marks a file as ours ("Vest" in ASCII).
pub(crate) const APPLICATION_ID: i64 = 0x5665_7374;

/// The steps, oldest first. A step that was released never changes; a step never drops an outbox row.
const STEPS: &[&str] = &[
    include_str!("../migrations/0001_ledger.sql"),
    include_str!("../migrations/0002_spare.sql"),
    include_str!("../migrations/0003_tally.sql"),
    include_str!("../migrations/0004_guard.sql"),
    include_str!("../migrations/0005_kiosk.sql"),
    include_str!("../migrations/0006_staff.sql"),
    include_str!("../migrations/0007_chain.sql"),
    include_str!("../migrations/0008_receipt.sql"),
    include_str!("../migrations/0009_roll_call.sql"),
    include_str!("../migrations/0010_vault.sql"),
];

/// The format this program writes.
pub(crate) const NEWEST: i64 = STEPS.len() as i64;

/// Refuses a file of another program, or of a newer one. Changes nothing. Gives the format.
pub(crate) fn refuse_what_is_not_ours(connection: &Connection, path: &Path) -> Result<i64, StoreError> {
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let owner: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if owner != APPLICATION_ID && (tables > 0 || owner != 0) {
        return Err(StoreError::Foreign { path: path.to_owned() });
    }
    if found > NEWEST {
        return Err(StoreError::Newer { path: path.to_owned(), found, known: NEWEST });
    }
    Ok(found)
}

/// Runs the missing steps, each in a transaction of its own together with its number.
pub(crate) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let found = refuse_what_is_not_ours(connection, path)?;
    // A table that is made anew must not take the rows with it that refer to it. It has no effect in a transaction.
    connection.pragma_update(None, "foreign_keys", false)?;
    for step in found..NEWEST {
        let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let current: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if current > step {
            continue; // another process was faster
        }
        transaction.execute_batch(STEPS[usize::try_from(step).unwrap_or(0)])?;
        if transaction.prepare("PRAGMA foreign_key_check")?.exists([])? {
            return Err(StoreError::Corrupt);
        }
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", step + 1)?;
        transaction.commit()?;
    }
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(())
}
