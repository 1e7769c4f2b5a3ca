//! A disk, as a test holds it in its hand.

use std::collections::BTreeMap;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use sqlite_plugin::flags::OpenKind;
use sqlite_plugin::vars;

use crate::medium::{Change, Medium};
use crate::state::{Fault, State, Step};
use crate::vfs::{Named, announce, lock};

/// A disk with one folder.
pub struct Disk {
    state: Arc<Mutex<State>>,
}

impl Disk {
    /// A disk with these files, whose folder is mirrored in an empty real one.
    ///
    /// # Errors
    /// What the system says of the real folder.
    pub fn of(folder: &Path, files: &BTreeMap<String, Vec<u8>>) -> io::Result<Self> {
        let mut state = State::new(folder.to_owned(), Medium::of(files));
        state.mirror_all()?;
        let state = Arc::new(Mutex::new(state));
        announce(folder, &state);
        Ok(Self { state })
    }

    /// Writes down every change from now on.
    pub fn record(&self) {
        lock(&self.state).record = Some(Vec::new());
    }

    /// How many changes were written down.
    #[must_use]
    pub fn recorded(&self) -> usize {
        lock(&self.state).record.as_ref().map_or(0, Vec::len)
    }

    /// The changes since [`Disk::record`].
    #[must_use]
    pub fn take_record(&self) -> Vec<Change> {
        lock(&self.state).record.take().unwrap_or_default()
    }

    /// All that was asked of the disk so far, in order.
    #[must_use]
    pub fn steps(&self) -> Vec<Step> {
        lock(&self.state).steps.clone()
    }

    /// Plans a fault; a later one takes its place.
    pub fn plan(&self, fault: Fault) {
        lock(&self.state).fault = Some(fault);
    }

    /// Nothing fails any more.
    pub fn heal(&self) {
        lock(&self.state).fault = None;
    }

    /// How many steps failed as planned.
    #[must_use]
    pub fn hurt(&self) -> u64 {
        lock(&self.state).hurt
    }

    /// The processes die; what they wrote is in the page cache. `process` is dropped, and can do nothing more.
    pub fn kill<T>(&self, process: T) {
        {
            let mut state = lock(&self.state);
            state.generation += 1;
            state.locks.clear();
            state.dying = true;
        }
        drop(process);
        let mut state = lock(&self.state);
        state.shared.clear();
        state.dying = false;
    }

    /// The power goes. What is left of the files.
    #[must_use]
    pub fn survivors(&self, seed: u64) -> BTreeMap<String, Vec<u8>> {
        lock(&self.state).medium.survivors(seed)
    }

    /// Opens a file beside SQLite; none where there is no such file.
    ///
    /// # Errors
    /// The planned ones.
    pub fn open(&self, name: &str) -> io::Result<Option<RawFile>> {
        if lock(&self.state).medium.find(name).is_none() {
            return Ok(None);
        }
        let named = Named::open(&self.state, name, false, &OpenKind::Unknown).map_err(of_sqlite)?;
        Ok(Some(RawFile { named, at: 0 }))
    }
}

/// A file that is read and written beside SQLite.
pub struct RawFile {
    named: Named,
    at: usize,
}

impl RawFile {
    /// Everything written so far is on the disk.
    ///
    /// # Errors
    /// The planned ones.
    pub fn sync(&mut self) -> io::Result<()> {
        self.named.sync().map_err(of_sqlite)
    }
}

impl Read for RawFile {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.named.read(self.at, into).map_err(of_sqlite)?;
        self.at += count;
        Ok(count)
    }
}

impl Write for RawFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.named.write(self.at, bytes).map_err(of_sqlite)?;
        self.at += count;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for RawFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let (base, offset) = match to {
            SeekFrom::Start(at) => (0, i64::try_from(at).unwrap_or(i64::MAX)),
            SeekFrom::Current(offset) => (self.at, offset),
            SeekFrom::End(offset) => (self.named.size().map_err(of_sqlite)?, offset),
        };
        let at = i64::try_from(base).unwrap_or(i64::MAX).saturating_add(offset);
        self.at = usize::try_from(at).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(u64::try_from(self.at).unwrap_or(u64::MAX))
    }
}

/// What the operating system would have said.
fn of_sqlite(code: i32) -> io::Error {
    if code == vars::SQLITE_FULL {
        io::Error::from(io::ErrorKind::StorageFull)
    } else {
        io::Error::other("the disk failed, as planned")
    }
}
