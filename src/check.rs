//! Template checks, one a file: each takes a template and returns what is wrong with it.

use crate::{diagnostic::Diagnostic, template::Template};

/// Runs every check.
pub fn all(_template: &Template) -> Vec<Diagnostic> {
    Vec::new()
}
