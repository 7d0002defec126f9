//! Functions that call a function for each item.

use std::rc::Rc;

use crate::asl::expression::jsonata::{
    arity::arity,
    error::{Error, Given},
    truth::truth,
    value::{Host, Object, Value},
};

/// What a function gives for an item, of which it takes as much as it has parameters for.
fn called(host: &mut dyn Host, function: &Value, item: &Value, key: Value, all: &Value) -> Given<Value> {
    host.charge(0)?;
    let arguments = [item.clone(), key, all.clone()];
    host.call(function, &arguments[..arity(function).clamp(1, 3)])
}

fn split(arguments: &[Value]) -> Option<(&Value, &Value)> {
    match arguments {
        [Value::Nothing, ..] | [] => None,
        [list, function, ..] => Some((list, function)),
        [list] => Some((list, &Value::Nothing)),
    }
}

pub(super) fn map(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let Some((list, function)) = split(arguments) else { return Ok(Value::Nothing) };
    let mut results = Vec::new();
    for (place, item) in list.items().iter().enumerate() {
        let result = called(host, function, item, Value::Number(place as f64), list)?;
        if !result.is_nothing() {
            host.charge(size_of::<Value>())?;
            results.push(result);
        }
    }
    Ok(Value::sequence(results))
}

pub(super) fn filter(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let Some((list, function)) = split(arguments) else { return Ok(Value::Nothing) };
    let mut results = Vec::new();
    for (place, item) in list.items().iter().enumerate() {
        if truth(&called(host, function, item, Value::Number(place as f64), list)?)? {
            host.charge(size_of::<Value>())?;
            results.push(item.clone());
        }
    }
    Ok(Value::sequence(results))
}

pub(super) fn single(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let Some((list, function)) = split(arguments) else { return Ok(Value::Nothing) };
    let mut found = None;
    for (place, item) in list.items().iter().enumerate() {
        let is_it = function.is_nothing() || truth(&called(host, function, item, Value::Number(place as f64), list)?)?;
        if is_it && found.replace(item.clone()).is_some() {
            let text = "The $single() function expected exactly 1 matching result.  Instead it matched more.";
            return Error::fail("D3138", text);
        }
    }
    let none = "The $single() function expected exactly 1 matching result.  Instead it matched 0.";
    found.ok_or_else(|| Error::new("D3139", none))
}

pub(super) fn reduce(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let Some((list, function)) = split(arguments) else { return Ok(Value::Nothing) };
    let arity = arity(function);
    if arity < 2 {
        let text = "The second argument of reduce function must be a function with at least two arguments";
        return Error::fail("D3050", text);
    }
    let items = list.items();
    let (mut result, from) = match (arguments.get(2), items.first()) {
        (None | Some(Value::Nothing), Some(first)) => (first.clone(), 1),
        (initial, _) => (initial.cloned().unwrap_or_default(), 0),
    };
    for (place, item) in items.iter().enumerate().skip(from) {
        host.charge(0)?;
        let arguments = [result, item.clone(), Value::Number(place as f64), list.clone()];
        result = host.call(function, &arguments[..arity.min(4)])?;
    }
    Ok(result)
}

pub(super) fn each(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let Some((all @ Value::Object(object), function)) = split(arguments) else { return Ok(Value::Nothing) };
    let mut results = Vec::new();
    for (key, member) in object.iter() {
        let result = called(host, function, member, Value::Text(key.clone()), all)?;
        if !result.is_nothing() {
            host.charge(size_of::<Value>())?;
            results.push(result);
        }
    }
    Ok(Value::sequence(results))
}

pub(super) fn sift(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let Some((all @ Value::Object(object), function)) = split(arguments) else { return Ok(Value::Nothing) };
    let mut results = Object::default();
    for (key, member) in object.iter() {
        if truth(&called(host, function, member, Value::Text(key.clone()), all)?)? {
            host.charge(4 * size_of::<Value>())?;
            results.insert(key.clone(), member.clone());
        }
    }
    Ok(if results.len() == 0 { Value::Nothing } else { Value::Object(Rc::new(results)) })
}
