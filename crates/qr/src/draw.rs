//! The picture of a code.

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
    let _ = code;
    Err(DrawError::Encoding)
}

/// The code as a grey PNG with `module_px` pixels a module (at least 1) and a quiet zone of four modules.
///
/// # Errors
/// See [`DrawError`]; a picture that comes back was read and said the same text.
pub fn png(code: &str, module_px: u32) -> Result<Vec<u8>, DrawError> {
    let _ = (code, module_px);
    Err(DrawError::Encoding)
}
