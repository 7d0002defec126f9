//! Acknowledgements: the faults that someone has looked at and keeps, each for a reason.

use super::{Diagnostic, Path, Source};

/// The faults of one code that are to stay, at one place and below.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Acknowledgement {
    pub code: String,
    pub reason: String,
    /// The resource, `Resources/Letters`, or a state in it; empty for what belongs to no resource.
    pub of: Path,
    /// The place where it was written.
    pub at: Path,
    pub given_at: Option<Source>,
}

impl Acknowledgement {
    /// The same, seen from what holds the definition: `outer` is where that is.
    #[must_use]
    pub fn within(&self, outer: &Path) -> Self {
        Self { of: self.of.within(outer), at: self.at.within(outer), ..self.clone() }
    }

    /// Whether it is for that fault.
    pub fn covers(&self, fault: &Diagnostic) -> bool {
        let is_there = match self.of.is_empty() {
            true => fault.path.strip_prefix("Resources").is_none_or(str::is_empty),
            false => fault.path.strip_prefix(&self.of).is_some(),
        };
        fault.code == self.code && is_there
    }
}
