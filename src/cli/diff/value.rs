//! Values on one line: literals as they are, functions by their short tags.

use crate::{
    diagnostic::visible,
    json::Json,
    template::intrinsic::{Place, attribute, call},
};

/// Characters of the longest value that is shown as a whole.
const LONGEST: usize = 80;

/// Characters before the first that differs, where two long values are cut.
const CONTEXT: usize = 20;

/// A value on a line, cut where it is long.
pub(super) fn short(json: Option<&Json>) -> String {
    cut(&whole(json), 0)
}

/// Two values on a line each, where they are long cut around the first place that differs.
pub(super) fn both(before: Option<&Json>, after: Option<&Json>) -> [String; 2] {
    let lines = [before, after].map(whole);
    if lines.iter().all(|line| line.chars().nth(LONGEST).is_none()) {
        return lines;
    }
    let same = lines[0].chars().zip(lines[1].chars()).take_while(|(one, other)| one == other).count();
    lines.map(|line| cut(&line, same.saturating_sub(CONTEXT)))
}

fn whole(json: Option<&Json>) -> String {
    visible(&json.map_or_else(|| "(none)".to_owned(), |json| line(json, 0))).into_owned()
}

/// What a line has from a place on, with a mark where something is left out.
fn cut(line: &str, from: usize) -> String {
    let at = |number: usize| line.char_indices().nth(number).map(|(at, _)| at);
    let start = at(from).unwrap_or(line.len());
    let (before, after) = (if from > 0 { "…" } else { "" }, at(from + LONGEST));
    match after {
        Some(end) => format!("{before}{}…", &line[start..end]),
        None => format!("{before}{}", &line[start..]),
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
        let long = |end: &str| json!(format!("{}{end}", "x".repeat(90)));
        assert_eq!(
            both(Some(&long("a")), Some(&long("b"))),
            [format!("…{}a", "x".repeat(20)), format!("…{}b", "x".repeat(20))]
        );
        assert_eq!(both(None, Some(&json!(1))), ["(none)", "1"]);
        let deep = (0..200).fold(json!(1), |inner, _| json!([inner]));
        assert_eq!(short(Some(&deep)), "[[[[[[[[[…]]]]]]]]]");
    }
}
