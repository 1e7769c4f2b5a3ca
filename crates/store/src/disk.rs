//! The store's own way to files, beside SQLite's; and what has to be done to a log before SQLite may build on it.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// How the store reaches its disk. The product has one way, [`SystemDisk`]; tests of broken disks have another.
#[doc(hidden)]
pub trait Disk {
    /// SQLite's name for it; none for SQLite's own way.
    fn vfs(&self) -> Option<&str>;

    /// Opens a file for reading and writing; none where there is no such file.
    ///
    /// # Errors
    /// What the system says.
    fn open(&self, path: &Path) -> io::Result<Option<Box<dyn RawFile>>>;
}

/// A file that is read and written beside SQLite.
#[doc(hidden)]
pub trait RawFile: Read + Write + Seek {
    /// Waits until everything written is on the disk.
    ///
    /// # Errors
    /// What the system says.
    fn sync(&mut self) -> io::Result<()>;
}

/// The disk of the operating system.
pub(crate) struct SystemDisk;

impl Disk for SystemDisk {
    fn vfs(&self) -> Option<&str> {
        None
    }

    fn open(&self, path: &Path) -> io::Result<Option<Box<dyn RawFile>>> {
        match File::options().read(true).write(true).open(path) {
            Ok(file) => Ok(Some(Box::new(file))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl RawFile for File {
    fn sync(&mut self) -> io::Result<()> {
        self.sync_all()
    }
}

/// How much is read and written at a time.
const PIECE: usize = 64 << 10;

/// Writes every byte of a file once more where it stands, and waits until the disk has them.
///
/// After a sync that failed, a system may show bytes that the disk does not have, and never write them unless somebody
/// writes to them again. Whoever builds on such bytes loses what he built when the power goes.
pub(crate) fn write_again(file: &mut dyn RawFile) -> io::Result<()> {
    let mut piece = vec![0_u8; PIECE];
    loop {
        let count = file.read(&mut piece)?;
        if count == 0 {
            return file.sync();
        }
        file.seek(SeekFrom::Current(-i64::try_from(count).unwrap_or(0)))?;
        file.write_all(&piece[..count])?;
    }
}
