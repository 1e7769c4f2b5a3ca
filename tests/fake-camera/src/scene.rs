//! What the camera sees, as bytes of a frame.

use std::path::PathBuf;
use std::time::Duration;

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder, Rgb, RgbImage, imageops};

use crate::control::{Control, Format, State};

/// Frames that are drawn of each picture: they differ in noise and place, and are sent in turn.
const PHASES: usize = 8;

/// How a frame is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) format: Format,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) padding: u32,
}

impl Shape {
    /// Bytes from row to row.
    pub(crate) fn stride(&self) -> u32 {
        match self.format {
            Format::Yuyv => 2 * self.width + self.padding,
            Format::Nv12 | Format::Grey => self.width + self.padding,
            Format::Mjpg => 0,
        }
    }

    /// The bytes of a frame, or the most a JPEG may have.
    pub(crate) fn size(&self) -> u32 {
        match self.format {
            Format::Yuyv | Format::Grey => self.stride() * self.height,
            Format::Nv12 => self.stride() * self.height + self.stride() * self.height.div_ceil(2),
            Format::Mjpg => self.width * self.height * 2,
        }
    }
}

/// Draws frames, and keeps what it has drawn.
pub(crate) struct Scene {
    shape: Shape,
    key: Option<(Vec<PathBuf>, u32)>,
    pictures: Vec<PathBuf>,
    /// One picture, fitted into the frame, and which picture it is.
    fitted: Option<RgbImage>,
    fitted_of: Option<usize>,
    /// Its frames, as far as they are drawn.
    drawn: [Option<Vec<u8>>; PHASES],
}

impl Scene {
    pub(crate) fn new(shape: Shape) -> Self {
        Self {
            shape,
            key: None,
            pictures: Vec::new(),
            fitted: None,
            fitted_of: None,
            drawn: Default::default(),
        }
    }

    /// The bytes of a frame.
    pub(crate) fn frame(&mut self, control: &Control, number: u64, elapsed: Duration) -> Vec<u8> {
        match control.state {
            State::Black => {
                return self.encode(&RgbImage::new(self.shape.width, self.shape.height));
            }
            State::Garbage => {
                let size = if self.shape.format == Format::Mjpg { 5000 } else { self.shape.size() as usize };
                let mut noise = Noise(number + 1);
                return (0..size).map(|_| noise.next()).collect();
            }
            _ => {}
        }
        let key = Some((control.pictures.clone(), control.swing));
        if self.key != key {
            self.pictures = control.pictures.iter().flat_map(files).collect();
            self.fitted_of = None;
            self.key = key;
        }
        let turn = elapsed.as_millis() / control.dwell.as_millis().max(1);
        let which = (turn % self.pictures.len().max(1) as u128) as usize;
        if self.fitted_of != Some(which) {
            self.fit(which);
        }
        let phase = if control.state == State::Frozen { 0 } else { number as usize % PHASES };
        if let Some(frame) = &self.drawn[phase] {
            return frame.clone();
        }
        let frame = self.draw(phase, control.swing, which as u64);
        self.drawn[phase] = Some(frame.clone());
        frame
    }

    fn fit(&mut self, which: usize) {
        self.fitted = self.pictures.get(which).and_then(|path| {
            let reader = image::ImageReader::open(path).ok()?.with_guessed_format().ok()?;
            let picture = reader.decode().ok()?.into_rgb8();
            let scale = f64::min(
                f64::from(self.shape.width) / f64::from(picture.width()),
                f64::from(self.shape.height) / f64::from(picture.height()),
            );
            if (scale - 1.0).abs() < 1e-9 {
                return Some(picture);
            }
            let side = |side: u32| ((f64::from(side) * scale).round() as u32).max(1);
            let (width, height) = (side(picture.width()), side(picture.height()));
            Some(imageops::resize(&picture, width, height, imageops::FilterType::Triangle))
        });
        self.fitted_of = Some(which);
        self.drawn = Default::default();
    }

    fn draw(&self, phase: usize, swing: u32, seed: u64) -> Vec<u8> {
        let (width, height) = (self.shape.width, self.shape.height);
        let mut canvas = RgbImage::from_fn(width, height, |x, _| match self.fitted {
            Some(_) => Rgb([110; 3]),
            None => Rgb([(60 + x * 140 / width) as u8; 3]),
        });
        if let Some(fitted) = &self.fitted {
            // There and back again: 0 1 2 3 4 3 2 1 quarters of the swing.
            let quarter = i64::from(4 - (4 - phase as i32).abs());
            let x = i64::from(width - fitted.width().min(width)) / 2;
            let y = i64::from(height - fitted.height().min(height)) / 2;
            let x = x - i64::from(swing) / 2 + i64::from(swing) * quarter / 4;
            imageops::overlay(&mut canvas, fitted, x, y);
        }
        let mut noise = Noise((seed + 1) * (phase as u64 + 1) * 0x9E37_79B9);
        for pixel in canvas.pixels_mut().step_by(7) {
            let by = noise.next() % 5;
            pixel.0 = pixel.0.map(|c| c.saturating_add(by).saturating_sub(2));
        }
        self.encode(&canvas)
    }

    fn encode(&self, picture: &RgbImage) -> Vec<u8> {
        let Shape { format, width, height, padding } = self.shape;
        let (width, height, padding) = (width as usize, height as usize, padding as usize);
        if format == Format::Mjpg {
            let mut jpeg = Vec::new();
            let done = JpegEncoder::new_with_quality(&mut jpeg, 85).write_image(
                picture,
                width as u32,
                height as u32,
                ExtendedColorType::Rgb8,
            );
            return if done.is_ok() { jpeg } else { Vec::new() };
        }
        let mut bytes = Vec::with_capacity(self.shape.size() as usize);
        let at = |x: usize, y: usize| {
            differences(picture.get_pixel(x.min(width - 1) as u32, y.min(height - 1) as u32).0)
        };
        for y in 0..height {
            for x in 0..width {
                let [luma, ..] = at(x, y);
                bytes.push(luma);
                if format == Format::Yuyv {
                    let [_, blue, red] = at(x & !1, y);
                    bytes.push(if x % 2 == 0 { blue } else { red });
                }
            }
            bytes.resize(bytes.len() + padding, 0xAA);
        }
        if format == Format::Nv12 {
            for y in (0..height).step_by(2) {
                for x in 0..width {
                    let [_, blue, red] = at(x & !1, y);
                    bytes.push(if x % 2 == 0 { blue } else { red });
                }
                bytes.resize(bytes.len() + padding, 0xAA);
            }
        }
        bytes
    }
}

/// Luma, blue difference, red difference (BT.601, video range).
fn differences([red, green, blue]: [u8; 3]) -> [u8; 3] {
    let (red, green, blue) = (i32::from(red), i32::from(green), i32::from(blue));
    [
        ((66 * red + 129 * green + 25 * blue + 128) >> 8) + 16,
        ((-38 * red - 74 * green + 112 * blue + 128) >> 8) + 128,
        ((112 * red - 94 * green - 18 * blue + 128) >> 8) + 128,
    ]
    .map(|value| value.clamp(0, 255) as u8)
}

fn files(path: &PathBuf) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path.clone()];
    }
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.is_file());
    files.sort();
    files
}

struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u8 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 40) as u8
    }
}
