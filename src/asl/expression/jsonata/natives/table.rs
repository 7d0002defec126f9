//! The functions that stand in for the library's, and the names by which a tree calls them.

use jsonata_core::{
    evaluator::{Evaluator, EvaluatorError},
    value::JValue,
};

use super::{array, given::Given, number, signature, text, url};
use crate::asl::expression::jsonata::functions::{lenient, register_lenient};

/// A function that stands in for one of the library's.
pub(super) struct Native {
    pub name: &'static str,
    signature: &'static str,
    /// Arguments that it gets from a function such as `$map`.
    arity: usize,
    run: fn(&[JValue]) -> Given,
}

static NATIVES: [Native; 14] = [
    Native { name: "base64decode", signature: "<s-:s>", arity: 1, run: url::base64_decode },
    Native { name: "decodeUrl", signature: "<s-:s>", arity: 1, run: url::decode_url },
    Native { name: "decodeUrlComponent", signature: "<s-:s>", arity: 1, run: url::decode_url_component },
    Native { name: "encodeUrl", signature: "<s-:s>", arity: 1, run: url::encode_url },
    Native { name: "encodeUrlComponent", signature: "<s-:s>", arity: 1, run: url::encode_url_component },
    Native { name: "formatBase", signature: "<n-n?:s>", arity: 2, run: number::format_base },
    Native { name: "join", signature: "<a<s>s?:s>", arity: 2, run: text::join },
    Native { name: "number", signature: "<(nsb)-:n>", arity: 1, run: number::number },
    Native { name: "replace", signature: "<s-(sf)(sf)n?:s>", arity: 4, run: text::replace },
    Native { name: "sort", signature: "<a:a>", arity: 2, run: array::sort },
    Native { name: "split", signature: "<s-(sf)n?:a<s>>", arity: 3, run: text::split },
    Native { name: "spread", signature: "<x-:a<o>>", arity: 1, run: array::spread },
    Native { name: "string", signature: "<x-b?:s>", arity: 1, run: text::string },
    Native { name: "substring", signature: "<s-nn?:s>", arity: 3, run: text::substring },
];

/// Functions of the service that may fail on what is missing, beside the natives.
pub(super) const ADDED: [&str; 3] = ["hash", "partition", "range"];

pub(super) fn native(name: &str) -> Option<&'static Native> {
    NATIVES.iter().find(|native| native.name == name)
}

// What stands before the name of a function: how it is called.

/// A call, with the context before its arguments.
pub(super) const CALLED: &str = "!";
/// A call within `$exists`, which takes arguments that do not fit for a value that is not there.
pub(super) const ASKED: &str = "?";
/// A function that is handed on as a value.
pub(super) const HANDED: &str = "&";

// Functions that stand around nodes.
pub(super) const CONCATENATED: &str = "!&";
pub(super) const LEFT: &str = "!left";
pub(super) const RIGHT: &str = "!right";
pub(super) const COUNTABLE: &str = "!countable";
pub(super) const WHOLE: &str = "!whole";
pub(super) const WHOLE_OR_NOTHING: &str = "!wholeOrNothing";
pub(super) const NUMERAL: &str = "!numeral";
pub(super) const ARRAY: &str = "!array";

/// Registers a function by the name that stands in the tree.
pub(super) fn register(evaluator: &mut Evaluator, name: &str) -> Result<(), EvaluatorError> {
    let run: fn(&[JValue]) -> Given = match name {
        CONCATENATED => text::concatenated,
        LEFT => |arguments| number::operand("left", arguments),
        RIGHT => |arguments| number::operand("right", arguments),
        COUNTABLE => number::countable,
        WHOLE => number::whole,
        WHOLE_OR_NOTHING => number::whole_or_nothing,
        NUMERAL => number::numeral,
        ARRAY => array::array,
        name => {
            let (how, function) = name.split_at(1);
            let Some(native) = native(function) else {
                return register_lenient(evaluator, name, function);
            };
            return match how {
                HANDED => evaluator.register_fn(name, |given: &[JValue]| {
                    call(native, &JValue::Null, &given[..given.len().min(native.arity)])
                }),
                ASKED => evaluator.register_fn(name, |given: &[JValue]| lenient(called(native, given))),
                _ => evaluator.register_fn(name, |given: &[JValue]| called(native, given)),
            };
        }
    };
    evaluator.register_fn(name, run)
}

fn called(native: &Native, given: &[JValue]) -> Given {
    let (context, given) = given.split_first().unwrap_or((&JValue::Undefined, &[]));
    call(native, context, given)
}

fn call(native: &Native, context: &JValue, given: &[JValue]) -> Given {
    let arguments = signature::arguments(native.name, native.signature, context, given)?;
    (native.run)(&arguments)
}
