//! A third voice: reads grey modules instead of black and white pixels.
//!
//! Where blur has eaten the edges, no threshold on pixels is right, but each module still says something: its own
//! grey against that of its neighbours. The finder patterns say where the modules are; the far corner, which has
//! none, is tried in several places. Every attempt is checked by the code's own error correction, and because many
//! attempts are made, a text counts only when two of them say it.

use rxing::common::BitMatrix;
use rxing::common::cpp_essentials::ConcentricPattern;
use rxing::qrcode::cpp_port::detector::{FinderPatternSet, GenerateFinderPatternSets};

use crate::gray::Gray;
use crate::reading::{Corner, Reading, Text};
use crate::voice::{decode, fenced};

/// Triples of finder patterns that are tried.
const MOST_TRIPLES: usize = 4;
/// The largest code that is read this way: 57 modules, version 10. Passes are far smaller.
const LARGEST: usize = 57;
/// How far the far corner may be off the place that a flat code would have it, as a part of the code's side.
const OFF: f32 = 0.24;
/// How finely it is looked for, in modules.
const STEP: f32 = 0.6;
/// How many of the best places are tried.
const PLACES: usize = 5;
/// How much of the neighbours is taken away from a module, in tenths: nothing for a sharp picture.
const STEEPER: [f32; 3] = [0.0, 0.45, 0.8];

/// Reads the codes whose finder patterns were found in `found`, from the grey picture they were found in.
pub(crate) fn read(gray: &Gray, found: &[ConcentricPattern], light_on_dark: bool) -> Vec<Reading> {
    if found.len() < 3 || found.len() > 60 {
        return Vec::new();
    }
    let sets = fenced(|| GenerateFinderPatternSets(&mut found.to_vec())).unwrap_or_default();
    let mut readings: Vec<Reading> = Vec::new();
    let mut used: Vec<ConcentricPattern> = Vec::new();
    for set in sets.iter().take(MOST_TRIPLES) {
        if [set.bl, set.tl, set.tr].iter().any(|pattern| used.contains(pattern)) {
            continue;
        }
        if let Some(reading) = read_set(gray, set, light_on_dark) {
            used.extend([set.bl, set.tl, set.tr]);
            readings.push(reading);
        }
    }
    readings
}

fn read_set(gray: &Gray, set: &FinderPatternSet, light_on_dark: bool) -> Option<Reading> {
    let at = |pattern: &ConcentricPattern| (pattern.p.x, pattern.p.y);
    let (tl, tr, bl) = (at(&set.tl), at(&set.tr), at(&set.bl));
    let module = (set.tl.size + set.tr.size + set.bl.size) as f32 / 21.0;
    let length = |a: (f32, f32), b: (f32, f32)| ((a.0 - b.0).powi(2) + (a.1 - b.1).powi(2)).sqrt();
    let modules = (length(tl, tr) + length(tl, bl)) / 2.0 / module.max(0.5) + 7.0;
    let nearest = ((modules - 17.0) / 4.0).round().max(1.0) as usize;
    // Sharp edges would make every place look clear: what lies between two modules must be grey.
    let soft = gray.blurred(((module * 0.35) as usize).max(1));
    let mut heard: Vec<Text> = Vec::new();
    for version in [nearest, nearest + 1, nearest.saturating_sub(1)] {
        let side = 17 + 4 * version;
        if version == 0 || side > LARGEST {
            continue;
        }
        let span = (side - 7) as f32;
        let right = ((tr.0 - tl.0) / span, (tr.1 - tl.1) / span);
        let down = ((bl.0 - tl.0) / span, (bl.1 - tl.1) / span);
        for plane in far_corners(&soft, [tl, tr, bl], (right, down), side) {
            let Some(greys) = plane.sample(gray, side) else { continue };
            for steeper in STEEPER {
                let Some((text, sure)) =
                    bits(&greys, side, steeper, light_on_dark).as_ref().and_then(checked)
                else {
                    continue;
                };
                if heard.contains(&text) {
                    let end = side as f32 - 3.5;
                    let corner = |x: f32, y: f32| {
                        let (x, y) = plane.at(x, y);
                        Corner { x, y }
                    };
                    let corners =
                        [corner(-3.5, -3.5), corner(end, -3.5), corner(end, end), corner(-3.5, end)];
                    return Some(Reading { text, corners, sure });
                }
                heard.push(text);
            }
        }
    }
    None
}

/// The planes in which the modules are most clearly dark or light, best first: where the far corner is off, samples
/// fall between modules and are grey.
fn far_corners(
    gray: &Gray,
    [tl, tr, bl]: [(f32, f32); 3],
    (right, down): ((f32, f32), (f32, f32)),
    side: usize,
) -> Vec<Plane> {
    let span = (side - 7) as f32;
    let steps = (OFF * side as f32 / STEP) as i32;
    let mut planes: Vec<(f32, Plane)> = Vec::new();
    for (i, j) in (-steps..=steps).flat_map(|i| (-steps..=steps).map(move |j| (i, j))) {
        let (dx, dy) = (i as f32 * STEP, j as f32 * STEP);
        let far = (
            tr.0 + bl.0 - tl.0 + dx * right.0 + dy * down.0,
            tr.1 + bl.1 - tl.1 + dx * right.1 + dy * down.1,
        );
        let Some(plane) = Plane::of([tl, tr, far, bl], span) else { continue };
        if let Some(clear) = plane.clearness(gray, side) {
            planes.push((clear, plane));
        }
    }
    planes.sort_by(|a, b| b.0.total_cmp(&a.0));
    planes.truncate(PLACES);
    // And the place of a flat code, which most are.
    let flat = Plane::of([tl, tr, (tr.0 + bl.0 - tl.0, tr.1 + bl.1 - tl.1), bl], span);
    flat.into_iter().chain(planes.into_iter().map(|(_, plane)| plane)).collect()
}

fn checked(bits: &BitMatrix) -> Option<(Text, bool)> {
    fenced(|| decode(bits)).flatten()
}

/// From modules (the first finder pattern's centre is 0, 0) to pixels.
struct Plane {
    a: [f32; 8],
    span: f32,
}

impl Plane {
    /// The plane in which a square of `span` modules has these corners, clockwise.
    fn of(corners: [(f32, f32); 4], span: f32) -> Option<Self> {
        let [(x0, y0), (x1, y1), (x2, y2), (x3, y3)] = corners;
        let (dx1, dx2, dx3) = (x1 - x2, x3 - x2, x0 - x1 + x2 - x3);
        let (dy1, dy2, dy3) = (y1 - y2, y3 - y2, y0 - y1 + y2 - y3);
        let area = dx1 * dy2 - dx2 * dy1;
        if area.abs() < 1.0 {
            return None;
        }
        let g = (dx3 * dy2 - dx2 * dy3) / area;
        let h = (dx1 * dy3 - dx3 * dy1) / area;
        let a = [x1 - x0 + g * x1, x3 - x0 + h * x3, x0, y1 - y0 + g * y1, y3 - y0 + h * y3, y0, g, h];
        Some(Self { a, span })
    }

    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        let (u, v) = (x / self.span, y / self.span);
        let [a, b, c, d, e, f, g, h] = self.a;
        let w = g * u + h * v + 1.0;
        ((a * u + b * v + c) / w, (d * u + e * v + f) / w)
    }

    /// How far the modules away from the first finder pattern are from their common mean.
    fn clearness(&self, gray: &Gray, side: usize) -> Option<f32> {
        let (mut sum, mut squares, mut count) = (0.0, 0.0, 0.0);
        let step = 1 + side / 30;
        for row in (0..side).step_by(step) {
            for column in (if row > 8 { 0 } else { 9 }..side).step_by(step) {
                let (x, y) = self.at(column as f32 - 3.0, row as f32 - 3.0);
                if x < 0.0 || y < 0.0 || x >= gray.width as f32 || y >= gray.height as f32 {
                    return None;
                }
                let grey = f32::from(gray.pixels[y as usize * gray.width + x as usize]);
                (sum, squares, count) = (sum + grey, squares + grey * grey, count + 1.0);
            }
        }
        Some(squares / count - (sum / count) * (sum / count))
    }

    /// The grey of each module: the mean of five places in it.
    fn sample(&self, gray: &Gray, side: usize) -> Option<Vec<f32>> {
        let mut greys = Vec::with_capacity(side * side);
        for row in 0..side {
            for column in 0..side {
                let (x, y) = (column as f32 - 3.0, row as f32 - 3.0);
                let mut sum = 0.0;
                for (dx, dy) in [(0.0, 0.0), (0.22, 0.22), (-0.22, 0.22), (0.22, -0.22), (-0.22, -0.22)] {
                    let (px, py) = self.at(x + dx, y + dy);
                    sum += pixel(gray, px - 0.5, py - 0.5)?;
                }
                greys.push(sum / 5.0);
            }
        }
        Some(greys)
    }
}

fn pixel(gray: &Gray, x: f32, y: f32) -> Option<f32> {
    // A little outside is the edge.
    let inside = x > -3.0 && y > -3.0 && x < gray.width as f32 + 2.0 && y < gray.height as f32 + 2.0;
    if !inside {
        return None;
    }
    let (x, y) = (x.clamp(0.0, (gray.width - 1) as f32), y.clamp(0.0, (gray.height - 1) as f32));
    let (x0, y0) = (x as usize, y as usize);
    let (x1, y1) = ((x0 + 1).min(gray.width - 1), (y0 + 1).min(gray.height - 1));
    let (fx, fy) = (x - x0 as f32, y - y0 as f32);
    let (upper, lower) = (gray.row(y0), gray.row(y1));
    let top = f32::from(upper[x0]) * (1.0 - fx) + f32::from(upper[x1]) * fx;
    let bottom = f32::from(lower[x0]) * (1.0 - fx) + f32::from(lower[x1]) * fx;
    Some(top * (1.0 - fy) + bottom * fy)
}

/// Dark and light by the neighbourhood, after taking some of the nearest neighbours away.
fn bits(greys: &[f32], side: usize, steeper: f32, light_on_dark: bool) -> Option<BitMatrix> {
    let around = |values: &[f32], x: usize, y: usize, reach: usize| -> f32 {
        let (left, right) = (x.saturating_sub(reach), (x + reach).min(side - 1));
        let (top, bottom) = (y.saturating_sub(reach), (y + reach).min(side - 1));
        let sum: f32 = (top..=bottom)
            .map(|row| values[row * side + left..=row * side + right].iter().sum::<f32>())
            .sum();
        sum / ((right - left + 1) * (bottom - top + 1)) as f32
    };
    let steep: Vec<f32> = (0..side * side)
        .map(|i| greys[i] + steeper * 2.0 * (greys[i] - around(greys, i % side, i / side, 1)))
        .collect();
    let mut bits = BitMatrix::new(side as u32, side as u32).ok()?;
    // The middle between the darkest and the lightest around, and the mean around: half of each.
    for (i, &value) in steep.iter().enumerate() {
        let (x, y) = (i % side, i / side);
        let (mut low, mut high) = (f32::MAX, f32::MIN);
        for row in y.saturating_sub(4)..=(y + 4).min(side - 1) {
            for &other in &steep[row * side + x.saturating_sub(4)..=row * side + (x + 4).min(side - 1)] {
                (low, high) = (low.min(other), high.max(other));
            }
        }
        let border = ((low + high) / 2.0 + around(&steep, x, y, 4)) / 2.0;
        if (value < border) != light_on_dark {
            bits.set(x as u32, y as u32);
        }
    }
    Some(bits)
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::binary::{Threshold, binary};
    use crate::draw::Modules;
    use crate::gray::Gray;
    use crate::voice::finders;

    #[test]
    fn a_drawn_code_is_read_sharp_and_blurred_out_of_shape() {
        for code in ["A1B2C3D4E5F6G7H8", "a-longer-code-of-the-service_0123456789-0123456789"] {
            let modules = Modules::of(code).expect("drawn");
            let side = (modules.pixels(8).len() as f64).sqrt() as usize;
            let drawn = Gray { width: side, height: side, pixels: modules.pixels(8) };
            for blur in [0, 2, 3] {
                let gray = drawn.blurred(blur);
                let bits = binary(&gray, Threshold::Around(4)).expect("bits");
                let readings = read(&gray, &finders(&bits, true), false);
                assert_eq!(readings.first().and_then(|r| r.text.words()), Some(code), "blur {blur}");
            }
        }
    }
}
