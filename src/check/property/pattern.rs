//! Patterns: regular expressions as AWS's schemas and templates have them, which are Java's or ECMAScript's.
//!
//! `fancy-regex` reads them: it looks around, and it gives up on what takes too long. Most need none of that and are asked
//! a few times, for which `regex-lite` is built in a tenth of the time. What either would read otherwise than AWS does is
//! rewritten first, which also keeps them small: `\d` is ten digits, not all of Unicode's.

use std::{
    collections::BTreeMap,
    iter::Peekable,
    str::Chars,
    sync::{
        Arc, OnceLock, PoisonError, RwLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use fancy_regex::{Regex, RegexBuilder};

/// The steps after which a search that goes back and forth is given up.
const MAX_STEPS: usize = 100_000;
/// The most repetitions that are counted; above, and with large classes of characters, any number is taken, since counting
/// costs milliseconds and the length has a limit of its own.
const MAX_COUNT: u32 = 255;
const MAX_COUNT_OF_LARGE: u32 = 16;

/// How often a pattern is searched for by the engine that is quick to build, before the one that is quick to search pays.
const SEARCHES_OF_LIGHT: usize = 32;
/// The largest program of that engine, whose steps are as many as that times the length of the text.
const MAX_SIZE_OF_LIGHT: usize = 1 << 16;

/// A pattern, with the engines that search for it.
struct Pattern {
    rewritten: String,
    /// None where it cannot tell: it does not look around, and knows no letters but those of ASCII.
    light: Option<regex_lite::Regex>,
    searches: AtomicUsize,
    full: OnceLock<Option<Regex>>,
}

impl Pattern {
    fn new(pattern: &str) -> Self {
        let rewritten = rewritten(pattern);
        let is_of_letters = ["(?i", "\\b", "\\B"].iter().any(|syntax| rewritten.contains(syntax));
        let light = || regex_lite::RegexBuilder::new(&rewritten).size_limit(MAX_SIZE_OF_LIGHT).build().ok();
        let light = if is_of_letters { None } else { light() };
        Self { rewritten, light, searches: AtomicUsize::new(0), full: OnceLock::new() }
    }

    fn is_found(&self, text: &str) -> Option<bool> {
        match &self.light {
            Some(light) if self.searches.fetch_add(1, Ordering::Relaxed) < SEARCHES_OF_LIGHT => {
                Some(light.is_match(text))
            }
            _ => self.full()?.is_match(text).ok(),
        }
    }

    fn full(&self) -> Option<&Regex> {
        let build = || RegexBuilder::new(&self.rewritten).backtrack_limit(MAX_STEPS).build().ok();
        self.full.get_or_init(build).as_ref()
    }
}

/// Tells whether a pattern is found in a text; none where it cannot be read, or takes too long.
pub(in crate::check) fn is_found(pattern: &str, text: &str) -> Option<bool> {
    static READ: RwLock<BTreeMap<String, Arc<Pattern>>> = RwLock::new(BTreeMap::new());
    let known = READ.read().unwrap_or_else(PoisonError::into_inner).get(pattern).cloned();
    let known = known.unwrap_or_else(|| {
        let new = Arc::new(Pattern::new(pattern));
        let mut read = READ.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(read.entry(pattern.to_owned()).or_insert(new))
    });
    known.is_found(text)
}

const SPACES: &str = " \\t\\n\\r\\f\\v\\x{A0}\\x{FEFF}\\x{2028}\\x{2029}";

/// The same pattern in the syntax of the `regex` crate.
fn rewritten(pattern: &str) -> String {
    let most = if pattern.contains("\\p{") || pattern.contains("\\P{") { MAX_COUNT_OF_LARGE } else { MAX_COUNT };
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern.chars().peekable();
    let (mut in_class, mut is_first) = (false, false);
    while let Some(letter) = rest.next() {
        let was_first = std::mem::take(&mut is_first);
        match (letter, in_class) {
            ('\\', _) => {
                let Some(escaped) = rest.next() else {
                    out.push_str("\\\\");
                    break;
                };
                let set = match escaped {
                    'd' | 'D' => "0-9",
                    'w' | 'W' => "0-9A-Za-z_",
                    's' | 'S' => SPACES,
                    _ => "",
                };
                match escaped {
                    'd' | 'w' | 's' if in_class => out.push_str(set),
                    'd' | 'w' | 's' => out.extend(["[", set, "]"]),
                    'D' | 'W' | 'S' => out.extend(["[^", set, "]"]),
                    'Z' => out.push_str("\\z"),
                    'u' if rest.peek() != Some(&'{') => out.push_str(&character(&mut rest)),
                    'A' | 'B' | 'P' | 'b' | 'f' | 'k' | 'n' | 'p' | 'r' | 't' | 'u' | 'v' | 'x' | 'z' | '1'..='9' => {
                        out.extend(['\\', escaped]);
                    }
                    mark if mark.is_ascii_punctuation() => out.extend(['\\', mark]),
                    other => out.push(other),
                }
                // A set begins no range: the `-` behind it is one.
                if in_class && (!set.is_empty()) && rest.peek() == Some(&'-') {
                    rest.next();
                    out.push_str("\\-");
                }
            }
            ('[', false) => {
                (in_class, is_first) = (true, true);
                out.push('[');
                out.extend(rest.next_if_eq(&'^'));
            }
            ('[', true) => out.push_str("\\["),
            (']', true) if !was_first => {
                in_class = false;
                out.push(']');
            }
            (']', _) => out.push_str("\\]"),
            ('&' | '~', true) => out.extend(['\\', letter]),
            ('-', true) if was_first || matches!(rest.peek(), Some('-' | ']')) => out.push_str("\\-"),
            ('{', false) => {
                let count: String = rest.clone().take_while(|letter| *letter != '}').collect();
                match limited(&count, most) {
                    Some(limited) => {
                        rest.by_ref().nth(count.chars().count());
                        out.push_str(&limited);
                    }
                    None => out.push('{'),
                }
            }
            _ => out.push(letter),
        }
    }
    out
}

/// The character of four hexadecimal digits, or of the two halves that UTF-16 makes of one.
fn character(rest: &mut Peekable<Chars<'_>>) -> String {
    let digits: String = rest.by_ref().take(4).collect();
    let Ok(unit) = u32::from_str_radix(&digits, 16) else { return format!("u{digits}") };
    let mut ahead = rest.clone();
    let second = (ahead.next() == Some('\\') && ahead.next() == Some('u')).then(|| ahead.by_ref().take(4).collect());
    let second = second.and_then(|digits: String| u32::from_str_radix(&digits, 16).ok());
    match (unit, second) {
        (0xD800..=0xDBFF, Some(low @ 0xDC00..=0xDFFF)) => {
            *rest = ahead;
            format!("\\x{{{:X}}}", 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
        }
        // Half a character is in no text: it is the end of a range of those that are written with two.
        (0xD800..=0xDBFF, _) => "\\x{10000}".to_owned(),
        (0xDC00..=0xDFFF, _) => "\\x{10FFFF}".to_owned(),
        _ => format!("\\x{{{digits}}}"),
    }
}

/// A count such as `1,128` with the braces around it, without an upper bound that is too large.
fn limited(count: &str, most: u32) -> Option<String> {
    let (least, upper) = count.split_once(',').unwrap_or((count, count));
    let least: u32 = least.parse().ok()?;
    Some(match upper.parse::<u32>() {
        Ok(upper) if upper > most => format!("{{{},}}", least.min(most)),
        Ok(_) => format!("{{{count}}}"),
        Err(_) if upper.is_empty() => format!("{{{},}}", least.min(most)),
        Err(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;

    fn give(pattern: &str, text: &str, expected: bool) {
        assert_eq!(is_found(pattern, text), Some(expected), "{pattern} in {text:?}");
    }

    #[test]
    fn a_pattern_is_searched_as_java_and_ecmascript_do() {
        give("b", "abc", true);
        give(r"^[\w-.]+\Z", "a-b.c", true);
        give(r"^[\w-.]+$", "a+b", false);
        give(r"^(?!aws)[^]]+$", "awsome", false);
        give(r"^\d{2}$", "\u{661}\u{661}", false);
        give(r"^[\u0020-\uD7FF\uE000-\uFFFD\r\n\t]*$", "caf\u{e9}", true);
        give(r"^[\u0020-\uD7FF\uD800\uDC00-\uDBFF\uDFFF]*$", "a\u{1f600}", true);
        give(r"^[a-z\/]{1,65535}$", "a/b", true);
        give(r"^[\p{L}\p{Z}]{1,128}$", "a b", true);
        give(r"^[a&&b]$", "&", true);
        give(r"^[[:]-]+$", "[:-]", false);
        give(r"^(a|b)\1$", "aa", true);
    }

    #[test]
    fn what_cannot_be_read_or_takes_too_long_says_nothing() {
        assert_eq!(is_found("(", "a"), None);
        assert_eq!(is_found("^(?=a)(a|a|aa)+$(?<!c)", &("a".repeat(60) + "b")), None);
    }

    #[test]
    fn a_pattern_of_the_tables_can_be_read() {
        let mut unreadable = Vec::new();
        for name in schema::resource_types() {
            let root = schema::of(name).unwrap().root();
            for property in root.properties.values() {
                if let Some(pattern) = &property.pattern
                    && RegexBuilder::new(&rewritten(pattern)).build().is_err()
                {
                    unreadable.push(pattern.clone());
                }
            }
        }
        assert_eq!(unreadable, [""; 0]);
    }

    #[test]
    fn both_engines_say_the_same() {
        let texts = [
            "",
            "a",
            "AWS",
            "-",
            "a b\n",
            "orders.fifo",
            "caf\u{e9} \u{1f600}",
            "2026-11-27T10:00:00Z",
            "arn:aws:iam::111122223333:role/service-role/run",
            "arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            "arn:aws:lambda:eu-west-1:111122223333:function:render:live",
            "https://sqs.eu-west-1.amazonaws.com/111122223333/orders",
            "subnet-0123456789abcdef0",
            &"x".repeat(300),
        ];
        let mut compared = 0;
        for name in schema::resource_types() {
            for property in schema::of(name).unwrap().root().properties.values() {
                let Some(pattern) = &property.pattern else { continue };
                let pattern = Pattern::new(pattern);
                let (Some(light), Some(full)) = (&pattern.light, pattern.full()) else { continue };
                for text in texts {
                    assert_eq!(Some(light.is_match(text)), full.is_match(text).ok(), "{name}: {text}: {property:?}");
                }
                compared += 1;
            }
        }
        assert!(compared > 1_000, "{compared}");
    }
}
