//! What a function gives.

use jsonata_core::{evaluator::EvaluatorError, value::JValue};

pub(super) type Given = Result<JValue, EvaluatorError>;

/// A value that a function gives back as it is. The evaluator unwraps a sequence of one that a function gives, so that
/// a short sequence is wrapped once more.
pub(super) fn whole_sequence(value: JValue) -> JValue {
    match &value {
        JValue::Array(items) if items.sequence && items.len() < 2 => JValue::sequence(vec![value]),
        _ => value,
    }
}
