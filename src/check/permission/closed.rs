//! Closed templates: those whose resources all stand in them.

use crate::{
    check::read::is_incomplete,
    template::{Template, intrinsic::LANGUAGE_EXTENSIONS},
};

/// Whether no macro, loop or module adds a resource that one cannot see here: a policy for a role, say, as SAM does.
pub(super) fn is_closed(template: &Template) -> bool {
    template.transforms().all(|name| name == Some(LANGUAGE_EXTENSIONS)) && !is_incomplete(template)
}
