//! A disk for SQLite that loses power, fails and fills up when told; for tests only.
//!
//! [`Disk`] stands behind an SQLite VFS of the name [`VFS`]. What a program reads and writes through it is the page
//! cache; beside it the disk knows what would be there after the power went, and keeps a record of every change, so
//! that one run of a workload gives the picture of the disk at *every* moment of it:
//!
//! ```text
//! run the workload once on a recording Disk  →  record of changes  →  Medium after each of them
//!                                                                       └ survivors(seed)  →  Disk::of(files)  →  open
//! ```
//!
//! # What the disk promises, and what not
//!
//! - A sector of 512 bytes is written as a whole or not at all; several of one write in any order, or only some.
//! - What was not synced may be there, or not, sector by sector, whatever was written before or after it. Space a file
//!   grew by may hold zeros or rubbish.
//! - Names come and go in order, and for good once the folder is synced, which SQLite's own VFS for Unix does with the
//!   first sync of a new journal or log.
//! - A sync that fails may, when told ([`Kind::SyncLost`]), do what file systems do: the pages count as clean and are
//!   never written again unless somebody writes to them again, while every reader sees them as if they were there.
//!
//! The mirror of the page cache lies in a real folder, for whoever asks the operating system about it.
//!
//! There is no `unsafe` here: `sqlite-plugin` is the bridge to SQLite. It uses the SQLite that the program is linked
//! with and brings none of its own.

mod dice;
mod disk;
mod locks;
mod medium;
mod state;
mod vfs;

pub use dice::Dice;
pub use disk::{Disk, RawFile};
pub use medium::{Change, Medium, PATTERNS};
pub use state::{Fault, Kind, Step};
pub use vfs::VFS;
