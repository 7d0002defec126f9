//! The limits of the service on the depth, the time and the memory of an evaluation.

use std::time::{Duration, Instant};

use super::error::{Error, Given};

/// Nested evaluations, as on the service: a recursive function takes about three a call.
pub(super) const MAX_DEPTH: usize = 100;
/// Real time that one expression may take; the service has a limit too, which it does not publish. An unoptimized build
/// is slower, and the limits on memory must come first there too.
const MAX_TIME: Duration = Duration::from_secs(if cfg!(debug_assertions) { 15 } else { 5 });
/// Steps between two looks at the clock.
const STEPS: u32 = 1 << 10;
/// Items of a list, as on the service.
pub(super) const MAX_ITEMS: usize = 873_782;
/// Bytes that a value may have, a number counted as eight and a character as one: with them `[1..873782]` and a string
/// of 2^22 characters pass, and one number more and 2^23 do not, as measured on the service.
pub(super) const MAX_WEIGHT: usize = MAX_ITEMS * 8;
/// Bytes that the values of one evaluation may take together, kept or not.
const MAX_MEMORY: usize = 1 << 29;

/// What an evaluation has taken so far.
pub(super) struct Budget {
    depth: usize,
    steps: u32,
    begun: Instant,
    memory: usize,
}

impl Budget {
    pub fn new() -> Self {
        Self { depth: 0, steps: 0, begun: Instant::now(), memory: 0 }
    }

    /// Begins an evaluation within those that have begun; it gives the depth to go back to.
    pub fn enter(&mut self) -> Given<usize> {
        if self.depth >= MAX_DEPTH {
            return Err(Error::Stack);
        }
        self.tick()?;
        self.depth += 1;
        Ok(self.depth - 1)
    }

    /// Evaluations that have begun and not ended.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// Ends the evaluations that began beyond a depth.
    pub fn leave(&mut self, depth: usize) {
        self.depth = depth;
    }

    /// Counts a step.
    pub fn tick(&mut self) -> Given<()> {
        self.steps += 1;
        if self.steps >= STEPS {
            self.steps = 0;
            if self.begun.elapsed() > MAX_TIME {
                return Err(Error::Time);
            }
        }
        Ok(())
    }

    /// Counts bytes of memory.
    pub fn take(&mut self, bytes: usize) -> Given<()> {
        self.memory = self.memory.saturating_add(bytes);
        if self.memory > MAX_MEMORY { Err(Error::Memory) } else { Ok(()) }
    }
}

/// An error where a list is longer than it may be.
pub(super) fn fits(items: usize) -> Given<()> {
    if items > MAX_ITEMS { Err(Error::Memory) } else { Ok(()) }
}

/// An error where a value is heavier than it may be.
pub(super) fn bears(weight: usize) -> Given<()> {
    if weight > MAX_WEIGHT { Err(Error::Memory) } else { Ok(()) }
}
