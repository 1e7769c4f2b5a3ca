//! Pictures from files.

use std::path::Path;

use crate::reading::Reading;

/// The largest file that is opened.
pub const MAX_BYTES: u64 = 64 * 1024 * 1024;
/// The largest picture that is decoded.
pub const MAX_PIXELS: u64 = 50_000_000;

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

/// The codes in a picture file, each text once; none is an empty list.
///
/// # Errors
/// When the file is no picture that can be looked at.
pub fn read_file(path: &Path) -> Result<Vec<Reading>, PictureError> {
    read_bytes(&std::fs::read(path)?)
}

/// The codes in the bytes of a picture file.
///
/// # Errors
/// When the bytes are no picture that can be looked at.
pub fn read_bytes(bytes: &[u8]) -> Result<Vec<Reading>, PictureError> {
    let _ = bytes;
    Err(PictureError::NoPicture)
}
