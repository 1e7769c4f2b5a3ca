//! The disk side: the power goes at any moment, steps fail, syncs lie, and the disk fills up.
//!
//! The short tests run every time; what has `in_full` in its name takes minutes and is ignored until asked for. A
//! message that fails names the seed, and the moment or step; the same seed gives the same again.

mod full;
mod oracle;
mod power;
mod steps;
mod sync_lost;
mod workload;

use std::collections::BTreeMap;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;
use vestibule_power_cut::{Disk, VFS};
use vestibule_store::{Opened, RawFile, Store, StoreError};

use crate::TEN;

/// A disk and the real folder that mirrors it.
struct Desk {
    disk: Disk,
    folder: TempDir,
    /// Whether the log is written again before it is built on, as the product does.
    writes_again: bool,
}

impl Desk {
    fn new() -> Self {
        Self::of(&BTreeMap::new())
    }

    fn of(files: &BTreeMap<String, Vec<u8>>) -> Self {
        let memory = Path::new("/dev/shm");
        let folder =
            if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
        Self { disk: Disk::of(folder.path(), files).unwrap(), folder, writes_again: true }
    }

    fn open(&self) -> Result<Opened, StoreError> {
        Store::open_on(self, self.folder.path(), TEN)
    }

    /// A look beside the store.
    fn raw(&self) -> rusqlite::Result<Connection> {
        let path = self.folder.path().join("vestibule.db");
        Connection::open_with_flags_and_vfs(path, OpenFlags::SQLITE_OPEN_READ_WRITE, VFS)
    }
}

impl vestibule_store::Disk for Desk {
    fn vfs(&self) -> Option<&str> {
        Some(VFS)
    }

    fn open(&self, path: &Path) -> io::Result<Option<Box<dyn RawFile>>> {
        let name = path.file_name().unwrap().to_str().unwrap();
        let file = if self.writes_again { self.disk.open(name)? } else { None };
        Ok(file.map(|file| -> Box<dyn RawFile> { Box::new(Raw(file)) }))
    }
}

struct Raw(vestibule_power_cut::RawFile);

impl RawFile for Raw {
    fn sync(&mut self) -> io::Result<()> {
        self.0.sync()
    }
}

impl Read for Raw {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.read(into)
    }
}

impl Write for Raw {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Seek for Raw {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}
