//! Functions over texts.

use std::rc::Rc;

use crate::asl::expression::jsonata::{
    error::{Error, Given},
    limits::bears,
    pattern::{Match, Pattern},
    text::{coerced, from_units, joined, match_value, units, written},
    value::{Function, Host, Object, Text, Value},
};

fn first(arguments: &[Value]) -> Option<&Text> {
    match arguments.first() {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    }
}

fn text_at(arguments: &[Value], place: usize) -> &str {
    arguments.get(place).and_then(Value::as_str).unwrap_or_default()
}

/// A text that was made, counted.
fn made(host: &mut dyn Host, text: String) -> Given<Value> {
    host.charge(text.len())?;
    Ok(Value::text(text))
}

/// Room for a text in the making that has so many bytes.
fn room(host: &mut dyn Host, bytes: usize) -> Given<()> {
    bears(bytes)?;
    host.charge(0)
}

/// `$string(value, prettify)`
pub(super) fn string(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    match arguments.first() {
        None | Some(Value::Nothing) => Ok(Value::Nothing),
        Some(text @ Value::Text(_)) => Ok(text.clone()),
        Some(value) => {
            let is_indented = matches!(arguments.get(1), Some(Value::Bool(true)));
            let text = written(value, is_indented)?;
            made(host, text)
        }
    }
}

pub(super) fn length(_: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    Ok(first(arguments).map_or(Value::Nothing, |text| Value::Number(length_of(text) as f64)))
}

/// Units of a text.
fn length_of(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { units(text).len() }
}

pub(super) fn uppercase(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    first(arguments).map_or(Ok(Value::Nothing), |text| made(host, text.to_uppercase()))
}

pub(super) fn lowercase(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    first(arguments).map_or(Ok(Value::Nothing), |text| made(host, text.to_lowercase()))
}

/// `$trim(text)`: without what is empty around it, and with one space for all of it within.
pub(super) fn trim(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let Some(text) = first(arguments) else { return Ok(Value::Nothing) };
    let words = text.split([' ', '\t', '\n', '\r']).filter(|word| !word.is_empty());
    let text = words.collect::<Vec<_>>().join(" ");
    made(host, text)
}

/// `$substring(text, start, length)`, in units of UTF-16 as the service counts.
pub(super) fn substring(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let Some(text) = first(arguments) else { return Ok(Value::Nothing) };
    let number = |place: usize| arguments.get(place).and_then(Value::as_number);
    let units = units(text);
    let count = units.len() as f64;
    let mut start = number(1).unwrap_or(0.0);
    if count + start < 0.0 {
        start = 0.0;
    }
    let end = match number(2) {
        Some(length) if length <= 0.0 => return Ok(Value::text("")),
        Some(length) => start + length + if start >= 0.0 { 0.0 } else { count },
        None => count,
    };
    let at = |place: f64| {
        let place = place.trunc();
        (if place < 0.0 { (count + place).max(0.0) } else { place.min(count) }) as usize
    };
    made(host, from_units(units.get(at(start)..at(end)).unwrap_or_default()))
}

pub(super) fn substring_before(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let Some(text) = first(arguments) else { return Ok(Value::Nothing) };
    match text.split_once(text_at(arguments, 1)) {
        Some((before, _)) => made(host, before.to_owned()),
        None => Ok(Value::Text(text.clone())),
    }
}

pub(super) fn substring_after(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let Some(text) = first(arguments) else { return Ok(Value::Nothing) };
    match text.split_once(text_at(arguments, 1)) {
        Some((_, after)) => made(host, after.to_owned()),
        None => Ok(Value::Text(text.clone())),
    }
}

/// `$pad(text, width, letters)`: on the right, or on the left where the width is negative.
pub(super) fn pad(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let Some(text) = first(arguments) else { return Ok(Value::Nothing) };
    let width = arguments.get(1).and_then(Value::as_number).unwrap_or(0.0);
    let missing = width.abs() - length_of(text) as f64;
    if missing <= 0.0 || missing.is_nan() {
        return Ok(Value::Text(text.clone()));
    }
    room(host, missing.min(1e9) as usize)?;
    if width.fract() != 0.0 {
        return Error::fail("D1001", format!("Number out of range: {width}"));
    }
    let letters = match text_at(arguments, 2) {
        "" => units(" "),
        letters => units(letters),
    };
    let padding: Vec<u16> = letters.into_iter().cycle().take(missing as usize).collect();
    let padding = from_units(&padding);
    made(host, if width > 0.0 { format!("{text}{padding}") } else { format!("{padding}{text}") })
}

/// `$join(texts, separator)`
pub(super) fn join(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let Some(list) = arguments.first().filter(|list| !list.is_nothing()) else { return Ok(Value::Nothing) };
    let separator = text_at(arguments, 1);
    let mut text = String::new();
    for (place, item) in list.items().iter().enumerate() {
        if place > 0 {
            text.push_str(separator);
        }
        match item {
            Value::Nothing | Value::Null => {}
            item => text.push_str(&coerced(item)),
        }
        room(host, text.len())?;
    }
    made(host, joined(&text).into_owned())
}

pub(super) fn contains(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let Some(text) = first(arguments) else { return Ok(Value::Nothing) };
    Ok(Value::Bool(match arguments.get(1) {
        Some(Value::Text(part)) => text.contains(&**part),
        Some(function) => {
            let mut search = Search::new(function, text, "contains")?;
            search.next(host)?.is_some()
        }
        None => false,
    }))
}

/// A search for all matches in a text, by a regular expression or by a function that does as one.
struct Search<'a> {
    text: &'a Text,
    pattern: Option<std::sync::Arc<Pattern>>,
    /// Where the last match ends.
    from: Option<usize>,
    /// The function that gives the next match.
    function: Value,
    arguments: Vec<Value>,
    name: &'static str,
}

/// A match.
struct Found {
    start: usize,
    end: usize,
    /// The match as a function gets it, made where it is needed.
    value: Option<Value>,
    groups: Vec<Value>,
}

impl<'a> Search<'a> {
    fn new(function: &Value, text: &'a Text, name: &'static str) -> Given<Self> {
        let mut inner = function;
        while let Value::Function(it) = inner
            && let Function::Handed(handed) = &**it
        {
            inner = handed;
        }
        let pattern = match inner {
            Value::Function(it) => match &**it {
                Function::Regex(pattern) => Some(pattern.clone()),
                _ => None,
            },
            _ => None,
        };
        Ok(Self {
            text,
            pattern,
            from: None,
            function: function.clone(),
            arguments: vec![Value::Text(text.clone())],
            name,
        })
    }

    fn next(&mut self, host: &mut dyn Host) -> Given<Option<Found>> {
        host.charge(0)?;
        if let Some(pattern) = &self.pattern {
            let found = match self.from {
                None => pattern.find(self.text, 0)?,
                Some(from) => pattern.next(self.text, from)?,
            };
            let Some(found) = found else { return Ok(None) };
            self.from = Some(found.end);
            let groups = found.groups.iter().map(|group| group.as_deref().map_or(Value::Nothing, Value::text));
            return Ok(Some(Found { start: found.start, end: found.end, value: None, groups: groups.collect() }));
        }
        let value = host.call(&self.function, &std::mem::take(&mut self.arguments))?;
        if matches!(value, Value::Nothing | Value::Null | Value::Bool(false)) {
            return Ok(None);
        }
        let wrong = || {
            Error::new(
                "T1010",
                format!(
                    "The matcher function argument passed to function \"{}\" does not return the correct object structure",
                    self.name
                ),
            )
        };
        let Value::Object(object) = &value else { return Err(wrong()) };
        let number = |key: &str| object.get(key).and_then(Value::as_number);
        let (start, end) = number("start").zip(number("end")).ok_or_else(wrong)?;
        let byte = |units: f64| {
            let mut left = units.max(0.0) as usize;
            let letters = self.text.char_indices().find(|(_, letter)| {
                let is_there = left == 0;
                left = left.saturating_sub(letter.len_utf16());
                is_there
            });
            letters.map_or(self.text.len(), |(at, _)| at)
        };
        let (start, end) = (byte(start), byte(end));
        let groups = object.get("groups").map_or_else(Vec::new, |groups| groups.items().to_vec());
        self.function = object.get("next").cloned().unwrap_or_default();
        Ok(Some(Found { start, end: end.max(start), value: Some(value), groups }))
    }

    /// The match as a function gets it.
    fn value(&self, found: &Found) -> Given<Value> {
        match (&found.value, &self.pattern) {
            (Some(value), _) => Ok(value.clone()),
            (None, Some(pattern)) => {
                let groups = found.groups.iter().map(|group| group.as_str().map(str::to_owned)).collect();
                let found = Match { start: found.start, end: found.end, groups };
                Ok(match_value(pattern, self.text, Some(found)))
            }
            (None, None) => Ok(Value::Nothing),
        }
    }
}

/// The limit of a function, which must not be negative.
fn limit(arguments: &[Value], place: usize, code: &'static str, which: &str) -> Given<Option<f64>> {
    match arguments.get(place).and_then(Value::as_number) {
        Some(limit) if limit < 0.0 => Error::fail(code, format!("{which} function must evaluate to a positive number")),
        limit => Ok(limit),
    }
}

/// `$match(text, pattern, limit)`
pub(super) fn matches(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let (Some(text), Some(function)) = (first(arguments), arguments.get(1)) else { return Ok(Value::Nothing) };
    let most = limit(arguments, 2, "D3040", "Third argument of match")?.unwrap_or(f64::INFINITY);
    let mut found = Vec::new();
    if most > 0.0 {
        let mut search = Search::new(function, text, "match")?;
        let (mut units_before, mut bytes_before) = (0, 0);
        while let Some(it) = search.next(host)? {
            if found.len() as f64 >= most {
                break;
            }
            units_before += length_of(text.get(bytes_before..it.start).unwrap_or_default());
            bytes_before = it.start;
            let mut object = Object::default();
            object.insert("match".into(), Value::text(&text[it.start..it.end]));
            object.insert("index".into(), Value::Number(units_before as f64));
            object.insert("groups".into(), Value::list(it.groups));
            host.charge(16 * size_of::<Value>())?;
            found.push(Value::Object(Rc::new(object)));
        }
    }
    Ok(Value::sequence(found))
}

/// `$split(text, separator, limit)`; the separator is a text or a regular expression.
pub(super) fn split(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let Some(text) = first(arguments) else { return Ok(Value::Nothing) };
    let given = limit(arguments, 2, "D3020", "Third argument of split")?;
    let most = given.map_or(usize::MAX, |limit| limit as usize);
    let mut parts = Vec::new();
    match arguments.get(1) {
        Some(Value::Text(separator)) if separator.is_empty() => {
            for unit in units(text).iter().take(most) {
                host.charge(2 * size_of::<Value>())?;
                parts.push(Value::text(from_units(&[*unit])));
            }
        }
        Some(Value::Text(separator)) => {
            for part in text.split(&**separator).take(most) {
                host.charge(2 * size_of::<Value>() + part.len())?;
                parts.push(Value::text(part));
            }
        }
        Some(function @ Value::Function(_)) => {
            // The parts are counted up to the limit here, which a fraction lets go on by one.
            let most = given.unwrap_or(f64::INFINITY);
            let mut search = Search::new(function, text, "split")?;
            let mut start = 0;
            let mut next = search.next(host)?;
            while let Some(found) = next.take_if(|_| (parts.len() as f64) < most) {
                host.charge(2 * size_of::<Value>())?;
                parts.push(Value::text(text.get(start..found.start).unwrap_or_default()));
                start = found.end;
                next = search.next(host)?;
            }
            if (parts.len() as f64) < most {
                parts.push(Value::text(&text[start..]));
            }
        }
        _ => parts.push(Value::Text(text.clone())),
    }
    Ok(Value::list(parts))
}

/// `$replace(text, pattern, replacement, limit)`; the pattern is a text or a regular expression, the replacement a text
/// or, for a regular expression, a function of the match.
pub(super) fn replace(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let Some(text) = first(arguments) else { return Ok(Value::Nothing) };
    let (pattern, replacement) = (arguments.get(1), arguments.get(2).unwrap_or(&Value::Nothing));
    if matches!(pattern, Some(Value::Text(pattern)) if pattern.is_empty()) {
        return Error::fail("D3010", "Second argument of replace function cannot be an empty string");
    }
    let most = limit(arguments, 3, "D3011", "Fourth argument of replace")?.unwrap_or(f64::INFINITY);
    // A limit counts without its fraction, as measured on the service.
    let most = most.trunc();
    let mut new = String::new();
    let mut start = 0;
    let mut count = 0.0;
    match pattern {
        Some(Value::Text(pattern)) => {
            while count < most
                && let Some(at) = text[start..].find(&**pattern)
            {
                if let Value::Function(_) = replacement {
                    return Error::fail("D3012", "Attempted to replace a matched string with a non-string value");
                }
                new.push_str(&text[start..start + at]);
                new.push_str(&coerced(replacement));
                start += at + pattern.len();
                count += 1.0;
                room(host, new.len())?;
            }
        }
        Some(function @ Value::Function(_)) => {
            let mut search = Search::new(function, text, "replace")?;
            let mut next = search.next(host)?;
            while let Some(found) = next.take_if(|_| count < most) {
                new.push_str(text.get(start..found.start).unwrap_or_default());
                match replacement {
                    Value::Text(replacement) => substitute(&mut new, replacement, &found, text),
                    function => {
                        let value = search.value(&found)?;
                        let Value::Text(part) = host.call(function, &[value])? else {
                            let text = "Attempted to replace a matched string with a non-string value";
                            return Error::fail("D3012", text);
                        };
                        new.push_str(&part);
                    }
                }
                start = found.end;
                count += 1.0;
                room(host, new.len())?;
                next = search.next(host)?;
            }
        }
        _ => {}
    }
    new.push_str(&text[start..]);
    room(host, new.len())?;
    made(host, joined(&new).into_owned())
}

/// Appends the replacement with what the match has for its `$0`, `$1` and `$$`.
fn substitute(new: &mut String, replacement: &str, found: &Found, text: &str) {
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
                if let Some(Value::Text(group)) = index.checked_sub(1).and_then(|index| found.groups.get(index)) {
                    new.push_str(group);
                }
                rest = &rest[index.to_string().len().min(digits)..];
            }
            None => new.push('$'),
        }
    }
    new.push_str(rest);
}
