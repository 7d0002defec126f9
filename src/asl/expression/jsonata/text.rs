//! Texts. A text is UTF-16 on the service, so that half a character can stand alone.

use std::{borrow::Cow, cmp::Ordering, rc::Rc, sync::Arc};

use super::{
    error::Error,
    number::{decimal, parsed},
    pattern::{Match, Pattern},
    value::{Function, Object, Text, Value},
};

/// Where the halves of characters stand in for those of UTF-16, which a Rust text cannot have: in a part of Unicode
/// that has no characters.
const HALVES: u32 = 0x10_F000;

/// The units of a text as the service counts them.
pub(super) fn units(text: &str) -> Vec<u16> {
    let mut units = Vec::with_capacity(text.len());
    for letter in text.chars() {
        match half(letter) {
            Some(unit) => units.push(unit),
            None => units.extend_from_slice(letter.encode_utf16(&mut [0; 2])),
        }
    }
    units
}

/// The text of units: two halves that stand together are a character again.
pub(super) fn from_units(units: &[u16]) -> String {
    let letters = char::decode_utf16(units.iter().copied());
    letters.map(|letter| letter.unwrap_or_else(|error| letter_of(error.unpaired_surrogate()))).collect()
}

/// The letter that stands in for a unit.
pub(super) fn letter_of(unit: u16) -> char {
    if let Some(letter) = char::from_u32(u32::from(unit)) {
        return letter;
    }
    char::from_u32(HALVES + u32::from(unit) - 0xD800).unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn half(letter: char) -> Option<u16> {
    let unit = u32::from(letter).checked_sub(HALVES)? + 0xD800;
    u16::try_from(unit).ok().filter(|unit| *unit < 0xE000)
}

/// The text with halves that met again as characters.
pub(super) fn joined(text: &str) -> Cow<'_, str> {
    if text.as_bytes().contains(&0xF4) && text.chars().any(|letter| half(letter).is_some()) {
        Cow::Owned(from_units(&units(text)))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text as others may read it: a half that is still alone is no character.
pub(super) fn readable(text: &str) -> Cow<'_, str> {
    match joined(text) {
        Cow::Owned(text) => {
            let readable = text.chars().map(|letter| half(letter).map_or(letter, |_| char::REPLACEMENT_CHARACTER));
            Cow::Owned(readable.collect())
        }
        text => text,
    }
}

/// The text of a value that is no text.
pub(super) fn written(value: &Value, indented: bool) -> Result<String, Error> {
    match value {
        Value::Number(number) if !number.is_finite() => {
            Error::fail("D3001", "Attempting to invoke string function on Infinity or NaN")
        }
        Value::Function(_) => Ok(String::new()),
        value => {
            let mut text = String::new();
            write(&mut text, value, indented.then_some(0));
            Ok(text)
        }
    }
}

/// Writes a value as JSON; with an indent where it has one.
fn write(text: &mut String, value: &Value, indent: Option<usize>) {
    let line = |text: &mut String, indent: Option<usize>| {
        if let Some(indent) = indent {
            text.push('\n');
            text.push_str(&"  ".repeat(indent));
        }
    };
    let inner = indent.map(|indent| indent + 1);
    match value {
        Value::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) if number.is_finite() => text.push_str(&decimal(*number)),
        Value::Text(value) => quote(text, value),
        Value::List(list) => stacker::maybe_grow(1 << 16, 1 << 20, || {
            text.push('[');
            for (position, item) in list.items.iter().enumerate() {
                text.push_str(if position > 0 { "," } else { "" });
                line(text, inner);
                write(text, item, inner);
            }
            if !list.items.is_empty() {
                line(text, indent);
            }
            text.push(']');
        }),
        Value::Object(members) => stacker::maybe_grow(1 << 16, 1 << 20, || {
            text.push('{');
            let mut first = true;
            for (key, member) in members.iter().filter(|(_, member)| !member.is_nothing()) {
                text.push_str(if first { "" } else { "," });
                first = false;
                line(text, inner);
                quote(text, key);
                text.push_str(if indent.is_some() { ": " } else { ":" });
                write(text, member, inner);
            }
            if !first {
                line(text, indent);
            }
            text.push('}');
        }),
        Value::Function(_) => text.push_str(r#""""#),
        _ => text.push_str("null"),
    }
}

fn quote(text: &mut String, value: &str) {
    text.push('"');
    for letter in value.chars() {
        match letter {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            control if control < ' ' => text.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => text.push(other),
        }
    }
    text.push('"');
}

/// A value as an error shows it.
pub(super) fn shown(value: &Value) -> String {
    let mut text = String::new();
    match value {
        Value::Nothing => text.push_str("undefined"),
        value => write(&mut text, value, None),
    }
    readable(&text).into_owned()
}

/// A text in quotes, as JSON has it.
pub(super) fn quoted(text: &str) -> String {
    let mut written = String::new();
    quote(&mut written, text);
    written
}

/// The order of two texts, by their units.
pub(super) fn compare(left: &str, right: &str) -> Ordering {
    if left.is_ascii() && right.is_ascii() { left.cmp(right) } else { units(left).cmp(&units(right)) }
}

/// A match as a function gets it, with one that gives the next.
pub(super) fn match_value(pattern: &Arc<Pattern>, text: &Text, found: Option<Match>) -> Value {
    let Some(found) = found else { return Value::Nothing };
    let at = |byte: usize| Value::Number(units(&text[..byte]).len() as f64);
    let groups = found.groups.iter().map(|group| group.as_deref().map_or(Value::Nothing, Value::text)).collect();
    let mut object = Object::default();
    object.insert("match".into(), Value::text(&text[found.start..found.end]));
    object.insert("start".into(), at(found.start));
    object.insert("end".into(), at(found.end));
    object.insert("groups".into(), Value::list(groups));
    object.insert("next".into(), Value::function(Function::Next(pattern.clone(), text.clone(), found.end)));
    Value::Object(Rc::new(object))
}

/// A value as JavaScript makes a text of it, where it wants one.
pub(super) fn coerced(value: &Value) -> Text {
    match value {
        Value::Nothing => "undefined".into(),
        Value::Text(text) => text.clone(),
        Value::Number(number) if !number.is_finite() => number.to_string().replace("inf", "Infinity").into(),
        Value::List(list) => {
            let items = list.items.iter().map(|item| match item {
                Value::Nothing | Value::Null => Text::from(""),
                item => stacker::maybe_grow(1 << 16, 1 << 20, || coerced(item)),
            });
            items.collect::<Vec<_>>().join(",").into()
        }
        Value::Object(_) => "[object Object]".into(),
        other => shown(other).into(),
    }
}

/// A value as JavaScript makes a number of it, where it wants one.
pub(super) fn as_number(value: &Value) -> f64 {
    match value {
        Value::Null => 0.0,
        Value::Bool(value) => f64::from(u8::from(*value)),
        Value::Number(number) => *number,
        value => match coerced(value).trim() {
            "" => 0.0,
            text => parsed(text).unwrap_or(f64::NAN),
        },
    }
}
