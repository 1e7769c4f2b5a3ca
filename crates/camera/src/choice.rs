//! Which camera.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use specta::Type;

/// Names a device across restarts and re-plugging, as well as the system lets us: what the driver says of its
/// place and make, not its index.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(transparent)]
pub struct CameraId(pub String);

/// Where the frames come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// A camera of this PC: the one with this id, or the first one when none is chosen or the chosen one is gone.
    Device {
        /// As [`crate::list`] gives it.
        id: Option<CameraId>,
    },
    /// The pictures in a folder, in the order of their names, over and over; what appears, changes or goes is
    /// noticed. For tests and demonstrations. A folder without pictures is a silent camera.
    Folder {
        /// The folder.
        path: PathBuf,
    },
}

/// How an eye looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Frames a second of a folder; a device is asked for something near.
    pub fps: u32,
    /// How long a picture of a folder stays before the next one comes.
    pub dwell: Duration,
    /// The width that is asked of a device.
    pub width: u32,
    /// The height that is asked of a device.
    pub height: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { fps: 15, dwell: Duration::from_millis(400), width: 1280, height: 720 }
    }
}
