//! Files that hold what is private: nobody but their owner reads them.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use vestibule_desk::table::Faults;

use crate::Trouble;

/// How many faults are printed.
const SHOWN: usize = 50;

/// A new file; an existing one is left alone.
pub(crate) fn create_new(path: &Path) -> std::io::Result<File> {
    private(OpenOptions::new().write(true).create_new(true)).open(path)
}

/// A file that takes the place of one that is there.
pub(crate) fn replace(path: &Path) -> std::io::Result<File> {
    private(OpenOptions::new().write(true).create(true).truncate(true)).open(path)
}

/// The name under which a file is written until it is whole.
pub(crate) fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}

/// What the system says of a file, with its name.
pub(crate) fn trouble(path: &Path) -> impl Fn(std::io::Error) -> Trouble {
    move |error| Trouble(format!("{}: {error}", path.display()))
}

/// Prints what is wrong with a table, of which nothing was done.
pub(crate) fn faulty(path: &Path, faults: &Faults, done: &str) -> Trouble {
    for fault in faults.kept.iter().take(SHOWN) {
        eprintln!("{fault}");
    }
    if faults.count > SHOWN {
        eprintln!("and {} more", faults.count - SHOWN);
    }
    let rows = if faults.count == 1 { "1 row is" } else { &format!("{} rows are", faults.count) };
    Trouble(format!("{}: {rows} not right; nothing was {done}", path.display()))
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// Whether others than the owner may read it.
#[cfg(unix)]
pub(crate) fn others_read(file: &File) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    file.metadata().is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o044 != 0)
}

/// Whether others than the owner may read it: not known on this system.
#[cfg(not(unix))]
pub(crate) fn others_read(_file: &File) -> bool {
    false
}
