//! What somebody may do after a change that nobody could before, and the other way around.

use serde::Serialize;

use crate::template::Template;

/// A change of who may do what.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {}

/// The changes of who may do what; the worst first.
pub(in crate::diff) fn changes(_: &Template, _: &Template) -> Vec<Change> {
    Vec::new()
}
