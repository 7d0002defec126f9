//! F1005: the debug form of a handle in a text.

use crate::{
    diagnostic::{Diagnostic, Path},
    json::{Json, walk},
    value::debugged,
};

/// A problem for each text that holds the `{:?}` of a handle, or of something made of one.
pub(super) fn debug_forms(json: &Json, path: &Path) -> Vec<Diagnostic> {
    fn has_some(json: &Json) -> bool {
        match json {
            Json::String(text) => debugged(text).is_some(),
            Json::Array(items) => items.iter().any(has_some),
            Json::Object(members) => members.values().any(has_some),
            _ => false,
        }
    }
    let mut found = Vec::new();
    // Paths are made only where there is something to say.
    if has_some(json) {
        walk(json, &mut path.to_string(), &mut |json, path| {
            if let Some(id) = json.as_str().and_then(debugged) {
                let message =
                    format!("the text has the debug form (`{{:?}}`) of the handle `{id}`; expected what it refers to");
                let help = "give the attribute itself (`topic.topic_arn()`), or put it into the text with `sub_with`";
                found.push(Diagnostic::error("F1005", path, message).help(help));
            }
        });
    }
    found
}
