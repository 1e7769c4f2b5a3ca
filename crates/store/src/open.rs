//! Opening the data folder: the file, its pragmas, its format, and what happens when it is damaged.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use vestibule_domain::UtcMillis;

use crate::StoreError;
use crate::migrate::{migrate, refuse_what_is_not_ours};

/// Files up to this size are checked page by page at every start; larger ones would make the start slow, and are
/// checked by SQLite when a page is used.
const CHECKED_AT_START: u64 = 32 << 20;
/// How long a statement waits for another process.
const BUSY: Duration = Duration::from_secs(5);

/// The store of one desk.
pub struct Store {
    connection: Mutex<Connection>,
    folder: Option<PathBuf>,
}

/// A store that was opened, and what had to be done for that.
pub struct Opened {
    /// The store.
    pub store: Store,
    /// Where a damaged file was put, if there was one. The store is then new and empty.
    pub set_aside: Option<PathBuf>,
}

impl Store {
    /// Opens, or makes, the store in a folder. A damaged file is moved aside under a name that ends in
    /// `.damaged-<now>` and a new one is begun; it is never overwritten.
    ///
    /// # Errors
    /// [`StoreError::Newer`] and [`StoreError::Foreign`] leave the file untouched, byte for byte.
    pub fn open(folder: &Path, now: UtcMillis) -> Result<Opened, StoreError> {
        std::fs::create_dir_all(folder)
            .map_err(|source| StoreError::Folder { path: folder.to_owned(), source })?;
        let path = folder.join("vestibule.db");
        match Self::open_file(&path) {
            Ok(connection) => {
                Ok(Opened { store: Self::with(connection, Some(folder.to_owned())), set_aside: None })
            }
            Err(StoreError::Corrupt) => {
                // Never from under a process that works on it.
                let _alone = crate::desk::lock(folder)?.ok_or(StoreError::Corrupt)?;
                let set_aside = set_aside(&path, now)?;
                let connection = Self::open_file(&path)?;
                Ok(Opened {
                    store: Self::with(connection, Some(folder.to_owned())),
                    set_aside: Some(set_aside),
                })
            }
            Err(error) => Err(error),
        }
    }

    /// A store in memory, gone when dropped; the same code, for tests.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn in_memory() -> Result<Self, StoreError> {
        let mut connection = Connection::open_in_memory()?;
        prepare(&connection)?;
        migrate(&mut connection, Path::new(":memory:"))?;
        Ok(Self::with(connection, None))
    }

    fn with(connection: Connection, folder: Option<PathBuf>) -> Self {
        Self { connection: Mutex::new(connection), folder }
    }

    fn open_file(path: &Path) -> Result<Connection, StoreError> {
        let size = std::fs::metadata(path).map_or(0, |meta| meta.len());
        if size > 0 {
            check(path, size)?;
        }
        let mut connection = Connection::open(path)?;
        prepare(&connection)?;
        migrate(&mut connection, path)?;
        Ok(connection)
    }

    /// The folder it lies in; none in memory.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One durable change: everything in `change` happens, or nothing.
    pub(crate) fn change<T>(
        &self,
        change: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let value = change(&transaction)?;
        transaction.commit()?;
        Ok(value)
    }

    /// Makes the disk as small as that many pages, for tests of a full one.
    ///
    /// # Errors
    /// What SQLite says.
    #[doc(hidden)]
    pub fn limit_pages_for_test(&self, pages: i64) -> Result<(), StoreError> {
        self.lock().pragma_update(None, "max_page_count", pages)?;
        Ok(())
    }

    /// A number that differs after another process changed the file.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn foreign_changes(&self) -> Result<i64, StoreError> {
        Ok(self.lock().pragma_query_value(None, "data_version", |row| row.get(0))?)
    }
}

/// Looks at a file without changing it: its format first, so that a newer or foreign file stays untouched, then its
/// pages.
fn check(path: &Path, size: u64) -> Result<(), StoreError> {
    let header = std::fs::File::open(path)
        .and_then(|mut file| {
            let mut header = [0_u8; 100];
            std::io::Read::read_exact(&mut file, &mut header).map(|()| header)
        })
        .map_err(|source| match source.kind() {
            std::io::ErrorKind::UnexpectedEof => StoreError::Corrupt,
            _ => StoreError::Folder { path: path.to_owned(), source },
        })?;
    if !header.starts_with(b"SQLite format 3\0") {
        return Err(StoreError::Corrupt);
    }
    // What the log holds counts too; looking at it must not change the file, so it is opened for reading only.
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.busy_timeout(BUSY)?;
    refuse_what_is_not_ours(&connection, path)?;
    if size <= CHECKED_AT_START {
        let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if verdict != "ok" {
            return Err(StoreError::Corrupt);
        }
    }
    Ok(())
}

fn prepare(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(64);
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cache_size", -65_536)?;
    connection.pragma_update(None, "journal_size_limit", 16 << 20)?;
    Ok(())
}

/// Moves a damaged file and its log to a name of its own.
fn set_aside(path: &Path, now: UtcMillis) -> Result<PathBuf, StoreError> {
    let with = |suffix: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    let aside = with(&format!(".damaged-{}", now.0));
    let fail = |source| StoreError::Folder { path: path.to_owned(), source };
    std::fs::rename(path, &aside).map_err(fail)?;
    for suffix in ["-wal", "-shm"] {
        if with(suffix).exists() {
            std::fs::rename(with(suffix), with(&format!(".damaged-{}{suffix}", now.0))).map_err(fail)?;
        }
    }
    Ok(aside)
}
