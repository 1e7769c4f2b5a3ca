//! SQLite's way to a [`Disk`](crate::Disk).

use std::collections::HashMap;
use std::ffi::CString;
use std::path::{Path, PathBuf};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

use sqlite_plugin::flags::{AccessFlags, CreateMode, LockLevel, OpenKind, OpenMode, OpenOpts, ShmLockMode};
use sqlite_plugin::vars;
use sqlite_plugin::vfs::{RegisterOpts, Vfs, VfsHandle, VfsResult, register_static};

use crate::medium::Change;
use crate::state::{Goes, State, Step};

/// What SQLite calls it.
pub const VFS: &str = "power-cut";

/// The disks there are, by folder.
static DISKS: Mutex<Option<HashMap<PathBuf, Weak<Mutex<State>>>>> = Mutex::new(None);
static USERS: AtomicU64 = AtomicU64::new(1);

/// Lets SQLite find a disk by its folder.
pub(crate) fn announce(folder: &Path, state: &Arc<Mutex<State>>) {
    static REGISTERED: OnceLock<()> = OnceLock::new();
    REGISTERED.get_or_init(|| {
        let name = CString::new(VFS).expect("no NUL in it");
        let registered = register_static(name, PowerCut, RegisterOpts { make_default: false });
        assert!(registered.is_ok(), "SQLite takes a VFS of this name");
    });
    let mut disks = DISKS.lock().unwrap_or_else(PoisonError::into_inner);
    let disks = disks.get_or_insert_default();
    disks.retain(|_, disk| disk.strong_count() > 0);
    disks.insert(folder.to_owned(), Arc::downgrade(state));
}

/// A file that somebody has open.
pub(crate) enum Handle {
    /// Needs no name and outlives nothing.
    Temporary(Vec<u8>),
    Named(Named),
}

pub(crate) struct Named {
    disk: Arc<Mutex<State>>,
    generation: u64,
    name: String,
    pub(crate) file: usize,
    user: u64,
    read_only: bool,
    /// The first sync of a journal or log that may be new writes the names of the folder, too: as SQLite's own VFS for
    /// Unix, which goes by what was asked for when it was opened, and not by whether it was there.
    syncs_names: bool,
    shares: bool,
}

impl Named {
    pub(crate) fn open(
        disk: &Arc<Mutex<State>>,
        name: &str,
        create: bool,
        kind: &OpenKind,
    ) -> VfsResult<Self> {
        let mut state = lock(disk);
        let found = state.medium.find(name);
        state.step(if found.is_none() && create { Step::Create } else { Step::Open })?;
        let file = match found {
            Some(file) => file,
            None if create => {
                let file = state.medium.next_file();
                state.change(Change::Create { name: name.to_owned(), file });
                file
            }
            None => return Err(vars::SQLITE_CANTOPEN),
        };
        let log = matches!(kind, OpenKind::Wal | OpenKind::MainJournal | OpenKind::SuperJournal);
        Ok(Self {
            disk: Arc::clone(disk),
            generation: state.generation,
            name: name.to_owned(),
            file,
            user: USERS.fetch_add(1, Ordering::Relaxed),
            read_only: false,
            syncs_names: create && log,
            shares: false,
        })
    }

    /// The disk, unless the process that opened this died.
    pub(crate) fn alive(&self) -> VfsResult<MutexGuard<'_, State>> {
        let state = lock(&self.disk);
        if state.generation == self.generation { Ok(state) } else { Err(vars::SQLITE_IOERR) }
    }

    pub(crate) fn read(&self, at: usize, into: &mut [u8]) -> VfsResult<usize> {
        let mut state = self.alive()?;
        state.step(Step::Read)?;
        let bytes = state.medium.cached(self.file);
        let from = at.min(bytes.len());
        let count = into.len().min(bytes.len() - from);
        into[..count].copy_from_slice(&bytes[from..from + count]);
        Ok(count)
    }

    pub(crate) fn write(&self, at: usize, bytes: &[u8]) -> VfsResult<usize> {
        let mut state = self.alive()?;
        let goes = state.step(Step::Write)?;
        if self.read_only {
            return Err(vars::SQLITE_IOERR_WRITE);
        }
        match goes {
            Goes::Well | Goes::Lost => {
                state.change(Change::Write { file: self.file, at, bytes: bytes.into() });
                Ok(bytes.len())
            }
            Goes::HalfWay => {
                let half = &bytes[..bytes.len() / 2];
                state.change(Change::Write { file: self.file, at, bytes: half.into() });
                Err(vars::SQLITE_FULL)
            }
        }
    }

    pub(crate) fn sync(&mut self) -> VfsResult<()> {
        let mut state = self.alive()?;
        match state.step(Step::Sync)? {
            Goes::Well | Goes::HalfWay => {
                state.change(Change::Sync { file: self.file, names: self.syncs_names });
                drop(state);
                self.syncs_names = false;
                Ok(())
            }
            Goes::Lost => {
                let seed = u64::try_from(state.steps.len()).unwrap_or(0);
                state.change(Change::SyncLost { file: self.file, seed });
                Err(vars::SQLITE_IOERR_FSYNC)
            }
        }
    }

    pub(crate) fn size(&self) -> VfsResult<usize> {
        let mut state = self.alive()?;
        state.step(Step::Size)?;
        Ok(state.medium.cached(self.file).len())
    }
}

pub(crate) fn lock(disk: &Mutex<State>) -> MutexGuard<'_, State> {
    disk.lock().unwrap_or_else(PoisonError::into_inner)
}

impl VfsHandle for Handle {
    fn readonly(&self) -> bool {
        matches!(self, Self::Named(named) if named.read_only)
    }

    fn in_memory(&self) -> bool {
        false
    }
}

struct PowerCut;

impl PowerCut {
    /// The disk on which a path lies, and the name there.
    fn place(path: &str) -> VfsResult<(Arc<Mutex<State>>, String)> {
        let path = Path::new(path);
        let name = path.file_name().and_then(|name| name.to_str()).ok_or(vars::SQLITE_CANTOPEN)?;
        let folder = path.parent().ok_or(vars::SQLITE_CANTOPEN)?;
        let disks = DISKS.lock().unwrap_or_else(PoisonError::into_inner);
        let disk = disks.as_ref().and_then(|disks| disks.get(folder)).and_then(Weak::upgrade);
        Ok((disk.ok_or(vars::SQLITE_CANTOPEN)?, name.to_owned()))
    }
}

impl Vfs for PowerCut {
    type Handle = Handle;

    fn open(&self, path: Option<&str>, opts: OpenOpts) -> VfsResult<Handle> {
        let kind = opts.kind();
        let Some(path) = path.filter(|_| !kind.is_temp()) else { return Ok(Handle::Temporary(Vec::new())) };
        let (disk, name) = Self::place(path)?;
        let mode = opts.mode();
        let create = !matches!(mode, OpenMode::ReadOnly | OpenMode::ReadWrite { create: CreateMode::None });
        let mut named = Named::open(&disk, &name, create, &kind)?;
        named.read_only = mode.is_readonly();
        Ok(Handle::Named(named))
    }

    fn delete(&self, path: &str) -> VfsResult<()> {
        let (disk, name) = Self::place(path)?;
        let mut state = lock(&disk);
        state.step(Step::Delete)?;
        if state.dying {
            return Err(vars::SQLITE_IOERR_DELETE);
        }
        if state.medium.find(&name).is_none() {
            return Err(vars::SQLITE_IOERR_DELETE_NOENT);
        }
        state.change(Change::Delete { name });
        Ok(())
    }

    fn access(&self, path: &str, _: AccessFlags) -> VfsResult<bool> {
        let (disk, name) = Self::place(path)?;
        let mut state = lock(&disk);
        state.step(Step::Access)?;
        // As on Unix: an empty file is none.
        Ok(state.medium.find(&name).is_some_and(|file| !state.medium.cached(file).is_empty()))
    }

    fn file_size(&self, handle: &mut Handle) -> VfsResult<usize> {
        match handle {
            Handle::Temporary(bytes) => Ok(bytes.len()),
            Handle::Named(named) => named.size(),
        }
    }

    fn truncate(&self, handle: &mut Handle, size: usize) -> VfsResult<()> {
        match handle {
            Handle::Temporary(bytes) => bytes.resize(size, 0),
            Handle::Named(named) => {
                let mut state = named.alive()?;
                state.step(Step::Truncate)?;
                if named.read_only {
                    return Err(vars::SQLITE_IOERR_TRUNCATE);
                }
                state.change(Change::Length { file: named.file, length: size });
            }
        }
        Ok(())
    }

    fn write(&self, handle: &mut Handle, offset: usize, data: &[u8]) -> VfsResult<usize> {
        match handle {
            Handle::Temporary(bytes) => {
                let until = offset + data.len();
                bytes.resize(bytes.len().max(until), 0);
                bytes[offset..until].copy_from_slice(data);
                Ok(data.len())
            }
            Handle::Named(named) => named.write(offset, data),
        }
    }

    fn read(&self, handle: &mut Handle, offset: usize, data: &mut [u8]) -> VfsResult<usize> {
        match handle {
            Handle::Temporary(bytes) => {
                let from = offset.min(bytes.len());
                let count = data.len().min(bytes.len() - from);
                data[..count].copy_from_slice(&bytes[from..from + count]);
                Ok(count)
            }
            Handle::Named(named) => named.read(offset, data),
        }
    }

    fn lock(&self, handle: &mut Handle, level: LockLevel) -> VfsResult<()> {
        let Handle::Named(named) = handle else { return Ok(()) };
        let mut state = named.alive()?;
        state.step(Step::Lock)?;
        state.locks.entry(named.name.clone()).or_default().raise(named.user, level)
    }

    fn unlock(&self, handle: &mut Handle, level: LockLevel) -> VfsResult<()> {
        let Handle::Named(named) = handle else { return Ok(()) };
        if let Ok(mut state) = named.alive() {
            state.locks.entry(named.name.clone()).or_default().lower(named.user, level);
        }
        Ok(())
    }

    fn check_reserved_lock(&self, handle: &mut Handle) -> VfsResult<bool> {
        let Handle::Named(named) = handle else { return Ok(false) };
        let state = named.alive()?;
        Ok(state.locks.get(&named.name).is_some_and(crate::locks::Locks::is_reserved))
    }

    fn sync(&self, handle: &mut Handle) -> VfsResult<()> {
        match handle {
            Handle::Temporary(_) => Ok(()),
            Handle::Named(named) => named.sync(),
        }
    }

    fn close(&self, handle: Handle) -> VfsResult<()> {
        if let Handle::Named(named) = &handle
            && let Ok(mut state) = named.alive()
            && let Some(locks) = state.locks.get_mut(&named.name)
        {
            locks.lower(named.user, LockLevel::Unlocked);
        }
        Ok(())
    }

    fn sector_size(&self, _: &mut Handle) -> VfsResult<i32> {
        Ok(4096)
    }

    /// As SQLite's own VFS for Unix and for Windows says of any disk.
    fn device_characteristics(&self, _: &mut Handle) -> VfsResult<i32> {
        Ok(vars::SQLITE_IOCAP_POWERSAFE_OVERWRITE)
    }

    fn shm_map(
        &self,
        handle: &mut Handle,
        region: usize,
        size: usize,
        extend: bool,
    ) -> VfsResult<Option<NonNull<u8>>> {
        let Handle::Named(named) = handle else { return Err(vars::SQLITE_IOERR_SHMMAP) };
        let mut state = named.alive()?;
        state.step(Step::Share)?;
        let shared = state.shared.entry(named.name.clone()).or_default();
        let memory = if extend || shared.has(region) { Some(shared.region(region, size)?) } else { None };
        if !named.shares {
            shared.join();
        }
        drop(state);
        named.shares = true;
        Ok(memory)
    }

    fn shm_lock(&self, handle: &mut Handle, offset: u32, count: u32, mode: ShmLockMode) -> VfsResult<()> {
        let Handle::Named(named) = handle else { return Err(vars::SQLITE_IOERR_SHMLOCK) };
        let (Ok(from), Ok(count)) = (usize::try_from(offset), usize::try_from(count)) else {
            return Err(vars::SQLITE_IOERR_SHMLOCK);
        };
        let mut state = named.alive()?;
        state.shared.entry(named.name.clone()).or_default().lock(named.user, from..from + count, mode)
    }

    fn shm_unmap(&self, handle: &mut Handle, _: bool) -> VfsResult<()> {
        let Handle::Named(named) = handle else { return Ok(()) };
        if let Ok(mut state) = named.alive()
            && named.shares
            && let Some(shared) = state.shared.get_mut(&named.name)
            && shared.leave(named.user)
        {
            // The last one out: the next one begins anew.
            state.shared.remove(&named.name);
        }
        named.shares = false;
        Ok(())
    }
}
