//! Moments and their texts: `$fromMillis`, `$toMillis`, `$now` and `$millis`.

use super::{
    picture::{Case, Picture, Separators, Style, leading_number},
    timestamp::{Moment, iso, millis_of},
    words::are_words,
};
use crate::asl::expression::jsonata::{
    error::{Error, Given},
    text::quoted,
    value::{Host, Value},
};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
/// The picture of a moment in ISO 8601.
const ISO: &str = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]";
/// Digits that a picture may ask for.
const MAX_WIDTH: usize = 10_000;
const ZONE_DIGITS: &str = "The timezone integer format specifier cannot have more than four digits";
/// Moments that JavaScript has a date for.
const MAX_MILLIS: f64 = 8.64e15;

pub(super) fn millis(host: &mut dyn Host, _: &[Value]) -> Given<Value> {
    Ok(Value::Number(host.now() as f64))
}

/// `$now(picture, timezone)`
pub(super) fn now(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let now = host.now() as f64;
    let text = |place: usize| arguments.get(place).and_then(Value::as_str);
    formatted(host, now, text(0), text(1))
}

/// `$fromMillis(millis, picture, timezone)`
pub(super) fn from_millis(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let Some(Value::Number(number)) = arguments.first() else { return Ok(Value::Nothing) };
    let text = |place: usize| arguments.get(place).and_then(Value::as_str);
    formatted(host, *number, text(1), text(2))
}

/// `$toMillis(timestamp, picture)`
pub(super) fn to_millis(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let Some(text) = arguments.first().and_then(Value::as_str) else { return Ok(Value::Nothing) };
    let Some(picture) = arguments.get(1).and_then(Value::as_str) else {
        return match iso(text) {
            Some(millis) => Ok(Value::Number(millis)),
            None => {
                let text = format!(
                    "The argument of the toMillis function must be an ISO 8601 formatted timestamp. Given {}",
                    quoted(text)
                );
                Error::fail("D3110", text)
            }
        };
    };
    let parts = parts(picture)?;
    for part in &parts {
        if let Part::Marker(marker) = part
            && matches!(marker.form, Form::Name(_))
            && !matches!(marker.component, 'M' | 'x' | 'F' | 'P' | 'Z' | 'z')
        {
            return Err(marker.unnamed());
        }
    }
    host.charge(picture.len() + text.len())?;
    match read(host, text, &parts)? {
        Some(fields) => moment(host, fields),
        None => Ok(Value::Nothing),
    }
}

/// A part of a picture: a text as it is, or what stands between brackets.
enum Part {
    Literal(String),
    Marker(Marker),
}

/// A component of a moment, and how it is written.
struct Marker {
    component: char,
    form: Form,
    /// Letters of a name at most.
    most: Option<usize>,
    /// The digits of a year, a month or a day, if they are a fixed number.
    digits: Option<usize>,
    /// Whether no offset is `Z`.
    is_short: bool,
}

enum Form {
    Name(Case),
    Number(Picture),
    /// What no picture changes: the calendar, and the half of the day.
    Fixed,
}

fn parts(picture: &str) -> Given<Vec<Part>> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut rest = picture;
    while let Some(letter) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("[[") {
            literal.push('[');
            rest = after;
        } else if letter == '[' {
            let Some((marker, after)) = rest[1..].split_once(']') else {
                return Error::fail("D3135", "No matching closing bracket ']' in date/time picture string");
            };
            if !literal.is_empty() {
                parts.push(Part::Literal(std::mem::take(&mut literal)));
            }
            let marker: String = marker.chars().filter(|letter| !letter.is_whitespace()).collect();
            parts.push(Part::Marker(Marker::parse(&marker)?));
            rest = after;
        } else if let Some(after) = rest.strip_prefix("]]") {
            literal.push(']');
            rest = after;
        } else {
            literal.push(letter);
            rest = &rest[letter.len_utf8()..];
        }
    }
    if !literal.is_empty() {
        parts.push(Part::Literal(literal));
    }
    Ok(parts)
}

impl Marker {
    fn parse(text: &str) -> Given<Self> {
        let component = text.chars().next();
        let rest = component.map_or("", |letter| &text[letter.len_utf8()..]);
        let (presentation, width) = match rest.rsplit_once(',') {
            Some((presentation, width)) => (presentation, Some(width)),
            None => (rest, None),
        };
        let default = match component {
            Some('Y' | 'M' | 'D' | 'd' | 'W' | 'w' | 'X' | 'x' | 'H' | 'h' | 'f') => "1",
            Some('F' | 'P' | 'C' | 'E') => "n",
            Some('m' | 's') => "01",
            Some('Z' | 'z') => "01:01",
            _ => {
                let text = component.map(String::from).unwrap_or_default();
                let text = format!("Unknown component specifier {} in date/time picture string", quoted(&text));
                return Error::fail("D3132", text);
            }
        };
        let component = component.unwrap_or_default();
        let (first, second) = match presentation.chars().last() {
            None => (default, None),
            Some(last @ ('a' | 't' | 'c' | 'o')) if presentation.chars().count() > 1 => {
                (&presentation[..presentation.len() - 1], Some(last))
            }
            Some(_) => (presentation, None),
        };
        let bounds = width.map(|width| {
            let (least, most) = width.split_once('-').unwrap_or((width, "*"));
            let bound = |text: &str| {
                let number = if text == "*" { f64::NAN } else { leading_number(text) };
                (number >= 0.0).then_some(number as usize)
            };
            (bound(least), bound(most))
        });
        let (least, most) = bounds.unwrap_or((None, None));
        let mut marker = Self { component, form: Form::Fixed, most, digits: None, is_short: second == Some('t') };
        if first.starts_with('n') {
            marker.form = Form::Name(Case::Lower);
        } else if first.starts_with('N') {
            let is_title = first.chars().nth(1) == Some('n');
            marker.form = Form::Name(if is_title { Case::Title } else { Case::Upper });
        } else if !matches!(component, 'P' | 'C' | 'E') {
            let text = match second {
                Some(second) => format!("{first};{second}"),
                None => first.to_owned(),
            };
            let mut picture = match Picture::parse(&text) {
                // What cannot be written can be read.
                Err(_) if matches!(component, 'Z' | 'z') => return Ok(marker),
                picture => picture?,
            };
            if let Some(least) = least {
                picture.mandatory = picture.mandatory.max(least);
            }
            if picture.mandatory > MAX_WIDTH {
                return Err(Error::Memory);
            }
            if matches!(component, 'Y' | 'M' | 'D') {
                let width = picture.mandatory + picture.optional;
                marker.digits = most.or((width >= 2).then_some(width));
                if let Some(digits) = most.filter(|_| component == 'Y') {
                    picture.mandatory = digits.min(MAX_WIDTH);
                }
            }
            marker.form = Form::Number(picture);
        }
        Ok(marker)
    }

    /// The error of a component that has no names.
    fn unnamed(&self) -> Error {
        let text = format!(
            "The 'name' modifier can only be applied to months and days in the date/time picture string, not \"{}\"",
            self.component
        );
        Error::new("D3133", text)
    }

    fn write(&self, at: &Moment, offset: (f64, f64)) -> Given<String> {
        match self.component {
            'P' => {
                let half = if at.hour < 12 { "am" } else { "pm" };
                return Ok(match self.form {
                    Form::Name(Case::Upper) => half.to_uppercase(),
                    _ => half.to_owned(),
                });
            }
            'C' | 'E' => return Ok("ISO".to_owned()),
            'Z' | 'z' => return self.zone(offset),
            _ => {}
        }
        let mut value = at.component(self.component);
        match &self.form {
            Form::Name(case) => {
                let names = match self.component {
                    'M' | 'x' => &MONTHS[..],
                    'F' => &DAYS[..],
                    _ => return Err(self.unnamed()),
                };
                let name = names.get((value - 1.0).max(0.0) as usize).copied().unwrap_or_default();
                Ok(case.of(name).chars().take(self.most.unwrap_or(usize::MAX)).collect())
            }
            Form::Number(picture) => {
                if let Some(digits) = self.digits.filter(|_| self.component == 'Y') {
                    value %= 10_f64.powi(i32::try_from(digits).unwrap_or(i32::MAX));
                }
                picture.format(value)
            }
            Form::Fixed => Ok(String::new()),
        }
    }

    fn zone(&self, (hours, minutes): (f64, f64)) -> Given<String> {
        let offset = hours * 100.0 + minutes;
        if offset == 0.0 && self.is_short {
            return Ok("Z".to_owned());
        }
        let Form::Number(picture) = &self.form else { return Error::fail("D3134", ZONE_DIGITS) };
        let text = match (&picture.separators, picture.mandatory) {
            (Separators::Regular(..), _) => picture.format(offset)?,
            (_, 1 | 2) => {
                let minutes = if minutes == 0.0 { String::new() } else { format!(":{minutes:02}") };
                picture.format(hours)? + &minutes
            }
            (_, 3 | 4) => picture.format(offset)?,
            _ => return Error::fail("D3134", ZONE_DIGITS),
        };
        let sign = if offset >= 0.0 { "+" } else { "" };
        let name = if self.component == 'z' { "GMT" } else { "" };
        Ok(format!("{name}{sign}{text}"))
    }
}

fn formatted(host: &mut dyn Host, millis: f64, picture: Option<&str>, zone: Option<&str>) -> Given<Value> {
    let parts = parts(picture.unwrap_or(ISO))?;
    let offset = zone.map_or(0.0, leading_number);
    let offset = ((offset / 100.0).floor(), offset % 100.0);
    let local = millis + (60.0 * offset.0 + offset.1) * 60_000.0;
    if !local.is_finite() || local.abs() > MAX_MILLIS {
        return Error::fail("D1001", "Number out of range: the moment is beyond the years that dates have");
    }
    let at = Moment::of(local.trunc());
    let mut text = String::new();
    for part in &parts {
        match part {
            Part::Literal(literal) => text.push_str(literal),
            Part::Marker(marker) => text.push_str(&marker.write(&at, offset)?),
        }
        host.charge(8)?;
    }
    host.charge(text.len())?;
    Ok(Value::text(text))
}

/// The components that a text has, by the letters of a picture.
type Fields = Vec<(char, f64)>;

/// The length of each part of a text that a picture may take, found like a regular expression finds it: as much as
/// there is, and less where what follows does not fit.
fn read(host: &mut dyn Host, text: &str, parts: &[Part]) -> Given<Option<Fields>> {
    host.charge(0)?;
    let Some((part, rest)) = parts.split_first() else { return Ok(text.is_empty().then(Vec::new)) };
    match part {
        Part::Literal(literal) => match text.get(..literal.len()) {
            Some(start) if start.eq_ignore_ascii_case(literal) => read(host, &text[literal.len()..], rest),
            _ => Ok(None),
        },
        Part::Marker(marker) => {
            let longest = marker.longest(text);
            for end in (1..=longest).rev().filter(|end| text.is_char_boundary(*end)) {
                if !marker.takes(&text[..end]) {
                    continue;
                }
                if let Some(mut fields) = read(host, &text[end..], rest)? {
                    if let Some(value) = marker.value(&text[..end])? {
                        // Of two that are the same the later counts.
                        if !fields.iter().any(|(component, _)| *component == marker.component) {
                            fields.push((marker.component, value));
                        }
                    }
                    return Ok(Some(fields));
                }
            }
            Ok(None)
        }
    }
}

impl Marker {
    /// Bytes at the start of a text that may belong to it.
    fn longest(&self, text: &str) -> usize {
        let bytes = |is_part: fn(&u8) -> bool| text.bytes().take_while(is_part).count();
        match (&self.form, self.component) {
            (_, 'Z' | 'z') => {
                bytes(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b':' | b'G' | b'M' | b'T' | b'.'))
            }
            (Form::Number(Picture { style: Style::Digits, is_ordinal: false, .. }), _) => {
                let digits = text.chars().take_while(|letter| letter.is_numeric()).map(char::len_utf8).sum();
                match self.digits {
                    Some(exact) => exact.min(digits),
                    None => digits,
                }
            }
            (Form::Number(Picture { style: Style::Words(_), .. }), _) => {
                bytes(|byte| byte.is_ascii_alphabetic() || matches!(byte, b' ' | b',' | b'-'))
            }
            _ => text.chars().take_while(|letter| letter.is_alphanumeric()).map(char::len_utf8).sum(),
        }
    }

    /// Whether a text has the form of it.
    fn takes(&self, text: &str) -> bool {
        let all = |is_part: fn(&u8) -> bool| text.bytes().all(|byte| is_part(&byte));
        match (&self.form, self.component) {
            (_, 'Z' | 'z') => {
                let text = if self.component == 'z' { text.strip_prefix("GMT") } else { Some(text) };
                let Some(digits) = text.and_then(|text| text.strip_prefix(['+', '-'])) else { return false };
                let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
                match self.separator() {
                    Some(separator) => {
                        digits.split_once(separator).is_some_and(|(left, right)| is_number(left) && is_number(right))
                    }
                    None => is_number(digits),
                }
            }
            (_, 'P' | 'C' | 'E') | (Form::Name(_), _) => all(u8::is_ascii_alphabetic),
            (Form::Number(picture), _) => match picture.style {
                Style::Letters(_) => all(u8::is_ascii_alphabetic),
                Style::Roman(_) => all(|byte| b"mdclxviMDCLXVI".contains(byte)),
                Style::Words(_) => are_words(text),
                Style::Digits => {
                    let digits = match picture.is_ordinal {
                        true => {
                            let ends = ["th", "st", "nd", "rd"];
                            let at = text.len().saturating_sub(2);
                            match text.get(at..).filter(|end| ends.iter().any(|known| end.eq_ignore_ascii_case(known)))
                            {
                                Some(_) => &text[..at],
                                None => return false,
                            }
                        }
                        false => text,
                    };
                    let count = digits.chars().count();
                    digits.chars().all(char::is_numeric) && count > 0 && self.digits.is_none_or(|exact| exact == count)
                }
            },
            (Form::Fixed, _) => false,
        }
    }

    fn separator(&self) -> Option<char> {
        match &self.form {
            Form::Number(Picture { separators: Separators::Regular(_, letter), .. }) => Some(*letter),
            _ => None,
        }
    }

    /// The value of a text; none for a name that is unknown.
    fn value(&self, text: &str) -> Given<Option<f64>> {
        Ok(match (&self.form, self.component) {
            (_, 'Z' | 'z') => {
                let text = text.strip_prefix("GMT").unwrap_or(text);
                let (hours, minutes) = match self.separator().and_then(|separator| text.split_once(separator)) {
                    Some(parts) => parts,
                    None if text.len() <= 3 => (text, "0"),
                    None => text.split_at(3),
                };
                Some(leading_number(hours) * 60.0 + leading_number(minutes))
            }
            (_, 'P') => Some(if text.eq_ignore_ascii_case("pm") { 1.0 } else { 0.0 }),
            (_, 'C' | 'E') => None,
            (Form::Name(_), component) => {
                let names = match component {
                    'M' | 'x' => &MONTHS[..],
                    'F' => &DAYS[..],
                    _ => return Err(self.unnamed()),
                };
                let most = self.most.unwrap_or(usize::MAX);
                let known = |name: &&str| name.chars().take(most).eq(text.chars());
                names.iter().position(|name| known(&name)).map(|place| place as f64 + 1.0)
            }
            (Form::Number(picture), _) => Some(picture.number(text)),
            (Form::Fixed, _) => None,
        })
    }
}

/// The moment of components: what is larger than the largest of them is that of now, what is smaller is the least.
fn moment(host: &mut dyn Host, fields: Fields) -> Given<Value> {
    if fields.is_empty() {
        return Ok(Value::Nothing);
    }
    let mut fields = fields;
    let missing =
        || Error::new("D3136", "The date/time picture string is missing specifiers required to parse the timestamp");
    let has = |fields: &Fields, components: &str| fields.iter().any(|(it, _)| components.contains(*it));
    // A set of components is meant where some of it are there, and none of the others.
    let is = |fields: &Fields, all: &str, set: &str| {
        has(fields, set) && !fields.iter().any(|(it, _)| all.contains(*it) && !set.contains(*it))
    };
    const DATE: &str = "YXMxWwdD";
    const TIME: &str = "PHhmsf";
    let by_day_of_year = !is(&fields, DATE, "YMD") && is(&fields, DATE, "Yd");
    let by_month_and_week = is(&fields, DATE, "Xxw");
    let by_week = !by_month_and_week && is(&fields, DATE, "XW");
    let in_halves = !is(&fields, TIME, "Hmsf") && is(&fields, TIME, "Phmsf");
    let date = if by_day_of_year {
        "YD"
    } else if by_month_and_week {
        "XxwF"
    } else if by_week {
        "XWF"
    } else {
        "YMD"
    };
    let time = if in_halves { "Phmsf" } else { "Hmsf" };
    let now = Moment::of(host.now() as f64);
    let (mut has_begun, mut has_ended) = (false, false);
    for component in date.chars().chain(time.chars()) {
        if has(&fields, &component.to_string()) {
            has_begun = true;
            if has_ended {
                return Err(missing());
            }
        } else if has_begun {
            fields.push((component, if matches!(component, 'M' | 'D' | 'd') { 1.0 } else { 0.0 }));
            has_ended = true;
        } else {
            fields.push((component, now.component(component)));
        }
    }
    if by_month_and_week || by_week {
        return Err(missing());
    }
    let of = |component: char| fields.iter().find(|(it, _)| *it == component).map(|(_, value)| *value);
    let field = |component: char| of(component).unwrap_or(0.0);
    let (month, day) = match of('d') {
        // The day may be one of another year, of which only the month and the day are taken.
        Some(day) if by_day_of_year => {
            let date = Moment::of(millis_of(field('Y'), 0.0, day, [0.0; 4]));
            (date.component('M') - 1.0, date.component('D'))
        }
        _ => ((field('M') - 1.0).max(0.0), field('D')),
    };
    let hour = match in_halves {
        true => (if field('h') == 12.0 { 0.0 } else { field('h') }) + 12.0 * field('P'),
        false => field('H'),
    };
    let millis = millis_of(field('Y'), month, day, [hour, field('m'), field('s'), field('f')]);
    let zone = of('Z').or(of('z')).unwrap_or(0.0);
    Ok(Value::Number(millis - zone * 60_000.0))
}
