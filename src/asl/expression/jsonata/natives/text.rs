//! Functions over texts. A text is UTF-16 on the service, so that half a character can stand alone.

use std::borrow::Cow;

use jsonata_core::{
    evaluator::EvaluatorError,
    functions,
    value::{JValue, with_stack},
};

use super::{given::Given, number::decimal};

/// Where the halves of characters stand in for those of UTF-16, which a Rust text cannot have: in a part of Unicode
/// that has no characters.
const HALVES: u32 = 0x10_F000;

/// The units of a text as the service counts them.
pub(in crate::asl::expression::jsonata) fn units(text: &str) -> Vec<u16> {
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
fn from_units(units: &[u16]) -> String {
    let letters = char::decode_utf16(units.iter().copied());
    letters.map(|letter| letter.unwrap_or_else(|error| stand_in(error.unpaired_surrogate()))).collect()
}

fn stand_in(unit: u16) -> char {
    char::from_u32(HALVES + u32::from(unit) - 0xD800).unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn half(letter: char) -> Option<u16> {
    let unit = u32::from(letter).checked_sub(HALVES)? + 0xD800;
    u16::try_from(unit).ok().filter(|unit| *unit < 0xE000)
}

/// The text with halves that met again as characters.
pub(in crate::asl::expression::jsonata) fn joined(text: &str) -> Cow<'_, str> {
    if text.as_bytes().contains(&0xF4) && text.chars().any(|letter| half(letter).is_some()) {
        Cow::Owned(from_units(&units(text)))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text as others may read it: a half that is still alone is no character.
pub(in crate::asl::expression::jsonata) fn readable(text: &str) -> Cow<'_, str> {
    match joined(text) {
        Cow::Owned(text) => {
            let readable = text.chars().map(|letter| half(letter).map_or(letter, |_| char::REPLACEMENT_CHARACTER));
            Cow::Owned(readable.collect())
        }
        text => text,
    }
}

/// `$string(value, prettify)`.
pub(super) fn string(arguments: &[JValue]) -> Given {
    let indented = matches!(arguments.get(1), Some(JValue::Bool(true)));
    match arguments.first() {
        None | Some(JValue::Undefined) => Ok(JValue::Undefined),
        Some(text @ JValue::String(_)) => Ok(text.clone()),
        Some(value) => Ok(JValue::string(written(value, indented)?)),
    }
}

/// `a & b`, where nothing is an empty text.
pub(super) fn concatenated(arguments: &[JValue]) -> Given {
    let mut text = String::new();
    for argument in arguments {
        match argument {
            JValue::Undefined => {}
            JValue::String(part) => text.push_str(part),
            value => text.push_str(&written(value, false)?),
        }
    }
    Ok(JValue::string(joined(&text).into_owned()))
}

/// The text of a value that is no text.
pub(in crate::asl::expression::jsonata) fn written(value: &JValue, indented: bool) -> Result<String, EvaluatorError> {
    match value {
        JValue::Number(number) if !number.is_finite() => Err(EvaluatorError::EvaluationError(
            "D3001: Attempting to invoke string function on Infinity or NaN".to_owned(),
        )),
        JValue::Lambda(_) | JValue::Builtin { .. } | JValue::Regex { .. } => Ok(String::new()),
        value => {
            let mut text = String::new();
            write(&mut text, value, indented.then_some(0));
            Ok(text)
        }
    }
}

/// Writes a value as JSON; with an indent where it has one.
fn write(text: &mut String, value: &JValue, indent: Option<usize>) {
    let line = |text: &mut String, indent: Option<usize>| {
        if let Some(indent) = indent {
            text.push('\n');
            text.push_str(&"  ".repeat(indent));
        }
    };
    let inner = indent.map(|indent| indent + 1);
    match value {
        JValue::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        JValue::Number(number) if number.is_finite() => text.push_str(&decimal(*number)),
        JValue::String(value) => quote(text, value),
        JValue::Array(items) => with_stack(|| {
            text.push('[');
            for (position, item) in items.iter().enumerate() {
                text.push_str(if position > 0 { "," } else { "" });
                line(text, inner);
                write(text, item, inner);
            }
            if !items.is_empty() {
                line(text, indent);
            }
            text.push(']');
        }),
        JValue::Object(members) => with_stack(|| {
            text.push('{');
            let mut first = true;
            for (key, member) in members.iter().filter(|(_, member)| !member.is_undefined()) {
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
        JValue::Lambda(_) | JValue::Builtin { .. } | JValue::Regex { .. } => text.push_str(r#""""#),
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

/// `$substring(text, start, length)`, in units of UTF-16 as the service counts.
pub(super) fn substring(arguments: &[JValue]) -> Given {
    let [JValue::String(text), start, length] = arguments else { return Ok(JValue::Undefined) };
    let units = units(text);
    let count = units.len() as f64;
    let mut start = start.as_f64().unwrap_or(0.0);
    if count + start < 0.0 {
        start = 0.0;
    }
    let end = match length {
        JValue::Number(length) if *length <= 0.0 => return Ok(JValue::string("")),
        JValue::Number(length) => {
            if start >= 0.0 {
                start + length
            } else {
                count + start + length
            }
        }
        _ => count,
    };
    let at = |position: f64| {
        let position = position.trunc();
        (if position < 0.0 { (count + position).max(0.0) } else { position.min(count) }) as usize
    };
    let (start, end) = (at(start), at(end));
    Ok(JValue::string(from_units(units.get(start..end).unwrap_or_default())))
}

/// `$join(texts, separator)`.
pub(super) fn join(arguments: &[JValue]) -> Given {
    let [JValue::Array(texts), separator] = arguments else { return Ok(JValue::Undefined) };
    let texts: Vec<&str> = texts.iter().filter_map(JValue::as_str).collect();
    Ok(JValue::string(joined(&texts.join(separator.as_str().unwrap_or_default())).into_owned()))
}

/// The limit of `$split` and `$replace`: a whole number, none without one.
fn limit(given: &JValue, code: &str, which: &str) -> Result<usize, EvaluatorError> {
    match given {
        JValue::Number(limit) if *limit < 0.0 => {
            Err(EvaluatorError::EvaluationError(format!("{code}: {which} function must evaluate to a positive number")))
        }
        JValue::Number(limit) => Ok(*limit as usize),
        _ => Ok(usize::MAX),
    }
}

/// `$split(text, separator, limit)`; the separator is a text or a regular expression.
pub(super) fn split(arguments: &[JValue]) -> Given {
    let [JValue::String(text), separator, given] = arguments else { return Ok(JValue::Undefined) };
    let most = limit(given, "D3020", "Third argument of split")?;
    let parts: Vec<JValue> = match separator {
        JValue::String(separator) if separator.is_empty() => {
            units(text).iter().take(most).map(|unit| JValue::string(from_units(&[*unit]))).collect()
        }
        JValue::String(separator) => text.split(&**separator).take(most).map(JValue::string).collect(),
        JValue::Regex { pattern, flags } => {
            // The parts are counted up to the limit here, which a fraction lets go on by one.
            let most = given.as_f64().map_or(most, |limit| limit.ceil() as usize);
            let mut parts = Vec::new();
            let mut start = 0;
            for found in matches(pattern, flags, text, most)? {
                parts.push(JValue::string(&text[start..found.start]));
                start = found.end;
            }
            if parts.len() < most {
                parts.push(JValue::string(&text[start..]));
            }
            parts
        }
        _ => return Ok(JValue::array(vec![JValue::String(text.clone())])),
    };
    Ok(JValue::array(parts))
}

/// `$replace(text, pattern, replacement, limit)`; the pattern is a text or a regular expression, the replacement a text.
pub(super) fn replace(arguments: &[JValue]) -> Given {
    let [JValue::String(text), pattern, replacement, most] = arguments else { return Ok(JValue::Undefined) };
    if pattern.as_str().is_some_and(str::is_empty) {
        let text = "D3010: Second argument of replace function cannot be an empty string";
        return Err(EvaluatorError::EvaluationError(text.to_owned()));
    }
    let most = limit(most, "D3011", "Fourth argument of replace")?;
    let replacement = replacement.as_str().unwrap_or_default();
    Ok(JValue::string(match pattern {
        JValue::String(pattern) => text.replacen(&**pattern, replacement, most),
        JValue::Regex { pattern, flags } => {
            let mut new = String::new();
            let mut start = 0;
            for found in matches(pattern, flags, text, most)? {
                new.push_str(&text[start..found.start]);
                substitute(&mut new, replacement, &found, text);
                start = found.end;
            }
            new.push_str(&text[start..]);
            new
        }
        _ => text.to_string(),
    }))
}

/// A match of a regular expression: where it is, and its groups.
struct Match {
    start: usize,
    end: usize,
    groups: Vec<Option<String>>,
}

fn matches(pattern: &str, flags: &str, text: &str, most: usize) -> Result<Vec<Match>, EvaluatorError> {
    let regex = functions::string::build_regex(pattern, flags)?;
    let mut found = Vec::new();
    for captures in regex.captures_iter(text) {
        let Some(whole) = captures.get(0) else { continue };
        // The next match is looked for before it is needed.
        if whole.is_empty() {
            let text = "D1004: Regular expression matches zero length string";
            return Err(EvaluatorError::EvaluationError(text.to_owned()));
        }
        if found.len() >= most {
            break;
        }
        let groups = captures.iter().skip(1).map(|group| group.map(|group| group.as_str().to_owned())).collect();
        found.push(Match { start: whole.start(), end: whole.end(), groups });
    }
    Ok(found)
}

/// Appends the replacement with what the match has for its `$0`, `$1` and `$$`.
fn substitute(new: &mut String, replacement: &str, found: &Match, text: &str) {
    let count = found.groups.len();
    let most = if count == 0 { 1 } else { count.ilog10() as usize + 1 };
    let mut rest = replacement;
    while let Some(dollar) = rest.find('$') {
        new.push_str(&rest[..dollar]);
        rest = &rest[dollar + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            new.push('$');
            rest = after;
            continue;
        }
        if let Some(after) = rest.strip_prefix('0') {
            new.push_str(&text[found.start..found.end]);
            rest = after;
            continue;
        }
        let digits = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
        let number = |digits: usize| rest[..digits].parse::<usize>().ok();
        let mut index = number(digits);
        if most > 1 && index.is_some_and(|index| index > count) {
            index = number(digits.min(most - 1));
        }
        match index {
            Some(index) => {
                if let Some(Some(group)) = index.checked_sub(1).and_then(|index| found.groups.get(index)) {
                    new.push_str(group);
                }
                rest = &rest[index.to_string().len().min(digits)..];
            }
            None => new.push('$'),
        }
    }
    new.push_str(rest);
}
