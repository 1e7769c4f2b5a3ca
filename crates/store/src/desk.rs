//! Who this desk is, and which process speaks for it.

use std::fs::{File, TryLockError};
use std::path::Path;

use vestibule_domain::UtcMillis;

use crate::hold::recover_holds;
use crate::outbox::recover_outbox;
use crate::press::recover_presses;
use crate::{Change, Store, StoreError, journal};

/// The right to dispatch for this desk: one process at a time, for as long as it lives. The operating system takes
/// it back when the process ends, however it ends.
pub struct Lease {
    /// The number of this process among all that ever dispatched from this file.
    pub epoch: i64,
    _file: Option<File>,
}

impl Store {
    /// Whether some process speaks for this store just now, this one included.
    ///
    /// # Errors
    /// What the store says.
    pub fn is_spoken_for(&self) -> Result<bool, StoreError> {
        match self.folder() {
            Some(folder) => Ok(lock(folder)?.is_none()),
            None => Ok(false),
        }
    }

    /// Takes the lease, if no other process has it: raises the epoch and settles what an earlier process left in the
    /// air. Its presses become unknown, its calls that may be repeated go back to waiting.
    ///
    /// # Errors
    /// What the store says. `Ok(None)` when another process has the lease.
    pub fn take_lease(&self, now: UtcMillis) -> Result<Option<Lease>, StoreError> {
        let file = match self.folder() {
            None => None,
            Some(folder) => match lock(folder)? {
                Some(file) => Some(file),
                None => return Ok(None),
            },
        };
        let epoch = self.change(|tx| {
            tx.execute(
                "UPDATE desk SET epoch = epoch + 1, id = coalesce(nullif(id, ''), ?1) WHERE only = 1",
                [uuid::Uuid::new_v4().to_string()],
            )?;
            let epoch = epoch(tx)?;
            let calls = recover_outbox(tx, epoch, now)?;
            let presses = recover_presses(tx, epoch, now)?;
            let holds = recover_holds(tx, epoch, now)?;
            let detail = serde_json::json!({ "calls": calls, "presses": presses, "holds": holds });
            journal::append(tx, now, "started", "desk", &detail)?;
            Ok(epoch)
        })?;
        Ok(Some(Lease { epoch, _file: file }))
    }
}

/// Takes the lock of a data folder; none when another process has it. It is free again when the file is dropped.
pub(crate) fn lock(folder: &Path) -> Result<Option<File>, StoreError> {
    let path = folder.join("desk.lock");
    let fail = |source| StoreError::Folder { path: path.clone(), source };
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(fail)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(source)) => Err(StoreError::Folder { path, source }),
    }
}

/// The newest epoch of the desk; 0 before any process took the lease.
pub(crate) fn epoch(tx: &Change<'_>) -> Result<i64, StoreError> {
    Ok(tx.prepare_cached("SELECT epoch FROM desk WHERE only = 1")?.query_row([], |row| row.get(0))?)
}
