//! Functions over numbers.

use crate::asl::expression::jsonata::{
    error::{Error, Given},
    number::{decimal, parsed},
    text::shown,
    value::{Host, Value},
};

fn numbers(arguments: &[Value]) -> Option<impl Iterator<Item = f64> + '_> {
    match arguments.first() {
        None | Some(Value::Nothing) => None,
        Some(list) => Some(list.items().iter().map(|item| item.as_number().unwrap_or(f64::NAN))),
    }
}

pub(super) fn sum(_: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    Ok(numbers(arguments).map_or(Value::Nothing, |numbers| Value::Number(numbers.fold(0.0, |sum, it| sum + it))))
}

pub(super) fn count(_: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    Ok(Value::Number(arguments.first().map_or(0, |list| list.items().len()) as f64))
}

pub(super) fn average(_: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let Some(numbers) = numbers(arguments) else { return Ok(Value::Nothing) };
    let (sum, count) = numbers.fold((0.0, 0.0), |(sum, count), number| (sum + number, count + 1.0));
    Ok(if count > 0.0 { Value::Number(sum / count) } else { Value::Nothing })
}

pub(super) fn max(_: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    Ok(extreme(arguments, f64::max))
}

pub(super) fn min(_: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    Ok(extreme(arguments, f64::min))
}

fn extreme(arguments: &[Value], choose: fn(f64, f64) -> f64) -> Value {
    let chosen = numbers(arguments).and_then(|numbers| {
        numbers.reduce(|left, right| if left.is_nan() || right.is_nan() { f64::NAN } else { choose(left, right) })
    });
    chosen.map_or(Value::Nothing, Value::Number)
}

/// The first argument, if it is a number.
fn first(arguments: &[Value]) -> Option<f64> {
    arguments.first().and_then(Value::as_number)
}

fn each(arguments: &[Value], change: fn(f64) -> f64) -> Given<Value> {
    Ok(first(arguments).map_or(Value::Nothing, |number| Value::Number(change(number))))
}

pub(super) fn abs(_: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    each(arguments, f64::abs)
}

pub(super) fn floor(_: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    each(arguments, f64::floor)
}

pub(super) fn ceil(_: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    each(arguments, f64::ceil)
}

pub(super) fn sqrt(_: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    match first(arguments) {
        Some(number) if number < 0.0 => {
            let text = format!("The sqrt function cannot be applied to a negative number: {}", decimal(number));
            Error::fail("D3060", text)
        }
        _ => each(arguments, f64::sqrt),
    }
}

pub(super) fn power(_: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let Some(base) = first(arguments) else { return Ok(Value::Nothing) };
    let exponent = arguments.get(1).and_then(Value::as_number).unwrap_or(f64::NAN);
    // In JavaScript one to the power of what is infinite or no number is no number.
    let power = if base.abs() == 1.0 && !exponent.is_finite() { f64::NAN } else { base.powf(exponent) };
    if !power.is_finite() {
        let text = format!(
            "The power function has resulted in a value that cannot be represented as a JSON number: base={}, exponent={}",
            decimal(base),
            decimal(exponent)
        );
        return Error::fail("D3061", text);
    }
    Ok(Value::Number(power))
}

/// `$round(number, precision)`, halves to the even neighbour.
pub(super) fn round(_: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let Some(number) = first(arguments) else { return Ok(Value::Nothing) };
    let precision = arguments.get(1).and_then(Value::as_number).unwrap_or(0.0);
    Ok(Value::Number(rounded(number, precision)))
}

/// A number rounded to so many digits of its fraction; never `-0`.
pub(super) fn rounded(number: f64, precision: f64) -> f64 {
    if !number.is_finite() && precision == 0.0 {
        return number;
    }
    if precision.fract() != 0.0 || !precision.is_finite() {
        return f64::NAN;
    }
    let precision = precision.clamp(-2e4, 2e4) as i32;
    let shifted = moved(number, precision);
    // A number that has moved beyond all numbers does not come back.
    if precision != 0 && !shifted.is_finite() {
        return f64::NAN;
    }
    moved(shifted.round_ties_even(), -precision) + 0.0
}

/// A number with its point moved, as its text has it: no digit changes.
fn moved(number: f64, places: i32) -> f64 {
    if places == 0 || !number.is_finite() {
        return number;
    }
    let text = format!("{number:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent = exponent.parse::<i32>().unwrap_or(0) + places;
    format!("{digits}e{exponent}").parse().unwrap_or(f64::NAN)
}

pub(super) fn number(_: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    match arguments.first() {
        None | Some(Value::Nothing) => Ok(Value::Nothing),
        Some(Value::Number(number)) => Ok(Value::Number(*number)),
        Some(Value::Bool(value)) => Ok(Value::Number(f64::from(u8::from(*value)))),
        Some(value) => match value.as_str().and_then(parsed) {
            Some(number) => Ok(Value::Number(number)),
            None => Error::fail("D3030", format!("Unable to cast value to a number: {}", shown(value))),
        },
    }
}

/// `$formatBase(number, radix)`.
pub(super) fn format_base(_: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let Some(number) = first(arguments) else { return Ok(Value::Nothing) };
    let number = rounded(number, 0.0);
    let radix = rounded(arguments.get(1).and_then(Value::as_number).unwrap_or(10.0), 0.0);
    if !(2.0..=36.0).contains(&radix) {
        let text =
            format!("The radix of the formatBase function must be between 2 and 36.  It was given {}", decimal(radix));
        return Error::fail("D3100", text);
    }
    if number.is_nan() {
        return Ok(Value::text("NaN"));
    }
    if number.is_infinite() {
        return Ok(Value::text(if number > 0.0 { "Infinity" } else { "-Infinity" }));
    }
    if radix == 10.0 {
        return Ok(Value::text(decimal(number)));
    }
    let mut rest = number.abs();
    let mut digits = Vec::new();
    while rest >= 1.0 || digits.is_empty() {
        digits.push(char::from_digit((rest % radix) as u32, radix as u32).unwrap_or('0'));
        rest = (rest / radix).floor();
    }
    if number < 0.0 {
        digits.push('-');
    }
    Ok(Value::text(digits.into_iter().rev().collect::<String>()))
}
