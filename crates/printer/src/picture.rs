//! A picture of black dots on white paper.

use std::io::Cursor;

use image::{GrayImage, ImageFormat};

/// Dots a millimetre, of nearly every receipt printer (203 dpi).
pub(crate) const DOTS_PER_MM: u32 = 8;
/// What is black in a picture.
pub(crate) const BLACK: u8 = 0;
/// What is white in a picture.
pub(crate) const WHITE: u8 = 255;

/// A picture of black dots on white paper, as wide as the paper's line.
#[derive(Clone)]
pub struct Picture(pub(crate) GrayImage);

impl Picture {
    /// Its dots: 0 is black, 255 white, and nothing is in between.
    #[must_use]
    pub fn dots(&self) -> &GrayImage {
        &self.0
    }

    /// The picture as a PNG file; none where it could not be written.
    #[must_use]
    pub fn png(&self) -> Option<Vec<u8>> {
        let mut png = Cursor::new(Vec::new());
        self.0.write_to(&mut png, ImageFormat::Png).ok()?;
        Some(png.into_inner())
    }

    pub(crate) fn width(&self) -> u32 {
        self.0.width()
    }

    pub(crate) fn height(&self) -> u32 {
        self.0.height()
    }

    /// Its rows, eight dots a byte, the first in the highest bit. A dot that is black is a bit that is set.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Vec<u8>> {
        let packed = |eight: &[u8]| {
            let bits = eight.iter().enumerate().filter(|(_, dot)| **dot == BLACK);
            bits.fold(0, |byte, (at, _)| byte | (0x80 >> at))
        };
        self.0
            .as_raw()
            .chunks_exact(self.width() as usize)
            .map(move |row| row.chunks(8).map(packed).collect())
    }
}
