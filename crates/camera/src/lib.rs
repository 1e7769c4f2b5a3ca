//! Frames from a device or a folder of pictures; survives unplugging.
//!
//! [`Eye`] owns the threads: one that talks to the driver and may get stuck in it, and a watchdog that never does.
//! The caller gets the latest frame and the state, and is never blocked. Nothing is kept or written.

mod choice;
mod eye;
mod frame;
mod list;
mod pixels;
mod slot;
mod source;
mod state;

pub use choice::{CameraId, Choice, Settings};
pub use eye::Eye;
pub use frame::Frame;
pub use list::{CameraInfo, list};
pub use slot::{Changes, Frames, Next};
pub use state::{CameraFault, EyeState};
