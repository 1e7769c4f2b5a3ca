//! A pass, a hand, a room.

use std::f32::consts::PI;

use super::chance::Chance;
use super::effect;
use super::{Pose, Trouble};
use crate::draw::{Modules, QUIET};

/// A grey picture with brightness from 0 (black) to 1 (white).
#[derive(Clone, PartialEq)]
pub struct Canvas {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    pub(super) light: Vec<f32>,
}

impl Canvas {
    pub(super) fn new(width: usize, height: usize, light: f32) -> Self {
        Self { width, height, light: vec![light; width * height] }
    }

    /// As the bytes of a frame.
    #[must_use]
    pub fn luma(&self) -> Vec<u8> {
        self.light.iter().map(|light| (light * 255.0).round().clamp(0.0, 255.0) as u8).collect()
    }

    pub(super) fn fill(&mut self, x: usize, y: usize, width: usize, height: usize, light: f32) {
        for row in y.min(self.height)..(y + height).min(self.height) {
            let row = row * self.width;
            self.light[row + x.min(self.width)..row + (x + width).min(self.width)].fill(light);
        }
    }
}

/// Modules on a side of the pass's picture, its quiet zone and frame included, in pixels of its texture.
const MODULE: usize = 16;

/// What is held: a texture, and where in it the code is.
struct Held {
    texture: Canvas,
    /// The centre and the half side of the code.
    centre: (f32, f32),
    half: f32,
}

fn held(code: &str, pose: &Pose, chance: &mut Chance) -> Held {
    let blank = Canvas::new(1, 1, 1.0);
    let Ok(modules) = Modules::of(code) else {
        return Held { texture: blank, centre: (0.5, 0.5), half: 0.5 };
    };
    let inverted = pose.trouble == Trouble::Inverted;
    let phone = inverted
        || matches!(pose.trouble, Trouble::Moire | Trouble::Bloom | Trouble::Cracked | Trouble::LowContrast)
        || chance.below(2) == 0;
    let (ink, ground) = if inverted { (0.95, 0.06) } else { (0.05, 0.95) };
    let side = modules.side() * MODULE;
    let quiet = QUIET * MODULE;
    let (width, height) = (side + 2 * quiet + 40, (side + 2 * quiet) * 8 / 5);
    let mut texture = Canvas::new(width, height, if phone { 0.08 } else { ground });
    texture.fill(16, 16, width - 32, height - 32, ground);
    let (left, top) = (20 + quiet, height / 4);
    for y in 0..modules.side() {
        for x in 0..modules.side() {
            if modules.dark(x, y) {
                texture.fill(left + x * MODULE, top + y * MODULE, MODULE, MODULE, ink);
            }
        }
    }
    // Lines of words above and below.
    for line in 0..7 {
        let y = if line < 3 { 40 + line * 30 } else { top + side + quiet / 2 + 26 * (line - 2) };
        let mut x = 40;
        while x + 60 < width {
            let word = 6 + chance.below(34);
            texture.fill(x, y, word, 12, if inverted { 0.7 } else { 0.25 });
            x += word + 8;
        }
    }
    Held {
        centre: (left as f32 + side as f32 / 2.0, top as f32 + side as f32 / 2.0),
        half: side as f32 / 2.0,
        texture,
    }
}

/// A room without a pass.
pub(super) fn empty(seed: u64, (width, height): (usize, usize), number: u64) -> Canvas {
    let mut canvas = room(width, height, &mut Chance::of(&[seed, 2]), 12);
    effect::noise(&mut canvas, 0.008, &mut Chance::of(&[seed, 3, number]));
    canvas
}

fn room(width: usize, height: usize, chance: &mut Chance, things: usize) -> Canvas {
    let mut canvas = Canvas::new(width, height, 0.0);
    let (from, to, tilt) = (chance.between(0.15, 0.6), chance.between(0.2, 0.8), chance.between(-0.3, 0.3));
    for y in 0..height {
        for x in 0..width {
            let along = x as f32 / width as f32 + tilt * y as f32 / height as f32;
            canvas.light[y * width + x] = (from + (to - from) * along).clamp(0.02, 0.98);
        }
    }
    for _ in 0..things {
        let (w, h) = (width / 40 + chance.below(width / 4), height / 40 + chance.below(height / 3));
        let (x, y) = (chance.below(width), chance.below(height));
        match chance.below(4) {
            0 => canvas.fill(x, y, w, h, chance.between(0.05, 0.95)),
            1 => {
                let pitch = 3 + chance.below(w.max(4) / 3);
                for stripe in (0..w).step_by(2 * pitch) {
                    canvas.fill(x + stripe, y, pitch, h, chance.between(0.05, 0.4));
                }
            }
            2 => {
                // A square in a square in a square: nearly a finder pattern.
                let unit = (w.min(h) / 7).max(1);
                for (inset, light) in [(0, 0.1), (1, 0.9), (2, 0.1)] {
                    let side = unit * (7 - 2 * inset);
                    canvas.fill(x + unit * inset, y + unit * inset, side, side, light);
                }
            }
            _ => {
                let unit = 2 + chance.below(10);
                for cell in 0..40 {
                    let (cx, cy) = (chance.below(8), cell / 5);
                    canvas.fill(x + cx * unit, y + cy * unit, unit, unit, chance.between(0.0, 1.0));
                }
            }
        }
    }
    canvas
}

/// Takes a picture.
pub(super) fn shoot(pose: &Pose, code: &str, number: u64) -> Canvas {
    let (width, height) = pose.size;
    let hard = f32::from(pose.severity.clamp(1, 5));
    let mut chance = Chance::of(&[pose.seed, 2]);
    let mut hand = Chance::of(&[pose.seed, 4, number]);
    let clutter = pose.trouble == Trouble::Clutter;
    let things = if clutter { 12 * hard as usize } else { 3 + chance.below(4) };
    let mut canvas = room(width, height, &mut chance, things);
    let held = held(code, pose, &mut chance);
    let share = match pose.trouble {
        Trouble::Far => [0.20, 0.155, 0.12, 0.095, 0.08][hard as usize - 1],
        _ => chance.between(0.22, 0.6),
    };
    let half = share * height as f32 / 2.0 * hand.between(0.97, 1.03);
    let turn = match pose.trouble {
        Trouble::Turned => chance.between(-PI, PI),
        _ => chance.between(-0.15, 0.15),
    } + hand.between(-0.03, 0.03);
    let tilt = match pose.trouble {
        Trouble::Tilt => 0.12 * hard + 0.25,
        _ => 0.12,
    };
    let about = chance.between(-PI, PI);
    let (lean_x, lean_y) = (tilt * about.cos() + hand.between(-0.02, 0.02), tilt * about.sin());
    let room_x = (width as f32 / 2.0 - half * 1.5).max(0.0);
    let room_y = (height as f32 / 2.0 - half * 1.5).max(0.0);
    let at = (
        width as f32 / 2.0 + chance.between(-0.8, 0.8) * room_x + hand.between(-4.0, 4.0),
        height as f32 / 2.0 + chance.between(-0.8, 0.8) * room_y + hand.between(-4.0, 4.0),
    );
    let gain = effect::gain(pose, hard, &mut chance);
    let view = View { at, half, turn, lean: (lean_x, lean_y) };
    view.project(&mut canvas, &held, gain);
    effect::apply(&mut canvas, pose, hard, &view, &mut chance, &mut hand);
    canvas
}

/// Where a texture is in the frame.
pub(super) struct View {
    /// The centre of the code.
    pub(super) at: (f32, f32),
    /// Half its side, in pixels, if it were not tilted.
    pub(super) half: f32,
    turn: f32,
    /// The slope of its plane, sideways and upwards.
    lean: (f32, f32),
}

impl View {
    /// From the frame to the code's own square (-1 to 1); the inverse of turning, leaning back and perspective.
    pub(super) fn back(&self, x: f32, y: f32) -> Option<(f32, f32)> {
        // A ray from the lens meets the leaning plane z = 1 + lean · p.
        const REACH: f32 = 3.0;
        let (u, v) = ((x - self.at.0) / self.half, (y - self.at.1) / self.half);
        let denominator = 1.0 - (self.lean.0 * u + self.lean.1 * v) / REACH;
        if denominator < 0.15 {
            return None;
        }
        let (px, py) = (u / denominator, v / denominator);
        // Along the plane it is longer than it looks.
        let (steep_x, steep_y) =
            ((1.0 + self.lean.0 * self.lean.0).sqrt(), (1.0 + self.lean.1 * self.lean.1).sqrt());
        let (px, py) = (px * steep_x, py * steep_y);
        let (sin, cos) = self.turn.sin_cos();
        Some((cos * px + sin * py, cos * py - sin * px))
    }

    fn project(&self, canvas: &mut Canvas, held: &Held, gain: impl Fn(f32) -> f32) {
        let texture = &held.texture;
        let scale = held.half;
        for y in 0..canvas.height {
            for x in 0..canvas.width {
                let (mut sum, mut inside) = (0.0, 0);
                for (dx, dy) in [
                    (0.17, 0.17),
                    (0.5, 0.17),
                    (0.83, 0.17),
                    (0.17, 0.5),
                    (0.5, 0.5),
                    (0.83, 0.5),
                    (0.17, 0.83),
                    (0.5, 0.83),
                    (0.83, 0.83),
                ] {
                    let Some((u, v)) = self.back(x as f32 + dx, y as f32 + dy) else { continue };
                    let (tx, ty) = (held.centre.0 + u * scale, held.centre.1 + v * scale);
                    if tx < 0.0 || ty < 0.0 {
                        break;
                    }
                    let (tx, ty) = (tx as usize, ty as usize);
                    if tx >= texture.width || ty >= texture.height {
                        break;
                    }
                    sum += gain(texture.light[ty * texture.width + tx]);
                    inside += 1;
                }
                if inside == 9 {
                    canvas.light[y * canvas.width + x] = sum / 9.0;
                }
            }
        }
    }
}
