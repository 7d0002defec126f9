//! Refusals: what both readers refuse, in the same words.

use crate::json::Json;

/// The depth to which maps and lists may nest: more than any template needs, and safe for every stack.
pub(super) const DEEPEST: usize = 100;

/// The kind of a value, as a message calls it.
pub(super) fn kind(json: &Json) -> &'static str {
    match json {
        Json::Null => "empty",
        Json::Array(_) => "a list",
        Json::Object(_) => "a map",
        _ => "a single value",
    }
}

/// The message for a key that a map has already.
pub(super) fn duplicate(key: &str) -> String {
    format!("the key `{key}` is written twice; expected each key of a map once")
}

/// The message for a text that nests deeper than [`DEEPEST`].
pub(super) fn too_deep(subject: &str) -> String {
    format!("the {subject} nests too deeply; expected at most {DEEPEST} levels")
}
