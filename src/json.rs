//! JSON: the value that everything here is made of, and what holds for any of it.

mod pointer;

pub(crate) use pointer::{LONGEST_POINTER, Pointer, escape};

/// Free-form JSON, for the properties whose schema says "an object" and no more.
pub type Json = serde_json::Value;

/// Arrays and objects in each other that a payload or a definition may have. The service has a limit too, which it does
/// not publish. Here it keeps what recurs (copies, comparisons, texts) on the stack of a test's thread, which has room
/// for about 700 levels in an unoptimized build.
pub(crate) const MAX_NESTING: usize = 256;

/// The JSON text of a value in ASCII alone: what is beyond it is escaped as `\u2019`, one escape for each unit of UTF-16.
/// With `indent`, a member a line, two spaces a level.
///
/// The AWS CLI reads a file in the encoding of the locale, and knows every ASCII text in all of them.
pub(crate) fn ascii(json: &Json, indent: bool) -> String {
    let text = if indent { format!("{json:#}") } else { json.to_string() };
    if text.is_ascii() {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        // Outside of its strings, JSON has nothing but ASCII.
        if character.is_ascii() {
            out.push(character);
        } else {
            out.extend(character.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    out
}

/// Whether a value is nested deeper than that.
pub(crate) fn is_too_deep(json: &Json) -> bool {
    fn fits(json: &Json, left: usize) -> bool {
        match json {
            Json::Array(items) => left > 0 && items.iter().all(|item| fits(item, left - 1)),
            Json::Object(members) => left > 0 && members.values().all(|member| fits(member, left - 1)),
            _ => true,
        }
    }
    !fits(json, MAX_NESTING)
}

/// Drops a value level by level: by itself it would be dropped all the way down at once, which a deep one has no stack
/// for.
pub(crate) fn take_apart(json: Json) {
    let mut waiting = vec![json];
    while let Some(json) = waiting.pop() {
        match json {
            Json::Array(items) => waiting.extend(items),
            Json::Object(members) => waiting.extend(members.into_iter().map(|(_, member)| member)),
            _ => {}
        }
    }
}

/// Bytes of memory that a value takes, about.
pub(crate) fn memory(json: &Json) -> usize {
    size_of::<Json>()
        + match json {
            Json::String(text) => text.len(),
            Json::Array(items) => items.iter().map(memory).sum(),
            Json::Object(members) => {
                members.iter().map(|(key, member)| key.len() + 3 * size_of::<usize>() + memory(member)).sum()
            }
            _ => 0,
        }
}

/// Visits every value with its place, inner ones first.
pub(crate) fn walk(json: &Json, at: &Pointer<'_>, visit: &mut dyn FnMut(&Json, &Pointer<'_>)) {
    match json {
        Json::Array(items) => items.iter().enumerate().for_each(|(index, item)| walk(item, &at.index(index), visit)),
        Json::Object(members) => members.iter().for_each(|(key, member)| walk(member, &at.key(key), visit)),
        _ => {}
    }
    visit(json, at);
}

/// Tells whether an object in it has such a key.
pub(crate) fn has_key(json: &Json, is_it: impl Fn(&str) -> bool) -> bool {
    let mut has = false;
    walk(json, &Pointer::START, &mut |inner, _| {
        has |= inner.as_object().is_some_and(|members| members.keys().any(|key| is_it(key)));
    });
    has
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_of_any_depth_can_be_looked_at_and_dropped() {
        let deep = |levels: usize| (1..levels).fold(json!([]), |inner, _| Json::Array(vec![inner]));
        assert!(!is_too_deep(&deep(MAX_NESTING)));
        assert!(is_too_deep(&deep(MAX_NESTING + 1)));
        take_apart(deep(1_000_000));
    }

    #[test]
    fn what_is_not_ascii_is_escaped_by_units_of_utf_16() {
        let json = json!({"caf\u{e9}": ["\u{2019}", "\u{1f600}\"\\", "\u{7f}\u{80}\u{ffff}\n"]});
        let text = ascii(&json, false);
        assert_eq!(text, "{\"caf\\u00e9\":[\"\\u2019\",\"\\ud83d\\ude00\\\"\\\\\",\"\u{7f}\\u0080\\uffff\\n\"]}");
        assert_eq!(serde_json::from_str::<Json>(&text).unwrap(), json);
        assert_eq!(ascii(&json!({"a": 1}), true), "{\n  \"a\": 1\n}");
    }

    #[test]
    fn a_path_escapes_what_separates_its_parts() {
        let mut paths = Vec::new();
        walk(&json!({"a/b": [{"~": 1}]}), &Pointer::at("Resources"), &mut |_, at| paths.push(at.to_string()));
        assert_eq!(paths, ["Resources/a~1b/0/~0", "Resources/a~1b/0", "Resources/a~1b", "Resources"]);
    }
}
