//! Pictures of whole numbers: `#,##0`, `w`, `I`, `1;o`.

use super::words;
use crate::asl::expression::jsonata::{
    error::{Error, Given},
    number::decimal,
    text::{from_units, quoted, units},
};

/// The first digits of the scripts whose digits a picture may have.
const ZEROS: [u32; 37] = [
    0x30, 0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0,
    0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620,
    0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
];
const ROMAN: [(f64, &str); 13] = [
    (1000.0, "m"),
    (900.0, "cm"),
    (500.0, "d"),
    (400.0, "cd"),
    (100.0, "c"),
    (90.0, "xc"),
    (50.0, "l"),
    (40.0, "xl"),
    (10.0, "x"),
    (9.0, "ix"),
    (5.0, "v"),
    (4.0, "iv"),
    (1.0, "i"),
];
/// The largest number in Roman letters, which has one for each thousand.
const MAX_ROMAN: f64 = 1e8;

/// A picture, read.
#[derive(Clone, Debug)]
pub(super) struct Picture {
    pub style: Style,
    pub is_ordinal: bool,
    /// Digits that there are at least.
    pub mandatory: usize,
    pub optional: usize,
    zero: u32,
    pub separators: Separators,
}

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Style {
    Letters(Case),
    Roman(Case),
    Words(Case),
    Digits,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Case {
    Lower,
    Upper,
    Title,
}

impl Case {
    pub fn of(self, text: &str) -> String {
        match self {
            Self::Lower => text.to_lowercase(),
            Self::Upper => text.to_uppercase(),
            Self::Title => text.to_owned(),
        }
    }
}

/// What stands between groups of digits.
#[derive(Clone, Debug)]
pub(super) enum Separators {
    Regular(usize, char),
    /// Digits to the right of each.
    Single(Vec<(usize, char)>),
}

impl Picture {
    pub fn parse(text: &str) -> Given<Self> {
        let (primary, modifier) = text.rsplit_once(';').unwrap_or((text, ""));
        let style = match primary {
            "A" => Style::Letters(Case::Upper),
            "a" => Style::Letters(Case::Lower),
            "I" => Style::Roman(Case::Upper),
            "i" => Style::Roman(Case::Lower),
            "W" => Style::Words(Case::Upper),
            "w" => Style::Words(Case::Lower),
            "Ww" => Style::Words(Case::Title),
            _ => Style::Digits,
        };
        let mut picture = Self {
            style,
            is_ordinal: modifier.starts_with('o'),
            mandatory: 0,
            optional: 0,
            zero: ZEROS[0],
            separators: Separators::Single(Vec::new()),
        };
        if style != Style::Digits {
            return Ok(picture);
        }
        let mut zero = None;
        let mut separators = Vec::new();
        for letter in primary.chars().rev() {
            let code = u32::from(letter);
            if let Some(group) = ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&code)) {
                if zero.is_some_and(|zero| zero != *group) {
                    let text = "In a decimal digit pattern, all digits must be from the same decimal group";
                    return Error::fail("D3131", text);
                }
                zero = Some(*group);
                picture.mandatory += 1;
            } else if letter == '#' {
                picture.optional += 1;
            } else {
                separators.push((picture.mandatory + picture.optional, letter));
            }
        }
        let Some(zero) = zero else {
            let text = format!(
                "Formatting or parsing an integer as a sequence starting with {} is not supported by this implementation",
                quoted(primary)
            );
            return Error::fail("D3130", text);
        };
        picture.zero = zero;
        picture.separators = Separators::of(separators);
        Ok(picture)
    }

    /// A number, without its fraction.
    pub fn format(&self, number: f64) -> Given<String> {
        let number = number.floor();
        let size = number.abs();
        let text = match self.style {
            Style::Letters(case) => case.of(&letters(size)),
            Style::Roman(case) if size <= MAX_ROMAN => case.of(&roman(size)),
            Style::Words(case) if size.is_finite() => case.of(&words::in_words(size, self.is_ordinal)),
            Style::Roman(_) | Style::Words(_) => {
                return Error::fail("D1001", format!("Number out of range: {number}"));
            }
            Style::Digits => self.digits(size),
        };
        Ok(if number < 0.0 { format!("-{text}") } else { text })
    }

    fn digits(&self, size: f64) -> String {
        let text = if size.is_finite() {
            decimal(size)
        } else if size.is_nan() {
            "NaN".to_owned()
        } else {
            "Infinity".to_owned()
        };
        let mut letters: Vec<char> = text.chars().collect();
        let ordinal = if self.is_ordinal { ordinal(&letters) } else { "" };
        if letters.len() < self.mandatory {
            letters.splice(0..0, std::iter::repeat_n('0', self.mandatory - letters.len()));
        }
        for letter in &mut letters {
            if let Some(digit) = letter.to_digit(10)
                && let Some(own) = char::from_u32(self.zero + digit)
            {
                *letter = own;
            }
        }
        match &self.separators {
            Separators::Regular(every, letter) => {
                let count = letters.len();
                for group in 1..=count.saturating_sub(1) / every {
                    letters.insert(count - group * every, *letter);
                }
            }
            Separators::Single(separators) => {
                for (place, letter) in separators.iter().rev() {
                    match letters.len().checked_sub(*place) {
                        Some(at) => letters.insert(at, *letter),
                        // What stands before all digits takes the place of those that it would count.
                        None => {
                            let missing = place - letters.len();
                            let kept = letters.len().min(missing);
                            letters.drain(..letters.len() - kept);
                            letters.insert(0, *letter);
                        }
                    }
                }
            }
        }
        letters.into_iter().collect::<String>() + ordinal
    }

    /// The number that a text is by the picture; one that is none where it does not fit.
    pub fn number(&self, text: &str) -> f64 {
        match self.style {
            Style::Letters(case) => {
                let first = if case == Case::Upper { 'A' } else { 'a' };
                let units = units(text);
                let count = units.len();
                let digits = units.iter().enumerate().map(|(place, unit)| {
                    let digit = f64::from(*unit) - f64::from(u32::from(first)) + 1.0;
                    digit * 26_f64.powi(i32::try_from(count - place - 1).unwrap_or(i32::MAX))
                });
                digits.sum()
            }
            Style::Roman(case) => {
                roman_number(&if case == Case::Lower { text.to_uppercase() } else { text.to_owned() })
            }
            Style::Words(_) => words::number(&text.to_lowercase()),
            Style::Digits => self.digits_number(text),
        }
    }

    fn digits_number(&self, text: &str) -> f64 {
        let mut text = text.to_owned();
        if self.is_ordinal {
            let units = units(&text);
            text = from_units(&units[..units.len().saturating_sub(2)]);
        }
        let is_separator = |letter: char| match &self.separators {
            Separators::Regular(_, own) => letter == *own,
            Separators::Single(separators) => separators.iter().any(|(_, own)| letter == *own),
        };
        let plain = text.chars().filter(|letter| !is_separator(*letter)).map(|letter| {
            match u32::from(letter).checked_sub(self.zero) {
                Some(digit @ 0..=9) if self.zero != ZEROS[0] => char::from_digit(digit, 10).unwrap_or(letter),
                _ => letter,
            }
        });
        leading_number(&plain.collect::<String>())
    }
}

/// The whole number that a text begins with, decimal or hexadecimal.
pub(super) fn leading_number(text: &str) -> f64 {
    let text = text.trim_start();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    if let Some(digits) = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        let digits = digits.chars().map_while(|letter| letter.to_digit(16));
        return digits.map(f64::from).reduce(|sum, digit| sum * 16.0 + digit).map_or(f64::NAN, |number| sign * number);
    }
    let end = digits.bytes().take_while(u8::is_ascii_digit).count();
    digits[..end].parse::<f64>().map_or(f64::NAN, |number| sign * number)
}

impl Separators {
    fn of(separators: Vec<(usize, char)>) -> Self {
        let Some((_, letter)) = separators.first() else { return Self::Single(separators) };
        let places: Vec<usize> = separators.iter().map(|(place, _)| *place).collect();
        match regular(&places) {
            Some(every) if separators.iter().all(|(_, other)| other == letter) => Self::Regular(every, *letter),
            _ => Self::Single(separators),
        }
    }
}

/// The distance of places that stand at every multiple of one.
pub(super) fn regular(places: &[usize]) -> Option<usize> {
    fn divisor(left: usize, right: usize) -> usize {
        if right == 0 { left } else { divisor(right, left % right) }
    }
    let every = places.iter().copied().reduce(divisor).filter(|every| *every > 0)?;
    (1..=places.len()).all(|group| places.contains(&(group * every))).then_some(every)
}

fn letters(mut rest: f64) -> String {
    let mut letters = Vec::new();
    while rest > 0.0 && rest.is_finite() {
        let digit = (rest - 1.0) % 26.0;
        letters.push(char::from(b'a' + digit as u8));
        rest = ((rest - 1.0) / 26.0).floor();
    }
    letters.iter().rev().collect()
}

fn roman(mut rest: f64) -> String {
    let mut text = String::new();
    for (value, letters) in ROMAN {
        while rest >= value {
            text.push_str(letters);
            rest -= value;
        }
    }
    text
}

fn roman_number(text: &str) -> f64 {
    let (mut sum, mut most) = (0.0, 1.0);
    for letter in text.chars().rev() {
        let value = ROMAN.iter().find(|(_, letters)| letters.to_uppercase() == letter.to_string());
        let value = value.map_or(f64::NAN, |(value, _)| *value);
        if value < most {
            sum -= value;
        } else {
            most = value;
            sum += value;
        }
    }
    sum
}

/// The ending that makes an ordinal of digits.
fn ordinal(digits: &[char]) -> &'static str {
    let is_teen = digits.len() > 1 && digits[digits.len() - 2] == '1';
    match digits.last() {
        Some('1') if !is_teen => "st",
        Some('2') if !is_teen => "nd",
        Some('3') if !is_teen => "rd",
        _ => "th",
    }
}
