//! Where frames come from.

mod device;
mod folder;

pub(crate) use device::Device;
pub(crate) use folder::Folder;

use crate::choice::{Choice, Settings};
use crate::frame::Shot;
use crate::state::CameraFault;

/// An open source. It lives on one thread and may block it for as long as its driver likes.
pub(crate) trait Source {
    /// What to call it on a screen.
    fn name(&self) -> &str;

    /// The next picture. A fault ends the source: it is dropped and opened again.
    fn next(&mut self) -> Result<Shot, CameraFault>;

    /// Whether the same picture over and over means that it hangs.
    fn can_freeze(&self) -> bool;
}

/// Opens a source; may block.
pub(crate) fn open(choice: &Choice, settings: &Settings) -> Result<Box<dyn Source>, CameraFault> {
    match choice {
        Choice::Device { id } => Ok(Box::new(Device::open(id.as_ref(), settings)?)),
        Choice::Folder { path } => Ok(Box::new(Folder::open(path, settings)?)),
    }
}
