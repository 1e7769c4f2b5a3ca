//! Chance from a seed.

/// A small generator (xorshift with a multiplied output).
pub(super) struct Chance(u64);

impl Chance {
    /// From any numbers.
    pub(super) fn of(seeds: &[u64]) -> Self {
        let mut state = 0x9E37_79B9_7F4A_7C15u64;
        for seed in seeds {
            state = (state ^ seed).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            state ^= state >> 29;
        }
        Self(state | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A whole number below a limit.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 33) as usize % limit
    }

    /// A number between two others.
    pub(super) fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * ((self.next() >> 40) as f32 / (1u64 << 24) as f32)
    }

    /// A number around zero, of roughly the bell's shape, with spread one.
    pub(super) fn bell(&mut self) -> f32 {
        let bits = self.next();
        let sum: f32 = (0..4).map(|i| ((bits >> (16 * i)) & 0xFFFF) as f32 / 65536.0).sum();
        (sum - 2.0) * 1.732
    }
}
