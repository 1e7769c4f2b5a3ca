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
/// Where the far corner may be, in modules off the place that a flat code would have it.
const CORNERS: [(f32, f32); 13] = [
    (0.0, 0.0),
    (1.0, 1.0),
    (-1.0, -1.0),
    (1.0, -1.0),
    (-1.0, 1.0),
    (2.0, 2.0),
    (-2.0, -2.0),
    (3.2, 3.2),
    (-3.2, -3.2),
    (2.2, 0.0),
    (0.0, 2.2),
    (-2.2, 0.0),
    (0.0, -2.2),
];
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
    let mut heard: Vec<Text> = Vec::new();
    for version in [nearest, nearest + 1, nearest.saturating_sub(1)] {
        let side = 17 + 4 * version;
        if version == 0 || side > LARGEST {
            continue;
        }
        let span = (side - 7) as f32;
        let right = ((tr.0 - tl.0) / span, (tr.1 - tl.1) / span);
        let down = ((bl.0 - tl.0) / span, (bl.1 - tl.1) / span);
        for (dx, dy) in CORNERS {
            let far = (
                tr.0 + bl.0 - tl.0 + dx * right.0 + dy * down.0,
                tr.1 + bl.1 - tl.1 + dx * right.1 + dy * down.1,
            );
            let Some(plane) = Plane::of([tl, tr, far, bl], span) else { continue };
            let Some(greys) = plane.sample(gray, side) else { continue };
            for steeper in STEEPER {
                let Some(text) = bits(&greys, side, steeper, light_on_dark).as_ref().and_then(checked) else {
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
                    return Some(Reading { text, corners });
                }
                heard.push(text);
            }
        }
    }
    None
}

fn checked(bits: &BitMatrix) -> Option<Text> {
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
