//! Two decoders as two voices: their failures are not the same.
//!
//! Both are libraries that were not written for hostile pictures, so each call is fenced: a panic in them is a
//! picture that was not read.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rxing::Point;
use rxing::common::cpp_essentials::ConcentricPattern;
use rxing::common::{BitMatrix, DetectorRXingResult};
use rxing::qrcode::cpp_port::decoder::Decode;
use rxing::qrcode::cpp_port::detector::{
    FindFinderPatterns, FinderPatternSet, GenerateFinderPatternSets, SampleQR,
};

use crate::reading::{Corner, Reading, Text};

/// How many triples of finder patterns are tried in one picture: crowds of false ones must not take seconds.
const MOST_TRIPLES: usize = 60;

/// The finder patterns in a black-and-white picture: the cheap look.
pub(crate) fn finders(bits: &BitMatrix, every_row: bool) -> Vec<ConcentricPattern> {
    fenced(|| FindFinderPatterns(bits, every_row, 0)).unwrap_or_default()
}

/// rxing's voice: reads the codes whose finder patterns were found.
pub(crate) fn read_found(bits: &BitMatrix, found: &[ConcentricPattern]) -> Vec<Reading> {
    if found.len() < 3 {
        return Vec::new();
    }
    fenced(|| {
        let mut found = found.to_vec();
        let mut used: Vec<ConcentricPattern> = Vec::new();
        let mut readings: Vec<Reading> = Vec::new();
        for set in GenerateFinderPatternSets(&mut found).iter().take(MOST_TRIPLES) {
            if [set.bl, set.tl, set.tr].iter().any(|p| used.contains(p)) {
                continue;
            }
            if let Some(reading) = read_triple(bits, set) {
                used.extend([set.bl, set.tl, set.tr]);
                readings.push(reading);
            }
        }
        readings
    })
    .unwrap_or_default()
}

fn read_triple(bits: &BitMatrix, set: &FinderPatternSet) -> Option<Reading> {
    let sampled = SampleQR(bits, set).ok()?;
    let corners = corners_of(sampled.getPoints())?;
    let (text, sure) = decode(sampled.getBits())?;
    Some(Reading { text, corners, sure })
}

/// The text of a sampled grid of modules, and whether its error correction is strong enough to be sure of it: the
/// weakest level of the smallest codes can turn noise into a text.
pub(crate) fn decode(modules: &BitMatrix) -> Option<(Text, bool)> {
    let decoded = Decode(modules).ok().filter(|decoded| decoded.isValid())?;
    let text = Text::of_decoded(decoded.content().bytes(), decoded.content().has_eci, decoded.text());
    Some((text, decoded.ecLevel() != "L"))
}

fn corners_of(points: &[Point]) -> Option<[Corner; 4]> {
    let corner = |i: usize| points.get(i).map(|p| Corner { x: p.x, y: p.y });
    // It gives them row by row.
    Some([corner(0)?, corner(1)?, corner(3)?, corner(2)?])
}

/// rqrr's voice, on a threshold of ours.
pub(crate) fn rqrr(bits: &BitMatrix) -> Vec<Reading> {
    fenced(|| {
        let (width, height) = (bits.width() as usize, bits.height() as usize);
        let mut prepared =
            rqrr::PreparedImage::prepare_from_bitmap(width, height, |x, y| bits.get(x as u32, y as u32));
        let mut readings = Vec::new();
        for grid in prepared.detect_grids() {
            let mut bytes = Vec::new();
            if let Ok(facts) = grid.decode_to(&mut bytes) {
                let corners = grid.bounds.map(|p| Corner { x: p.x as f32, y: p.y as f32 });
                // The two bits of the format: 1 is level L.
                readings.push(Reading { text: Text::of_bytes(bytes), corners, sure: facts.ecc_level != 1 });
            }
        }
        readings
    })
    .unwrap_or_default()
}

/// A library's panic is its failure to read, not ours to stop.
pub(crate) fn fenced<T>(look: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(look)).ok()
}
