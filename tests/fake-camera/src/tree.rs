//! The camera in `/dev` and `/sys`.

use std::ffi::{CStr, CString};
use std::os::fd::IntoRawFd;

use crate::control::{Control, State, now};

/// Where the USB device is said to be. The port does not change with the number under `/dev`.
const USB: &str = "/sys/devices/vestibule-test/usb1/1-4";

/// The control file, while the camera is plugged in.
pub(crate) fn plugged() -> Option<std::sync::Arc<Control>> {
    now().filter(|control| control.state != State::Unplugged)
}

/// Whether a path is the camera's node.
pub(crate) fn is_node(path: &CStr) -> bool {
    // Most paths are something else: the control file is not even looked at for them.
    let Some(number) = path.to_bytes().strip_prefix(b"/dev/video") else { return false };
    let number = std::str::from_utf8(number).ok().and_then(|number| number.parse().ok());
    plugged().is_some_and(|control| number == Some(control.index))
}

/// A file under `/sys` that the camera has: a descriptor with its content.
pub(crate) fn open_fact(path: &CStr) -> Option<i32> {
    let path = path.to_str().ok().filter(|path| path.starts_with("/sys/"))?;
    let control = plugged()?;
    let node = format!("/sys/class/video4linux/video{}/", control.index);
    let content = if let Some(fact) = path.strip_prefix(&node) {
        match fact {
            "name" => control.name.clone(),
            "index" => "0".to_owned(),
            _ => return None,
        }
    } else {
        match path.strip_prefix(USB)? {
            "/idVendor" => "1d6b".to_owned(),
            "/idProduct" => "0104".to_owned(),
            "/serial" if !control.serial.is_empty() => control.serial.clone(),
            _ => return None,
        }
    };
    // SAFETY: a C string; the descriptor is checked.
    let file = unsafe { libc::memfd_create(c"fact".as_ptr(), libc::MFD_CLOEXEC) };
    if file < 0 {
        return None;
    }
    use std::io::{Seek, Write};
    use std::os::fd::FromRawFd;
    // SAFETY: it was just made and belongs to nobody else.
    let mut file = unsafe { std::fs::File::from_raw_fd(file) };
    writeln!(file, "{content}").ok()?;
    file.rewind().ok()?;
    Some(file.into_raw_fd())
}

/// What the link from the node to the USB interface resolves to.
pub(crate) fn resolve(path: &CStr) -> Option<CString> {
    let path = path.to_str().ok().filter(|path| path.starts_with("/sys/class/video4linux/"))?;
    let control = plugged()?;
    (path == format!("/sys/class/video4linux/video{}/device", control.index))
        .then(|| CString::new(format!("{USB}/1-4:1.0")).ok())?
}
