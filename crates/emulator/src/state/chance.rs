//! Repeatable chance (SplitMix64, public domain by Sebastiano Vigna). Not for anything secret: codes of an emulator
//! open no real door.

pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from zero up to, not including, `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        // The bias of a modulus over 64 bits is far below what any test could see.
        usize::try_from(self.next() % end.max(1) as u64).unwrap_or(0)
    }
}
