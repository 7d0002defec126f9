//! JSON as Java writes its maps, lists and numbers into a text, which is how `States.Format` shows a value.

use crate::json::Json;

/// Appends a value: a text without quotes, `{a=1, b=[x, null]}`, `1.0E10`.
pub(super) fn write(value: &Json, text: &mut String) {
    match value {
        Json::Null => text.push_str("null"),
        Json::Bool(flag) => text.push_str(if *flag { "true" } else { "false" }),
        Json::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            Some(double) => text.push_str(&of_double(double)),
            None => text.push_str(&number.to_string()),
        },
        Json::String(own) => text.push_str(own),
        Json::Array(items) => {
            text.push('[');
            for (position, item) in items.iter().enumerate() {
                text.push_str(if position == 0 { "" } else { ", " });
                write(item, text);
            }
            text.push(']');
        }
        Json::Object(members) => {
            text.push('{');
            for (position, (key, member)) in members.iter().enumerate() {
                text.extend([if position == 0 { "" } else { ", " }, key, "="]);
                write(member, text);
            }
            text.push('}');
        }
    }
}

/// A number with a fraction, as `Double.toString` writes it: with an exponent below a thousandth and from ten million
/// on, and always with a digit after the point.
fn of_double(double: f64) -> String {
    if double == 0.0 || (1e-3..1e7).contains(&double.abs()) {
        return format!("{double:?}");
    }
    let text = format!("{double:E}");
    match text.split_once('E') {
        Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0E{exponent}"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn give(value: Json, expected: &str) {
        let mut text = String::new();
        write(&value, &mut text);
        assert_eq!(text, expected);
    }

    #[test]
    fn maps_and_lists_are_shown_without_quotes() {
        give(json!({"Arg1": 1, "Arg2": []}), "{Arg1=1, Arg2=[]}");
        give(json!([1, "a b", null, true, {"x": {"y": [2.5, {}]}}]), "[1, a b, null, true, {x={y=[2.5, {}]}}]");
        give(json!("a\"b"), "a\"b");
    }

    #[test]
    fn numbers_are_those_of_double_to_string() {
        for (number, expected) in [
            (1.0, "1.0"),
            (-2.5, "-2.5"),
            (0.001, "0.001"),
            (0.0001, "1.0E-4"),
            (9_999_999.5, "9999999.5"),
            (10_000_000.0, "1.0E7"),
            (12_345_678.9, "1.23456789E7"),
            (-0.0, "-0.0"),
        ] {
            give(json!(number), expected);
        }
        give(json!(12_345_678), "12345678");
    }
}
