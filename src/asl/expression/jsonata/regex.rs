//! Regular expressions: what JavaScript and Java write otherwise than the library.

use jsonata_core::functions::string::build_regex;

/// The pattern as the library reads it: classes such as `\s` have ASCII only, a bracket within brackets is itself.
pub(super) fn translated(pattern: &str) -> String {
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

/// What is wrong with a pattern, if something is.
pub(super) fn fault(pattern: &str, flags: &str) -> Option<String> {
    // The library has neither looking around nor references back, which are no fault.
    let beyond = ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|mark| pattern.contains(mark))
        || pattern.as_bytes().windows(2).any(|pair| pair[0] == b'\\' && pair[1].is_ascii_digit())
        || pattern.contains(r"\c")
        || pattern.contains(r"\k<");
    if beyond {
        return None;
    }
    build_regex(&translated(pattern), flags).err().map(|_| format!("Invalid regular expression: /{pattern}/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_ascii() {
        let matches = |pattern: &str, text: &str| build_regex(&translated(pattern), "").unwrap().is_match(text);
        assert!(!matches(r"\s", "\u{a0}\u{3000}"));
        assert!(matches(r"^[\s]{5}$", " \t\n\r\u{b}"));
        assert!(!matches(r"\d", "٣"));
        assert!(!matches(r"\w", "é"));
        assert!(matches(r"a[\S]b", "a\u{a0}b"));
        assert!(matches(r"a\b", "aé"));
        assert!(matches("^{\"v\"}$", "{\"v\"}"));
        assert!(matches("a{2}[[]", "aa["));
        assert!(!matches("a.b", "a\rb"));
    }

    #[test]
    fn a_pattern_that_does_not_compile_is_a_fault() {
        for pattern in ["(", "[a", "*a", "a)", "[b-a]"] {
            assert!(fault(pattern, "").is_some(), "{pattern}");
        }
        for pattern in ["(?=a)", r"(a)\1", "a{", "[[]", "x{2,3}", "]"] {
            assert_eq!(fault(pattern, ""), None, "{pattern}");
        }
    }
}
