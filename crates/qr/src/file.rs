//! Pictures from files.

use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;

use image::{DynamicImage, ImageDecoder, ImageError, ImageReader, Limits};

use crate::frame::LumaFrame;
use crate::read::Reader;
use crate::reading::Reading;

/// The largest file that is opened.
pub(crate) const MAX_BYTES: u64 = 64 * 1024 * 1024;
/// The largest picture that is decoded.
pub(crate) const MAX_PIXELS: u64 = 50_000_000;
/// What a decoder may allocate: the largest picture in its widest form, and room to work.
const MAX_ALLOCATED: u64 = 512 * 1024 * 1024;

/// Why a file is no picture that can be looked at.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// The file cannot be opened or read.
    #[error("the file cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Larger than 64 MB.
    #[error("the file has {bytes} bytes; at most {MAX_BYTES} are read")]
    TooManyBytes {
        /// How large it is.
        bytes: u64,
    },
    /// More than 50 million pixels.
    #[error("the picture has {width} x {height} pixels; at most {MAX_PIXELS} are looked at")]
    TooManyPixels {
        /// Its width as the file says.
        width: u32,
        /// Its height as the file says.
        height: u32,
    },
    /// Not a PNG, JPEG, WebP, GIF or BMP.
    #[error("this is no picture (PNG, JPEG, WebP, GIF and BMP are read)")]
    NoPicture,
    /// It begins as a picture, but its content is damaged or cut off.
    #[error("the picture is damaged or cut off")]
    Damaged,
}

/// The codes in a picture file, each text once; none is an empty list. Reads the whole ladder, and nothing that is
/// larger than 64 MB or 50 million pixels.
///
/// # Errors
/// When the file is no picture that can be looked at.
pub fn read_file(path: &Path) -> Result<Vec<Reading>, PictureError> {
    let file = File::open(path)?;
    let mut bytes = Vec::new();
    // One byte more than allowed, whatever the file's length says of itself: a pipe says nothing.
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    read_bytes(&bytes)
}

/// The codes in the bytes of a picture file.
///
/// # Errors
/// When the bytes are no picture that can be looked at.
pub fn read_bytes(bytes: &[u8]) -> Result<Vec<Reading>, PictureError> {
    let (width, height, luma) = luma_of(bytes)?;
    match LumaFrame::new(width, height, width, &luma) {
        Ok(frame) => Ok(Reader::read_still(&frame)),
        Err(_) => Err(PictureError::Damaged),
    }
}

/// The luma of a picture file; what is transparent is white.
fn luma_of(bytes: &[u8]) -> Result<(usize, usize, Vec<u8>), PictureError> {
    if bytes.is_empty() {
        return Err(PictureError::Empty);
    }
    if bytes.len() as u64 > MAX_BYTES {
        return Err(PictureError::TooManyBytes { bytes: bytes.len() as u64 });
    }
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    if reader.format().is_none() {
        return Err(PictureError::NoPicture);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_ALLOCATED);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(|error| why(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(PictureError::TooManyPixels { width, height });
    }
    let picture = DynamicImage::from_decoder(decoder).map_err(|error| why(&error))?;
    let luma = if picture.color().has_alpha() { on_white(&picture) } else { picture.into_luma8().into_raw() };
    Ok((width as usize, height as usize, luma))
}

fn on_white(picture: &DynamicImage) -> Vec<u8> {
    picture
        .to_luma_alpha8()
        .pixels()
        .map(|image::LumaA([luma, alpha])| {
            let (luma, alpha) = (u32::from(*luma), u32::from(*alpha));
            ((luma * alpha + 255 * (255 - alpha)) / 255) as u8
        })
        .collect()
}

fn why(error: &ImageError) -> PictureError {
    match error {
        ImageError::Unsupported(_) => PictureError::NoPicture,
        _ => PictureError::Damaged,
    }
}
