//! The functions that the service adds to JSONata, and those that must not be what the library has.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#jsonata-functions-provided-by-sfn>

use std::rc::Rc;

use jsonata_core::{
    evaluator::{Evaluator, EvaluatorError},
    value::JValue,
};

use super::Values;
use crate::{
    asl::run::{hash, random::Random, time},
    value::Json,
};

/// Items that `$range` may make.
const MAX_RANGE: f64 = 1_000.0;

/// Gives the evaluator the function of that name, if it is one of these.
pub(super) fn register(evaluator: &mut Evaluator, name: &str, values: &dyn Values) -> Result<(), EvaluatorError> {
    let now = values.now();
    let random = Rc::clone(values.random());
    match name {
        "partition" => evaluator.register_fn(name, partition),
        "range" => evaluator.register_fn(name, range),
        "hash" => evaluator.register_fn(name, hashed),
        "parse" => evaluator.register_fn(name, parse),
        "uuid" => evaluator.register_fn(name, move |_: &[JValue]| Ok(random.borrow_mut().uuid().into())),
        "random" => evaluator.register_fn_override(name, move |arguments: &[JValue]| {
            Ok(match arguments.first() {
                None | Some(JValue::Undefined) => random.borrow_mut().fraction().into(),
                Some(seed) => Random::new(wanted(seed.as_f64(), "random", "a number")?.to_bits()).fraction().into(),
            })
        }),
        "now" => evaluator.register_fn_override(name, move |arguments: &[JValue]| match arguments {
            [] => Ok(time::text(now).into()),
            _ => Err(error("now", "no picture and no time zone")),
        }),
        "millis" => evaluator.register_fn_override(name, move |_: &[JValue]| Ok(now.into())),
        // The service has none.
        "eval" => evaluator.register_fn_override(name, |_: &[JValue]| {
            Err(EvaluatorError::TypeError("T1006: Attempted to invoke a non-function".to_owned()))
        }),
        _ => Ok(()),
    }
}

fn error(function: &str, expected: &str) -> EvaluatorError {
    EvaluatorError::TypeError(format!("T0410: the arguments of ${function} do not match; expected {expected}"))
}

fn wanted<T>(argument: Option<T>, function: &str, expected: &str) -> Result<T, EvaluatorError> {
    argument.ok_or_else(|| error(function, expected))
}

/// `$partition(array, size)`: the array cut into arrays of that size.
fn partition(arguments: &[JValue]) -> Result<JValue, EvaluatorError> {
    const EXPECTED: &str = "an array and a size of at least 1";
    let (items, size) = match arguments {
        [JValue::Array(items), size] => (items, size.as_f64()),
        _ => return Err(error("partition", EXPECTED)),
    };
    let size = wanted(size.filter(|size| *size >= 1.0), "partition", EXPECTED)?;
    let items: Vec<JValue> = items.iter().cloned().collect();
    Ok(items.chunks(size as usize).map(|chunk| JValue::array(chunk.to_vec())).collect::<Vec<_>>().into())
}

/// `$range(first, last, step)`: both ends belong to it.
fn range(arguments: &[JValue]) -> Result<JValue, EvaluatorError> {
    const EXPECTED: &str = "three numbers, of which the last is not 0, and at most 1,000 items";
    let numbers: Vec<f64> = arguments.iter().map_while(JValue::as_f64).collect();
    let (first, last, step) = match (numbers.as_slice(), arguments.len()) {
        ([first, last, step], 3) if *step != 0.0 => (*first, *last, *step),
        _ => return Err(error("range", EXPECTED)),
    };
    let length = ((last - first) / step).floor() + 1.0;
    if length > MAX_RANGE {
        return Err(error("range", EXPECTED));
    }
    let items = (0..length.max(0.0) as u32).map(|position| JValue::from(first + f64::from(position) * step));
    Ok(items.collect::<Vec<_>>().into())
}

/// `$hash(text, algorithm)`: the digest in hexadecimal.
fn hashed(arguments: &[JValue]) -> Result<JValue, EvaluatorError> {
    const EXPECTED: &str = "a string and one of MD5, SHA-1, SHA-256, SHA-384, SHA-512";
    match arguments {
        [JValue::String(text), JValue::String(algorithm)] => {
            wanted(hash::digest(text.as_bytes(), algorithm), "hash", EXPECTED).map(Into::into)
        }
        _ => Err(error("hash", EXPECTED)),
    }
}

/// `$parse(text)`: the JSON that a string holds.
fn parse(arguments: &[JValue]) -> Result<JValue, EvaluatorError> {
    const EXPECTED: &str = "a string that holds JSON";
    match arguments {
        [JValue::Undefined] => Ok(JValue::Undefined),
        [JValue::String(text)] => {
            let json = serde_json::from_str::<Json>(text).map_err(|_| error("parse", EXPECTED))?;
            Ok(json.into())
        }
        _ => Err(error("parse", EXPECTED)),
    }
}

#[cfg(test)]
mod tests {
    use jsonata_core::value::JValue;
    use serde_json::json;

    use super::*;

    fn give(function: fn(&[JValue]) -> Result<JValue, EvaluatorError>, arguments: Json, expected: Json) {
        let arguments: Vec<JValue> = arguments.as_array().unwrap().iter().map(|json| json.clone().into()).collect();
        let result = function(&arguments).map(|value| super::super::json(&value, 9).unwrap()).unwrap_or(json!("error"));
        assert_eq!(result, expected);
    }

    #[test]
    fn partition_cuts_an_array() {
        give(partition, json!([[1, 2, 3, 4, 5], 2]), json!([[1, 2], [3, 4], [5]]));
        give(partition, json!([[], 2]), json!([]));
        give(partition, json!([[1], 0]), json!("error"));
        give(partition, json!(["text", 1]), json!("error"));
        give(partition, json!([[1], 1e300]), json!([[1]]));
    }

    #[test]
    fn range_counts_to_its_end() {
        give(range, json!([1, 9, 2]), json!([1, 3, 5, 7, 9]));
        give(range, json!([9, 0, -4]), json!([9, 5, 1]));
        give(range, json!([1, 0, 1]), json!([]));
        give(range, json!([1, 1000, 1]), json!((1..=1000).collect::<Vec<_>>()));
        give(range, json!([0, 1000, 1]), json!("error"));
        give(range, json!([0, 1, 0]), json!("error"));
        give(range, json!([0, 1e300, 1e-300]), json!("error"));
    }

    #[test]
    fn hash_has_five_algorithms() {
        give(hashed, json!(["a", "MD5"]), json!("0cc175b9c0f1b6a831c399e269772661"));
        give(hashed, json!(["a", "SHA-3"]), json!("error"));
        give(hashed, json!([1, "MD5"]), json!("error"));
    }

    #[test]
    fn parse_reads_json() {
        give(parse, json!(["{\"a\": [1, null]}"]), json!({"a": [1, null]}));
        give(parse, json!(["{"]), json!("error"));
    }
}
