//! How the camera is.

use serde::Serialize;
use specta::Type;

/// What an eye is doing. Typing the code and a hand scanner stay on offer in every state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(tag = "state", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum EyeState {
    /// Closed.
    Off,
    /// Opening the device; no frame yet.
    Starting,
    /// Frames arrive.
    Running {
        /// The device's name, or the folder's.
        name: String,
    },
    /// No frames; it goes on trying by itself.
    Failed {
        /// Why.
        fault: CameraFault,
    },
}

/// Why there are no usable frames: a fault exists only if a person does something else about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum CameraFault {
    /// There is no camera: plug one in.
    None,
    /// Another program has it: close that.
    Busy,
    /// The system does not allow it: change the privacy setting.
    Denied,
    /// It was there and went away: plug it in again.
    Lost,
    /// It is there and sends nothing: unplug it and plug it in again.
    Silent,
    /// It sends the same picture over and over: unplug it and plug it in again.
    Frozen,
    /// It sends only black: uncover the lens.
    Dark,
    /// Anything else: restart the PC, or take another camera.
    Broken,
}
