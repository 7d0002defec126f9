//! The search for the values that a path leads to.

use std::{borrow::Cow, cell::Cell, fmt};

use serde_json::Map as Object;

use super::step::{Step, is_definite, shown};
use crate::json::{Json, memory};

/// Values that a path may pass through at once; `$..*..*..*` would otherwise fill the memory. A payload of 256 KiB
/// cannot hold more.
const MATCHES: usize = 262_144;

/// Values that a path may look at, those that its filters look at included: `$..[?(@..[?(@..a)])]` would otherwise take
/// days.
pub(super) const LOOKS: usize = 4_000_000;
/// Bytes of memory that the result may take, since `$..` gives each value together with all that hold it.
const RESULT: usize = 1 << 27;

/// The error of a definite path that has no value, in the words that AWS takes over from Jayway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotFound {
    message: String,
    past_the_end: bool,
    in_nothing: bool,
}

impl NotFound {
    pub(super) fn new(message: String) -> Self {
        Self { message, past_the_end: false, in_nothing: false }
    }

    /// The error of a path into an input that is null, which the service does not even look at.
    pub fn in_nothing() -> Self {
        let message = "Unable to apply Path transformation to null or empty input.".to_owned();
        Self { in_nothing: true, ..Self::new(message) }
    }

    /// Whether there was nothing to look into.
    pub fn is_in_nothing(&self) -> bool {
        self.in_nothing
    }

    /// The error of a variable that no state assigned.
    pub fn variable(name: &str) -> Self {
        Self::new(format!("No results for path: ${name}"))
    }

    /// Whether the path ends with an index that its array does not have, for which AWS has a null in some places.
    pub fn is_past_the_end(&self) -> bool {
        self.past_the_end
    }
}

impl fmt::Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for NotFound {}

/// A search: the value that a path starts from, and the number of values that were looked at.
pub(super) struct Search<'a> {
    pub root: &'a Json,
    looks: Cell<usize>,
}

impl<'a> Search<'a> {
    pub fn new(root: &'a Json) -> Self {
        Self { root, looks: Cell::new(0) }
    }

    pub fn look(&self, values: usize) {
        self.looks.set(self.looks.get().saturating_add(values));
    }

    pub fn is_over(&self) -> bool {
        self.looks.get() > LOOKS
    }
}

pub(super) fn select<'a>(steps: &[Step], start: &'a Json, search: &Search<'a>) -> Result<Cow<'a, Json>, NotFound> {
    if let Some(index) = steps.iter().position(|step| matches!(step, Step::Fields(_)))
        && index + 1 < steps.len()
    {
        let (path, _) = steps.split_at(index + 1);
        return Err(NotFound::new(format!("Multi properties can only be used as path leafs: {}", shown(path))));
    }
    if is_definite(steps) { one(steps, start, search) } else { all(steps, start, search) }
}

/// The value of a definite path.
fn one<'a>(steps: &[Step], start: &'a Json, search: &Search<'a>) -> Result<Cow<'a, Json>, NotFound> {
    search.look(1 + steps.len());
    let mut value = start;
    for (index, step) in steps.iter().enumerate() {
        let (before, after) = steps.split_at(index);
        let path = || format!("{}{step}", shown(before));
        value = match (step, value) {
            (Step::Field(name), Json::Object(object)) => object.get(name).ok_or_else(|| {
                NotFound::new(match after.len() {
                    1 => format!("No results for path: {}", path()),
                    _ => format!("Missing property in path {}", path()),
                })
            })?,
            (Step::Fields(names), Json::Object(object)) => return Ok(Cow::Owned(merged(names, object))),
            (Step::Index(_) | Step::FromEnd(_), Json::Array(array)) => {
                let (found, is_past_the_end) = match step {
                    Step::Index(index) => (element(*index, array), *index >= 0),
                    Step::FromEnd(count) => (from_end(*count, array), false),
                    _ => (None, false),
                };
                match found {
                    Some(element) => element,
                    // AWS reads a null past the end of an array; its library stumbles over that at the next step.
                    None if is_past_the_end && after.len() > 1 => &Json::Null,
                    None => {
                        let message = format!("Index out of bounds when evaluating path {}", path());
                        return Err(NotFound { past_the_end: is_past_the_end, ..NotFound::new(message) });
                    }
                }
            }
            (Step::Index(_) | Step::FromEnd(_), Json::Null) => {
                return Err(NotFound::new(format!("The path {} is null", shown(before))));
            }
            (Step::Index(_) | Step::FromEnd(_), other) => {
                let filter = after.iter().map(Step::to_string).collect::<String>();
                return Err(NotFound::new(format!(
                    "Filter: {filter} can only be applied to arrays. Current context is: {other}"
                )));
            }
            _ => return Err(NotFound::new(format!("Property {step} not found in path {}", shown(before)))),
        };
    }
    Ok(Cow::Borrowed(value))
}

/// All that an indefinite path matches. What is missing is left out, from the first step on: AWS answers `$.no[*]` with
/// an empty array.
fn all<'a>(steps: &[Step], start: &'a Json, search: &Search<'a>) -> Result<Cow<'a, Json>, NotFound> {
    let mut values = vec![start];
    let mut descended = false;
    for step in steps {
        let mut next = Vec::new();
        if let Step::Fields(names) = step {
            let objects = values.iter().filter_map(|value| value.as_object());
            // After a descent an object counts only when it has all of them, or each object would be a match.
            let objects = objects.filter(|object| !descended || names.iter().all(|name| object.contains_key(name)));
            let mut taken = 0;
            let merged = objects.map(|object| {
                let object = merged(names, object);
                taken += memory(&object);
                if taken > RESULT { Err(too_much(steps)) } else { Ok(object) }
            });
            return merged.collect::<Result<Json, NotFound>>().map(Cow::Owned);
        }
        for value in values {
            let before = next.len();
            match (step, value) {
                (Step::Field(name), Json::Object(object)) => next.extend(object.get(name)),
                (Step::Index(index), Json::Array(array)) => next.extend(element(*index, array)),
                (Step::FromEnd(count), Json::Array(array)) => next.extend(from_end(*count, array)),
                (Step::Indices(indices), Json::Array(array)) => {
                    next.extend(indices.iter().filter_map(|index| element(*index, array)));
                }
                (Step::Slice { from, to, by }, Json::Array(array)) => slice(array, *from, *to, *by, &mut next),
                (Step::Wildcard, Json::Array(array)) => next.extend(array),
                (Step::Wildcard, Json::Object(object)) => next.extend(object.values()),
                (Step::Descent, value) => descend(value, &mut next),
                (Step::Filter(filter), Json::Array(array)) if !descended => {
                    next.extend(array.iter().filter(|value| filter.accepts(value, search)));
                    search.look(array.len());
                }
                // An object is tested itself, not its members; after a descent so is each array.
                (Step::Filter(filter), value) if filter.accepts(value, search) => next.push(value),
                _ => {}
            }
            if next.len() > MATCHES {
                return Err(NotFound::new(format!("More than {MATCHES} results for path: {}", shown(steps))));
            }
            search.look(1 + next.len() - before);
            if search.is_over() {
                return Err(too_much(steps));
            }
        }
        descended = matches!(step, Step::Descent);
        values = next;
    }
    let mut taken = 0;
    let copied = values.into_iter().map(|value| {
        taken += memory(value);
        if taken > RESULT { Err(too_much(steps)) } else { Ok(value.clone()) }
    });
    copied.collect::<Result<Json, NotFound>>().map(Cow::Owned)
}

fn too_much(steps: &[Step]) -> NotFound {
    NotFound::new(format!("Too many results for path: {}", shown(steps)))
}

/// The value and every object and array in it, each before what it holds.
fn descend<'a>(value: &'a Json, found: &mut Vec<&'a Json>) {
    let mut waiting = vec![value];
    while let Some(value) = waiting.pop() {
        if found.len() > MATCHES {
            return;
        }
        match value {
            Json::Array(array) => waiting.extend(array.iter().rev().filter(|value| is_container(value))),
            Json::Object(object) => waiting.extend(object.values().rev().filter(|value| is_container(value))),
            _ => continue,
        }
        found.push(value);
    }
}

pub(super) fn is_container(value: &Json) -> bool {
    value.is_array() || value.is_object()
}

/// Takes a slice as Python does: negative bounds count from the end, and bounds outside are moved to the nearest
/// element.
fn slice<'a>(array: &'a [Json], from: Option<i64>, to: Option<i64>, by: i64, found: &mut Vec<&'a Json>) {
    let length = i64::try_from(array.len()).unwrap_or(i64::MAX);
    let (low, high) = if by > 0 { (0, length) } else { (-1, length - 1) };
    let bound = |given: Option<i64>, otherwise: i64| match given {
        Some(bound) if bound < 0 => bound.saturating_add(length).clamp(low, high),
        Some(bound) => bound.clamp(low, high),
        None => otherwise,
    };
    let (mut index, end) =
        if by > 0 { (bound(from, low), bound(to, high)) } else { (bound(from, high), bound(to, low)) };
    while if by > 0 { index < end } else { index > end } {
        found.extend(usize::try_from(index).ok().and_then(|index| array.get(index)));
        index = index.saturating_add(by);
    }
}

/// The element at an index; a negative one is that of none.
pub(super) fn element(index: i64, array: &[Json]) -> Option<&Json> {
    array.get(usize::try_from(index).ok()?)
}

/// The element that many before the end.
fn from_end(count: i64, array: &[Json]) -> Option<&Json> {
    array.get(array.len().checked_sub(usize::try_from(count).ok()?)?)
}

fn merged(names: &[String], object: &Object<String, Json>) -> Json {
    names.iter().filter_map(|name| Some((name.clone(), object.get(name)?.clone()))).collect()
}
