//! Numbers in English words.

const FEW: [&str; 20] = [
    "Zero",
    "One",
    "Two",
    "Three",
    "Four",
    "Five",
    "Six",
    "Seven",
    "Eight",
    "Nine",
    "Ten",
    "Eleven",
    "Twelve",
    "Thirteen",
    "Fourteen",
    "Fifteen",
    "Sixteen",
    "Seventeen",
    "Eighteen",
    "Nineteen",
];
const FEW_ORDINAL: [&str; 20] = [
    "Zeroth",
    "First",
    "Second",
    "Third",
    "Fourth",
    "Fifth",
    "Sixth",
    "Seventh",
    "Eighth",
    "Ninth",
    "Tenth",
    "Eleventh",
    "Twelfth",
    "Thirteenth",
    "Fourteenth",
    "Fifteenth",
    "Sixteenth",
    "Seventeenth",
    "Eighteenth",
    "Nineteenth",
];
const TENS: [&str; 8] = ["Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety"];
const LARGE: [&str; 4] = ["Thousand", "Million", "Billion", "Trillion"];

/// A whole number that is not negative, each word with a capital letter.
pub(super) fn in_words(number: f64, is_ordinal: bool) -> String {
    let mut words = String::new();
    write(&mut words, number, false, is_ordinal);
    words
}

fn write(words: &mut String, number: f64, follows: bool, is_ordinal: bool) {
    let small = number as usize;
    if number < 20.0 {
        words.push_str(if follows { " and " } else { "" });
        words.push_str(if is_ordinal { FEW_ORDINAL[small.min(19)] } else { FEW[small.min(19)] });
    } else if number < 100.0 {
        words.push_str(if follows { " and " } else { "" });
        let tens = TENS[small / 10 - 2];
        match (small % 10, is_ordinal) {
            (0, true) => {
                words.push_str(tens.trim_end_matches('y'));
                words.push_str("ieth");
            }
            (0, false) => words.push_str(tens),
            (rest, _) => {
                words.push_str(tens);
                words.push('-');
                write(words, rest as f64, false, is_ordinal);
            }
        }
    } else {
        words.push_str(if follows { ", " } else { "" });
        let (count, unit, rest) = if number < 1000.0 {
            ((number / 100.0).floor(), "Hundred", number % 100.0)
        } else {
            let power = (decimal_power(number) / 3).min(LARGE.len());
            let factor = 1000_f64.powi(i32::try_from(power).unwrap_or(1));
            let count = (number / factor).floor();
            (count, LARGE[power - 1], number - count * factor)
        };
        write(words, count, false, false);
        words.push(' ');
        words.push_str(unit);
        if rest > 0.0 {
            write(words, rest, true, is_ordinal);
        } else if is_ordinal {
            words.push_str("th");
        }
    }
}

/// The power of ten that a number of at least one is not below.
fn decimal_power(number: f64) -> usize {
    let text = format!("{number:e}");
    text.split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0)
}

/// The number that words stand for; none that is no number where a word is unknown.
pub(super) fn number(words: &str) -> f64 {
    let mut sums = vec![0.0];
    for word in parts(words) {
        let value = value(word).unwrap_or(f64::NAN);
        let last = sums.pop().unwrap_or(0.0);
        if value < 100.0 {
            if last >= 1000.0 {
                sums.extend([last, value]);
            } else {
                sums.push(last + value);
            }
        } else {
            sums.push(last * value);
        }
    }
    sums.iter().sum()
}

/// The words, without what stands between them.
fn parts(words: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = words;
    let mut start = 0;
    let mut at = 0;
    while let Some(letter) = rest[at..].chars().next() {
        let width = if rest[at..].starts_with(", ") {
            2
        } else if rest[at..].starts_with(" and ") {
            5
        } else if letter == ' ' || letter == '-' || letter == '\\' {
            1
        } else {
            at += letter.len_utf8();
            continue;
        };
        parts.push(&rest[start..at]);
        rest = &rest[at + width..];
        (start, at) = (0, 0);
    }
    parts.push(rest);
    parts
}

fn value(word: &str) -> Option<f64> {
    let place = |list: &[&str]| list.iter().position(|known| known.eq_ignore_ascii_case(word));
    if let Some(small) = place(&FEW).or_else(|| place(&FEW_ORDINAL)) {
        return Some(small as f64);
    }
    let lower = word.to_lowercase();
    let tens = TENS.iter().position(|tens| {
        let tens = tens.to_lowercase();
        lower == tens || lower == format!("{}ieth", tens.trim_end_matches('y'))
    });
    if let Some(tens) = tens {
        return Some((tens as f64 + 2.0) * 10.0);
    }
    let large = lower.strip_suffix("th").unwrap_or(&lower);
    if large == "hundred" {
        return Some(100.0);
    }
    let power = LARGE.iter().position(|known| known.eq_ignore_ascii_case(large))?;
    Some(1000_f64.powi(i32::try_from(power).unwrap_or(0) + 1))
}

/// Whether a text has nothing but such words, and what may stand between them.
pub(super) fn are_words(text: &str) -> bool {
    !text.is_empty()
        && text
            .split([' ', ',', '-'])
            .all(|word| word.is_empty() || word.eq_ignore_ascii_case("and") || value(word).is_some())
}
