//! Regular expressions, with the meaning that JavaScript and Java have in common.

use regex::{Regex, RegexBuilder};

use super::error::{Error, Given};

/// Bytes that a compiled pattern may take.
const MAX_SIZE: usize = 1 << 22;

/// A regular expression.
#[derive(Debug)]
pub(crate) enum Pattern {
    /// One that is searched for in a time that grows with the text alone.
    Linear(Regex),
    /// One that looks around itself, or back at its groups.
    Backtracking(fancy_regex::Regex),
}

/// A match: where it is, and its groups.
#[derive(Clone, Debug)]
pub(crate) struct Match {
    pub start: usize,
    pub end: usize,
    pub groups: Vec<Option<String>>,
}

impl Pattern {
    /// Compiles a pattern with the flags `i` and `m`.
    pub fn new(pattern: &str, flags: &str) -> Given<Self> {
        let (ignores_case, has_lines) = (flags.contains('i'), flags.contains('m'));
        let linear = RegexBuilder::new(&translated(pattern, r"(?-u:\b)", r"(?-u:\B)"))
            .case_insensitive(ignores_case)
            .multi_line(has_lines)
            .size_limit(MAX_SIZE)
            .build();
        if let Ok(regex) = linear {
            return Ok(Self::Linear(regex));
        }
        let backtracking = fancy_regex::RegexBuilder::new(&translated(pattern, BOUNDARY, NO_BOUNDARY))
            .case_insensitive(ignores_case)
            .multi_line(has_lines)
            .delegate_size_limit(MAX_SIZE)
            .build();
        match backtracking {
            Ok(regex) => Ok(Self::Backtracking(regex)),
            Err(_) => Error::fail("S0301", format!("Invalid regular expression: /{pattern}/")),
        }
    }

    /// The next match after one that ends at that byte, where there is more of the text; one of no letters is an error.
    pub fn next(&self, text: &str, from: usize) -> Given<Option<Match>> {
        if from >= text.len() {
            return Ok(None);
        }
        match self.find(text, from)? {
            Some(found) if found.start == found.end => {
                Error::fail("D1004", "Regular expression matches zero length string")
            }
            found => Ok(found),
        }
    }

    /// The first match from that byte on.
    pub fn find(&self, text: &str, from: usize) -> Given<Option<Match>> {
        let places: Option<Vec<_>> = match self {
            Self::Linear(regex) => regex
                .captures_at(text, from)
                .map(|captures| captures.iter().map(|group| group.map(|it| it.range())).collect()),
            Self::Backtracking(regex) => regex
                .captures_from_pos(text, from)
                .map_err(|_| Error::Time)?
                .map(|captures| captures.iter().map(|group| group.map(|it| it.range())).collect()),
        };
        let Some([Some(whole), groups @ ..]) = places.as_deref() else { return Ok(None) };
        let group =
            |place: &Option<std::ops::Range<usize>>| place.clone().and_then(|place| text.get(place)).map(str::to_owned);
        Ok(Some(Match { start: whole.start, end: whole.end, groups: groups.iter().map(group).collect() }))
    }
}

/// Where a word of ASCII begins or ends.
const BOUNDARY: &str = "(?:(?<=[0-9A-Za-z_])(?![0-9A-Za-z_])|(?<![0-9A-Za-z_])(?=[0-9A-Za-z_]))";
const NO_BOUNDARY: &str = "(?:(?<=[0-9A-Za-z_])(?=[0-9A-Za-z_])|(?<![0-9A-Za-z_])(?![0-9A-Za-z_]))";

/// The pattern as `regex` reads it: classes such as `\s` have ASCII only, a bracket within brackets is itself.
fn translated(pattern: &str, boundary: &str, no_boundary: &str) -> String {
    let mut new = String::with_capacity(pattern.len());
    let mut letters = pattern.chars().peekable();
    let mut in_class = false;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('s') => new.push_str(r"[ \t\n\x0B\f\r]"),
                Some('S') => new.push_str(r"[^ \t\n\x0B\f\r]"),
                Some('d') => new.push_str("[0-9]"),
                Some('D') => new.push_str("[^0-9]"),
                Some('w') => new.push_str("[0-9A-Za-z_]"),
                Some('W') => new.push_str("[^0-9A-Za-z_]"),
                Some('b') if in_class => new.push_str(r"\x08"),
                Some('b') => new.push_str(boundary),
                Some('B') if !in_class => new.push_str(no_boundary),
                Some('0') if !letters.peek().is_some_and(char::is_ascii_digit) => new.push_str(r"\x00"),
                Some('/') => new.push('/'),
                Some('c') => match letters.next_if(char::is_ascii_alphabetic) {
                    Some(letter) => new.push_str(&format!(r"\x{:02x}", u32::from(letter) % 32)),
                    None => new.push_str(r"\\c"),
                },
                // Any other letter stands for itself.
                Some(other) if other.is_alphabetic() && !"fnrtvuxk".contains(other) => new.push(other),
                Some(other) => {
                    new.push('\\');
                    new.push(other);
                }
                None => new.push('\\'),
            },
            '[' if in_class => new.push_str(r"\["),
            '[' => {
                let is_negated = letters.next_if_eq(&'^').is_some();
                match (letters.next_if_eq(&']').is_some(), is_negated) {
                    (true, true) => new.push_str(r"[\s\S]"),
                    (true, false) => new.push_str(r"[^\s\S]"),
                    (false, _) => {
                        in_class = true;
                        new.push_str(if is_negated { "[^" } else { "[" });
                    }
                }
            }
            ']' => {
                in_class = false;
                new.push(']');
            }
            '&' | '~' | '-' if in_class && letters.peek() == Some(&letter) => {
                new.push('\\');
                new.push(letter);
            }
            '{' if !in_class && !is_quantifier(letters.clone()) => new.push_str(r"\{"),
            '}' if !in_class && !new.ends_with(|it: char| it.is_ascii_digit() || it == ',') => new.push_str(r"\}"),
            '.' if !in_class => new.push_str(r"[^\n\r\u{2028}\u{2029}]"),
            other => new.push(other),
        }
    }
    new
}

/// Whether a brace begins `{2}`, `{2,}` or `{2,3}`.
fn is_quantifier(letters: impl Iterator<Item = char>) -> bool {
    let inner: String = letters.take_while(|letter| *letter != '}').collect();
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match inner.split_once(',') {
        Some((least, most)) => !least.is_empty() && digits(least) && digits(most),
        None => !inner.is_empty() && digits(&inner),
    }
}
