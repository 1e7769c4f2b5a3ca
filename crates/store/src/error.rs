//! What can go wrong with the store. No variant carries visitor data.

use std::path::{Path, PathBuf};

/// A failure of the store; each variant says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file was written by a newer program: update this one. The file was not touched.
    #[error("the data in {path} was written by a newer Vestibule (format {found}, this program knows {known}): install the newer version; nothing was changed", path = path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format this program knows.
        known: i64,
    },
    /// The file belongs to another program: choose another folder. The file was not touched.
    #[error("{path} is a database of another program: choose another data folder; nothing was changed", path = path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The disk is full: make room. Nothing was half written.
    #[error("the disk is full: make room and try again; nothing was half written")]
    Full,
    /// The disk failed: look after it. What was to be written may or may not be there after a restart, and is never
    /// half there. It goes on by itself when the disk works again.
    #[error(
        "the disk cannot be read or written ({0}): check the drive and that the folder may be written to"
    )]
    Disk(rusqlite::Error),
    /// Another process holds the file for too long.
    #[error("the data file is busy: another program holds it")]
    Busy,
    /// The file is damaged: it is set aside at the next start.
    #[error("the data file is damaged: restart to set it aside")]
    Corrupt,
    /// The data folder cannot be used.
    #[error("the data folder {path} cannot be used: {source}", path = path.display())]
    Folder {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The door is held open already, or still closing.
    #[error("the door is held open already, or still closing")]
    AlreadyHeld,
    /// The door was pressed a moment ago, or its press has no answer yet.
    #[error("the door was pressed a moment ago")]
    LockedOut,
    /// The invitation was used or taken back.
    #[error("the invitation was used or taken back")]
    Used,
    /// The name belongs to an account already.
    #[error("the name belongs to an account already")]
    NameTaken,
    /// Nobody would be left to answer for this PC.
    #[error("the last administrator stays one")]
    LastAdmin,
    /// The file is sealed with a key that is not here: bring it back. Nothing was changed.
    #[error(
        "what is known of visitors is sealed with a key that is not on this PC: bring the seal key back; nothing was changed"
    )]
    Sealed,
    /// The system gave no random numbers, so nothing can be sealed: nothing was written.
    #[error("the system gives no random numbers; nothing was written")]
    NoChance,
    /// No such thing in the ledger.
    #[error("not in the ledger")]
    NotFound,
    /// Anything else that SQLite said.
    #[error("the data file could not be used: {0}")]
    Sqlite(rusqlite::Error),
}

impl StoreError {
    /// What the system said of one of our files.
    pub(crate) fn of_file(path: &Path, source: std::io::Error) -> Self {
        match source.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Folder { path: path.to_owned(), source },
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::{ErrorCode, ffi};
        // The memory that processes share is a file that grows when it is opened: the first thing to fail without room.
        if error.sqlite_error().is_some_and(|error| error.extended_code == ffi::SQLITE_IOERR_SHMSIZE) {
            return Self::Full;
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::ReadOnly) => {
                Self::Disk(error)
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Corrupt,
            _ if matches!(error, rusqlite::Error::QueryReturnedNoRows) => Self::NotFound,
            _ => Self::Sqlite(error),
        }
    }
}
