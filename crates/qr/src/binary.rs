//! From grey to black and white.

use rxing::common::{BitArray, BitMatrix, HybridBinarizer};
use rxing::{Binarizer, Luma8Source};

use crate::gray::{Gray, Sums};

/// How the border between dark and light is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Threshold {
    /// Per block of 8 pixels, from its neighbourhood: sharp, but unsure in flat areas.
    Blocks,
    /// The mean of the surroundings; the number is their radius as a part (1/n) of the longer side.
    Around(usize),
    /// One for the whole picture, where it parts dark from light best.
    Whole,
}

/// Dark pixels as set bits.
pub(crate) fn binary(gray: &Gray, threshold: Threshold) -> Option<BitMatrix> {
    match threshold {
        Threshold::Blocks => blocks(gray),
        Threshold::Around(part) => {
            let radius = (gray.longer() / part).max(4);
            let sums = Sums::of(gray);
            // Two parts in a hundred below the mean: a flat grey area is light.
            matrix(gray, |x, y, p| u32::from(p) * 100 < sums.mean(x, y, radius) * 98)
        }
        Threshold::Whole => {
            let level = otsu(gray);
            matrix(gray, |_, _, p| p <= level)
        }
    }
}

fn blocks(gray: &Gray) -> Option<BitMatrix> {
    let source = Luma8Source::new_with_slice(&gray.pixels, gray.width as u32, gray.height as u32).ok()?;
    HybridBinarizer::new(source).get_black_matrix().ok().cloned()
}

fn matrix(gray: &Gray, dark: impl Fn(usize, usize, u8) -> bool) -> Option<BitMatrix> {
    let mut bits = BitMatrix::new(gray.width as u32, gray.height as u32).ok()?;
    for y in 0..gray.height {
        let mut line = BitArray::with_size(gray.width);
        for (word, pixels) in gray.row(y).chunks(usize::BITS as usize).enumerate() {
            let start = word * usize::BITS as usize;
            let mut set = 0usize;
            for (i, &pixel) in pixels.iter().enumerate() {
                set |= usize::from(dark(start + i, y, pixel)) << i;
            }
            line.setBulk(start, set);
        }
        bits.setRow(y as u32, &line);
    }
    Some(bits)
}

/// The level that parts a histogram into two groups with the least spread.
pub(crate) fn otsu(gray: &Gray) -> u8 {
    let mut histogram = [0u64; 256];
    for &pixel in &gray.pixels {
        histogram[usize::from(pixel)] += 1;
    }
    let all: u64 = gray.pixels.len() as u64;
    let weight: u64 = histogram.iter().enumerate().map(|(level, count)| level as u64 * count).sum();
    let (mut below, mut below_weight) = (0u64, 0u64);
    let mut best = (0.0f64, 127u8);
    for (level, count) in histogram.iter().enumerate() {
        below += count;
        below_weight += level as u64 * count;
        let above = all - below;
        if below == 0 || above == 0 {
            continue;
        }
        let apart = below_weight as f64 / below as f64 - (weight - below_weight) as f64 / above as f64;
        let between = below as f64 * above as f64 * apart * apart;
        if between > best.0 {
            best = (between, level as u8);
        }
    }
    best.1
}
