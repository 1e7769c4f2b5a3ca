//! A grey picture, borrowed.

/// The luma plane of a frame: one byte a pixel, rows `stride` bytes apart.
#[derive(Clone, Copy)]
pub struct LumaFrame<'a> {
    width: usize,
    height: usize,
    stride: usize,
    data: &'a [u8],
}

/// Why bytes are no frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// A side is zero.
    #[error("a frame needs a width and a height")]
    Empty,
    /// Rows would overlap.
    #[error("the stride is smaller than the width")]
    Stride,
    /// The bytes end before the last row does.
    #[error("the bytes end before the last row does")]
    Short,
}

impl<'a> LumaFrame<'a> {
    /// A frame over bytes that are there.
    ///
    /// # Errors
    /// When the bytes are fewer than the sides and the stride need.
    pub fn new(width: usize, height: usize, stride: usize, data: &'a [u8]) -> Result<Self, FrameError> {
        if width == 0 || height == 0 {
            return Err(FrameError::Empty);
        }
        if stride < width {
            return Err(FrameError::Stride);
        }
        let needed = stride.checked_mul(height - 1).and_then(|n| n.checked_add(width));
        match needed {
            Some(needed) if needed <= data.len() => Ok(Self { width, height, stride, data }),
            _ => Err(FrameError::Short),
        }
    }

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

    /// One row.
    pub(crate) fn row(&self, y: usize) -> &'a [u8] {
        let start = y * self.stride;
        &self.data[start..start + self.width]
    }
}

impl std::fmt::Debug for LumaFrame<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LumaFrame({}x{})", self.width, self.height)
    }
}
