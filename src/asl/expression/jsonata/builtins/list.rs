//! Functions over lists.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash as _, Hasher},
};

use crate::asl::expression::jsonata::{
    error::{Error, Given},
    order::sorted,
    text::compare,
    truth::equal,
    value::{Host, List, Mark, Value},
};

fn first(arguments: &[Value]) -> &Value {
    arguments.first().unwrap_or(&Value::Nothing)
}

fn second(arguments: &[Value]) -> &Value {
    arguments.get(1).unwrap_or(&Value::Nothing)
}

pub(super) fn append(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    match (first(arguments), second(arguments)) {
        (Value::Nothing, value) | (value, Value::Nothing) => Ok(value.clone()),
        (left, right) => {
            host.charge((left.items().len() + right.items().len()) * size_of::<Value>())?;
            Ok(Value::list([left.items(), right.items()].concat()))
        }
    }
}

pub(super) fn reverse(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let value = first(arguments);
    if value.items().len() < 2 {
        return Ok(value.clone());
    }
    host.charge(size_of_val(value.items()))?;
    Ok(Value::list(value.items().iter().rev().cloned().collect()))
}

/// `$shuffle(array)`, which is the same in every run.
pub(super) fn shuffle(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let value = first(arguments);
    if value.is_nothing() {
        return Ok(Value::Nothing);
    }
    let mut items = value.items().to_vec();
    host.charge(size_of_val(items.as_slice()))?;
    for last in (1..items.len()).rev() {
        let other = (host.random() * (last + 1) as f64) as usize;
        items.swap(last, other.min(last));
    }
    Ok(Value::list(items))
}

pub(super) fn zip(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let length = arguments.iter().map(|list| list.items().len()).min().unwrap_or(0);
    let mut rows = Vec::with_capacity(length);
    for place in 0..length {
        host.charge((arguments.len() + 2) * size_of::<Value>())?;
        rows.push(Value::list(arguments.iter().map(|list| list.items()[place].clone()).collect()));
    }
    Ok(Value::list(rows))
}

pub(super) fn distinct(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let value = first(arguments);
    let Value::List(list) = value else { return Ok(value.clone()) };
    if list.items.len() < 2 {
        return Ok(value.clone());
    }
    let mut kept: Vec<Value> = Vec::new();
    let mut places: HashMap<u64, Vec<usize>> = HashMap::new();
    for item in &list.items {
        host.charge(size_of::<Value>())?;
        let mut hasher = DefaultHasher::new();
        hash(item, &mut hasher);
        let alike = places.entry(hasher.finish()).or_default();
        if !alike.iter().any(|place| equal(&kept[*place], item)) {
            alike.push(kept.len());
            kept.push(item.clone());
        }
    }
    Ok(List::value(kept, if list.is_sequence() { Mark::Sequence } else { Mark::Array }))
}

/// Feeds what equal values have in common.
fn hash(value: &Value, hasher: &mut DefaultHasher) {
    match value {
        Value::Bool(value) => value.hash(hasher),
        Value::Number(number) => (number + 0.0).to_bits().hash(hasher),
        Value::Text(text) => text.hash(hasher),
        Value::List(list) => {
            stacker::maybe_grow(1 << 16, 1 << 20, || list.items.iter().for_each(|item| hash(item, hasher)));
        }
        // Members may stand in any order.
        Value::Object(object) => object.len().hash(hasher),
        _ => {}
    }
}

/// `$sort(array, function)`; without a function numbers or texts, which go by their units of UTF-16 as in Java and
/// JavaScript.
pub(super) fn sort(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let value = first(arguments);
    let items = value.items();
    if items.len() < 2 {
        return Ok(value.clone());
    }
    host.charge(size_of_val(items))?;
    let function = second(arguments);
    if let Value::Function(_) = function {
        let sorted = sorted(items.to_vec(), &mut |left, right| {
            let after = host.call(function, &[left.clone(), right.clone()])?;
            Ok(holds(&after))
        })?;
        return Ok(Value::list(sorted));
    }
    let mut items = items.to_vec();
    if items.iter().all(|item| matches!(item, Value::Text(_))) {
        items.sort_by(|left, right| compare(left.as_str().unwrap_or_default(), right.as_str().unwrap_or_default()));
        return Ok(Value::list(items));
    }
    for item in &items {
        match item {
            Value::Number(number) if number.is_finite() => {}
            Value::Number(number) if number.is_infinite() => {
                return Error::fail("D1001", "Number out of range: null");
            }
            _ => {
                let text = "The single argument form of the sort function can only be applied to an array of strings \
                            or an array of numbers.  Use the second argument to specify a comparison function";
                return Error::fail("D3070", text);
            }
        }
    }
    items.sort_by(|left, right| left.as_number().partial_cmp(&right.as_number()).unwrap_or(std::cmp::Ordering::Equal));
    Ok(Value::list(items))
}

/// Whether JavaScript takes a value for true: an array is, however empty.
fn holds(value: &Value) -> bool {
    match value {
        Value::Nothing | Value::Null | Value::Tuple(_) => false,
        Value::Bool(value) => *value,
        Value::Number(number) => *number != 0.0 && !number.is_nan(),
        Value::Text(text) => !text.is_empty(),
        Value::List(_) | Value::Object(_) | Value::Function(_) => true,
    }
}
