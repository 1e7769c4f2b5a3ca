//! Opening the data folder: the file, its pragmas, its format, and what happens when it is damaged.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior, ffi};
use vestibule_domain::UtcMillis;

use crate::StoreError;
use crate::chain::ChainKey;
use crate::disk::{Disk, SystemDisk, write_again};
use crate::migrate::{migrate, refuse_what_is_not_ours};
use crate::vault::{Vault, VaultKey};

/// Files up to this size are checked page by page at every start; larger ones would make the start slow, and are
/// checked by SQLite when a page is used.
const CHECKED_AT_START: u64 = 32 << 20;
/// Every database begins with this many bytes.
const HEADER: u64 = 100;
/// How long a statement waits for another process.
const BUSY: Duration = Duration::from_secs(5);

/// The store of one desk.
///
/// Reading has a connection of its own, so that nobody who looks waits for the disk of somebody who writes. It is closed
/// first: the last to close tidies the log up, which takes the right to write.
pub struct Store {
    reader: Option<Mutex<Connection>>,
    connection: Mutex<Connection>,
    folder: Option<PathBuf>,
    pub(crate) keys: OnceLock<Vec<ChainKey>>,
    vault: OnceLock<Vec<VaultKey>>,
}

/// A transaction that changes something, and the key of the entries that tell of it.
pub(crate) struct Change<'a> {
    transaction: Transaction<'a>,
    pub(crate) key: ChainKey,
    pub(crate) vault: Vault<'a>,
}

impl<'a> std::ops::Deref for Change<'a> {
    type Target = Transaction<'a>;

    fn deref(&self) -> &Self::Target {
        &self.transaction
    }
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
        Self::open_on(&SystemDisk, folder, now)
    }

    /// [`Store::open`] on another disk than the system's, for tests of a broken one.
    ///
    /// # Errors
    /// As [`Store::open`].
    #[doc(hidden)]
    pub fn open_on(disk: &dyn Disk, folder: &Path, now: UtcMillis) -> Result<Opened, StoreError> {
        std::fs::create_dir_all(folder)
            .map_err(|source| StoreError::Folder { path: folder.to_owned(), source })?;
        let path = folder.join("vestibule.db");
        match open_file(disk, &path) {
            Ok(connection) => {
                Ok(Opened { store: Self::in_folder(disk, connection, folder, &path)?, set_aside: None })
            }
            Err(StoreError::Corrupt) => {
                // Never from under a process that works on it.
                let _alone = crate::desk::lock(folder)?.ok_or(StoreError::Corrupt)?;
                let set_aside = set_aside(&path, now)?;
                let connection = open_file(disk, &path)?;
                let store = Self::in_folder(disk, connection, folder, &path)?;
                Ok(Opened { store, set_aside: Some(set_aside) })
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
        Ok(Self {
            reader: None,
            connection: Mutex::new(connection),
            folder: None,
            keys: OnceLock::new(),
            vault: OnceLock::new(),
        })
    }

    fn in_folder(
        disk: &dyn Disk,
        connection: Connection,
        folder: &Path,
        path: &Path,
    ) -> Result<Self, StoreError> {
        let reader = connect(disk, path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        reader.set_prepared_statement_cache_capacity(64);
        reader.pragma_update(None, "trusted_schema", false)?;
        reader.pragma_update(None, "cache_size", -65_536)?;
        Ok(Self {
            reader: Some(Mutex::new(reader)),
            connection: Mutex::new(connection),
            folder: Some(folder.to_owned()),
            keys: OnceLock::new(),
            vault: OnceLock::new(),
        })
    }

    /// One more connection, for what must not keep the others busy; none in memory.
    pub(crate) fn another(&self) -> Result<Option<Connection>, StoreError> {
        let Some(reader) = &self.reader else { return Ok(None) };
        let path = {
            let reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
            reader.path().map(PathBuf::from)
        };
        path.map(|path| connect(&SystemDisk, &path, OpenFlags::default())).transpose()
    }

    /// The folder it lies in; none in memory.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Seals with the first of these keys from now on; the others open what they sealed. Without any nothing is sealed.
    pub fn seal_with(&self, keys: Vec<VaultKey>) {
        // Whoever set them first is the process itself, and it has no others.
        drop(self.vault.set(keys));
    }

    pub(crate) fn vault(&self) -> Vault<'_> {
        Vault::of(self.vault.get().map_or(&[], Vec::as_slice))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// For looking only: sees every change whose commit has returned, and waits for none that is under way.
    pub(crate) fn read(&self) -> MutexGuard<'_, Connection> {
        self.reader.as_ref().unwrap_or(&self.connection).lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One durable change: everything in `change` happens, or nothing.
    pub(crate) fn change<T>(
        &self,
        change: impl FnOnce(&Change<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let change_of = Change { transaction, key: self.chain_key(), vault: self.vault() };
        let value = change(&change_of)?;
        change_of.transaction.commit()?;
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

    /// Promises less than it should, or tidies up more often, for tests that must notice.
    ///
    /// # Errors
    /// What SQLite says.
    #[doc(hidden)]
    pub fn pragma_for_test(&self, name: &str, value: i64) -> Result<(), StoreError> {
        self.lock().pragma_update(None, name, value)?;
        self.read().pragma_update(None, name, value)?;
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

fn open_file(disk: &dyn Disk, path: &Path) -> Result<Connection, StoreError> {
    let size = std::fs::metadata(path).map_or(0, |meta| meta.len());
    let looked = if size > 0 { look_without_touching(disk, path, size)? } else { Looked::Well };
    let mut connection = connect(disk, path, OpenFlags::default())?;
    if looked == Looked::HalfWritten {
        check(&connection, path, size)?;
    }
    make_log_durable(disk, &mut connection, path)?;
    prepare(&connection)?;
    migrate(&mut connection, path)?;
    Ok(connection)
}

fn connect(disk: &dyn Disk, path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let connection = match disk.vfs() {
        None => Connection::open_with_flags(path, flags)?,
        Some(vfs) => Connection::open_with_flags_and_vfs(path, flags, vfs)?,
    };
    connection.busy_timeout(BUSY)?;
    Ok(connection)
}

#[derive(PartialEq, Eq)]
enum Looked {
    Well,
    /// The power went in the middle of a change, which has to be taken back before anything can be read. That is what
    /// every program does that opens it.
    HalfWritten,
}

/// Looks at a file without changing it: what the log holds counts too, so it is opened for reading only.
fn look_without_touching(disk: &dyn Disk, path: &Path, size: u64) -> Result<Looked, StoreError> {
    if size < HEADER {
        return Err(StoreError::Corrupt);
    }
    let connection = connect(disk, path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    match check(&connection, path, size) {
        Ok(()) => Ok(Looked::Well),
        Err(StoreError::Disk(error)) if extended_code(&error) == Some(ffi::SQLITE_READONLY_ROLLBACK) => {
            Ok(Looked::HalfWritten)
        }
        Err(error) => Err(error),
    }
}

fn extended_code(error: &rusqlite::Error) -> Option<i32> {
    error.sqlite_error().map(|error| error.extended_code)
}

/// Its format first, so that a newer or foreign file stays untouched, then its pages.
fn check(connection: &Connection, path: &Path, size: u64) -> Result<(), StoreError> {
    refuse_what_is_not_ours(connection, path)?;
    if size > CHECKED_AT_START {
        return Ok(());
    }
    let mut statement = connection.prepare("PRAGMA quick_check(100)")?;
    let verdict: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    if verdict == ["ok"] {
        return Ok(());
    }
    match verdict.iter().find_map(|line| unread(line)) {
        Some(error) => Err(StoreError::Disk(error)),
        None => Err(StoreError::Corrupt),
    }
}

/// A page that could not be read is a line of the verdict, too, with the code of the failure. That is no damage: with
/// a disk that works again the page may be as it was, and a ledger is not set aside for a loose cable.
fn unread(line: &str) -> Option<rusqlite::Error> {
    let (_, code) = line.rsplit_once("error code=")?;
    let error = ffi::Error::new(code.trim().parse().ok()?);
    let of_disk = matches!(error.code, ffi::ErrorCode::SystemIoFailure | ffi::ErrorCode::CannotOpen);
    of_disk.then(|| rusqlite::Error::SqliteFailure(error, Some("a page cannot be read".to_owned())))
}

/// An earlier process may have ended because a sync failed. Then the system shows the end of the log as if the disk had
/// it, and does not write it again: what is added behind it would be lost with it when the power goes, and pages moved
/// from it could not be repaired. So the log is written once more before anything is built on it.
///
/// Nobody else writes to it meanwhile: this transaction has the only right to, across processes.
fn make_log_durable(disk: &dyn Disk, connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let log = beside(path, "-wal");
    if !log.exists() {
        return Ok(());
    }
    let alone = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if let Some(mut file) = disk.open(&log).map_err(|source| StoreError::of_file(&log, source))? {
        write_again(file.as_mut()).map_err(|source| StoreError::of_file(&log, source))?;
    }
    alone.rollback()?;
    Ok(())
}

fn prepare(connection: &Connection) -> Result<(), StoreError> {
    connection.set_prepared_statement_cache_capacity(64);
    keep_a_log(connection)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // What is deleted is overwritten.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cache_size", -65_536)?;
    connection.pragma_update(None, "journal_size_limit", 16 << 20)?;
    Ok(())
}

/// Makes sure that the file is in WAL mode. In any other, a commit is not as durable as we promise.
fn keep_a_log(connection: &Connection) -> Result<(), StoreError> {
    let mut statement = connection.prepare("PRAGMA journal_mode = WAL")?;
    // Read to the end: SQLite gives its answer first, and changes the file only then.
    let answers: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    if answers.iter().all(|mode| mode == "wal" || mode == "memory") {
        return Ok(());
    }
    let source = std::io::Error::other("its file system allows no write-ahead log");
    Err(StoreError::Folder { path: connection.path().unwrap_or_default().into(), source })
}

/// Moves a damaged file, and what belongs to it, to a name of its own.
fn set_aside(path: &Path, now: UtcMillis) -> Result<PathBuf, StoreError> {
    let suffix = format!(".damaged-{}", now.0);
    let aside = beside(path, &suffix);
    let fail = |source| StoreError::of_file(path, source);
    std::fs::rename(path, &aside).map_err(fail)?;
    // A journal left behind would be played back into the new file.
    for part in ["-wal", "-shm", "-journal"] {
        if beside(path, part).exists() {
            std::fs::rename(beside(path, part), beside(path, &format!("{suffix}{part}"))).map_err(fail)?;
        }
    }
    Ok(aside)
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
