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
        fault.code == self.code && Self::places(fault).any(|place| self.of == place)
    }

    /// The places that an acknowledgement of that fault may be of: its own, and what is around that. What is in a
    /// resource is not acknowledged for the whole.
    pub fn places(fault: &Diagnostic) -> impl Iterator<Item = &str> {
        let whole = fault.path.starts_with('/').then_some("");
        let is_in_resource = fault.path.strip_prefix("Resources").is_some_and(|inner| !inner.is_empty());
        fault.path.ancestors().filter(move |place| !(place.is_empty() && is_in_resource)).chain(whole)
    }
}
