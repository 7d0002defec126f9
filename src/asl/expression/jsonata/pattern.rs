//! Regular expressions, with the meaning that JavaScript and Java have in common.

use fancy_regex::{Captures, Regex, RegexBuilder};

use super::error::{Error, Given};

/// Bytes that a compiled pattern may take.
const MAX_SIZE: usize = 1 << 22;

/// A regular expression.
#[derive(Debug)]
pub(crate) struct Pattern {
    regex: Regex,
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
        let regex = RegexBuilder::new(&translated(pattern))
            .case_insensitive(flags.contains('i'))
            .multi_line(flags.contains('m'))
            .delegate_size_limit(MAX_SIZE)
            .build();
        let regex = regex.map_err(|_| Error::new("S0301", format!("Invalid regular expression: /{pattern}/")))?;
        Ok(Self { regex })
    }

    /// The first match from that byte on; one of no letters is an error.
    pub fn find(&self, text: &str, from: usize) -> Given<Option<Match>> {
        let captures = self.regex.captures_from_pos(text, from).map_err(|_| Error::Time)?;
        let Some(captures) = captures else { return Ok(None) };
        let found = matched(&captures);
        if found.start == found.end {
            return Error::fail("D1004", "Regular expression matches zero length string");
        }
        Ok(Some(found))
    }
}

fn matched(captures: &Captures<'_, str>) -> Match {
    let (start, end) = captures.get(0).map_or((0, 0), |whole| (whole.start(), whole.end()));
    let groups = captures.iter().skip(1).map(|group| group.map(|group| group.as_str().to_owned())).collect();
    Match { start, end, groups }
}

/// The pattern as `regex` reads it: classes such as `\s` have ASCII only, a bracket within brackets is itself.
fn translated(pattern: &str) -> String {
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
                Some('b') => new.push_str(r"(?-u:\b)"),
                Some(other) => {
                    new.push('\\');
                    new.push(other);
                }
                None => new.push('\\'),
            },
            '[' if in_class => new.push_str(r"\["),
            '[' => {
                in_class = true;
                new.push('[');
                if letters.next_if_eq(&'^').is_some() {
                    new.push('^');
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
