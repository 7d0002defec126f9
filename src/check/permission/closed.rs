//! Closed templates: those whose resources all stand in them.

use crate::template::{
    Template,
    intrinsic::{LANGUAGE_EXTENSIONS, TRANSFORM},
};

/// Whether no macro, loop or module adds a resource that one cannot see here: a policy for a role, say.
pub(super) fn is_closed(template: &Template) -> bool {
    template.transforms().all(|name| name == Some(LANGUAGE_EXTENSIONS))
        && template.section("Resources").all(|(id, resource)| {
            id != TRANSFORM
                && !id.starts_with("Fn::ForEach::")
                && resource["Type"].as_str().is_some_and(|kind| !kind.ends_with("::MODULE"))
        })
}
