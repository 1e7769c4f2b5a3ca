//! Files for the person at this PC. Where they go is chosen here, never by the page.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use vestibule_desk::{Failure, FailureCode};

/// So many files of one name are tried.
const MOST: u32 = 100;

/// Writes a file into the folder for downloads, or for documents where there is none, and says where.
pub(crate) fn save(name: &str, text: &str) -> Result<PathBuf, Failure> {
    let folder = dirs::download_dir().or_else(dirs::document_dir).or_else(dirs::home_dir);
    let written = folder
        .ok_or_else(|| std::io::Error::from(ErrorKind::NotFound))
        .and_then(|folder| save_in(&folder, name, text));
    written.map_err(|error| {
        tracing::warn!(%error, "a file could not be written");
        Failure::of(FailureCode::NotSaved)
    })
}

fn save_in(folder: &Path, name: &str, text: &str) -> std::io::Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    for n in 0..MOST {
        let path = folder.join(numbered(name, n));
        match create_new(&path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
            Err(error) => return Err(error),
            Ok(mut file) => {
                let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
                // Half a file is none.
                return written.map(|()| path.clone()).inspect_err(|_| drop(std::fs::remove_file(&path)));
            }
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

fn numbered(name: &str, n: u32) -> String {
    match name.rsplit_once('.') {
        Some((stem, ending)) if n > 0 => format!("{stem}-{n}.{ending}"),
        _ => name.to_owned(),
    }
}

/// Readable by its owner alone: it holds names and phone numbers.
fn create_new(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "in a test, a failure to get there is a failure")]
mod tests {
    use super::save_in;

    #[test]
    fn nothing_is_overwritten_and_nobody_else_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("Downloads");
        let paths = ["one", "two"].map(|text| save_in(&place, "visits.csv", text).unwrap());
        assert_eq!(paths, ["visits.csv", "visits-1.csv"].map(|name| place.join(name)));
        assert_eq!(paths.map(|path| std::fs::read_to_string(path).unwrap()), ["one", "two"]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(place.join("visits.csv")).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0);
        }
        assert!(save_in(&place.join("visits.csv"), "x.csv", "").is_err(), "a file is no folder");
    }
}
