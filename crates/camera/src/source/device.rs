//! A camera of this PC, through nokhwa.
//!
//! nokhwa is kept behind this file. What it does not do (time limits, a stable name, rows with padding) is done
//! here and by the watchdog; what it does too much (a panic, a picture in RGB) is fenced off or not asked for.

mod format;

use std::sync::Arc;

use nokhwa::utils::{
    CameraFormat, ControlValueSetter, FrameFormat, KnownCameraControl, RequestedFormat, RequestedFormatType,
};
use nokhwa::{Camera, NokhwaError};

use crate::choice::{CameraId, Settings};
use crate::frame::Shot;
use crate::list::{Found, fenced, found};
use crate::pixels::{Layout, Raw};
use crate::source::Source;
use crate::state::CameraFault;

/// Formats that can be read without a conversion, and JPEG.
const FORMATS: [FrameFormat; 6] = [
    FrameFormat::YUYV,
    FrameFormat::NV12,
    FrameFormat::GRAY,
    FrameFormat::MJPEG,
    FrameFormat::RAWRGB,
    FrameFormat::RAWBGR,
];
/// How many formats are tried, best first.
const MOST_FORMATS: usize = 4;
/// How many damaged frames in a row are passed over.
const MOST_DAMAGED: u32 = 30;

/// An open device.
pub(crate) struct Device {
    name: String,
    format: CameraFormat,
    /// Gone only when it is dropped, which is fenced.
    camera: Option<Camera>,
}

impl Device {
    pub(crate) fn open(id: Option<&CameraId>, settings: &Settings) -> Result<Self, CameraFault> {
        let found = found();
        let chosen = found.iter().find(|camera| Some(&camera.info.id) == id).or(found.first());
        let Found { info, index } = chosen.ok_or(CameraFault::None)?;
        let wanted = RequestedFormat::with_formats(RequestedFormatType::None, &FORMATS);
        let camera = fenced(|| Camera::new(index.clone(), wanted)).ok_or(CameraFault::Broken)?;
        let mut device = Self {
            name: info.name.clone(),
            format: CameraFormat::default(),
            camera: Some(camera.map_err(|error| fault_of(&error))?),
        };
        device.start(settings)?;
        Ok(device)
    }

    /// Chooses the format and starts the stream.
    fn start(&mut self, settings: &Settings) -> Result<(), CameraFault> {
        let camera = self.camera.as_mut().ok_or(CameraFault::Broken)?;
        let format = fenced(|| {
            let mut formats = camera.compatible_camera_formats().unwrap_or_default();
            format::best_first(&mut formats, settings);
            for format in formats.into_iter().take(MOST_FORMATS) {
                let exactly = RequestedFormat::with_formats(RequestedFormatType::Exact(format), &FORMATS);
                if camera.camera_format() == format || camera.set_camera_requset(exactly).is_ok() {
                    break;
                }
            }
            help_focus(camera);
            camera.open_stream().map_err(|error| fault_of(&error))?;
            Ok(camera.camera_format())
        });
        self.format = format.ok_or(CameraFault::Broken)??;
        tracing::info!(camera = %self.name, format = %self.format, "the camera is open");
        Ok(())
    }
}

impl Source for Device {
    fn name(&self) -> &str {
        &self.name
    }

    fn next(&mut self) -> Result<Shot, CameraFault> {
        let camera = self.camera.as_mut().ok_or(CameraFault::Broken)?;
        let layout = layout_of(self.format.format());
        for _ in 0..MOST_DAMAGED {
            let bytes: Arc<[u8]> = fenced(|| camera.frame_raw().map(|bytes| Arc::from(&*bytes)))
                .ok_or(CameraFault::Broken)?
                .map_err(|error| fault_of(&error))?;
            let (width, height) = (self.format.width() as usize, self.format.height() as usize);
            let raw = Raw { layout, width, height, bytes };
            if let Some(luma) = raw.luma() {
                let colour = (layout != Layout::Gray).then_some(raw);
                return Ok(Shot { luma, colour });
            }
        }
        Err(CameraFault::Broken)
    }

    fn can_freeze(&self) -> bool {
        true
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        // The driver below panics when the stream cannot be stopped.
        let camera = self.camera.take();
        if fenced(move || drop(camera)).is_none() {
            tracing::warn!(camera = %self.name, "the camera could not be closed properly");
        }
    }
}

fn layout_of(format: FrameFormat) -> Layout {
    match format {
        FrameFormat::MJPEG => Layout::Jpeg,
        FrameFormat::YUYV => Layout::Yuyv,
        FrameFormat::NV12 => Layout::Nv12,
        FrameFormat::GRAY => Layout::Gray,
        FrameFormat::RAWRGB => Layout::Rgb,
        FrameFormat::RAWBGR => Layout::Bgr,
    }
}

/// Continuous focus and automatic exposure where the camera has them, without longer exposures than the frame
/// rate allows: a visitor's hand moves. What it refuses, it does without.
fn help_focus(camera: &mut Camera) {
    #[cfg(target_os = "linux")]
    for (control, value) in [
        (0x009a_090c, ControlValueSetter::Boolean(true)), // V4L2_CID_FOCUS_AUTO
        (0x009a_0901, ControlValueSetter::Integer(3)),    // V4L2_CID_EXPOSURE_AUTO: aperture priority
        (0x009a_0903, ControlValueSetter::Boolean(false)), // V4L2_CID_EXPOSURE_AUTO_PRIORITY
    ] {
        let set = camera.set_camera_control(KnownCameraControl::Other(control), value);
        tracing::debug!(control, done = set.is_ok(), "asked the camera for a setting");
    }
    #[cfg(not(target_os = "linux"))]
    let _ = camera;
}

/// nokhwa gives sentences; the system's number is in them.
fn fault_of(error: &NokhwaError) -> CameraFault {
    let words = error.to_string();
    tracing::debug!(%words, "the camera said no");
    let number = words.split("os error ").nth(1).and_then(|rest| rest.split(')').next());
    match number.and_then(|number| number.parse::<u32>().ok()) {
        Some(16) => CameraFault::Busy,
        Some(1 | 13) => CameraFault::Denied,
        Some(2 | 6 | 19) => CameraFault::Lost,
        _ => CameraFault::Broken,
    }
}
