//! What a victim is told when it starts, and the points at which it may be told to end.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::bug::Bug;

/// The orders of one life.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Orders {
    /// The folder of the store.
    pub folder: PathBuf,
    /// The file of the clock.
    pub clock: PathBuf,
    /// The gateway's address.
    pub gateway: String,
    /// What its script is drawn from.
    pub seed: u64,
    /// Which life it is, from zero.
    pub life: u32,
    /// Where it ends itself.
    pub crash: Option<Crash>,
    /// The bug that is planted.
    pub bug: Option<Bug>,
    /// The last life: no script, only what is left to do.
    pub mend: bool,
    /// A form that an earlier life began and nobody was told about: it is sent again.
    pub again: Option<String>,
    /// How many spares there should be.
    pub spares: u16,
}

/// Where a life ends: at a point, when it comes by there for the `nth` time, from one.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Crash {
    /// The point.
    pub point: Point,
    /// Which time.
    pub nth: u32,
}

/// A named moment at which a victim ends as by a kill: no destructor runs, nothing is flushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Point {
    /// The file is open, and what was in the air is not yet settled.
    Opened,
    /// What was in the air is settled, and nothing else has happened.
    Recovered,
    /// Something is asked of the desk, and nothing of it is on disk.
    Begun,
    /// A call is on disk as "on its way" (a press as asked), and nothing of it has left.
    BeforeSending,
    /// The request has left and the gateway has it; no answer yet.
    Underway,
    /// The answer is here, and nothing of it is on disk.
    Answered,
    /// Several answers are here, and some of them are on disk.
    AmongAnswers,
    /// The desk has told its caller, who has told nobody.
    Untold,
}

impl Point {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Opened,
        Self::Recovered,
        Self::Begun,
        Self::BeforeSending,
        Self::Underway,
        Self::Answered,
        Self::AmongAnswers,
        Self::Untold,
    ];
}
