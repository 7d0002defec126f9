//! Functions over arrays and objects.

use jsonata_core::{
    evaluator::EvaluatorError,
    value::{JMap, JValue, with_stack},
};
use std::rc::Rc;

use super::{
    given::{Given, whole_sequence},
    text::units,
};

/// `$spread(value)`: an object for each member, of arrays at any depth. Of an array it is an array, however short.
pub(super) fn spread(arguments: &[JValue]) -> Given {
    match arguments.first() {
        Some(value @ (JValue::Array(_) | JValue::Object(_))) => {
            let mut parts = Vec::new();
            collect(value, &mut parts);
            let is_array = matches!(value, JValue::Array(_)) && !parts.is_empty();
            Ok(if is_array { JValue::array(parts) } else { JValue::sequence(parts) })
        }
        Some(value) => Ok(value.clone()),
        None => Ok(JValue::Undefined),
    }
}

fn collect(value: &JValue, parts: &mut Vec<JValue>) {
    match value {
        JValue::Array(items) => with_stack(|| items.iter().for_each(|item| collect(item, parts))),
        JValue::Object(members) => parts.extend(members.iter().map(|(key, member)| {
            let part: JMap = [(key.clone(), member.clone())].into_iter().collect();
            JValue::Object(Rc::new(part))
        })),
        JValue::Undefined => {}
        other => parts.push(other.clone()),
    }
}

/// `$sort(array)`, texts by their units of UTF-16 as in Java and JavaScript.
pub(super) fn sort(arguments: &[JValue]) -> Given {
    let Some(given @ JValue::Array(items)) = arguments.first() else { return Ok(JValue::Undefined) };
    if items.len() <= 1 {
        return Ok(whole_sequence(given.clone()));
    }
    if items.iter().all(|item| item.as_str().is_some()) {
        let mut keyed: Vec<_> = items.iter().map(|item| (item.as_str().map(units), item.clone())).collect();
        keyed.sort_by(|(left, _), (right, _)| left.cmp(right));
        return Ok(JValue::array(keyed.into_iter().map(|(_, item)| item).collect()));
    }
    if items.iter().all(|item| matches!(item, JValue::Number(number) if number.is_finite())) {
        let mut items: Vec<JValue> = items.iter().cloned().collect();
        items.sort_by(|left, right| left.as_f64().partial_cmp(&right.as_f64()).unwrap_or(std::cmp::Ordering::Equal));
        return Ok(JValue::array(items));
    }
    Err(EvaluatorError::EvaluationError(
        "D3070: The single argument form of the sort function can only be applied to an array of strings or an array \
         of numbers.  Use the second argument to specify a comparison function"
            .to_owned(),
    ))
}

/// The value as an array: one that is none is an array of one. Nothing stays nothing.
pub(super) fn array(arguments: &[JValue]) -> Given {
    Ok(match arguments.first() {
        None | Some(JValue::Undefined) => JValue::Undefined,
        Some(items @ JValue::Array(_)) => whole_sequence(items.clone()),
        Some(item) => JValue::array(vec![item.clone()]),
    })
}
