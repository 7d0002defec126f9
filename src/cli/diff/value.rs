//! Values on one line: literals as they are, functions by their short tags.

use crate::{
    diagnostic::visible,
    json::Json,
    template::intrinsic::{Place, attribute, call},
};

/// Characters of the longest value that is shown as a whole.
const LONGEST: usize = 80;

/// A value on a line, cut where it is long.
pub(super) fn short(json: Option<&Json>) -> String {
    let text = visible(&json.map_or_else(|| "(none)".to_owned(), |json| line(json, 0))).into_owned();
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

/// Levels of a value that are written; what is deeper is left out, since nobody reads it on a line.
const MOST_LEVELS: usize = 8;

fn line(json: &Json, level: usize) -> String {
    if level > MOST_LEVELS {
        return "…".to_owned();
    }
    let inner = |json: &Json| line(json, level + 1);
    if let Some((function, argument)) = call(json, Place::Other) {
        let tag = function.strip_prefix("Fn::").unwrap_or(function);
        return match (function, attribute(argument)) {
            ("Fn::GetAtt", Some((id, Some(attribute)))) => format!("!GetAtt {id}.{attribute}"),
            _ => format!("!{tag} {}", inner(argument)),
        };
    }
    match json {
        Json::String(text) if text.is_empty() => "\"\"".to_owned(),
        Json::String(text) => text.clone(),
        Json::Array(items) => format!("[{}]", items.iter().map(inner).collect::<Vec<_>>().join(", ")),
        Json::Object(members) => {
            let members = members.iter().map(|(key, member)| format!("{key}: {}", inner(member)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
        scalar => scalar.to_string(),
    }
}

/// The elements that one list has and the other has not, where both are lists: removed, then added.
pub(super) fn elements<'a>(before: Option<&'a Json>, after: Option<&'a Json>) -> Option<[Vec<&'a Json>; 2]> {
    let (Json::Array(old), Json::Array(new)) = (before?, after?) else { return None };
    let without = |one: &'a [Json], other: &[Json]| one.iter().filter(|item| !other.contains(item)).collect::<Vec<_>>();
    let found = [without(old, new), without(new, old)];
    let is_shorter = found[0].len() + found[1].len() < old.len() + new.len();
    (is_shorter && found.iter().any(|side| !side.is_empty())).then_some(found)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_stands_on_a_line_and_ends() {
        assert_eq!(short(None), "(none)");
        assert_eq!(short(Some(&json!({"Fn::GetAtt": ["Queue", "Arn"]}))), "!GetAtt Queue.Arn");
        assert_eq!(short(Some(&json!({"Fn::Sub": "${A}\u{1b}[31m"}))), "!Sub ${A}\\u{1b}[31m");
        assert_eq!(short(Some(&json!([{"Key": "a", "On": true}, {"Ref": "B"}]))), "[{Key: a, On: true}, !Ref B]");
        assert_eq!(short(Some(&json!("x".repeat(81)))), format!("{}…", "x".repeat(80)));
        let deep = (0..200).fold(json!(1), |inner, _| json!([inner]));
        assert_eq!(short(Some(&deep)), "[[[[[[[[[…]]]]]]]]]");
    }
}
