//! Which format of a device reads best.

use nokhwa::utils::{CameraFormat, FrameFormat};

use crate::choice::Settings;

/// Below this many frames a second a code is hard to aim at.
const FLUENT: u32 = 15;

/// Sorts formats: fluent before slow, then near the wanted size, then those whose luma needs no decoding.
pub(crate) fn best_first(formats: &mut [CameraFormat], settings: &Settings) {
    let wanted = i64::from(settings.width) * i64::from(settings.height);
    formats.sort_by_key(|format| {
        let pixels = i64::from(format.width()) * i64::from(format.height());
        // A size below costs reach, a size above costs time: below is worse.
        let off = if pixels < wanted { 2 * (wanted - pixels) } else { pixels - wanted };
        let decode = match format.format() {
            FrameFormat::NV12 | FrameFormat::GRAY => 0,
            FrameFormat::YUYV => 1,
            FrameFormat::MJPEG => 2,
            FrameFormat::RAWRGB | FrameFormat::RAWBGR => 3,
        };
        let rate = i64::from(format.frame_rate().abs_diff(settings.fps.max(FLUENT)));
        (format.frame_rate() < FLUENT, off, decode, rate)
    });
}

#[cfg(test)]
mod tests {
    use nokhwa::utils::{CameraFormat, FrameFormat};

    use super::best_first;
    use crate::choice::Settings;

    fn format(width: u32, height: u32, format: FrameFormat, fps: u32) -> CameraFormat {
        CameraFormat::new_from(width, height, format, fps)
    }

    #[test]
    fn a_usual_webcam_gives_jpeg_at_720p_because_its_raw_720p_is_slow() {
        let mut formats = [
            format(640, 480, FrameFormat::YUYV, 30),
            format(1280, 720, FrameFormat::YUYV, 10),
            format(1920, 1080, FrameFormat::YUYV, 5),
            format(640, 480, FrameFormat::MJPEG, 30),
            format(1920, 1080, FrameFormat::MJPEG, 30),
            format(1280, 720, FrameFormat::MJPEG, 30),
        ];
        best_first(&mut formats, &Settings::default());
        assert_eq!(formats[0], format(1280, 720, FrameFormat::MJPEG, 30));
        assert_eq!(formats[5], format(1920, 1080, FrameFormat::YUYV, 5));
    }

    #[test]
    fn raw_before_jpeg_and_a_calm_rate_before_a_fast_one() {
        let mut formats = [
            format(1280, 720, FrameFormat::MJPEG, 30),
            format(1280, 720, FrameFormat::YUYV, 60),
            format(1280, 720, FrameFormat::YUYV, 30),
        ];
        best_first(&mut formats, &Settings::default());
        assert_eq!(formats[0], format(1280, 720, FrameFormat::YUYV, 30));
        assert_eq!(formats[2], format(1280, 720, FrameFormat::MJPEG, 30));
    }
}
