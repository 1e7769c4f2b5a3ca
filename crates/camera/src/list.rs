//! Which cameras there are.

use std::panic::{AssertUnwindSafe, catch_unwind};

use nokhwa::utils::{ApiBackend, CameraIndex};
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
    found().into_iter().map(|found| found.info).collect()
}

/// A camera and its place at this moment.
pub(crate) struct Found {
    pub(crate) info: CameraInfo,
    pub(crate) index: CameraIndex,
}

/// The cameras of this PC. nokhwa panics where it does not know its way (a PC without any webcam on Windows, an
/// odd name under /dev on Linux): that is no camera, and no reason to stop.
pub(crate) fn found() -> Vec<Found> {
    let mut cameras =
        catch_unwind(|| nokhwa::query(ApiBackend::Auto)).ok().and_then(Result::ok).unwrap_or_default();
    cameras.sort_by_key(|camera| camera.index().as_index().unwrap_or(u32::MAX));
    let mut found: Vec<Found> = Vec::with_capacity(cameras.len());
    for camera in cameras {
        let place = place(camera.index());
        if place.is_second_node {
            continue;
        }
        let name = camera.human_name();
        let mut id = match place.id {
            Some(id) => id,
            None if camera.misc().is_empty() => format!("name:{name}"),
            None => format!("link:{}", camera.misc()),
        };
        // Two of the same make without a serial number: told apart by their order only.
        let twins =
            found.iter().filter(|other| other.info.id.0.split('#').next() == Some(id.as_str())).count();
        if twins > 0 {
            id = format!("{id}#{}", twins + 1);
        }
        found.push(Found { info: CameraInfo { id: CameraId(id), name }, index: camera.index().clone() });
    }
    found
}

#[derive(Default)]
struct Place {
    id: Option<String>,
    /// A UVC camera has a second node for metadata, which cannot be opened for pictures.
    is_second_node: bool,
}

#[cfg(target_os = "linux")]
fn place(index: &CameraIndex) -> Place {
    use std::fs::{canonicalize, read_to_string};
    let Ok(index) = index.as_index() else { return Place::default() };
    let node = format!("/sys/class/video4linux/video{index}");
    let is_second_node =
        read_to_string(format!("{node}/index")).is_ok_and(|index| index.trim().parse() != Ok(0u32));
    let usb = canonicalize(format!("{node}/device")).ok().and_then(|interface| {
        let device = interface.parent()?.to_owned();
        let fact = |name: &str| read_to_string(device.join(name)).ok().map(|fact| fact.trim().to_owned());
        let (vendor, product) = (fact("idVendor")?, fact("idProduct")?);
        let port = device.file_name()?.to_string_lossy().into_owned();
        // A serial number follows the camera from port to port; without one, the port is its name.
        Some(match fact("serial").filter(|serial| !serial.is_empty()) {
            Some(serial) => format!("usb:{vendor}:{product}:{serial}"),
            None => format!("usb:{vendor}:{product}@{port}"),
        })
    });
    Place { id: usb, is_second_node }
}

#[cfg(not(target_os = "linux"))]
fn place(_index: &CameraIndex) -> Place {
    Place::default()
}

/// Runs something of nokhwa's; a panic in it is no answer.
pub(crate) fn fenced<T>(call: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(call)).ok()
}
