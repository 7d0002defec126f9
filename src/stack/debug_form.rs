//! F1005: the debug form of a handle in a text.

use crate::{
    diagnostic::{Diagnostic, Path},
    json::{Json, Pointer, walk},
    value::debugged,
};

/// A problem for each text that holds the `{:?}` of a handle, or of something made of one.
pub(super) fn debug_forms(json: &Json, path: &Path) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    walk(json, &Pointer::at(path), &mut |json, at| {
        if let Some(id) = json.as_str().and_then(debugged) {
            let message =
                format!("the text has the debug form (`{{:?}}`) of the handle `{id}`; expected what it refers to");
            let help = "give the attribute itself (`topic.topic_arn()`), or put it into the text with `sub_with`";
            found.push(Diagnostic::error("F1005", at.to_string(), message).help(help));
        }
    });
    found
}
