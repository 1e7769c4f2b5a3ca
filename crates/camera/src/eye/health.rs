//! Whether the pictures that come are pictures of now.

use std::hash::{DefaultHasher, Hasher};
use std::time::Duration;

use vestibule_domain::Monotonic;

use crate::state::CameraFault;

/// The same bytes for this long are a frozen picture: a sensor's noise changes every frame.
const FROZEN_AFTER: Duration = Duration::from_millis(1700);
/// Black for this long is a covered lens.
const DARK_AFTER: Duration = Duration::from_millis(1500);
/// No pixel of a black picture is lighter; video black is 16.
const BLACK: u8 = 24;

/// Looks at every picture.
pub(super) struct Health {
    can_freeze: bool,
    hash: u64,
    same_since: Option<Monotonic>,
    dark_since: Option<Monotonic>,
}

impl Health {
    pub(super) fn new(can_freeze: bool) -> Self {
        Self { can_freeze, hash: 0, same_since: None, dark_since: None }
    }

    /// What is wrong with the stream, as of this picture.
    pub(super) fn of(&mut self, luma: &[u8], now: Monotonic) -> Option<CameraFault> {
        if !self.can_freeze {
            return None;
        }
        // Black is told apart first: some cameras send a black that is perfectly still.
        if luma.iter().all(|&pixel| pixel <= BLACK) {
            let since = *self.dark_since.get_or_insert(now);
            return (now.since(since) >= DARK_AFTER).then_some(CameraFault::Dark);
        }
        self.dark_since = None;
        let hash = hash(luma);
        if hash != self.hash {
            self.hash = hash;
            self.same_since = Some(now);
            return None;
        }
        let since = *self.same_since.get_or_insert(now);
        (now.since(since) >= FROZEN_AFTER).then_some(CameraFault::Frozen)
    }
}

fn hash(luma: &[u8]) -> u64 {
    // Eight bytes at a step; the standard hasher takes a millisecond for a frame, so it gets sums of pieces.
    let mut hasher = DefaultHasher::new();
    for piece in luma.chunks(4096) {
        let mut sum = 0u64;
        for eight in piece.chunks_exact(8) {
            let word = u64::from_le_bytes([
                eight[0], eight[1], eight[2], eight[3], eight[4], eight[5], eight[6], eight[7],
            ]);
            sum = (sum.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
        }
        hasher.write_u64(sum);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::Health;
    use crate::state::CameraFault;
    use std::time::Duration;
    use vestibule_domain::Monotonic;

    fn at(millis: u64) -> Monotonic {
        Monotonic(Duration::from_millis(millis))
    }

    #[test]
    fn the_same_picture_is_frozen_and_one_other_pixel_thaws_it() {
        let mut health = Health::new(true);
        let mut picture = vec![100u8; 10_000];
        for time in (0..1700).step_by(100) {
            assert_eq!(health.of(&picture, at(time)), None);
        }
        assert_eq!(health.of(&picture, at(1700)), Some(CameraFault::Frozen));
        assert_eq!(health.of(&picture, at(9000)), Some(CameraFault::Frozen));
        picture[5000] += 1;
        assert_eq!(health.of(&picture, at(9100)), None);
    }

    #[test]
    fn black_is_dark_and_not_frozen() {
        let mut health = Health::new(true);
        assert_eq!(health.of(&[16; 5000], at(0)), None);
        assert_eq!(health.of(&[16; 5000], at(1500)), Some(CameraFault::Dark));
        assert_eq!(health.of(&[16; 5000], at(5000)), Some(CameraFault::Dark));
        assert_eq!(health.of(&[60; 5000], at(5100)), None);
        assert_eq!(health.of(&[16; 5000], at(5200)), None, "one black frame is a hand");
    }

    #[test]
    fn a_folder_may_stand_still() {
        let mut health = Health::new(false);
        assert_eq!(health.of(&[16; 5000], at(0)), None);
        assert_eq!(health.of(&[16; 5000], at(60_000)), None);
    }
}
