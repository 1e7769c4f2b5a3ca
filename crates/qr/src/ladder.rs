//! The rungs: ways to look at one picture, from cheap to dear.

use rxing::common::BitMatrix;

use crate::binary::{Threshold, binary};
use crate::gray::Gray;
use crate::reading::Reading;
use crate::sample;
use crate::voice;

/// How large the picture is when it is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    /// As it is, its longer side at most 2,000 pixels.
    Whole,
    /// The longer side brought to this many pixels; a picture smaller than that is left alone.
    Fit(usize),
    /// Twice as large, for small pictures and small codes.
    Double,
}

/// What is done to it first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Filter {
    /// Nothing.
    Plain,
    /// Edges made steeper, against defocus.
    Sharp,
    /// Much steeper, over a wider edge.
    Sharper,
    /// A little blur, against noise and moiré.
    Soft,
    /// More blur.
    Softer,
}

/// Which decoder, and where the border between dark and light is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Voice {
    /// rxing's parts on a threshold of ours.
    Rxing(Threshold),
    /// Our own reading of grey modules, where the finder patterns are on a threshold of ours.
    Grey(Threshold),
    /// rqrr on a threshold of ours.
    RqrrOn(Threshold),
}

/// One way to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rung {
    pub(crate) size: Size,
    pub(crate) filter: Filter,
    pub(crate) voice: Voice,
    /// Look for light codes on dark ground as well.
    pub(crate) inverted: bool,
}

const fn rung(size: Size, filter: Filter, voice: Voice, inverted: bool) -> Rung {
    Rung { size, filter, voice, inverted }
}

/// The whole ladder, by what a rung adds for its time, measured (`cargo bench -p vestibule-qr`).
pub(crate) const LADDER: &[Rung] = &[
    rung(Size::Whole, Filter::Plain, Voice::Rxing(Threshold::Blocks), true),
    rung(Size::Fit(640), Filter::Plain, Voice::Grey(Threshold::Around(24)), true),
    rung(Size::Fit(900), Filter::Softer, Voice::Rxing(Threshold::Around(24)), true),
    rung(Size::Fit(640), Filter::Sharper, Voice::Grey(Threshold::Around(24)), true),
    rung(Size::Fit(640), Filter::Soft, Voice::RqrrOn(Threshold::Around(10)), true),
    rung(Size::Whole, Filter::Plain, Voice::Rxing(Threshold::Around(30)), true),
    rung(Size::Whole, Filter::Plain, Voice::Rxing(Threshold::Whole), true),
    rung(Size::Fit(320), Filter::Plain, Voice::Rxing(Threshold::Blocks), true),
    rung(Size::Fit(900), Filter::Softer, Voice::Grey(Threshold::Around(24)), true),
    rung(Size::Fit(400), Filter::Softer, Voice::Grey(Threshold::Around(16)), true),
    rung(Size::Fit(640), Filter::Sharp, Voice::Grey(Threshold::Around(16)), true),
    rung(Size::Fit(640), Filter::Plain, Voice::RqrrOn(Threshold::Around(24)), true),
    rung(Size::Fit(900), Filter::Sharp, Voice::Rxing(Threshold::Around(8)), true),
    rung(Size::Double, Filter::Plain, Voice::Grey(Threshold::Around(24)), true),
    rung(Size::Double, Filter::Plain, Voice::RqrrOn(Threshold::Blocks), true),
    rung(Size::Double, Filter::Sharp, Voice::Rxing(Threshold::Around(16)), true),
];

/// The rungs of live frames, in turn after the quick look.
pub(crate) const LIVE: &[Rung] = &[
    rung(Size::Fit(640), Filter::Plain, Voice::Grey(Threshold::Around(24)), true),
    rung(Size::Whole, Filter::Plain, Voice::Rxing(Threshold::Blocks), true),
    rung(Size::Fit(900), Filter::Softer, Voice::Rxing(Threshold::Around(24)), true),
    rung(Size::Fit(640), Filter::Sharper, Voice::Grey(Threshold::Around(24)), true),
    rung(Size::Fit(640), Filter::Soft, Voice::RqrrOn(Threshold::Around(10)), true),
    rung(Size::Whole, Filter::Plain, Voice::Rxing(Threshold::Around(30)), true),
    rung(Size::Fit(320), Filter::Plain, Voice::Rxing(Threshold::Blocks), true),
    rung(Size::Fit(900), Filter::Softer, Voice::Grey(Threshold::Around(24)), true),
    rung(Size::Double, Filter::Plain, Voice::Grey(Threshold::Around(24)), true),
    rung(Size::Double, Filter::Plain, Voice::RqrrOn(Threshold::Blocks), true),
];

/// The longest side that is ever looked at.
const LONGEST: usize = 2000;
/// The longest side that is still doubled.
const LONGEST_DOUBLED: usize = 1000;

impl Rung {
    /// Looks at a picture. Corners are in its pixels.
    pub(crate) fn look(&self, picture: &Gray) -> Vec<Reading> {
        let Some(sized) = self.sized(picture) else { return Vec::new() };
        let filtered = match self.filter {
            Filter::Plain => sized,
            Filter::Sharp => sized.sharpened(2, 12),
            Filter::Sharper => sized.sharpened(4, 24),
            Filter::Soft => sized.blurred(1),
            Filter::Softer => sized.blurred(2),
        };
        let mut readings = self.read(&filtered);
        let (wide, high) =
            (picture.width as f32 / filtered.width as f32, picture.height as f32 / filtered.height as f32);
        for corner in readings.iter_mut().flat_map(|reading| &mut reading.corners) {
            corner.x *= wide;
            corner.y *= high;
        }
        readings
    }

    /// About what it costs, in thousandths of a second on a slow core.
    pub(crate) fn cost(&self, picture: &Gray) -> u64 {
        let longer = picture.longer().max(1);
        let side = match self.size {
            Size::Whole => longer.min(LONGEST),
            Size::Fit(side) => longer.min(side),
            Size::Double => (2 * longer).min(2 * LONGEST_DOUBLED),
        };
        let pixels = (picture.width * picture.height * side / longer * side / longer) as u64;
        let filter = if self.filter == Filter::Plain { 0 } else { 10 };
        let voice = match self.voice {
            Voice::Rxing(Threshold::Blocks) => 8,
            Voice::Rxing(_) | Voice::Grey(_) => 14,
            Voice::RqrrOn(_) => 45,
        };
        // A cost is per million pixels; nothing is free.
        1 + pixels * (filter + voice) / 1_000_000
    }

    fn sized(&self, picture: &Gray) -> Option<Gray> {
        match self.size {
            Size::Whole if picture.longer() <= LONGEST => Some(picture.clone()),
            Size::Whole => Some(picture.fitted(LONGEST)),
            Size::Fit(side) if picture.longer() > side => Some(picture.fitted(side)),
            Size::Fit(_) => Some(picture.clone()),
            Size::Double if picture.longer() <= LONGEST_DOUBLED => {
                Some(picture.resized(2 * picture.width, 2 * picture.height))
            }
            Size::Double => Some(picture.fitted(2 * LONGEST_DOUBLED)),
        }
    }

    fn read(&self, gray: &Gray) -> Vec<Reading> {
        let (Voice::Rxing(threshold) | Voice::RqrrOn(threshold) | Voice::Grey(threshold)) = self.voice;
        let Some(mut bits) = binary(gray, threshold) else { return Vec::new() };
        let readings = self.read_bits(gray, &bits, false);
        if !readings.is_empty() || !self.inverted {
            return readings;
        }
        bits.flip_self();
        self.read_bits(gray, &bits, true)
    }

    fn read_bits(&self, gray: &Gray, bits: &BitMatrix, flipped: bool) -> Vec<Reading> {
        match self.voice {
            Voice::Grey(_) => sample::read(gray, &voice::finders(bits, true), flipped),
            Voice::Rxing(_) => voice::read_found(bits, &voice::finders(bits, true)),
            Voice::RqrrOn(_) => voice::rqrr(bits),
        }
    }
}
