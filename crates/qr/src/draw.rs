//! The picture of a code.
//!
//! The text decides the mode (capital letters and digits are drawn in the denser alphanumeric mode), the size
//! decides the error correction: the smallest size that holds the text at level M, then the highest level that
//! still fits that size. Scratches and reflections are paid for with space that was free anyway.

use std::io::Cursor;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use qrcode::{Color, EcLevel, QrCode, Version, types::QrError};

use crate::frame::LumaFrame;
use crate::read::Reader;

/// White modules around a code, as the standard asks.
pub(crate) const QUIET: usize = 4;
/// The largest side of a drawn PNG.
const LARGEST_SIDE: u32 = 8192;

/// Why a code has no picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DrawError {
    /// There is nothing to draw.
    #[error("an empty text has no QR code")]
    Empty,
    /// A QR code does not hold that much.
    #[error("the text is too long for a QR code")]
    TooLong,
    /// The picture would be larger than anybody needs.
    #[error("the picture would have more than {limit} pixels on a side")]
    TooLarge {
        /// The largest side.
        limit: u32,
    },
    /// What was drawn was read back as something else, or not at all. It must not be shown.
    #[error("the drawn code was not read back as it was meant")]
    NotReadBack,
    /// The picture could not be encoded.
    #[error("the picture could not be encoded")]
    Encoding,
}

/// The code as a self-contained `<svg>`: a `viewBox` in modules, a white ground with a quiet zone of four modules,
/// crisp edges, no script, no style, no size of its own.
///
/// # Errors
/// See [`DrawError`]; a picture that comes back was read and said the same text.
pub fn svg(code: &str) -> Result<String, DrawError> {
    let modules = Modules::of(code)?;
    modules.read_back(code)?;
    let side = modules.side + 2 * QUIET;
    let mut path = String::new();
    for y in 0..modules.side {
        let mut x = 0;
        while x < modules.side {
            let run = (x..modules.side).take_while(|&x| modules.dark(x, y)).count();
            if run > 0 {
                path.push_str(&format!("M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET));
            }
            x += run.max(1);
        }
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}h-{side}z\"/><path fill=\"#000\" d=\"{path}\"/></svg>"
    ))
}

/// The code as a grey PNG with `module_px` pixels a module (at least 1) and a quiet zone of four modules.
///
/// # Errors
/// See [`DrawError`]; a picture that comes back was read and said the same text.
pub fn png(code: &str, module_px: u32) -> Result<Vec<u8>, DrawError> {
    let modules = Modules::of(code)?;
    modules.read_back(code)?;
    let scale = module_px.max(1);
    let side = u32::try_from(modules.side + 2 * QUIET)
        .ok()
        .and_then(|side| side.checked_mul(scale))
        .filter(|&side| side <= LARGEST_SIDE)
        .ok_or(DrawError::TooLarge { limit: LARGEST_SIDE })?;
    let pixels = modules.pixels(scale as usize);
    let mut png = Cursor::new(Vec::new());
    PngEncoder::new_with_quality(&mut png, CompressionType::Fast, FilterType::Up)
        .write_image(&pixels, side, side, ExtendedColorType::L8)
        .map_err(|_| DrawError::Encoding)?;
    Ok(png.into_inner())
}

/// The dark and light squares of a code.
pub(crate) struct Modules {
    side: usize,
    dark: Vec<bool>,
}

impl Modules {
    /// Draws a code.
    pub(crate) fn of(code: &str) -> Result<Self, DrawError> {
        if code.is_empty() {
            return Err(DrawError::Empty);
        }
        let drawn = smallest_then_strongest(code.as_bytes()).map_err(|why| match why {
            QrError::DataTooLong => DrawError::TooLong,
            _ => DrawError::Encoding,
        })?;
        let side = drawn.width();
        let dark = drawn.into_colors().into_iter().map(|color| color == Color::Dark).collect();
        Ok(Self { side, dark })
    }

    /// Modules on a side, without the quiet zone.
    #[cfg(feature = "kiosk-model")]
    pub(crate) fn side(&self) -> usize {
        self.side
    }

    /// Whether a module is dark.
    pub(crate) fn dark(&self, x: usize, y: usize) -> bool {
        self.dark[y * self.side + x]
    }

    /// A grey picture with a quiet zone.
    pub(crate) fn pixels(&self, scale: usize) -> Vec<u8> {
        let side = (self.side + 2 * QUIET) * scale;
        let mut pixels = vec![255; side * side];
        for y in 0..self.side * scale {
            for x in 0..self.side * scale {
                if self.dark(x / scale, y / scale) {
                    pixels[(y + QUIET * scale) * side + x + QUIET * scale] = 0;
                }
            }
        }
        pixels
    }

    /// Reads what was drawn: a code that we cannot read is not handed to a visitor.
    fn read_back(&self, code: &str) -> Result<(), DrawError> {
        const SCALE: usize = 4;
        let side = (self.side + 2 * QUIET) * SCALE;
        let pixels = self.pixels(SCALE);
        let frame = LumaFrame::new(side, side, side, &pixels).map_err(|_| DrawError::NotReadBack)?;
        match Reader::read_still(&frame).as_slice() {
            [reading] if reading.text.words() == Some(code) => Ok(()),
            _ => Err(DrawError::NotReadBack),
        }
    }
}

fn smallest_then_strongest(data: &[u8]) -> Result<QrCode, QrError> {
    let Ok(smallest) = QrCode::with_error_correction_level(data, EcLevel::M) else {
        return QrCode::with_error_correction_level(data, EcLevel::L);
    };
    let Version::Normal(_) = smallest.version() else { return Ok(smallest) };
    for level in [EcLevel::H, EcLevel::Q] {
        if let Ok(stronger) = QrCode::with_version(data, smallest.version(), level) {
            return Ok(stronger);
        }
    }
    Ok(smallest)
}
