//! What is true, what is a number, and what is equal.

use super::{
    error::{Error, Given},
    value::{Function, Value},
};

/// Whether a value is true.
pub(super) fn truth(value: &Value) -> Given<bool> {
    Ok(match value {
        Value::Bool(value) => *value,
        Value::Number(number) => is_number(*number)? && *number != 0.0,
        Value::Text(text) => !text.is_empty(),
        Value::Object(object) => object.len() > 0,
        Value::List(list) => {
            // Of a list that stands alone in lists, the inner one counts.
            stacker::maybe_grow(1 << 16, 1 << 20, || {
                list.items.iter().try_fold(false, |sum, item| Ok(truth(item)? || sum))
            })?
        }
        // One that was handed on is a function of JavaScript, which has nothing in it.
        Value::Function(function) => {
            !matches!(**function, Function::Handed(_) | Function::Regex(_) | Function::Next(..))
        }
        Value::Nothing | Value::Null | Value::Tuple(_) => false,
    })
}

/// Whether a number is one that JSON has: one that is none at all is not, and an infinite one is an error.
pub(super) fn is_number(number: f64) -> Given<bool> {
    if number.is_infinite() {
        return Error::fail("D1001", "Number out of range: null");
    }
    Ok(!number.is_nan())
}

/// The numbers of a value that is one, or a list of nothing else.
pub(super) fn indexes(value: &Value) -> Given<Option<Vec<f64>>> {
    match value {
        Value::Number(number) if is_number(*number)? => Ok(Some(vec![*number])),
        Value::List(list) => {
            let mut numbers = Vec::new();
            for item in &list.items {
                match item {
                    Value::Number(number) if is_number(*number)? => numbers.push(*number),
                    _ => return Ok(None),
                }
            }
            Ok(Some(numbers))
        }
        _ => Ok(None),
    }
}

/// Whether two values are the same, in all their parts.
pub(super) fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Null, Value::Null) | (Value::Nothing, Value::Nothing) => true,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Number(left), Value::Number(right)) => left == right,
        (Value::Text(left), Value::Text(right)) => left == right,
        (Value::List(left), Value::List(right)) => {
            std::rc::Rc::ptr_eq(left, right)
                || left.items.len() == right.items.len()
                    && stacker::maybe_grow(1 << 16, 1 << 20, || {
                        left.items.iter().zip(&right.items).all(|(left, right)| equal(left, right))
                    })
        }
        (Value::Object(left), Value::Object(right)) => {
            std::rc::Rc::ptr_eq(left, right)
                || left.len() == right.len()
                    && stacker::maybe_grow(1 << 16, 1 << 20, || {
                        left.iter().all(|(key, member)| right.get(key).is_some_and(|other| equal(member, other)))
                    })
        }
        (Value::Function(left), Value::Function(right)) => std::rc::Rc::ptr_eq(left, right),
        _ => false,
    }
}
