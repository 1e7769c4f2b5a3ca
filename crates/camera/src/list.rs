//! Which cameras there are.

use serde::Serialize;
use specta::Type;

use crate::choice::CameraId;

/// A camera of this PC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CameraInfo {
    /// To be remembered.
    pub id: CameraId,
    /// To be shown.
    pub name: String,
}

/// The cameras of this PC; none when there are none or the system does not say. May take a moment: not for the
/// thread that draws.
#[must_use]
pub fn list() -> Vec<CameraInfo> {
    Vec::new()
}
