//! The functions that the service adds to JSONata.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#jsonata-functions-provided-by-sfn>

use crate::asl::expression::{
    hash,
    jsonata::{
        error::{Error, Given, mismatch},
        limits::MAX_ITEMS,
        parse::json,
        value::{Host, Value},
    },
    random::seeded_fraction,
};

fn refused<T>(why: &str) -> Given<T> {
    Error::fail("D3137", why)
}

/// `$uuid()`
pub(super) fn uuid(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    match arguments {
        [] => Ok(Value::text(host.uuid())),
        _ => Err(mismatch("uuid", 1)),
    }
}

/// `$random(seed)`
pub(super) fn random(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    match arguments {
        [] | [Value::Nothing] => Ok(Value::Number(host.random())),
        [Value::Number(seed)] => Ok(Value::Number(seeded_fraction(*seed as i64))),
        [_] => Err(mismatch("random", 1)),
        _ => Err(mismatch("random", 2)),
    }
}

/// The argument as a number without its fraction; none where there is no argument.
fn whole(arguments: &[Value], place: usize, function: &str) -> Given<Option<f64>> {
    match arguments.get(place) {
        None | Some(Value::Nothing) => Ok(None),
        Some(Value::Number(number)) => Ok(Some(number.trunc())),
        Some(_) => Err(mismatch(function, place + 1)),
    }
}

/// `$partition(array, size)`: the array cut into arrays of that size; one with all of it without a size.
pub(super) fn partition(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let list = match arguments {
        [Value::Nothing, ..] => return Ok(Value::Nothing),
        [Value::List(list)] | [Value::List(list), _] => list,
        [_] | [_, _] => {
            return Error::fail("T0412", r#"Argument 1 of function "partition" must be an array of undefined"#);
        }
        [] => return Err(mismatch("partition", 1)),
        _ => return Err(mismatch("partition", 3)),
    };
    let size = whole(arguments, 1, "partition")?.unwrap_or(list.items.len() as f64);
    if size < 0.0 {
        return refused("Second argument must be zero or greater");
    }
    if list.items.is_empty() || size == 0.0 || size.is_nan() {
        return Ok(Value::Nothing);
    }
    let mut parts = Vec::new();
    for part in list.items.chunks(size as usize) {
        host.charge((part.len() + 3) * size_of::<Value>())?;
        parts.push(Value::list(part.to_vec()));
    }
    Ok(Value::list(parts))
}

/// `$range(first, last, step)`: both ends belong to it.
pub(super) fn range(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    if arguments.len() > 3 {
        return Err(mismatch("range", 4));
    }
    let first = whole(arguments, 0, "range")?;
    let last = whole(arguments, 1, "range")?.ok_or_else(|| mismatch("range", 2))?;
    let (Some(first), Some(step)) = (first, whole(arguments, 2, "range")?) else { return Ok(Value::Nothing) };
    let length = ((last - first) / step).floor() + 1.0;
    if step == 0.0 || length.is_nan() || length < 1.0 {
        return Ok(Value::Nothing);
    }
    if length > MAX_ITEMS as f64 {
        return Err(Error::Memory);
    }
    host.charge(length as usize * size_of::<Value>())?;
    let items = (0..length as u32).map(|place| Value::Number(first + f64::from(place) * step));
    // One alone is what JSONata makes of a sequence of one.
    Ok(Value::sequence(items.collect()))
}

/// `$hash(text, algorithm)`: the digest in hexadecimal.
pub(super) fn hash(_: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    match arguments {
        [] => Err(mismatch("hash", 1)),
        [Value::Nothing, ..] | [_] | [_, Value::Nothing] => Ok(Value::Nothing),
        [Value::Text(text), Value::Text(algorithm)] => match hash::digest(text.as_bytes(), algorithm) {
            Some(digest) => Ok(Value::text(digest)),
            None => {
                refused(&format!("Hash algorithm '{algorithm}' must be one of SHA-1, SHA-384, SHA-256, SHA-512, MD5"))
            }
        },
        [Value::Text(_), _] => Err(mismatch("hash", 2)),
        [_, _] => Err(mismatch("hash", 1)),
        _ => Err(mismatch("hash", 3)),
    }
}

/// `$parse(text)`: the JSON that a string holds.
pub(super) fn parse(host: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    match arguments {
        [] | [Value::Nothing] => Ok(Value::Nothing),
        [Value::Text(text)] => {
            host.charge(text.len() * 16)?;
            json(text).map_or_else(|| refused("Invalid JSON"), |json| Ok(Value::from(&json)))
        }
        [_] => Err(mismatch("parse", 1)),
        _ => Err(mismatch("parse", 2)),
    }
}
