//! Functions over numbers.

use jsonata_core::{evaluator::EvaluatorError, value::JValue};
use serde_json::Value as Json;

use super::given::Given;

/// Digits that the service writes of a number with a fraction; it leaves the others out.
const DIGITS: usize = 15;

/// A finite number as `$string` and `&` write it.
pub(super) fn decimal(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    let shortest = format!("{:e}", number.abs());
    let (mantissa, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let mut digits = mantissa.replace('.', "");
    if number.fract() != 0.0 && digits.len() > DIGITS {
        digits.truncate(DIGITS);
    }
    let digits = digits.trim_end_matches('0');
    let sign = if number < 0.0 { "-" } else { "" };
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
    if (0..21).contains(&exponent) {
        let whole = exponent + 1;
        if count <= whole {
            return format!("{sign}{digits}{}", zeros(whole - count));
        }
        let (whole, fraction) = digits.split_at(usize::try_from(whole).unwrap_or(0));
        return format!("{sign}{whole}.{fraction}");
    }
    if (-6..0).contains(&exponent) {
        return format!("{sign}0.{}{digits}", zeros(-exponent - 1));
    }
    let point = if count > 1 { "." } else { "" };
    let (first, rest) = digits.split_at(1);
    format!("{sign}{first}{point}{rest}e{exponent:+}")
}

/// `$number(value)`.
pub(super) fn number(arguments: &[JValue]) -> Given {
    match arguments.first() {
        None | Some(JValue::Undefined) => Ok(JValue::Undefined),
        Some(number @ JValue::Number(_)) => Ok(number.clone()),
        Some(JValue::Bool(value)) => Ok(JValue::Number(f64::from(u8::from(*value)))),
        Some(value) => {
            let text = value.as_str().unwrap_or_default();
            parsed(text).map(JValue::Number).ok_or_else(|| {
                let text = format!("D3030: Unable to cast value to a number: {}", Json::from(text));
                EvaluatorError::EvaluationError(text)
            })
        }
    }
}

/// The number of a text: decimal as in JSON but for leading zeros, or with a base before it.
fn parsed(text: &str) -> Option<f64> {
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(start) = text.get(..2)
            && start.eq_ignore_ascii_case(prefix)
            && text.len() > 2
        {
            return text[2..]
                .chars()
                .try_fold(0.0, |sum, digit| Some(sum * f64::from(radix) + f64::from(digit.to_digit(radix)?)));
        }
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let is_decimal = digits(whole) && fraction.is_none_or(digits) && exponent.is_none_or(digits);
    text.parse().ok().filter(|number: &f64| is_decimal && number.is_finite())
}

/// A number rounded to a whole one, halves to the even neighbour; never `-0`.
fn rounded(number: f64) -> f64 {
    number.round_ties_even() + 0.0
}

/// `$formatBase(number, radix)`.
pub(super) fn format_base(arguments: &[JValue]) -> Given {
    let [JValue::Number(number), radix] = arguments else { return Ok(JValue::Undefined) };
    let radix = rounded(radix.as_f64().unwrap_or(10.0));
    if !(2.0..=36.0).contains(&radix) {
        let text = format!(
            "D3100: The radix of the formatBase function must be between 2 and 36.  It was given {}",
            decimal(radix)
        );
        return Err(EvaluatorError::EvaluationError(text));
    }
    let number = rounded(*number);
    if radix == 10.0 && number.is_finite() {
        return Ok(JValue::string(decimal(number)));
    }
    if !number.is_finite() {
        let text = if number.is_nan() {
            "NaN"
        } else if number > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        };
        return Ok(JValue::string(text));
    }
    let mut rest = number.abs();
    let mut digits = Vec::new();
    while rest >= 1.0 {
        digits.push(char::from_digit((rest % radix) as u32, radix as u32).unwrap_or('0'));
        rest = (rest / radix).floor();
    }
    if digits.is_empty() {
        digits.push('0');
    }
    if number < 0.0 {
        digits.push('-');
    }
    Ok(JValue::string(digits.into_iter().rev().collect::<String>()))
}

/// An operand of arithmetic, which must be a number that JSON has: `(value, operator)`.
pub(super) fn operand(side: &str, arguments: &[JValue]) -> Given {
    let [value, operator] = arguments else { return Ok(JValue::Undefined) };
    match value {
        JValue::Number(number) if number.is_nan() => Err(EvaluatorError::TypeError(format!(
            r#"{}: The {side} side of the "{}" operator must evaluate to a number"#,
            if side == "left" { "T2001" } else { "T2002" },
            operator.as_str().unwrap_or_default(),
        ))),
        JValue::Number(number) if number.is_infinite() => {
            Err(EvaluatorError::EvaluationError("D1001: Number out of range: null".to_owned()))
        }
        value => Ok(value.clone()),
    }
}

/// A number without its fraction; anything else as it is.
pub(super) fn whole(arguments: &[JValue]) -> Given {
    Ok(match arguments.first() {
        Some(JValue::Number(number)) => JValue::Number(number.trunc() + 0.0),
        Some(value) => value.clone(),
        None => JValue::Undefined,
    })
}

/// A number without its fraction, or a text; nothing for what is neither.
pub(super) fn whole_or_nothing(arguments: &[JValue]) -> Given {
    match arguments.first() {
        Some(JValue::Number(_) | JValue::String(_)) => whole(arguments),
        _ => Ok(JValue::Undefined),
    }
}

/// A number that `$formatInteger` can write by its picture: the library does not end on one that is infinite, nor on a
/// Roman one of many thousands.
pub(super) fn countable(arguments: &[JValue]) -> Given {
    const LARGEST_ROMAN: f64 = 1e9;
    let value = arguments.first().cloned().unwrap_or(JValue::Undefined);
    let is_roman = arguments.get(1).and_then(JValue::as_str).is_some_and(|picture| picture.starts_with(['I', 'i']));
    match value {
        JValue::Number(number) if !number.is_finite() || is_roman && number.abs() > LARGEST_ROMAN => {
            let text = format!("D1001: Number out of range: {number}");
            Err(EvaluatorError::EvaluationError(text))
        }
        value => Ok(value),
    }
}

/// A text that `$parseInteger` can count with: letters make a number that has more digits than one can hold otherwise.
pub(super) fn numeral(arguments: &[JValue]) -> Given {
    match arguments {
        [JValue::String(text), ..] if text.len() > 12 && text.bytes().any(|byte| byte.is_ascii_alphabetic()) => {
            Ok(JValue::string("-"))
        }
        // An ordinal picture takes the last two bytes off.
        [JValue::String(text), ..] if text.len() > 1 && !text.is_char_boundary(text.len() - 2) => {
            Ok(JValue::string("-"))
        }
        [value, ..] => Ok(value.clone()),
        [] => Ok(JValue::Undefined),
    }
}
