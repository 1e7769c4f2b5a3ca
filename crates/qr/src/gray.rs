//! A grey picture of our own, and what is done to it before it is read.

use crate::frame::LumaFrame;

/// A picture without gaps between its rows.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Gray {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) pixels: Vec<u8>,
}

impl Gray {
    /// A copy of a frame.
    pub(crate) fn of(frame: &LumaFrame<'_>) -> Self {
        let mut pixels = Vec::with_capacity(frame.width() * frame.height());
        for y in 0..frame.height() {
            pixels.extend_from_slice(frame.row(y));
        }
        Self { width: frame.width(), height: frame.height(), pixels }
    }

    /// A rectangle of it, which is first cut to the picture.
    pub(crate) fn cut(&self, area: Area) -> Option<Self> {
        let area = area.within(self.width, self.height)?;
        let mut pixels = Vec::with_capacity(area.width * area.height);
        for y in area.y..area.y + area.height {
            pixels.extend_from_slice(&self.row(y)[area.x..area.x + area.width]);
        }
        Some(Self { width: area.width, height: area.height, pixels })
    }

    /// One row.
    pub(crate) fn row(&self, y: usize) -> &[u8] {
        &self.pixels[y * self.width..(y + 1) * self.width]
    }

    /// The longer side.
    pub(crate) fn longer(&self) -> usize {
        self.width.max(self.height)
    }

    /// Another size: averaged over areas when smaller, interpolated when larger.
    pub(crate) fn resized(&self, width: usize, height: usize) -> Self {
        let (width, height) = (width.max(1), height.max(1));
        if width <= self.width && height <= self.height {
            self.averaged(width, height)
        } else {
            self.interpolated(width, height)
        }
    }

    /// The longer side brought to `side`.
    pub(crate) fn fitted(&self, side: usize) -> Self {
        let longer = self.longer();
        self.resized(
            (self.width * side).div_ceil(longer).max(1),
            (self.height * side).div_ceil(longer).max(1),
        )
    }

    fn averaged(&self, width: usize, height: usize) -> Self {
        let edges = |from: usize, to: usize| -> Vec<usize> { (0..=to).map(|i| i * from / to).collect() };
        let (xs, ys) = (edges(self.width, width), edges(self.height, height));
        let mut pixels = Vec::with_capacity(width * height);
        let mut sums = vec![0u32; width];
        for y in ys.windows(2) {
            sums.fill(0);
            for row in y[0]..y[1] {
                let row = self.row(row);
                for (sum, x) in sums.iter_mut().zip(xs.windows(2)) {
                    *sum += row[x[0]..x[1]].iter().map(|&p| u32::from(p)).sum::<u32>();
                }
            }
            for (sum, x) in sums.iter().zip(xs.windows(2)) {
                let count = ((x[1] - x[0]) * (y[1] - y[0])) as u32;
                pixels.push((sum / count.max(1)) as u8);
            }
        }
        Self { width, height, pixels }
    }

    fn interpolated(&self, width: usize, height: usize) -> Self {
        // 16.8 fixed point, centres of pixels on centres of pixels.
        let steps = |from: usize, to: usize| -> Vec<(usize, usize, u32)> {
            (0..to)
                .map(|i| {
                    let at = ((2 * i + 1) * from * 128 / to).saturating_sub(128);
                    let low = (at >> 8).min(from - 1);
                    (low, (low + 1).min(from - 1), (at & 255) as u32)
                })
                .collect()
        };
        let (xs, ys) = (steps(self.width, width), steps(self.height, height));
        let mut pixels = Vec::with_capacity(width * height);
        for &(y0, y1, fy) in &ys {
            let (upper, lower) = (self.row(y0), self.row(y1));
            for &(x0, x1, fx) in &xs {
                let top = u32::from(upper[x0]) * (256 - fx) + u32::from(upper[x1]) * fx;
                let bottom = u32::from(lower[x0]) * (256 - fx) + u32::from(lower[x1]) * fx;
                pixels.push(((top * (256 - fy) + bottom * fy + 32768) >> 16) as u8);
            }
        }
        Self { width, height, pixels }
    }

    /// A mean over a square of `2 * radius + 1` pixels, its part inside the picture.
    pub(crate) fn blurred(&self, radius: usize) -> Self {
        let sums = Sums::of(self);
        let mut pixels = Vec::with_capacity(self.pixels.len());
        for y in 0..self.height {
            for x in 0..self.width {
                pixels.push(sums.mean(x, y, radius) as u8);
            }
        }
        Self { width: self.width, height: self.height, pixels }
    }

    /// Edges made steeper: the picture plus `strength` eighths of its difference to its blur.
    pub(crate) fn sharpened(&self, radius: usize, strength: i32) -> Self {
        let blurred = self.blurred(radius);
        let pixels = self
            .pixels
            .iter()
            .zip(&blurred.pixels)
            .map(|(&p, &b)| (i32::from(p) + strength * (i32::from(p) - i32::from(b)) / 8).clamp(0, 255) as u8)
            .collect();
        Self { width: self.width, height: self.height, pixels }
    }
}

/// A rectangle of pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Area {
    pub(crate) x: usize,
    pub(crate) y: usize,
    pub(crate) width: usize,
    pub(crate) height: usize,
}

impl Area {
    fn within(self, width: usize, height: usize) -> Option<Self> {
        let (x, y) = (self.x.min(width), self.y.min(height));
        let cut = Self { x, y, width: self.width.min(width - x), height: self.height.min(height - y) };
        (cut.width > 0 && cut.height > 0).then_some(cut)
    }
}

/// Sums over rectangles in constant time.
pub(crate) struct Sums {
    width: usize,
    height: usize,
    sums: Vec<u32>,
}

impl Sums {
    /// Of a picture (at most 16 million pixels keep a `u32` from wrapping; it wraps without harm beyond, as only
    /// differences are used).
    pub(crate) fn of(gray: &Gray) -> Self {
        let stride = gray.width + 1;
        let mut sums = vec![0u32; stride * (gray.height + 1)];
        for y in 0..gray.height {
            let (above, below) = sums.split_at_mut((y + 1) * stride);
            let above = &above[y * stride..];
            let mut line = 0u32;
            for (x, &pixel) in gray.row(y).iter().enumerate() {
                line = line.wrapping_add(u32::from(pixel));
                below[x + 1] = above[x + 1].wrapping_add(line);
            }
        }
        Self { width: gray.width, height: gray.height, sums }
    }

    /// The mean of a square around a pixel, cut to the picture.
    pub(crate) fn mean(&self, x: usize, y: usize, radius: usize) -> u32 {
        let (left, right) = (x.saturating_sub(radius), (x + radius + 1).min(self.width));
        let (top, bottom) = (y.saturating_sub(radius), (y + radius + 1).min(self.height));
        let stride = self.width + 1;
        let sum = self.sums[bottom * stride + right]
            .wrapping_sub(self.sums[bottom * stride + left])
            .wrapping_sub(self.sums[top * stride + right])
            .wrapping_add(self.sums[top * stride + left]);
        sum / (((right - left) * (bottom - top)) as u32).max(1)
    }
}
