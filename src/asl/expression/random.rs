//! Randomness that is the same in every run: identifiers, `$random()`, jitter.

/// The SplitMix64 generator. Nothing here is a secret, and the same seed must give the same run in every version of
/// every library.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to below 1.
    pub fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A version 4 UUID as text.
    pub fn uuid(&mut self) -> String {
        uuid_text(self.bytes())
    }

    /// Sixteen bytes, of which a UUID is made.
    pub fn bytes(&mut self) -> [u8; 16] {
        let (high, low) = (self.next(), self.next());
        ((u128::from(high) << 64) | u128::from(low)).to_be_bytes()
    }
}

/// The first fraction of Java's `Random` with that seed, which is what the service gives for a seed.
pub(crate) fn seeded_fraction(seed: i64) -> f64 {
    const MULTIPLIER: u64 = 0x5_DEEC_E66D;
    const MASK: u64 = (1 << 48) - 1;
    let mut state = (seed as u64 ^ MULTIPLIER) & MASK;
    let mut bits = |count: u32| {
        state = state.wrapping_mul(MULTIPLIER).wrapping_add(0xB) & MASK;
        state >> (48 - count)
    };
    let (high, low) = (bits(26), bits(27));
    ((high << 27) + low) as f64 / (1u64 << 53) as f64
}

/// Random bytes as a version 4 UUID.
pub(crate) fn uuid_text(bytes: [u8; 16]) -> String {
    let bits = u128::from_be_bytes(bytes) & !(0xf000 << 64) & !(0xc000 << 48) | (0x4000 << 64) | (0x8000 << 48);
    let hex = format!("{bits:032x}");
    [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| &hex[part]).join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_is_of_version_4_whatever_the_bytes() {
        assert_eq!(uuid_text([0; 16]), "00000000-0000-4000-8000-000000000000");
        assert_eq!(uuid_text([255; 16]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }

    #[test]
    fn a_seed_gives_what_it_gives_on_the_service() {
        // These were measured on the service.
        let measured = [(42, 0.727_563_680_032_868_1), (0, 0.730_967_787_376_657), (7, 0.730_699_042_060_042_1)];
        for (seed, expected) in measured {
            assert_eq!(seeded_fraction(seed), expected);
        }
    }

    #[test]
    fn fractions_are_below_one_and_spread() {
        let mut random = Random::new(1);
        let sum: f64 = (0..10_000).map(|_| random.fraction()).inspect(|part| assert!((0.0..1.0).contains(part))).sum();
        assert!((4_800.0..5_200.0).contains(&sum), "{sum}");
    }
}
