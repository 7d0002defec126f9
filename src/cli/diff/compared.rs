//! What is compared, and what came of it.

use super::load::Loaded;
use crate::diff::Diff;

/// Two templates of one stack.
pub(super) struct Pair {
    /// What the report calls it.
    pub name: String,
    pub old: Loaded,
    pub new: Loaded,
}

/// A comparison of two templates.
pub(super) struct Compared {
    /// What the report calls it.
    pub name: String,
    pub diff: Diff,
}
