//! Cases that proptest makes.

use std::env;

use proptest::{
    sample::Index,
    test_runner::{Config, RngSeed},
};

/// The same cases at every run, so that nobody's change fails for another's. `HOSTILE_CASES` and `HOSTILE_SEED` try
/// more, and others.
pub fn cases(count: u32) -> Config {
    let number = |name: &str| env::var(name).ok().and_then(|text| text.parse().ok());
    Config {
        cases: number("HOSTILE_CASES").map_or(count, |cases: u64| cases as u32),
        failure_persistence: None,
        max_global_rejects: 1_000_000,
        rng_seed: RngSeed::Fixed(number("HOSTILE_SEED").unwrap_or(2026)),
        ..Config::default()
    }
}

/// A text with something in place of two of its letters.
pub fn damaged(text: &str, at: Index, insert: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let at = at.index(letters.len());
    letters.splice(at..(at + 2).min(letters.len()), insert.chars());
    letters.into_iter().collect()
}
