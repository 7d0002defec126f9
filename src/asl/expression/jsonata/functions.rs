//! The functions that the service adds to JSONata, and those that must not be what the library has.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#jsonata-functions-provided-by-sfn>

use std::rc::Rc;

use jsonata_core::{
    evaluator::{Evaluator, EvaluatorError},
    value::JValue,
};

use super::{
    parse,
    values::{MAX_SEQUENCE, Values},
};
use crate::asl::expression::{hash, random, time};

type Given = Result<JValue, EvaluatorError>;

/// Registers the function of that name with the evaluator, if it is one of these.
pub(super) fn register(evaluator: &mut Evaluator, name: &str, values: &dyn Values) -> Result<(), EvaluatorError> {
    let now = values.now();
    let source = Rc::clone(values.random());
    match name {
        "partition" => evaluator.register_fn(name, partition),
        "range" => evaluator.register_fn(name, range),
        "hash" => evaluator.register_fn(name, hashed),
        "parse" => evaluator.register_fn(name, parsed),
        "uuid" => evaluator.register_fn(name, move |arguments: &[JValue]| match arguments {
            [] => Ok(source.borrow_mut().uuid().into()),
            _ => Err(signature("uuid", 1)),
        }),
        "random" => evaluator.register_fn_override(name, move |arguments: &[JValue]| match arguments {
            [] | [JValue::Undefined] => Ok(source.borrow_mut().fraction().into()),
            [JValue::Number(seed)] => Ok(random::seeded_fraction(*seed as i64).into()),
            [_] => Err(signature("random", 1)),
            _ => Err(signature("random", 2)),
        }),
        // The library's own would shuffle differently in every run.
        "shuffle" => evaluator.register_fn_override(name, move |arguments: &[JValue]| match arguments {
            [JValue::Undefined] => Ok(JValue::Undefined),
            [JValue::Array(items)] => Ok(JValue::array(source.borrow_mut().shuffled(items.to_vec()))),
            [item] => Ok(JValue::array(vec![item.clone()])),
            [] => Err(signature("shuffle", 1)),
            _ => Err(signature("shuffle", 2)),
        }),
        "now" => evaluator.register_fn_override(name, move |arguments: &[JValue]| match arguments {
            [] => Ok(time::text(now).into()),
            // With a picture it is `$fromMillis` of the moment, before it comes here.
            _ => Err(signature("now", arguments.len().min(3))),
        }),
        "millis" => evaluator.register_fn_override(name, move |_: &[JValue]| Ok(now.into())),
        // The service has no `$eval`.
        "eval" => evaluator
            .register_fn_override(name, |_: &[JValue]| Err(EvaluatorError::TypeError("T1006: no function".to_owned()))),
        _ => Ok(()),
    }
}

/// Registers an added function by another name, under which arguments that do not fit are a value that is not there.
pub(super) fn register_lenient(evaluator: &mut Evaluator, name: &str, function: &str) -> Result<(), EvaluatorError> {
    let run: fn(&[JValue]) -> Given = match function {
        "hash" => hashed,
        "partition" => partition,
        _ => range,
    };
    evaluator.register_fn(name, move |arguments: &[JValue]| lenient(run(arguments)))
}

/// Nothing for a call whose arguments do not fit.
pub(super) fn lenient(given: Given) -> Given {
    match given {
        Err(error) if error.message().starts_with("T041") => Ok(JValue::Undefined),
        given => given,
    }
}

/// The error of an argument that the signature of the function does not take.
fn signature(function: &str, argument: usize) -> EvaluatorError {
    let text = format!(r#"T0410: Argument {argument} of function "{function}" does not match function signature"#);
    EvaluatorError::TypeError(text)
}

fn refused(why: &str) -> EvaluatorError {
    EvaluatorError::EvaluationError(format!("D3137: {why}"))
}

/// The argument as a number without its fraction; none where there is no argument.
fn whole(arguments: &[JValue], position: usize, function: &str) -> Result<Option<f64>, EvaluatorError> {
    match arguments.get(position) {
        None | Some(JValue::Undefined) => Ok(None),
        Some(JValue::Number(number)) => Ok(Some(number.trunc())),
        Some(_) => Err(signature(function, position + 1)),
    }
}

/// `$partition(array, size)`: the array cut into arrays of that size; one with all of it without a size.
fn partition(arguments: &[JValue]) -> Given {
    let items = match arguments {
        [JValue::Undefined, ..] => return Ok(JValue::Undefined),
        [JValue::Array(items), ..] if arguments.len() <= 2 => items,
        [_] | [_, _] => {
            let text = r#"T0412: Argument 1 of function "partition" must be an array of undefined"#;
            return Err(EvaluatorError::TypeError(text.to_owned()));
        }
        [] => return Err(signature("partition", 1)),
        _ => return Err(signature("partition", 3)),
    };
    let size = whole(arguments, 1, "partition")?.unwrap_or(items.len() as f64);
    if size < 0.0 {
        return Err(refused("Second argument must be zero or greater"));
    }
    if items.is_empty() || size == 0.0 {
        return Ok(JValue::Undefined);
    }
    let items: Vec<JValue> = items.iter().cloned().collect();
    Ok(items.chunks(size as usize).map(|chunk| JValue::array(chunk.to_vec())).collect::<Vec<_>>().into())
}

/// `$range(first, last, step)`: both ends belong to it.
fn range(arguments: &[JValue]) -> Given {
    if arguments.len() > 3 {
        return Err(signature("range", 4));
    }
    let first = whole(arguments, 0, "range")?;
    let last = whole(arguments, 1, "range")?.ok_or_else(|| signature("range", 2))?;
    let (Some(first), Some(step)) = (first, whole(arguments, 2, "range")?) else { return Ok(JValue::Undefined) };
    let length = ((last - first) / step).floor() + 1.0;
    if step == 0.0 || length.is_nan() || length < 1.0 {
        return Ok(JValue::Undefined);
    }
    if length > MAX_SEQUENCE as f64 {
        return Err(EvaluatorError::EvaluationError("D2015: too long".to_owned()));
    }
    let items: Vec<JValue> =
        (0..length as u32).map(|position| JValue::from(first + f64::from(position) * step)).collect();
    // One alone is what JSONata makes of a sequence of one.
    Ok(JValue::sequence(items).unwrap_sequence())
}

/// `$hash(text, algorithm)`: the digest in hexadecimal.
fn hashed(arguments: &[JValue]) -> Given {
    match arguments {
        [] => Err(signature("hash", 1)),
        [JValue::Undefined, ..] | [_] | [_, JValue::Undefined] => Ok(JValue::Undefined),
        [JValue::String(text), JValue::String(algorithm)] => {
            hash::digest(text.as_bytes(), algorithm).map(Into::into).ok_or_else(|| {
                refused(&format!("Hash algorithm '{algorithm}' must be one of SHA-1, SHA-384, SHA-256, SHA-512, MD5"))
            })
        }
        [JValue::String(_), _] => Err(signature("hash", 2)),
        [_, _] => Err(signature("hash", 1)),
        _ => Err(signature("hash", 3)),
    }
}

/// `$parse(text)`: the JSON that a string holds.
fn parsed(arguments: &[JValue]) -> Given {
    match arguments {
        [] | [JValue::Undefined] => Ok(JValue::Undefined),
        [JValue::String(text)] => Ok(parse::json(text).ok_or_else(|| refused("Invalid JSON"))?.into()),
        [_] => Err(signature("parse", 1)),
        _ => Err(signature("parse", 2)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    fn give(function: fn(&[JValue]) -> Given, arguments: Json, expected: Json) {
        let arguments: Vec<JValue> = arguments.as_array().unwrap().iter().map(|json| json.clone().into()).collect();
        let result = match function(&arguments) {
            Ok(JValue::Undefined) => json!("undefined"),
            Ok(value) => super::super::json(&value, 9).unwrap(),
            Err(error) => error.message()[..5].into(),
        };
        assert_eq!(result, expected);
    }

    // The cases were measured on the service.

    #[test]
    fn partition_cuts_an_array() {
        give(partition, json!([[1, 2, 3, 4, 5], 2]), json!([[1, 2], [3, 4], [5]]));
        give(partition, json!([[1, 2, 3]]), json!([[1, 2, 3]]));
        give(partition, json!([[1, 2, 3], 2.9]), json!([[1, 2], [3]]));
        give(partition, json!([[], 2]), json!("undefined"));
        give(partition, json!([[1], 0]), json!("undefined"));
        give(partition, json!([[1], -0.5]), json!("undefined"));
        give(partition, json!([[1], -1]), json!("D3137"));
        give(partition, json!([null, 1]), json!("T0412"));
        give(partition, json!([[1], 1e300]), json!([[1]]));
    }

    #[test]
    fn range_counts_to_its_end() {
        give(range, json!([1, 9, 2]), json!([1, 3, 5, 7, 9]));
        give(range, json!([9, 0, -4]), json!([9, 5, 1]));
        give(range, json!([-1.7, 2, 1]), json!([-1, 0, 1, 2]));
        give(range, json!([5, 1, -1.5]), json!([5, 4, 3, 2, 1]));
        give(range, json!([1, 1, 1]), json!(1));
        give(range, json!([1, 0, 1]), json!("undefined"));
        give(range, json!([0, 1, 0]), json!("undefined"));
        give(range, json!([0, 1]), json!("undefined"));
        give(range, json!([0]), json!("T0410"));
        give(range, json!([0, 1e300, 1]), json!("D2015"));
    }

    #[test]
    fn hash_has_five_algorithms() {
        give(hashed, json!(["input", "SHA-1"]), json!("140f86aae51ab9e1cda9b4254fe98a74eb54c1a1"));
        give(hashed, json!(["a", "sha-1"]), json!("D3137"));
        give(hashed, json!(["a"]), json!("undefined"));
        give(hashed, json!([1, "MD5"]), json!("T0410"));
    }

    #[test]
    fn parse_reads_json() {
        give(parsed, json!(["{\"a\": [1, null]}"]), json!({"a": [1, null]}));
        give(parsed, json!([]), json!("undefined"));
        give(parsed, json!([null]), json!("T0410"));
        give(parsed, json!(["{"]), json!("D3137"));
        give(parsed, json!([""]), json!("D3137"));
        give(parsed, json!(["{'a': 'b\"c'}"]), json!({"a": "b\"c"}));
        give(parsed, json!(["{\"a\": 1, \"b\": {\"a\": 2}}"]), json!({"a": 1, "b": {"a": 2}}));
        give(parsed, json!(["{\"a\": 1, \"a\": 2}"]), json!("D3137"));
        give(parsed, json!(["[{'a': 1, 'a': 1}]"]), json!("D3137"));
    }
}
