//! The camera of the settings, and those that are there.

use std::path::Path;

use vestibule_camera::CameraInfo;
use vestibule_desk::setting::CameraSettings;

use super::finding::Finding;

/// Whether there is the camera that is wanted; all that are there where nobody said.
pub(super) fn look(settings: Option<&CameraSettings>) -> Vec<Finding> {
    let source = settings.map_or("", |settings| settings.source.as_str());
    if source == "none" {
        return vec![Finding::good("camera", "none wanted")];
    }
    if let Some(folder) = source.strip_prefix("folder:") {
        return vec![if Path::new(folder).is_dir() {
            Finding::good("camera", &format!("pictures of {folder}"))
        } else {
            Finding::bad("camera", &format!("{folder} is no folder"), "put camera.source right")
        }];
    }
    vec![judged(&vestibule_camera::list(), settings.map_or("", |settings| settings.device.as_str()))]
}

fn judged(there: &[CameraInfo], wanted: &str) -> Finding {
    let names: Vec<String> =
        there.iter().map(|camera| format!("{} ({})", camera.name, camera.id.0)).collect();
    let found = names.join(", ");
    if there.is_empty() {
        let todo = "plug one in, allow this account to use it, or set camera.source = \"none\"";
        return if wanted.is_empty() {
            Finding::warning("camera", "none found", todo)
        } else {
            Finding::bad("camera", "none found", todo)
        };
    }
    if !wanted.is_empty() && there.iter().all(|camera| camera.id.0 != wanted) {
        let todo = "plug in the camera of camera.device, or name one of these there";
        return Finding::bad("camera", &format!("{wanted} is not there; found {found}"), todo);
    }
    Finding::good("camera", &found)
}

#[cfg(test)]
mod tests {
    use vestibule_camera::{CameraId, CameraInfo};

    use super::super::finding::Grade;
    use super::{judged, look};

    #[test]
    fn a_camera_that_is_wanted_and_not_there_is_bad() {
        let there = [CameraInfo { id: CameraId("usb:1:2@3".into()), name: "Lobby".into() }];
        assert_eq!(judged(&there, "").grade, Grade::Good);
        assert_eq!(judged(&there, "usb:1:2@3").grade, Grade::Good);
        assert_eq!(judged(&there, "usb:9:9@9").grade, Grade::Bad);
        assert_eq!(judged(&[], "").grade, Grade::Warning);
        assert_eq!(judged(&[], "usb:9:9@9").grade, Grade::Bad);
    }

    #[test]
    fn pictures_and_none_need_no_device() {
        let look = |source: &str| {
            let settings =
                vestibule_desk::setting::CameraSettings { source: source.to_owned(), device: String::new() };
            look(Some(&settings))[0].grade
        };
        assert_eq!(look("none"), Grade::Good);
        assert_eq!(look("folder:no/such/folder"), Grade::Bad);
    }
}
