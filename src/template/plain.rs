//! Plain scalars: an unquoted one means what YAML 1.1 says, which is what CloudFormation and the AWS CLI read.
//!
//! Dates stay strings, as CloudFormation has it (`AWSTemplateFormatVersion: 2010-09-09`).

use crate::json::Json;

/// The value of the unquoted scalar `text`; none if it is a number that JSON cannot hold.
pub(super) fn resolve(text: &str) -> Option<Json> {
    let value = match text {
        "" | "~" | "null" | "Null" | "NULL" => Json::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => true.into(),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => false.into(),
        _ => return number(text).unwrap_or_else(|| Some(text.into())),
    };
    Some(value)
}

/// The outer option is empty if `text` is not a number, the inner one if JSON cannot hold it.
fn number(text: &str) -> Option<Option<Json>> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if !digits.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return None;
    }
    if matches!(digits, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Some(None);
    }
    if let Some(value) = sixties(digits) {
        return Some(whole_or_fraction(text, if negative { -value } else { value }));
    }
    let clean = digits.replace('_', "");
    let integer = |radix, digits: &str| match u64::from_str_radix(digits, radix) {
        Ok(value) if negative => {
            0i64.checked_sub_unsigned(value).map_or_else(|| float(&clean, true), |v| Some(v.into()))
        }
        Ok(value) => Some(value.into()),
        Err(_) if radix == 10 => float(&clean, negative),
        Err(_) => None,
    };
    let of = |set: fn(&char) -> bool, text: &str| !text.is_empty() && text.chars().all(|c| c == '_' || set(&c));
    if let Some(binary) = digits.strip_prefix("0b").filter(|text| of(|c| matches!(c, '0' | '1'), text)) {
        return Some(integer(2, &binary.replace('_', "")));
    }
    if let Some(hex) = digits.strip_prefix("0x").filter(|text| of(char::is_ascii_hexdigit, text)) {
        return Some(integer(16, &hex.replace('_', "")));
    }
    if let Some(octal) = digits.strip_prefix('0').filter(|text| of(|c| matches!(c, '0'..='7'), text)) {
        return Some(integer(8, &format!("0{}", octal.replace('_', ""))));
    }
    if of(char::is_ascii_digit, digits) {
        // `089` is no octal number, and no decimal one either.
        let decimal = digits == "0" || !digits.starts_with('0');
        return decimal.then(|| integer(10, &clean));
    }
    is_fraction(digits).then(|| float(&clean, negative))
}

/// Tells whether this is `1.5`, `1.`, `.5` or `1.5e+3`: YAML 1.1 wants the point, and the sign of the exponent.
fn is_fraction(digits: &str) -> bool {
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (digits, None),
    };
    let Some((whole, fraction)) = mantissa.split_once('.') else {
        return false;
    };
    let digits_only = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let exponent_fits = exponent.is_none_or(|exponent| {
        exponent.strip_prefix(['+', '-']).is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    });
    let some = !whole.is_empty() || fraction.starts_with(|first: char| first.is_ascii_digit());
    some && digits_only(whole) && digits_only(fraction) && exponent_fits
}

fn float(digits: &str, negative: bool) -> Option<Json> {
    let value: f64 = digits.parse().ok()?;
    serde_json::Number::from_f64(if negative { -value } else { value }).map(Json::Number)
}

/// A number to the base 60, such as `12:30:45` or `1:30.5`.
fn sixties(digits: &str) -> Option<f64> {
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction.replace('_', ""))),
        None => (digits, None),
    };
    let (first, rest) = whole.split_once(':')?;
    if first.starts_with(['_', ':']) || (fraction.is_none() && first.starts_with('0')) {
        return None;
    }
    let mut value: f64 = first.replace('_', "").parse().ok()?;
    for part in rest.split(':') {
        let below_sixty = matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']);
        value = value * 60.0 + part.parse::<f64>().ok().filter(|_| below_sixty)?;
    }
    let fraction = fraction.filter(|fraction| !fraction.is_empty());
    fraction.map_or(Some(value), |fraction| Some(value + format!("0.{fraction}").parse::<f64>().ok()?))
}

fn whole_or_fraction(text: &str, value: f64) -> Option<Json> {
    if text.contains('.') {
        return serde_json::Number::from_f64(value).map(Json::Number);
    }
    // 2^53: beyond it a float no longer counts in ones.
    (value.abs() < 9_007_199_254_740_992.0).then_some(Json::from(value as i64))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_and_numbers_are_read_as_yaml_1_1_has_them() {
        for (text, value) in [
            ("", json!(null)),
            ("~", json!(null)),
            ("yes", json!(true)),
            ("Off", json!(false)),
            ("y", json!("y")),
            ("5", json!(5)),
            ("-5", json!(-5)),
            ("+5", json!(5)),
            ("1_000", json!(1000)),
            ("0777", json!(511)),
            ("-010", json!(-8)),
            ("089", json!("089")),
            ("0", json!(0)),
            ("0x1F", json!(31)),
            ("0b101", json!(5)),
            ("0o7", json!("0o7")),
            ("1e3", json!("1e3")),
            ("1.0e+3", json!(1000.0)),
            ("1.0e3", json!("1.0e3")),
            (".5", json!(0.5)),
            ("1.", json!(1.0)),
            (".", json!(".")),
            ("1.2.3", json!("1.2.3")),
            ("12:30:45", json!(45_045)),
            ("1:30.5", json!(90.5)),
            ("22:99", json!("22:99")),
            ("18446744073709551615", json!(u64::MAX)),
            ("-9223372036854775808", json!(i64::MIN)),
            ("18446744073709551616", json!(18446744073709551616.0)),
            ("2010-09-09", json!("2010-09-09")),
            ("123456789012", json!(123_456_789_012_i64)),
            ("-", json!("-")),
            ("1_", json!(1)),
            ("arn:aws:s3:::b", json!("arn:aws:s3:::b")),
        ] {
            assert_eq!(resolve(text), Some(value), "{text}");
        }
    }

    #[test]
    fn numbers_that_json_lacks_are_refused() {
        for text in [".inf", "-.INF", ".nan", "0xFFFFFFFFFFFFFFFFFF"] {
            assert_eq!(resolve(text), None, "{text}");
        }
    }
}
