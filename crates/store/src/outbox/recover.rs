//! After a restart.

use rusqlite::Transaction;

use crate::StoreError;

/// Rows that an earlier process was sending are orphans, whatever their age. All kinds here may be repeated, so they
/// wait again.
pub(crate) fn recover_outbox(tx: &Transaction<'_>, epoch: i64) -> Result<usize, StoreError> {
    Ok(tx.execute(
        "UPDATE outbox SET state = 'waiting', epoch = NULL, last_answer = 'restarted'
         WHERE state = 'sending' AND epoch < ?1",
        [epoch],
    )?)
}
