//! Operators between two values.

use std::cmp::Ordering;

use super::Evaluator;
use crate::asl::expression::jsonata::{
    ast::Op,
    error::{Error, Given},
    limits::MAX_ITEMS,
    text::{compare, joined, shown, written},
    truth::{equal, is_number},
    value::{Mark, Value},
};

impl Evaluator<'_> {
    pub(super) fn binary(&mut self, op: Op, left: &Value, right: &Value) -> Given<Value> {
        Ok(match op {
            Op::Add | Op::Subtract | Op::Multiply | Op::Divide | Op::Remainder => arithmetic(op, left, right)?,
            Op::Equal | Op::NotEqual if left.is_nothing() || right.is_nothing() => Value::Bool(false),
            Op::Equal => Value::Bool(equal(left, right)),
            Op::NotEqual => Value::Bool(!equal(left, right)),
            Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual => ordered(op, left, right)?,
            Op::Concatenate => {
                let texts = (part(left)?, part(right)?);
                self.budget.take(texts.0.len() + texts.1.len())?;
                self.weighed(Value::text(joined(&(texts.0 + &texts.1)).into_owned()))?
            }
            Op::In => Value::Bool(is_in(left, right)),
            Op::Range => self.range(left, right)?,
            Op::And | Op::Or => Value::Nothing,
        })
    }

    pub(super) fn negated(&self, value: &Value) -> Given<Value> {
        match value {
            Value::Nothing => Ok(Value::Nothing),
            Value::Number(number) if is_number(*number)? => Ok(Value::Number(-number)),
            other => Error::fail("D1002", format!("Cannot negate a non-numeric value: {}", shown(other))),
        }
    }

    fn range(&mut self, left: &Value, right: &Value) -> Given<Value> {
        let (first, last) = (bound(left, "T2003", "left")?, bound(right, "T2004", "right")?);
        let (Some(first), Some(last)) = (first, last) else { return Ok(Value::Nothing) };
        if first > last {
            return Ok(Value::Nothing);
        }
        let count = last - first + 1.0;
        if count > MAX_ITEMS as f64 {
            return Err(Error::Memory);
        }
        let items = (0..count as u32).map(|position| Value::Number(first + f64::from(position)));
        self.made(items.collect(), Mark::Sequence)
    }
}

/// The end of a range.
fn bound(value: &Value, code: &'static str, side: &str) -> Given<Option<f64>> {
    match value {
        Value::Nothing => Ok(None),
        Value::Number(number) if number.is_finite() && number.fract() == 0.0 => Ok(Some(*number)),
        _ => Error::fail(code, format!("The {side} side of the range operator (..) must evaluate to an integer")),
    }
}

/// A text to concatenate; nothing is an empty one.
fn part(value: &Value) -> Given<String> {
    match value {
        Value::Nothing => Ok(String::new()),
        Value::Text(text) => Ok(text.to_string()),
        value => written(value, false),
    }
}

fn arithmetic(op: Op, left: &Value, right: &Value) -> Given<Value> {
    let operand = |value: &Value, code, side| match value {
        Value::Nothing => Ok(None),
        Value::Number(number) if is_number(*number)? => Ok(Some(*number)),
        _ => Error::fail(code, format!(r#"The {side} side of the "{}" operator must evaluate to a number"#, op.text())),
    };
    let (left, right) = (operand(left, "T2001", "left")?, operand(right, "T2002", "right")?);
    let (Some(left), Some(right)) = (left, right) else { return Ok(Value::Nothing) };
    Ok(Value::Number(match op {
        Op::Add => left + right,
        Op::Subtract => left - right,
        Op::Multiply => left * right,
        Op::Divide => left / right,
        _ => left % right,
    }))
}

fn ordered(op: Op, left: &Value, right: &Value) -> Given<Value> {
    let is_ordered = |value: &Value| matches!(value, Value::Nothing | Value::Number(_) | Value::Text(_));
    if !is_ordered(left) || !is_ordered(right) {
        let text = format!(
            r#"The expressions either side of operator "{}" must evaluate to numeric or string values"#,
            op.text()
        );
        return Error::fail("T2010", text);
    }
    if left.is_nothing() || right.is_nothing() {
        return Ok(Value::Nothing);
    }
    if let (Value::Number(left), Value::Number(right)) = (left, right)
        && (left.is_nan() || right.is_nan())
    {
        return Ok(Value::Bool(false));
    }
    let Some(order) = compared(left, right) else {
        let text = format!(
            r#"The values {} and {} either side of operator "{}" must be of the same data type"#,
            shown(left),
            shown(right),
            op.text()
        );
        return Error::fail("T2009", text);
    };
    Ok(Value::Bool(match op {
        Op::Less => order.is_lt(),
        Op::LessOrEqual => order.is_le(),
        Op::Greater => order.is_gt(),
        _ => order.is_ge(),
    }))
}

/// The order of two numbers or two texts; none of others.
pub(super) fn compared(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => Some(left.partial_cmp(right).unwrap_or(Ordering::Greater)),
        (Value::Text(left), Value::Text(right)) => Some(compare(left, right)),
        _ => None,
    }
}

/// Whether a value is one of a list: a list or an object is only the one that it is itself.
fn is_in(left: &Value, right: &Value) -> bool {
    if left.is_nothing() {
        return false;
    }
    right.items().iter().any(|item| match (left, item) {
        (Value::List(left), Value::List(item)) => std::rc::Rc::ptr_eq(left, item),
        (Value::Object(left), Value::Object(item)) => std::rc::Rc::ptr_eq(left, item),
        _ => equal(left, item),
    })
}
