//! Strings as YAML scalars, written so that a YAML 1.1 reader and a YAML 1.2 reader both get the same string back.

/// Tells whether `text` has a character that must be escaped: whatever is not printable ASCII. The AWS CLI reads a file in
/// the encoding of the locale, older YAML 1.1 readers refuse what lies beyond the Basic Multilingual Plane, and of the rest
/// some is invisible or reorders the line that a reviewer reads.
///
/// Line feed and tab are left to the caller, since a literal block holds them.
fn holds_escapes(text: &str) -> bool {
    let odd = |byte: u8| !matches!(byte, b' '..=b'~' | b'\n' | b'\t');
    // Without a way out of the inner loop, the compiler looks at many bytes at once.
    text.as_bytes().chunks(64).any(|chunk| chunk.iter().fold(false, |any, &byte| any | odd(byte)))
}

/// Words that YAML 1.1 or 1.2 reads as a boolean or as null, in any case.
const RESERVED: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

/// Tells whether `text` reads as itself without quotes, in either version; `flow` if it stands in a `[…]`.
///
/// An allow-list: a number, a date or an indicator begins with a character that is not on it.
pub(super) fn is_plain(text: &str, flow: bool) -> bool {
    // No number and no date has a slash, but every CIDR block does.
    let starts_well = text.chars().next().is_some_and(|first| {
        first.is_ascii_alphabetic()
            || matches!(first, '/' | '$' | '_' | '(')
            || (first.is_ascii_digit() && text.contains('/'))
    });
    if !starts_well || RESERVED.iter().any(|word| word.eq_ignore_ascii_case(text)) {
        return false;
    }
    // What stands beside a character matters only where it is ASCII: bytes tell that.
    let bytes = text.as_bytes();
    text.char_indices().all(|(at, character)| {
        let after_blank = || at.checked_sub(1).is_some_and(|before| bytes[before] == b' ');
        let next = || bytes.get(at + 1).copied();
        match character {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '/' | '$' | '_' | '(' | ')' | '.' | '+' | '=' | ';' | '@' => true,
            // Some readers take a dash between a blank and a bracket for an element.
            '-' => !flow || !after_blank() || next().is_some(),
            ' ' => next().is_some(),
            ':' => next().is_some_and(|next| next != b' ' && (!flow || next == b':' || next.is_ascii_alphanumeric())),
            '#' => !after_blank(),
            ',' | '[' | ']' | '{' | '}' => !flow,
            ' '..='~' => !flow,
            _ => false,
        }
    })
}

/// Writes `text` on one line: plain where that is safe, else single-quoted, else with escapes.
pub(super) fn inline(out: &mut String, text: &str, flow: bool) {
    if is_plain(text, flow) {
        out.push_str(text);
    } else if text.contains(['\n', '\t']) || holds_escapes(text) {
        escaped(out, text);
    } else if text.contains('\'') && !text.contains(['"', '\\']) {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push('\'');
        for (number, part) in text.split('\'').enumerate() {
            if number > 0 {
                out.push_str("''");
            }
            out.push_str(part);
        }
        out.push('\'');
    }
}

fn escaped(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            ' '..='~' => out.push(character),
            _ => {
                let code = u32::from(character);
                out.push_str(&match code {
                    0..=0xff => format!("\\x{code:02X}"),
                    0x100..=0xffff => format!("\\u{code:04X}"),
                    _ => format!("\\U{code:08X}"),
                });
            }
        }
    }
    out.push('"');
}

/// Tells whether `text` is better written as a literal block, and can be.
pub(super) fn is_block(text: &str) -> bool {
    text.contains('\n')
        // Readers differ on blocks that are blank at their beginning, at their end or throughout.
        && text.split('\n').next().is_some_and(|first| first.is_empty() || !first.trim_start().is_empty())
        && !text.trim_end_matches('\n').ends_with([' ', '\t'])
        && text.contains(|character: char| !character.is_whitespace())
        && !text.trim_start_matches('\n').starts_with('\t')
        && !holds_escapes(text)
}

/// Writes `text` as a literal block whose lines stand at `indent`, one deeper than the entry that holds it: enough for a
/// reader, and CloudFormation counts each blank.
///
/// Ends with a line feed.
pub(super) fn block(out: &mut String, text: &str, indent: usize) {
    out.push('|');
    if text.trim_start_matches('\n').starts_with(' ') {
        out.push('1');
    }
    let body = match text.strip_suffix('\n') {
        None => {
            out.push('-');
            text
        }
        Some(body) if body.ends_with('\n') => {
            out.push('+');
            body
        }
        Some(body) => body,
    };
    out.push('\n');
    for line in body.split('\n') {
        if !line.is_empty() {
            pad(out, indent);
            out.push_str(line);
        }
        out.push('\n');
    }
}

pub(super) fn pad(out: &mut String, indent: usize) {
    out.extend(std::iter::repeat_n(' ', indent));
}

/// Writes a number; a fraction with the decimal point and the signed exponent that YAML 1.1 asks for.
pub(super) fn number(out: &mut String, number: &serde_json::Number) {
    let text = number.to_string();
    match text.split_once('e') {
        None => out.push_str(&text),
        Some((mantissa, exponent)) => {
            out.push_str(mantissa);
            if !mantissa.contains('.') {
                out.push_str(".0");
            }
            out.push('e');
            if !exponent.starts_with(['+', '-']) {
                out.push('+');
            }
            out.push_str(exponent);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn give(text: &str, expected: &str) {
        let mut out = String::new();
        inline(&mut out, text, false);
        assert_eq!(out, expected, "{text:?}");
    }

    #[test]
    fn what_reads_as_itself_stays_plain() {
        for text in [
            "Reports",
            "AWS::S3::Bucket",
            "arn:aws:s3:::${Bucket}/*",
            "reads suppliers, beans (and prices); 5% off!",
            "s3:GetObject",
            "/aws/vendedlogs/states/coffee",
            "10.0.0.0/16",
            "it is A#1",
            "$context.stage",
        ] {
            give(text, text);
        }
    }

    #[test]
    fn what_some_reader_takes_for_something_else_is_quoted() {
        for text in [
            "",
            "yes",
            "no",
            "on",
            "off",
            "y",
            "N",
            "True",
            "null",
            "~",
            "NO",
            "1_000",
            "12:30:45",
            "2012-10-17",
            "2001-12-14t21:59:43.10-05:00",
            "=",
            "<<",
            "0o7",
            "0777",
            "1e3",
            ".5",
            ".inf",
            "-.INF",
            "0x1F",
            "0b1",
            "+1",
            "-",
            "- a",
            "?",
            ":",
            "a:",
            "a: b",
            "a #b",
            "#",
            "@",
            "%",
            "&a",
            "*",
            "!Ref",
            "|",
            ">",
            "`",
            "[",
            "]",
            "{",
            "}",
            ",",
            " a",
            "a ",
            "---",
            "...",
            "{% $x %}",
            "190:20:30",
            "685_230.15",
            "\"",
        ] {
            give(text, &format!("'{text}'"));
        }
    }

    #[test]
    fn quotes_are_chosen_to_need_the_fewest_escapes() {
        give("{% 'a' %}", r#""{% 'a' %}""#);
        give("'", r#""'""#);
        give(r#"'"'"#, r#"'''"'''"#);
        give("-\\", "'-\\'");
    }

    #[test]
    fn what_is_not_printable_ascii_is_escaped() {
        give("a\tb\r\n", r#""a\tb\r\n""#);
        give("gr\u{f6}\u{df}e", r#""gr\xF6\xDFe""#);
        give("it\u{2019}s", r#""it\u2019s""#);
        give("a\u{a0}b", r#""a\xA0b""#);
        give(
            "\0\u{7f}\u{85}\u{2028}\u{feff}\u{202e}\u{1f600}\\\"",
            r#""\x00\x7F\x85\u2028\uFEFF\u202E\U0001F600\\\"""#,
        );
    }

    #[test]
    fn in_a_list_on_one_line_its_own_punctuation_is_quoted() {
        let mut out = String::new();
        for text in ["AWS::Region", "a,b", "${A}", "a:"] {
            inline(&mut out, text, true);
            out.push(' ');
        }
        assert_eq!(out, "AWS::Region 'a,b' '${A}' 'a:' ");
    }

    #[test]
    fn a_number_keeps_its_form_and_reads_as_one_in_yaml_1_1() {
        for (json, yaml) in [
            ("5", "5"),
            ("0.5", "0.5"),
            ("5.0", "5.0"),
            ("1e21", "1.0e+21"),
            ("-1.5e-9", "-1.5e-9"),
            ("18446744073709551615", "18446744073709551615"),
            ("-9223372036854775808", "-9223372036854775808"),
        ] {
            let mut out = String::new();
            number(&mut out, &serde_json::from_str(json).unwrap());
            assert_eq!(out, yaml);
        }
    }
}
