//! After a restart.

use rusqlite::params;
use vestibule_domain::UtcMillis;

use crate::Change;
use crate::StoreError;

/// Rows that an earlier process was sending are orphans, whatever their age. All kinds here may be repeated, so they
/// wait again. A grant among them may have arrived: its pass is in doubt.
pub(crate) fn recover_outbox(tx: &Change<'_>, epoch: i64, now: UtcMillis) -> Result<usize, StoreError> {
    tx.execute(
        "UPDATE pass SET doubtful_at = ?2 WHERE id IN (
             SELECT subject FROM outbox WHERE kind IN ('grantPass', 'narrowPass') AND state = 'sending' AND epoch < ?1)",
        params![epoch, now.0],
    )?;
    tx.execute(
        "UPDATE spare SET doubtful_at = ?2 WHERE id IN (
             SELECT subject FROM outbox WHERE kind = 'prepareSpare' AND state = 'sending' AND epoch < ?1)",
        params![epoch, now.0],
    )?;
    Ok(tx.execute(
        "UPDATE outbox SET state = 'waiting', epoch = NULL, last_answer = 'restarted'
         WHERE state = 'sending' AND epoch < ?1",
        [epoch],
    )?)
}
