//! What is in the page cache, what is on the disk, and what is left of it when the power goes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::Dice;

/// What a disk writes as a whole.
const SECTOR: usize = 512;
/// What the page cache keeps as a whole.
const PAGE: usize = 4096;

/// In how many ways unsynced changes are lost; `seed % PATTERNS` picks one.
pub const PATTERNS: u64 = 7;

/// One change of the disk, in the order in which they were made.
#[derive(Debug, Clone)]
pub enum Change {
    /// A file came into being.
    Create {
        /// Its name in the folder.
        name: String,
        /// Its number.
        file: usize,
    },
    /// Bytes were written.
    Write {
        /// Where.
        file: usize,
        /// From which byte.
        at: usize,
        /// What.
        bytes: Arc<[u8]>,
    },
    /// The file was made longer or shorter.
    Length {
        /// Which.
        file: usize,
        /// How long it is now.
        length: usize,
    },
    /// Everything written to the file so far is on the disk.
    Sync {
        /// Which.
        file: usize,
        /// Whether the names in the folder are, too.
        names: bool,
    },
    /// A sync failed, and what was not written counts as written.
    SyncLost {
        /// Which.
        file: usize,
        /// Which sectors reached the disk all the same.
        seed: u64,
    },
    /// A name was removed.
    Delete {
        /// Which.
        name: String,
    },
}

#[derive(Debug, Clone)]
enum Pending {
    Write(usize, Arc<[u8]>),
    Length(usize),
}

#[derive(Debug, Clone, Default)]
struct File {
    cached: Vec<u8>,
    durable: Vec<u8>,
    pending: Vec<Pending>,
    /// Pages that the system believes to be on the disk, and that are not.
    clean_but_lost: BTreeSet<usize>,
}

#[derive(Debug, Clone)]
enum Name {
    Added(String, usize),
    Removed(String),
}

/// The files of one folder.
#[derive(Debug, Clone, Default)]
pub struct Medium {
    files: Vec<File>,
    names: BTreeMap<String, usize>,
    durable_names: BTreeMap<String, usize>,
    pending_names: Vec<Name>,
}

impl Medium {
    /// A disk on which these files lie safely.
    #[must_use]
    pub fn of(files: &BTreeMap<String, Vec<u8>>) -> Self {
        let mut medium = Self::default();
        for (name, bytes) in files {
            let number = medium.files.len();
            medium.files.push(File { cached: bytes.clone(), durable: bytes.clone(), ..File::default() });
            medium.names.insert(name.clone(), number);
            medium.durable_names.insert(name.clone(), number);
        }
        medium
    }

    /// The number that the next new file gets.
    pub(crate) fn next_file(&self) -> usize {
        self.files.len()
    }

    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }

    pub(crate) fn cached(&self, file: usize) -> &[u8] {
        &self.files[file].cached
    }

    /// One change more.
    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::Create { name, file } => {
                debug_assert_eq!(*file, self.files.len(), "files are numbered as they come");
                self.files.push(File::default());
                self.names.insert(name.clone(), *file);
                self.pending_names.push(Name::Added(name.clone(), *file));
            }
            Change::Delete { name } => {
                self.names.remove(name);
                self.pending_names.push(Name::Removed(name.clone()));
            }
            Change::Write { file, at, bytes } => self.files[*file].write(*at, bytes),
            Change::Length { file, length } => self.files[*file].set_length(*length),
            Change::Sync { file, names } => {
                self.files[*file].sync();
                if *names {
                    let pending = std::mem::take(&mut self.pending_names);
                    rename(&mut self.durable_names, &pending);
                }
            }
            Change::SyncLost { file, seed } => self.files[*file].lose(&mut Dice::new(*seed)),
        }
    }

    /// What every reader sees now.
    #[must_use]
    pub fn seen(&self) -> BTreeMap<String, Vec<u8>> {
        self.names.iter().map(|(name, file)| (name.clone(), self.files[*file].cached.clone())).collect()
    }

    /// What is there after the power went now, in one of many ways.
    #[must_use]
    pub fn survivors(&self, seed: u64) -> BTreeMap<String, Vec<u8>> {
        let pattern = seed % PATTERNS;
        let mut dice = Dice::new(seed);
        let kept = match pattern {
            0 => 0,
            1 => self.pending_names.len(),
            _ => dice.below(self.pending_names.len() + 1),
        };
        let mut names = self.durable_names.clone();
        rename(&mut names, &self.pending_names[..kept]);
        names.into_iter().map(|(name, file)| (name, self.files[file].survivor(pattern, &mut dice))).collect()
    }
}

fn rename(names: &mut BTreeMap<String, usize>, changes: &[Name]) {
    for change in changes {
        match change {
            Name::Added(name, file) => names.insert(name.clone(), *file),
            Name::Removed(name) => names.remove(name),
        };
    }
}

impl File {
    fn write(&mut self, at: usize, bytes: &Arc<[u8]>) {
        put(&mut self.cached, at, bytes, 0);
        let (mut from, mut until) = (at, at + bytes.len());
        // A page is written as a whole: what was lost of it comes along.
        for page in from / PAGE..until.div_ceil(PAGE) {
            if self.clean_but_lost.remove(&page) {
                from = from.min(page * PAGE);
                until = until.max(((page + 1) * PAGE).min(self.cached.len()));
            }
        }
        let bytes = if (from, until) == (at, at + bytes.len()) {
            Arc::clone(bytes)
        } else {
            self.cached[from..until].into()
        };
        self.pending.push(Pending::Write(from, bytes));
    }

    fn set_length(&mut self, length: usize) {
        self.cached.resize(length, 0);
        self.clean_but_lost.retain(|page| page * PAGE < length);
        self.pending.push(Pending::Length(length));
    }

    fn sync(&mut self) {
        for pending in std::mem::take(&mut self.pending) {
            match pending {
                Pending::Write(at, bytes) => put(&mut self.durable, at, &bytes, 0),
                Pending::Length(length) => self.durable.resize(length, 0),
            }
        }
    }

    fn lose(&mut self, dice: &mut Dice) {
        for pending in std::mem::take(&mut self.pending) {
            match pending {
                Pending::Write(at, bytes) => {
                    self.clean_but_lost.extend(at / PAGE..(at + bytes.len()).div_ceil(PAGE));
                    for (at, sector) in sectors(at, &bytes) {
                        if dice.once_in(3) {
                            put(&mut self.durable, at, sector, 0);
                        }
                    }
                }
                Pending::Length(length) => self.durable.resize(length, 0),
            }
        }
        // The length is metadata, and is written with the next success.
        self.pending.push(Pending::Length(self.cached.len()));
    }

    fn survivor(&self, pattern: u64, dice: &mut Dice) -> Vec<u8> {
        let mut disk = self.durable.clone();
        let count = self.pending.len();
        let break_at = dice.below(count + 1);
        for (number, pending) in self.pending.iter().enumerate() {
            match pending {
                Pending::Length(length) => {
                    let kept = match pattern {
                        0 => false,
                        1 => true,
                        3 => number >= count / 2,
                        4 => number < break_at,
                        _ => dice.once_in(2),
                    };
                    if kept {
                        disk.resize(*length, 0);
                    }
                }
                Pending::Write(at, bytes) => {
                    let torn_at = dice.below(bytes.len() / SECTOR + 1);
                    for (index, (at, sector)) in sectors(*at, bytes).enumerate() {
                        let kept = match pattern {
                            0 => false,
                            1 => true,
                            2 | 6 => dice.once_in(2),
                            3 => number >= count / 2,
                            4 => number < break_at || (number == break_at && index < torn_at),
                            _ => !dice.once_in(16),
                        };
                        if kept {
                            let filling = if pattern == 6 { 0xA5 } else { 0 };
                            put(&mut disk, at, sector, filling);
                        }
                    }
                }
            }
        }
        disk
    }
}

fn put(into: &mut Vec<u8>, at: usize, bytes: &[u8], filling: u8) {
    let until = at + bytes.len();
    if into.len() < until {
        into.resize(until, filling);
    }
    into[at..until].copy_from_slice(bytes);
}

/// The pieces of a write that reach the disk as a whole.
fn sectors(at: usize, bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let rest = bytes.get(from..).filter(|rest| !rest.is_empty())?;
        let length = (SECTOR - (at + from) % SECTOR).min(rest.len());
        let piece = (at + from, &rest[..length]);
        from += length;
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_file(changes: &[Change]) -> Medium {
        let mut medium = Medium::default();
        medium.apply(&Change::Create { name: "f".to_owned(), file: 0 });
        changes.iter().for_each(|change| medium.apply(change));
        medium
    }

    fn write(at: usize, byte: u8, length: usize) -> Change {
        Change::Write { file: 0, at, bytes: vec![byte; length].into() }
    }

    const SYNC: Change = Change::Sync { file: 0, names: true };

    #[test]
    fn what_was_synced_survives_in_every_pattern_and_what_was_not_is_torn_in_some() {
        let medium = one_file(&[write(0, 1, 2048), SYNC, write(0, 2, 2048)]);
        let mut torn = 0;
        for seed in 0..700 {
            let file = &medium.survivors(seed)["f"];
            assert_eq!(file.len(), 2048);
            for sector in file.chunks(SECTOR) {
                assert!(sector.iter().all(|byte| *byte == sector[0]), "a sector is whole");
            }
            torn += usize::from(file.contains(&1) && file.contains(&2));
        }
        assert!(torn > 100, "{torn}");
        assert!(medium.survivors(0)["f"].iter().all(|byte| *byte == 1));
        assert!(medium.survivors(1)["f"].iter().all(|byte| *byte == 2));
    }

    #[test]
    fn a_name_that_was_not_synced_may_be_gone() {
        let medium = one_file(&[write(0, 1, 10), Change::Sync { file: 0, names: false }]);
        assert!(medium.survivors(0).is_empty());
        assert_eq!(medium.survivors(1)["f"], [1; 10]);
    }

    #[test]
    fn what_a_failed_sync_lost_is_seen_and_not_there_until_it_is_written_again() {
        let lost = [write(0, 1, 8192), SYNC, write(0, 2, 8192), Change::SyncLost { file: 0, seed: 3 }, SYNC];
        let medium = one_file(&lost);
        assert_eq!(medium.seen()["f"], [2; 8192]);
        let survived = &medium.survivors(1)["f"];
        assert!(survived.contains(&1), "a later success does not bring it back");
        let again = one_file(&[lost.as_slice(), &[write(100, 3, 1), SYNC]].concat());
        let page = &again.survivors(0)["f"];
        assert!(page[..100].iter().all(|byte| *byte == 2), "the page that was touched is written as a whole");
        assert!(page[4096..].contains(&1), "the other one stays lost");
    }
}
