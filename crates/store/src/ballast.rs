//! Room that is set aside for the day the disk is full: a file of nothing, thrown away so that a press, a closed door
//! or a revoked pass can still be written down. Registering goes without: it says that the disk is full.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::{Change, Store, StoreError};

/// Enough for some hundred presses.
const SIZE: usize = 2 << 20;

fn file_in(folder: &Path) -> PathBuf {
    folder.join("vestibule.ballast")
}

impl Store {
    /// Sets the room aside, if it is not. Best done now and then: it was thrown away when the disk was full.
    pub fn take_ballast(&self) {
        let Some(folder) = self.folder() else { return };
        let file = file_in(folder);
        if std::fs::metadata(&file).is_ok_and(|meta| meta.len() == SIZE as u64) {
            return;
        }
        // Not zeros, of which some file systems keep none.
        let bytes: Vec<u8> = (0..SIZE).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        let written = std::fs::File::create(&file).and_then(|mut open| open.write_all(&bytes));
        if written.is_err() {
            throw(folder);
        }
    }

    /// As [`Self::change`], for what must be written down even on a full disk.
    pub(crate) fn change_even_when_full<T>(
        &self,
        change: impl Fn(&Change<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match (self.change(&change), self.folder()) {
            (Err(StoreError::Full), Some(folder)) if throw(folder) => self.change(change),
            (done, _) => done,
        }
    }
}

/// Whether there was something to throw.
fn throw(folder: &Path) -> bool {
    std::fs::remove_file(file_in(folder)).is_ok()
}
