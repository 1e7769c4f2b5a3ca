//! One disk as all its users share it: the page cache, the faults that are due, and the record.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::PathBuf;

use sqlite_plugin::vars;

use crate::locks::{Locks, Shared};
use crate::medium::{Change, Medium};

/// How a step fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The device answers with an error; nothing was done.
    Io,
    /// There is no room; steps that need none go well.
    Full,
    /// Half of a write arrives, then there is no room.
    Short,
    /// A sync fails, and what it should have written counts as written from then on.
    SyncLost,
}

/// A fault that is planned.
#[derive(Debug, Clone, Copy)]
pub struct Fault {
    /// How it fails.
    pub kind: Kind,
    /// At which step, counted from 0.
    pub at: u64,
    /// Whether every step after it fails the same way, until it is taken back.
    pub for_ever: bool,
}

/// What a program asks of a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Opening a file that is there.
    Open,
    /// Opening a file that is not.
    Create,
    /// Removing a name.
    Delete,
    /// Asking whether a name is there.
    Access,
    /// Reading.
    Read,
    /// Writing.
    Write,
    /// Cutting off.
    Truncate,
    /// Asking for what was written to be on the disk.
    Sync,
    /// Asking for the length.
    Size,
    /// Locking.
    Lock,
    /// Asking for memory that several processes share.
    Share,
}

impl Step {
    /// What SQLite's own VFS for Unix answers when the system call behind it gives EIO.
    fn io_error(self) -> i32 {
        match self {
            Self::Open | Self::Create => vars::SQLITE_CANTOPEN,
            Self::Delete => vars::SQLITE_IOERR_DELETE,
            Self::Access => vars::SQLITE_IOERR_ACCESS,
            Self::Read => vars::SQLITE_IOERR_READ,
            Self::Write => vars::SQLITE_IOERR_WRITE,
            Self::Truncate => vars::SQLITE_IOERR_TRUNCATE,
            Self::Sync => vars::SQLITE_IOERR_FSYNC,
            Self::Size => vars::SQLITE_IOERR_FSTAT,
            Self::Lock => vars::SQLITE_IOERR_LOCK,
            Self::Share => vars::SQLITE_IOERR_SHMMAP,
        }
    }

    /// What it answers when there is no room.
    fn no_room(self) -> Option<i32> {
        match self {
            Self::Write => Some(vars::SQLITE_FULL),
            Self::Create => Some(vars::SQLITE_CANTOPEN),
            Self::Share => Some(vars::SQLITE_IOERR_SHMSIZE),
            Self::Open
            | Self::Delete
            | Self::Access
            | Self::Read
            | Self::Truncate
            | Self::Sync
            | Self::Size
            | Self::Lock => None,
        }
    }
}

/// What becomes of a step.
pub(crate) enum Goes {
    Well,
    HalfWay,
    Lost,
}

pub(crate) struct State {
    pub(crate) folder: PathBuf,
    pub(crate) medium: Medium,
    pub(crate) record: Option<Vec<Change>>,
    pub(crate) steps: Vec<Step>,
    pub(crate) fault: Option<Fault>,
    /// How many steps went wrong as planned.
    pub(crate) hurt: u64,
    /// Raised when all processes die: what they had open is of no use any more.
    pub(crate) generation: u64,
    /// What is asked for now comes from a process that is dead already.
    pub(crate) dying: bool,
    pub(crate) locks: HashMap<String, Locks>,
    pub(crate) shared: HashMap<String, Shared>,
    mirror: HashMap<usize, File>,
}

impl State {
    pub(crate) fn new(folder: PathBuf, medium: Medium) -> Self {
        Self {
            folder,
            medium,
            record: None,
            steps: Vec::new(),
            fault: None,
            hurt: 0,
            generation: 0,
            dying: false,
            locks: HashMap::new(),
            shared: HashMap::new(),
            mirror: HashMap::new(),
        }
    }

    /// Counts a step and says what becomes of it.
    pub(crate) fn step(&mut self, step: Step) -> Result<Goes, i32> {
        let number = u64::try_from(self.steps.len()).unwrap_or(u64::MAX);
        self.steps.push(step);
        let Some(fault) = self.fault else { return Ok(Goes::Well) };
        if number != fault.at && !(fault.for_ever && number > fault.at) {
            return Ok(Goes::Well);
        }
        let goes = match (fault.kind, step) {
            (Kind::Io, _) => Err(step.io_error()),
            (Kind::Short, Step::Write) => Ok(Goes::HalfWay),
            (Kind::Full | Kind::Short, _) => match step.no_room() {
                Some(code) => Err(code),
                None => return Ok(Goes::Well),
            },
            (Kind::SyncLost, Step::Sync) => Ok(Goes::Lost),
            (Kind::SyncLost, _) => return Ok(Goes::Well),
        };
        self.hurt += 1;
        goes
    }

    /// Makes a change, in the page cache and in the mirror, and writes it into the record.
    pub(crate) fn change(&mut self, change: Change) {
        self.medium.apply(&change);
        self.mirror(&change).expect("the folder of the test can be written to");
        if let Some(record) = &mut self.record {
            record.push(change);
        }
    }

    /// Makes the real folder look like the page cache.
    pub(crate) fn mirror_all(&mut self) -> std::io::Result<()> {
        self.mirror.clear();
        for (name, bytes) in self.medium.seen() {
            std::fs::write(self.folder.join(&name), &bytes)?;
            if let Some(file) = self.medium.find(&name) {
                self.mirror.insert(file, File::options().write(true).open(self.folder.join(&name))?);
            }
        }
        Ok(())
    }

    fn mirror(&mut self, change: &Change) -> std::io::Result<()> {
        match change {
            Change::Create { name, file } => {
                self.mirror.insert(*file, File::create(self.folder.join(name))?);
            }
            Change::Delete { name } => match std::fs::remove_file(self.folder.join(name)) {
                // Somebody took it away without asking the disk, as with a damaged file that is set aside.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                removed => removed?,
            },
            Change::Write { file, at, bytes } => {
                if let Some(mut file) = self.mirror.get(file) {
                    file.seek(SeekFrom::Start(u64::try_from(*at).unwrap_or(u64::MAX)))?;
                    file.write_all(bytes)?;
                }
            }
            Change::Length { file, length } => {
                if let Some(file) = self.mirror.get(file) {
                    file.set_len(u64::try_from(*length).unwrap_or(u64::MAX))?;
                }
            }
            Change::Sync { .. } | Change::SyncLost { .. } => {}
        }
        Ok(())
    }
}
