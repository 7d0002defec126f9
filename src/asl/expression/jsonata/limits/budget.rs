//! The functions that weigh values while an expression runs, and the memory that it may take.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use jsonata_core::{
    evaluator::EvaluatorError,
    value::{JValue, with_stack},
};

use crate::asl::expression::jsonata::natives::text::{joined, written};

/// Bytes that a value may have, a number counted as eight and a character as one: with them `[1..873782]` and a string
/// of 2^22 characters pass, and one number more and 2^23 do not, as measured on the service.
pub(in crate::asl::expression::jsonata) const VALUE: usize = 873_782 * 8;
/// Bytes that the values of one evaluation may have together, kept or not.
const TOTAL: usize = 1 << 29;
/// Characters of a picture, such as `#,##0.00`.
const PICTURE: usize = 10_000;
/// The largest bound of a range: the library counts in 64 bits, which must not overflow.
pub(super) const COUNTABLE: f64 = 1e15;

// The names of the weighing functions. No name in an expression has an exclamation mark.
pub(in crate::asl::expression::jsonata) const KEPT: &str = "!kept";
pub(super) const EACH: &str = "!each";
pub(super) const CONCATENATED: &str = "!concatenated";
pub(super) const BOUND: &str = "!bound";
pub(in crate::asl::expression::jsonata) const NOTED: &str = "!noted";
pub(super) const SEPARATOR: &str = "!separator";
pub(super) const REPLACEMENT: &str = "!replacement";
pub(super) const WIDTH: &str = "!width";
pub(super) const PICTURED: &str = "!pictured";

pub(in crate::asl::expression::jsonata) fn exceeded() -> EvaluatorError {
    EvaluatorError::EvaluationError("D2015: memory".to_owned())
}

/// The budget of one evaluation: the memory that it has taken so far.
#[derive(Default)]
pub(super) struct Budget {
    total: Cell<usize>,
    /// Sizes of first arguments, each of which counts together with the last argument of its call. Another such call
    /// may stand between the two, so that this is a stack.
    noted: RefCell<Vec<usize>>,
}

impl Budget {
    fn charge(&self, bytes: usize) -> Result<(), EvaluatorError> {
        self.total.set(self.total.get().saturating_add(bytes));
        if self.total.get() > TOTAL { Err(exceeded()) } else { Ok(()) }
    }

    pub fn call(&self, name: &str, arguments: &[JValue]) -> Result<JValue, EvaluatorError> {
        if let (CONCATENATED, [left, right]) = (name, arguments) {
            let (left, right) = (text(left)?, text(right)?);
            let length = left.len() + right.len();
            self.charge(length)?;
            return if length > VALUE {
                Err(exceeded())
            } else {
                Ok(JValue::string(joined(&[&*left, &*right].concat()).into_owned()))
            };
        }
        let value = arguments.first().cloned().unwrap_or(JValue::Undefined);
        let fits = match (name, &value) {
            (KEPT, value) => {
                weigh(value)?;
                self.charge(shallow(value))?;
                true
            }
            (EACH, value) => {
                self.charge(weigh(value)?.max(shallow(value)))?;
                true
            }
            (NOTED, value) => {
                weigh(value)?;
                self.noted.borrow_mut().push(match value {
                    JValue::Array(items) => items.len(),
                    JValue::String(text) => text.len() + 1,
                    _ => 1,
                });
                true
            }
            (SEPARATOR | REPLACEMENT, value) => {
                let noted = self.noted.borrow_mut().pop().unwrap_or_default();
                match (name, value.as_str()) {
                    (SEPARATOR, Some(text)) => text.len().saturating_mul(noted) <= VALUE,
                    // The replacement counts for each letter, and once more for each `$0` in it.
                    (_, Some(text)) => noted.saturating_mul(text.len() + text.matches('$').count()) <= TOTAL,
                    (_, None) => true,
                }
            }
            (BOUND, JValue::Number(bound)) => bound.abs() < COUNTABLE,
            (WIDTH, JValue::Number(width)) => width.abs() <= VALUE as f64,
            (PICTURED, JValue::String(text)) => text.len() <= PICTURE && !has_long_number(text),
            _ => true,
        };
        if fits { Ok(passed(value)) } else { Err(exceeded()) }
    }
}

/// The value that a weighing function gives back. The evaluator unwraps a sequence of one that a function gives, so
/// that a short sequence is wrapped once more.
fn passed(value: JValue) -> JValue {
    match &value {
        JValue::Array(items) if items.sequence && items.len() < 2 => JValue::sequence(vec![value]),
        _ => value,
    }
}

/// Whether a picture has five digits in a row, which as a width would make as many characters.
fn has_long_number(picture: &str) -> bool {
    picture.contains(',') && picture.as_bytes().windows(5).any(|window| window.iter().all(u8::is_ascii_digit))
}

/// The string that `&` makes of a value.
fn text(value: &JValue) -> Result<Rc<str>, EvaluatorError> {
    match value {
        JValue::String(text) => Ok(Rc::clone(text)),
        JValue::Null | JValue::Bool(_) | JValue::Number(_) | JValue::Array(_) | JValue::Object(_) => {
            weigh(value)?;
            Ok(written(value, false)?.into())
        }
        _ => Ok("".into()),
    }
}

/// Bytes of the value itself, without the values that it refers to.
fn shallow(value: &JValue) -> usize {
    match value {
        JValue::String(text) => text.len(),
        JValue::Array(items) => items.len() * size_of::<JValue>(),
        JValue::Object(members) => members.len() * 100,
        _ => 0,
    }
}

/// The bytes of a value as the service counts them, as if nothing in it were shared; an error beyond its limit.
pub(in crate::asl::expression::jsonata) fn weigh(value: &JValue) -> Result<usize, EvaluatorError> {
    let (mut weight, mut seen) = (0, 0);
    if add(value, &mut weight, &mut seen) { Ok(weight) } else { Err(exceeded()) }
}

/// Adds the weight of a value, for as long as it is within the limit.
fn add(value: &JValue, weight: &mut usize, seen: &mut usize) -> bool {
    // Values that weigh nothing take time, so that they are counted too.
    *seen += 1;
    match value {
        JValue::String(text) => *weight += text.len(),
        JValue::Array(items) => return with_stack(|| items.iter().all(|item| add(item, weight, seen))),
        JValue::Object(members) => {
            return with_stack(|| {
                members.iter().all(|(key, member)| {
                    *weight += key.len();
                    add(member, weight, seen)
                })
            });
        }
        JValue::Null | JValue::Bool(_) | JValue::Number(_) => *weight += 8,
        _ => {}
    }
    *weight <= VALUE && *seen <= VALUE
}
