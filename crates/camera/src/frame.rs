//! A frame.

use std::io::Cursor;
use std::sync::Arc;

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};
use vestibule_domain::Monotonic;
use zune_core::colorspace::ColorSpace;

use crate::pixels::{Layout, Luma, Raw, decode_jpeg};

/// How good a preview looks, of 100.
const PREVIEW_QUALITY: u8 = 60;

/// A picture of a moment: the luma plane for reading, and what the preview needs. Hand its parts to
/// `vestibule_qr::LumaFrame::new(frame.width(), frame.height(), frame.stride(), frame.luma())`.
#[derive(Clone)]
pub struct Frame {
    width: usize,
    height: usize,
    luma: Arc<[u8]>,
    colour: Option<Raw>,
    at: Monotonic,
    sequence: u64,
}

impl Frame {
    /// Pixels in a row.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// Bytes from row to row of the luma plane.
    #[must_use]
    pub fn stride(&self) -> usize {
        self.width
    }

    /// The luma plane.
    #[must_use]
    pub fn luma(&self) -> &[u8] {
        &self.luma
    }

    /// When it arrived.
    #[must_use]
    pub fn at(&self) -> Monotonic {
        self.at
    }

    /// Its number since the eye was opened; gaps are frames that nobody saw.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// A small JPEG for the preview, at most `max_width` wide, in colour where the source has colour. Not
    /// mirrored: the page does that. Takes a few milliseconds: not for the thread that reads codes.
    #[must_use]
    pub fn preview_jpeg(&self, max_width: u32) -> Vec<u8> {
        let step = self.width.div_ceil((max_width as usize).max(1)).max(1);
        let small = self.colour.as_ref().and_then(|raw| colour(raw, step));
        let (width, height, pixels, kind) = match small {
            Some((width, height, pixels)) => (width, height, pixels, ExtendedColorType::Rgb8),
            None => {
                let (width, height, pixels) = gray(&self.luma, self.width, step);
                (width, height, pixels, ExtendedColorType::L8)
            }
        };
        let mut jpeg = Cursor::new(Vec::new());
        let encoder = JpegEncoder::new_with_quality(&mut jpeg, PREVIEW_QUALITY);
        match encoder.write_image(&pixels, width as u32, height as u32, kind) {
            Ok(()) => jpeg.into_inner(),
            Err(_) => Vec::new(),
        }
    }

    /// A frame of the bytes a source gave, when they hold a picture.
    pub(crate) fn of(shot: Shot, at: Monotonic, sequence: u64) -> Self {
        let Luma { width, height, pixels } = shot.luma;
        Self { width, height, luma: pixels, colour: shot.colour, at, sequence }
    }
}

impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Frame({}x{}, number {})", self.width, self.height, self.sequence)
    }
}

/// What a source gives: the luma, and the bytes it came from where they have colour.
pub(crate) struct Shot {
    pub(crate) luma: Luma,
    pub(crate) colour: Option<Raw>,
}

fn gray(luma: &[u8], width: usize, step: usize) -> (usize, usize, Vec<u8>) {
    let mut pixels = Vec::new();
    let mut rows = 0;
    for row in luma.chunks_exact(width).step_by(step) {
        pixels.extend(row.iter().step_by(step));
        rows += 1;
    }
    (width.div_ceil(step), rows, pixels)
}

/// Every `step`th pixel of every `step`th row as red, green and blue.
fn colour(raw: &Raw, step: usize) -> Option<(usize, usize, Vec<u8>)> {
    let (mut width, mut height) = (raw.width, raw.height);
    let mut pixels = Vec::with_capacity(3 * (width / step + 1) * (height / step + 1));
    match raw.layout {
        Layout::Gray => return None,
        Layout::Yuyv => {
            for row in raw.rows()?.step_by(step) {
                for x in (0..width).step_by(step) {
                    let pair = &row[(x & !1) * 2..];
                    let (blue, red) = (pair.get(1)?, pair.get(3).unwrap_or(&128));
                    pixels.extend(rgb(row[x * 2], *blue, *red));
                }
            }
        }
        Layout::Nv12 => {
            let stride = raw.stride();
            let differences = raw.bytes.get(stride * height..)?;
            for (y, row) in raw.rows()?.enumerate().step_by(step) {
                for x in (0..width).step_by(step) {
                    let at = y / 2 * stride + (x & !1);
                    pixels.extend(rgb(row[x], *differences.get(at)?, *differences.get(at + 1)?));
                }
            }
        }
        Layout::Rgb | Layout::Bgr => {
            for row in raw.rows()?.step_by(step) {
                for p in row.chunks_exact(3).step_by(step) {
                    pixels.extend(if raw.layout == Layout::Rgb {
                        [p[0], p[1], p[2]]
                    } else {
                        [p[2], p[1], p[0]]
                    });
                }
            }
        }
        Layout::Jpeg => {
            let (wide, high, decoded) = decode_jpeg(&raw.bytes, ColorSpace::RGB)?;
            (width, height) = (wide, high);
            for row in decoded.chunks_exact(3 * wide).step_by(step) {
                for p in row.chunks_exact(3).step_by(step) {
                    pixels.extend_from_slice(p);
                }
            }
        }
    }
    Some((width.div_ceil(step), height.div_ceil(step), pixels))
}

/// Luma and differences (BT.601, video range) as red, green and blue.
fn rgb(luma: u8, blue: u8, red: u8) -> [u8; 3] {
    let luma = 298 * (i32::from(luma) - 16) + 128;
    let (blue, red) = (i32::from(blue) - 128, i32::from(red) - 128);
    [luma + 409 * red, luma - 100 * blue - 208 * red, luma + 516 * blue].map(|c| (c >> 8).clamp(0, 255) as u8)
}

#[cfg(test)]
mod tests {
    use super::{Frame, Shot};
    use crate::pixels::{Layout, Raw};
    use vestibule_domain::Monotonic;

    fn frame(layout: Layout, width: usize, height: usize, bytes: Vec<u8>) -> Frame {
        let raw = Raw { layout, width, height, bytes: bytes.into() };
        let luma = raw.luma().expect("luma");
        Frame::of(Shot { luma, colour: Some(raw) }, Monotonic(std::time::Duration::ZERO), 1)
    }

    #[test]
    fn a_preview_is_small_and_in_colour() {
        let red_yuyv = [81u8, 90, 81, 240].repeat(1280 * 720 / 2);
        let red_nv12: Vec<u8> =
            std::iter::repeat_n(81, 1280 * 720).chain([90u8, 240].repeat(1280 * 720 / 4)).collect();
        let red_rgb = [255u8, 0, 0].repeat(1280 * 720);
        let jpeg = frame(Layout::Rgb, 1280, 720, red_rgb.clone()).preview_jpeg(1280);
        for (layout, bytes) in
            [(Layout::Yuyv, red_yuyv), (Layout::Nv12, red_nv12), (Layout::Rgb, red_rgb), (Layout::Jpeg, jpeg)]
        {
            let preview = frame(layout, 1280, 720, bytes).preview_jpeg(640);
            let picture = image::load_from_memory(&preview).expect("a JPEG").into_rgb8();
            assert_eq!((picture.width(), picture.height()), (640, 360), "{layout:?}");
            let [red, green, blue] = picture.get_pixel(100, 100).0;
            assert!(red > 230 && green < 30 && blue < 30, "{layout:?}: {red} {green} {blue}");
        }
    }

    #[test]
    fn odd_sizes_have_previews() {
        for (width, height) in [(1, 1), (3, 5), (641, 7), (1279, 719)] {
            let preview = frame(Layout::Gray, width, height, vec![99; width * height]).preview_jpeg(640);
            let picture = image::load_from_memory(&preview).expect("a JPEG");
            assert!(picture.width() <= 640, "{width} x {height}");
            let yuyv = frame(Layout::Yuyv, width, height, vec![99; width * height * 2]).preview_jpeg(0);
            assert!(image::load_from_memory(&yuyv).is_ok(), "{width} x {height}");
        }
    }
}
