//! Numbers as texts.

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

/// A number with as many digits as a text of it has, rounded.
pub(super) fn rounded_to_digits(number: f64) -> f64 {
    if number.fract() == 0.0 {
        return number;
    }
    format!("{number:.*e}", DIGITS - 1).parse().unwrap_or(number)
}

/// The number of a text: decimal as in JSON but for leading zeros, or with a base before it.
pub(super) fn parsed(text: &str) -> Option<f64> {
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
