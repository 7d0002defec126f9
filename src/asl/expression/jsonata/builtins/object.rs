//! Functions over objects, and over values of any type.

use std::rc::Rc;

use crate::asl::expression::jsonata::{
    error::{Error, Given},
    number::rounded_to_digits,
    truth::truth,
    value::{Host, List, Mark, Object, Text, Value},
};

fn first(arguments: &[Value]) -> &Value {
    arguments.first().unwrap_or(&Value::Nothing)
}

pub(super) fn keys(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let mut keys = Object::default();
    collect_keys(host, first(arguments), &mut keys)?;
    Ok(Value::sequence(keys.iter().map(|(key, _)| Value::Text(key.clone())).collect()))
}

fn collect_keys(host: &mut dyn Host, value: &Value, keys: &mut Object) -> Given<()> {
    match value {
        Value::List(list) => stacker::maybe_grow(1 << 16, 1 << 20, || {
            list.items.iter().try_for_each(|item| collect_keys(host, item, keys))
        }),
        Value::Object(object) => object.iter().try_for_each(|(key, _)| {
            host.charge(4 * size_of::<Value>())?;
            keys.insert(key.clone(), Value::Nothing);
            Ok(())
        }),
        _ => Ok(()),
    }
}

/// Adds the members of a name, of the objects in lists within each other; `check` looks at how many there are.
pub(crate) fn lookup_into(
    value: &Value,
    name: &str,
    found: &mut Vec<Value>,
    check: &mut dyn FnMut(usize) -> Given<()>,
) -> Given<()> {
    match value {
        Value::List(list) => stacker::maybe_grow(1 << 16, 1 << 20, || {
            list.items.iter().try_for_each(|item| lookup_into(item, name, found, check))
        }),
        Value::Object(object) => {
            match object.get(name) {
                Some(Value::List(list)) => found.extend_from_slice(&list.items),
                Some(Value::Nothing) | None => {}
                Some(member) => found.push(member.clone()),
            }
            check(found.len())
        }
        _ => check(found.len()),
    }
}

pub(super) fn lookup(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let Some(name) = arguments.get(1).and_then(Value::as_str) else { return Ok(Value::Nothing) };
    match first(arguments) {
        Value::Object(object) => Ok(object.get(name).cloned().unwrap_or_default()),
        list @ Value::List(_) => {
            let mut found = Vec::new();
            let mut counted = 0;
            lookup_into(list, name, &mut found, &mut |count| {
                let new = count.saturating_sub(counted);
                counted = count;
                host.charge(new * size_of::<Value>())
            })?;
            Ok(Value::sequence(found))
        }
        _ => Ok(Value::Nothing),
    }
}

/// `$spread(value)`: an object for each member, of arrays at any depth. Of an array it is an array, however short.
pub(super) fn spread(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let value = first(arguments);
    let mut parts = Vec::new();
    match value {
        Value::List(_) => {
            spread_into(host, value, &mut parts)?;
            let mark = if parts.is_empty() { Mark::Sequence } else { Mark::Array };
            Ok(List::value(parts, mark))
        }
        Value::Object(_) => {
            spread_into(host, value, &mut parts)?;
            Ok(Value::sequence(parts))
        }
        other => Ok(other.clone()),
    }
}

fn spread_into(host: &mut dyn Host, value: &Value, parts: &mut Vec<Value>) -> Given<()> {
    match value {
        Value::List(list) => stacker::maybe_grow(1 << 16, 1 << 20, || {
            list.items.iter().try_for_each(|item| spread_into(host, item, parts))
        }),
        Value::Object(object) => object.iter().try_for_each(|(key, member)| {
            host.charge(6 * size_of::<Value>())?;
            parts.push([(key.clone(), member.clone())].into_iter().collect());
            Ok(())
        }),
        Value::Nothing => Ok(()),
        other => {
            host.charge(size_of::<Value>())?;
            parts.push(other.clone());
            Ok(())
        }
    }
}

pub(super) fn merge(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let list = first(arguments);
    if list.is_nothing() {
        return Ok(Value::Nothing);
    }
    let mut merged = Object::default();
    for item in list.items() {
        let Value::Object(object) = item else { continue };
        for (key, member) in object.iter() {
            host.charge(4 * size_of::<Value>())?;
            merged.insert(key.clone(), member.clone());
        }
    }
    Ok(Value::Object(Rc::new(merged)))
}

pub(super) fn exists(_: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    Ok(Value::Bool(!first(arguments).is_nothing()))
}

pub(super) fn boolean(_: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    match first(arguments) {
        Value::Nothing => Ok(Value::Nothing),
        value => Ok(Value::Bool(truth(value)?)),
    }
}

pub(super) fn not(_: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    match first(arguments) {
        Value::Nothing => Ok(Value::Nothing),
        value => Ok(Value::Bool(!truth(value)?)),
    }
}

pub(super) fn type_of(_: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    Ok(Value::text(match first(arguments) {
        Value::Nothing | Value::Tuple(_) => return Ok(Value::Nothing),
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::Text(_) => "string",
        Value::List(_) => "array",
        Value::Object(_) => "object",
        Value::Function(_) => "function",
    }))
}

pub(super) fn error(_: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    Error::fail("D3137", first(arguments).as_str().unwrap_or("$error() function evaluated"))
}

pub(super) fn assert(_: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    match first(arguments) {
        Value::Bool(true) => Ok(Value::Nothing),
        _ => {
            let message = arguments.get(1).and_then(Value::as_str);
            Error::fail("D3141", message.unwrap_or("$assert() statement failed"))
        }
    }
}

/// `$clone(value)`: the value as its text has it.
pub(super) fn clone(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    cloned(host, first(arguments))
}

fn cloned(host: &mut dyn Host, value: &Value) -> Given<Value> {
    stacker::maybe_grow(1 << 16, 1 << 20, || {
        Ok(match value {
            Value::Number(number) if !number.is_finite() => Value::Null,
            Value::Number(number) => Value::Number(rounded_to_digits(*number)),
            Value::List(list) => {
                host.charge(size_of_val(list.items.as_slice()))?;
                Value::list(list.items.iter().map(|item| cloned(host, item)).collect::<Given<_>>()?)
            }
            Value::Object(object) => {
                host.charge(object.len() * 4 * size_of::<Value>())?;
                let members = object.iter().map(|(key, member)| Ok((key.clone(), cloned(host, member)?)));
                members.collect::<Given<Vec<(Text, Value)>>>()?.into_iter().collect()
            }
            Value::Function(_) => Value::text(""),
            other => other.clone(),
        })
    })
}
