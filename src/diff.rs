//! What a change of a template does.

pub mod security;

use crate::template::Template;

/// What two templates differ in, of who may do what.
pub fn security(old: &Template, new: &Template) -> Vec<security::Change> {
    security::changes(old, new)
}
