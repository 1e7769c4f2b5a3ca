//! Pass code to picture, picture to text. Opens no device, knows no pass.
//!
//! - [`draw`] makes the picture of a code and reads it back before anybody sees it.
//! - [`Reader`] reads frames: [`Reader::still`] spends what it takes on one picture, [`Reader::live`] spends a
//!   budget on each frame of a camera and spreads the expensive looks over the following ones.
//! - [`read_file`] reads a picture file, with limits.
//! - [`steady::Steady`] turns "the code is in view" into one showing.

mod binary;
pub mod draw;
mod file;
mod frame;
mod gray;
mod hint;
mod ladder;
mod live;
#[cfg(feature = "kiosk-model")]
pub mod model;
mod notice;
mod read;
mod reading;
mod sample;
pub mod steady;
mod voice;

pub use file::{PictureError, read_bytes, read_file};
pub use frame::{FrameError, LumaFrame};
pub use hint::Hint;
pub use read::{Look, Reader};
pub use reading::{Corner, Reading, Text};
