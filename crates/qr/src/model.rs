//! Passes as a kiosk's webcam sees them: a picture model of our own, for tests and benches (feature `kiosk-model`).
//!
//! A pass on a phone or on paper is held before the camera, with one [`Trouble`] at a severity from 1 (hardly) to 5
//! (a person would ask to try again). Everything is drawn from a seed: the same seed is the same picture, and the
//! frames of one seed are one hand that moves a little.

mod chance;
mod effect;
pub mod ladder;
mod scene;

use chance::Chance;
pub use scene::Canvas;

/// What makes a picture hard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trouble {
    /// Nothing in particular.
    Plain,
    /// Held at an angle.
    Tilt,
    /// Turned in its plane, any way round.
    Turned,
    /// Far away: small.
    Far,
    /// The hand moves while the shutter is open.
    Motion,
    /// The lens is focused elsewhere.
    Defocus,
    /// A lamp in the glass.
    Glare,
    /// The screen's grid against the sensor's.
    Moire,
    /// Little light: dark and noisy.
    LowLight,
    /// A dim screen in a bright room: little contrast.
    LowContrast,
    /// A bright screen in a dark room: the light runs over.
    Bloom,
    /// Light modules on dark ground.
    Inverted,
    /// Cracked glass.
    Cracked,
    /// A finger over a part of the code that carries no finder pattern.
    Finger,
    /// A busy background with squares and stripes.
    Clutter,
    /// Squeezed hard by the camera's JPEG.
    Squeezed,
}

impl Trouble {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::Plain,
        Self::Tilt,
        Self::Turned,
        Self::Far,
        Self::Motion,
        Self::Defocus,
        Self::Glare,
        Self::Moire,
        Self::LowLight,
        Self::LowContrast,
        Self::Bloom,
        Self::Inverted,
        Self::Cracked,
        Self::Finger,
        Self::Clutter,
        Self::Squeezed,
    ];
}

/// Frame sizes that webcams have.
pub const SIZES: [(usize, usize); 3] = [(640, 480), (1280, 720), (1920, 1080)];

/// A pass before a camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pose {
    /// Everything that is by chance.
    pub seed: u64,
    /// What makes it hard.
    pub trouble: Trouble,
    /// How hard: 1 to 5.
    pub severity: u8,
    /// The frame's width and height.
    pub size: (usize, usize),
}

impl Pose {
    /// The text of the code on the pass.
    #[must_use]
    pub fn code(&self) -> String {
        const LETTERS: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        let mut chance = Chance::of(&[self.seed, 1]);
        (0..16).map(|_| char::from(LETTERS[chance.below(36)])).collect()
    }

    /// The luma of a frame; the frames of a pose follow one another.
    #[must_use]
    pub fn frame(&self, number: u64) -> Canvas {
        scene::shoot(self, &self.code(), number)
    }
}

/// The same surroundings without any pass.
#[must_use]
pub fn nobody(seed: u64, size: (usize, usize), number: u64) -> Canvas {
    scene::empty(seed, size, number)
}
