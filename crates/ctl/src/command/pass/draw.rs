//! A code as a picture in a file.

use std::path::Path;

use crate::{Trouble, file};

/// What kind of picture.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Svg,
    Png,
}

impl Kind {
    /// By the file's name.
    pub(crate) fn of(file: &Path) -> Result<Self, Trouble> {
        match file.extension().and_then(|end| end.to_str()).map(str::to_ascii_lowercase).as_deref() {
            Some("svg") => Ok(Self::Svg),
            Some("png") => Ok(Self::Png),
            _ => Err(Trouble(format!("--qr: {}: the name must end in .svg or .png", file.display()))),
        }
    }

    /// Draws a text into a file.
    pub(crate) fn write(self, path: &Path, text: &str) -> Result<(), Trouble> {
        let drawing = |error: vestibule_qr::draw::DrawError| Trouble(error.to_string());
        let bytes = match self {
            Self::Svg => vestibule_qr::draw::svg(text).map_err(drawing)?.into_bytes(),
            Self::Png => vestibule_qr::draw::png(text, 12).map_err(drawing)?,
        };
        std::fs::write(path, bytes).map_err(file::trouble(path))
    }
}
