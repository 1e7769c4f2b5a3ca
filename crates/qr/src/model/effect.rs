//! What light, glass, hand and sensor do to a picture.

use std::f32::consts::{PI, TAU};
use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};

use super::chance::Chance;
use super::scene::{Canvas, View};
use super::{Pose, Trouble};

/// How bright dark and light of the pass are.
pub(super) fn gain(pose: &Pose, hard: f32, chance: &mut Chance) -> impl Fn(f32) -> f32 + use<> {
    let (low, high) = match pose.trouble {
        Trouble::LowContrast => {
            let spread = [0.30, 0.20, 0.14, 0.10, 0.07][hard as usize - 1];
            let middle = chance.between(0.35, 0.75);
            (middle - spread / 2.0, middle + spread / 2.0)
        }
        Trouble::Bloom => (0.15 + 0.05 * hard, 1.0 + 0.5 * hard),
        _ => (chance.between(0.02, 0.14), chance.between(0.72, 0.96)),
    };
    move |light| low + (high - low) * light
}

/// Everything that happens on the way to the sensor, and in it.
pub(super) fn apply(
    canvas: &mut Canvas,
    pose: &Pose,
    hard: f32,
    view: &View,
    chance: &mut Chance,
    hand: &mut Chance,
) {
    // A larger picture of the same scene has larger faults.
    let unit = canvas.height as f32 / 720.0;
    let module = view.half * 2.0 / 21.0;
    let mut sensor = 0.008;
    let mut quality = 88;
    match pose.trouble {
        Trouble::Motion => {
            let length = module * (0.25 + 0.33 * hard) * hand.between(0.35, 1.15);
            let angle = chance.between(0.0, PI) + hand.between(-0.4, 0.4);
            streak(canvas, length, angle);
        }
        Trouble::Defocus => soften(canvas, module * (0.15 + 0.155 * hard) * hand.between(0.8, 1.1)),
        Trouble::Bloom => {
            let mut spill = canvas.clone();
            soften(&mut spill, module * 0.3 * hard);
            for (light, spill) in canvas.light.iter_mut().zip(&spill.light) {
                *light = *light * 0.75 + spill * 0.25 * (1.0 + hard / 5.0);
            }
        }
        Trouble::Glare => {
            let across = chance.between(0.0, PI);
            let side = view.half * (0.2 + 0.13 * hard);
            let x = view.at.0 + view.half * (across.cos() * 0.7 + hand.between(-0.35, 0.35));
            let y = view.at.1 + view.half * (across.sin() * 0.7 + hand.between(-0.35, 0.35));
            lamp(canvas, (x, y), side, 0.25 + 0.2 * hard);
        }
        Trouble::Moire => {
            let (pitch, angle) =
                (chance.between(2.1, 5.0), chance.between(0.0, PI) + hand.between(-0.05, 0.05));
            grid(canvas, view, pitch * unit, angle, 0.07 * hard);
        }
        Trouble::LowLight => {
            let level = [0.45, 0.3, 0.2, 0.13, 0.09][hard as usize - 1];
            for light in &mut canvas.light {
                *light = *light * level + 0.03;
            }
            sensor = 0.008 + 0.008 * hard;
        }
        Trouble::Cracked => crack(canvas, view, hard, chance),
        Trouble::Finger => finger(canvas, view, hard, chance, hand),
        Trouble::Squeezed => quality = [60, 40, 25, 15, 9][hard as usize - 1],
        Trouble::Far => sensor = 0.006,
        _ => {}
    }
    // Any lens, any sensor.
    soften(canvas, 0.45 * unit);
    noise(canvas, sensor, hand);
    squeeze(canvas, quality);
}

/// A sensor's noise: more where there is more light.
pub(super) fn noise(canvas: &mut Canvas, spread: f32, chance: &mut Chance) {
    for light in &mut canvas.light {
        *light =
            (*light + spread * (0.6 + 0.8 * light.clamp(0.0, 1.0).sqrt()) * chance.bell()).clamp(0.0, 1.0);
    }
}

/// Three box blurs are nearly a bell; parts of a pixel are blended.
fn soften(canvas: &mut Canvas, radius: f32) {
    for _ in 0..3 {
        blur_line(canvas, radius * 0.6, true);
        blur_line(canvas, radius * 0.6, false);
    }
}

fn blur_line(canvas: &mut Canvas, radius: f32, rows: bool) {
    let (whole, part) = (radius as usize, radius.fract());
    let weight = 1.0 / (1.0 + 2.0 * radius);
    let (count, length) = if rows { (canvas.height, canvas.width) } else { (canvas.width, canvas.height) };
    let mut line = vec![0.0f32; length];
    for i in 0..count {
        let place = |j: usize| if rows { i * canvas.width + j } else { j * canvas.width + i };
        for (j, value) in line.iter_mut().enumerate() {
            *value = canvas.light[place(j)];
        }
        let clamp = |j: isize| line[j.clamp(0, length as isize - 1) as usize];
        let reach = whole as isize;
        let mut sum: f32 = (-reach..=reach).map(clamp).sum();
        for j in 0..length as isize {
            let ends = clamp(j - reach - 1) + clamp(j + reach + 1);
            canvas.light[place(j as usize)] = (sum + part * ends) * weight;
            sum += clamp(j + reach + 1) - clamp(j - reach);
        }
    }
}

fn streak(canvas: &mut Canvas, length: f32, angle: f32) {
    let from = canvas.clone();
    let steps = (length.ceil() as usize * 2).max(2);
    let (sin, cos) = angle.sin_cos();
    let shifts: Vec<(isize, isize)> = (0..steps)
        .map(|i| {
            let t = length * (i as f32 / (steps - 1) as f32 - 0.5);
            ((cos * t).round() as isize, (sin * t).round() as isize)
        })
        .collect();
    let (w, h) = (canvas.width as isize, canvas.height as isize);
    for y in 0..h {
        for x in 0..w {
            let sum: f32 = shifts
                .iter()
                .map(|(dx, dy)| {
                    from.light[((y + dy).clamp(0, h - 1) * w + (x + dx).clamp(0, w - 1)) as usize]
                })
                .sum();
            canvas.light[(y * w + x) as usize] = sum / steps as f32;
        }
    }
}

fn lamp(canvas: &mut Canvas, (cx, cy): (f32, f32), side: f32, strength: f32) {
    for y in 0..canvas.height {
        for x in 0..canvas.width {
            let (dx, dy) = ((x as f32 - cx) / side, (y as f32 - cy) / (side * 0.6));
            let light = &mut canvas.light[y * canvas.width + x];
            *light = (*light + strength * (-(dx * dx + dy * dy)).exp() * 1.4).min(1.0);
        }
    }
}

fn grid(canvas: &mut Canvas, view: &View, pitch: f32, angle: f32, strength: f32) {
    let (sin, cos) = angle.sin_cos();
    for y in 0..canvas.height {
        for x in 0..canvas.width {
            let Some((u, v)) = view.back(x as f32, y as f32) else { continue };
            if u.abs() > 1.6 || v.abs() > 2.2 {
                continue;
            }
            let along = (cos * x as f32 + sin * y as f32) / pitch;
            let across = (cos * y as f32 - sin * x as f32) / (pitch * 1.37);
            let wave = (along * TAU).sin() * 0.6 + (across * TAU).sin() * 0.4;
            let light = &mut canvas.light[y * canvas.width + x];
            *light = (*light * (1.0 + strength * wave)).clamp(0.0, 1.0);
        }
    }
}

fn crack(canvas: &mut Canvas, view: &View, hard: f32, chance: &mut Chance) {
    let start = (
        view.at.0 + view.half * chance.between(-0.9, 0.9),
        view.at.1 + view.half * chance.between(-0.9, 0.9),
    );
    for _ in 0..(2.0 * hard) as usize {
        let mut angle = chance.between(-PI, PI);
        let (mut x, mut y) = start;
        let width = (view.half * 0.012 * hard.sqrt()).max(0.7);
        for _ in 0..(view.half * 2.0) as usize {
            angle += chance.between(-0.12, 0.12);
            (x, y) = (x + angle.cos(), y + angle.sin());
            let light = if chance.below(3) == 0 { 0.15 } else { 0.95 };
            let side = (2.0 * width).round().max(1.0) as usize;
            canvas.fill((x - width).max(0.0) as usize, (y - width).max(0.0) as usize, side, side, light);
        }
    }
}

fn finger(canvas: &mut Canvas, view: &View, hard: f32, chance: &mut Chance, hand: &mut Chance) {
    // The corner without a finder pattern, or the middle of the right or lower edge.
    let spot = [(1.1, 1.1), (1.15, 0.35), (0.35, 1.15)][chance.below(3)];
    let reach = 0.22 + 0.06 * hard + hand.between(-0.03, 0.03);
    for y in 0..canvas.height {
        for x in 0..canvas.width {
            let Some((u, v)) = view.back(x as f32, y as f32) else { continue };
            let far = ((u - spot.0).powi(2) + (v - spot.1).powi(2)).sqrt();
            if far < reach {
                canvas.light[y * canvas.width + x] = 0.5 - 0.15 * far / reach;
            }
        }
    }
}

fn squeeze(canvas: &mut Canvas, quality: u8) {
    let mut jpeg = Cursor::new(Vec::new());
    let encoder = JpegEncoder::new_with_quality(&mut jpeg, quality);
    let (width, height) = (canvas.width as u32, canvas.height as u32);
    if encoder.write_image(&canvas.luma(), width, height, ExtendedColorType::L8).is_err() {
        return;
    }
    if let Ok(picture) = image::load_from_memory(jpeg.get_ref()) {
        for (light, pixel) in canvas.light.iter_mut().zip(picture.into_luma8().into_raw()) {
            *light = f32::from(pixel) / 255.0;
        }
    }
}
