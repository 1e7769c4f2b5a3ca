//! What a camera sends, and the luma in it.

use std::sync::Arc;

use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

/// The largest side of a frame that is believed.
const LARGEST_SIDE: usize = 8192;

/// How the bytes of a frame are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Layout {
    /// One byte a pixel.
    Gray,
    /// Two bytes a pixel: luma, and in turn blue and red difference.
    Yuyv,
    /// A luma plane, then a plane of differences at half the size.
    Nv12,
    /// Red, green, blue.
    Rgb,
    /// Blue, green, red.
    Bgr,
    /// A JPEG.
    Jpeg,
}

/// The bytes of a frame as they came.
#[derive(Debug, Clone)]
pub(crate) struct Raw {
    pub(crate) layout: Layout,
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) bytes: Arc<[u8]>,
}

/// A luma plane without gaps.
pub(crate) struct Luma {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) pixels: Arc<[u8]>,
}

impl Raw {
    /// Bytes from row to row of the (first) plane. Drivers pad rows and do not say so through nokhwa; the length
    /// of the buffer tells: it is the size of the frame, or that rounded up to whole pages.
    pub(crate) fn stride(&self) -> usize {
        let natural = self.width * self.bytes_per_pixel();
        let candidates = [1, 4, 8, 16, 32, 64, 128, 256, 512].map(|align| natural.next_multiple_of(align));
        let exact = candidates.iter().find(|&&stride| self.bytes.len() == self.size_with(stride));
        let paged = || {
            candidates
                .iter()
                .find(|&&stride| self.bytes.len() == self.size_with(stride).next_multiple_of(4096))
        };
        exact.or_else(paged).copied().unwrap_or(natural)
    }

    fn bytes_per_pixel(&self) -> usize {
        match self.layout {
            Layout::Gray | Layout::Nv12 | Layout::Jpeg => 1,
            Layout::Yuyv => 2,
            Layout::Rgb | Layout::Bgr => 3,
        }
    }

    fn size_with(&self, stride: usize) -> usize {
        match self.layout {
            Layout::Nv12 => stride * self.height + stride * self.height.div_ceil(2),
            _ => stride * self.height,
        }
    }

    /// The luma of the frame; none when there are too few bytes for its size, or the JPEG is damaged.
    pub(crate) fn luma(&self) -> Option<Luma> {
        if self.width > LARGEST_SIDE || self.height > LARGEST_SIDE {
            return None;
        }
        if self.layout == Layout::Jpeg {
            let (width, height, pixels) = decode_jpeg(&self.bytes, ColorSpace::Luma)?;
            return Some(Luma { width, height, pixels: pixels.into() });
        }
        let mut pixels = Vec::with_capacity(self.width * self.height);
        for row in self.rows()? {
            match self.layout {
                Layout::Gray | Layout::Nv12 | Layout::Jpeg => pixels.extend_from_slice(row),
                Layout::Yuyv => pixels.extend(row.chunks_exact(2).map(|pair| pair[0])),
                Layout::Rgb => pixels.extend(row.chunks_exact(3).map(|p| brightness(p[0], p[1], p[2]))),
                Layout::Bgr => pixels.extend(row.chunks_exact(3).map(|p| brightness(p[2], p[1], p[0]))),
            }
        }
        Some(Luma { width: self.width, height: self.height, pixels: pixels.into() })
    }

    /// The rows of the (first) plane, without their padding.
    pub(crate) fn rows(&self) -> Option<impl Iterator<Item = &[u8]>> {
        let (stride, used) = (self.stride(), self.width * self.bytes_per_pixel());
        let enough = used > 0 && self.height > 0 && self.bytes.len() >= stride * (self.height - 1) + used;
        enough.then(|| self.bytes.chunks(stride).take(self.height).map(move |row| &row[..used]))
    }
}

/// A JPEG in the wanted colour space, with its own size. What a driver left behind it is ignored.
pub(crate) fn decode_jpeg(bytes: &[u8], space: ColorSpace) -> Option<(usize, usize, Vec<u8>)> {
    let options = DecoderOptions::default()
        .jpeg_set_out_colorspace(space)
        .set_max_width(LARGEST_SIDE)
        .set_max_height(LARGEST_SIDE);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let pixels = decoder.decode().ok()?;
    let info = decoder.info()?;
    Some((usize::from(info.width), usize::from(info.height), pixels))
}

/// The luma of a colour, in 256ths.
pub(crate) fn brightness(red: u8, green: u8, blue: u8) -> u8 {
    ((77 * u32::from(red) + 150 * u32::from(green) + 29 * u32::from(blue)) >> 8) as u8
}

#[cfg(test)]
mod tests {
    use super::{Layout, Raw};

    fn raw(layout: Layout, width: usize, height: usize, bytes: Vec<u8>) -> Raw {
        Raw { layout, width, height, bytes: bytes.into() }
    }

    #[test]
    fn padded_rows_are_found_by_the_length() {
        for (layout, width, height, length, stride) in [
            (Layout::Yuyv, 640, 480, 640 * 480 * 2, 1280),
            (Layout::Yuyv, 636, 480, 1280 * 480, 1280),
            (Layout::Gray, 100, 10, 128 * 10, 128),
            (Layout::Gray, 100, 10, 4096, 100),
            (Layout::Nv12, 322, 240, 384 * 360, 384),
            (Layout::Nv12, 320, 240, 320 * 360, 320),
        ] {
            assert_eq!(raw(layout, width, height, vec![0; length]).stride(), stride, "{layout:?} {width}");
        }
    }

    #[test]
    fn luma_of_every_layout() {
        let yuyv = raw(Layout::Yuyv, 2, 2, vec![1, 9, 2, 9, 3, 9, 4, 9]);
        assert_eq!(yuyv.luma().unwrap().pixels[..], [1, 2, 3, 4]);
        let nv12 = raw(Layout::Nv12, 2, 2, vec![1, 2, 3, 4, 9, 9]);
        assert_eq!(nv12.luma().unwrap().pixels[..], [1, 2, 3, 4]);
        let rgb = raw(Layout::Rgb, 1, 1, vec![255, 0, 0]);
        assert_eq!(rgb.luma().unwrap().pixels[..], [76]);
        let bgr = raw(Layout::Bgr, 1, 1, vec![0, 0, 255]);
        assert_eq!(bgr.luma().unwrap().pixels[..], [76]);
    }

    #[test]
    fn too_few_bytes_are_no_frame() {
        for layout in [Layout::Gray, Layout::Yuyv, Layout::Nv12, Layout::Rgb, Layout::Jpeg] {
            for length in [0, 1, 99] {
                assert!(raw(layout, 10, 10, vec![0; length]).luma().is_none(), "{layout:?} {length}");
            }
            assert!(raw(layout, 0, 0, Vec::new()).luma().is_none());
            assert!(raw(layout, 100_000, 100_000, vec![0; 10]).luma().is_none());
        }
    }
}
