//! Acknowledgements: the faults that someone has looked at and keeps, each for a reason.

use super::{Path, Source};

/// The faults of one code that are to stay, at one place and below.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Acknowledgement {
    pub code: String,
    pub reason: String,
    /// The resource, `Resources/Letters`; empty for what belongs to no resource.
    pub of: Path,
    /// The place where it was written.
    pub at: Path,
    pub given_at: Option<Source>,
}
