//! The filters of paths, `[?(…)]`, with the comparisons of Jayway's library.

use std::{borrow::Cow, cmp::Ordering};

use serde_json::Number;

use super::{
    search::{NotFound, Search, is_container, select},
    step::{Filter, Operand, Operator, Query, is_definite},
};
use crate::json::{Json, memory};

impl Filter {
    /// Whether a value passes. AWS tests no scalars: "The `@` operator … only matches objects".
    pub fn accepts<'a>(&self, value: &'a Json, search: &Search<'a>) -> bool {
        is_container(value) && self.holds(value, search)
    }

    fn holds<'a>(&self, current: &'a Json, search: &Search<'a>) -> bool {
        if search.is_over() {
            return false;
        }
        match self {
            Filter::Any(filters) => filters.iter().any(|filter| filter.holds(current, search)),
            Filter::All(filters) => filters.iter().all(|filter| filter.holds(current, search)),
            Filter::Not(filter) => !filter.holds(current, search),
            Filter::Exists(query) => match query.find(current, search) {
                Ok(found) => is_definite(&query.steps) || found.as_array().is_some_and(|found| !found.is_empty()),
                Err(_) => false,
            },
            // A missing value is neither equal nor unequal to anything: Jayway gives up on the whole comparison.
            Filter::Compare(left, operator, right) => match (left.value(current, search), right.value(current, search))
            {
                (Some(left), Some(right)) => {
                    // Values that are compared count as looked at.
                    search.look(memory(&left).min(memory(&right)) / size_of::<Json>());
                    operator.holds(&left, &right)
                }
                _ => false,
            },
            Filter::Matches(operand, pattern) => operand
                .value(current, search)
                .is_some_and(|value| value.as_str().is_some_and(|text| pattern.is_match(text))),
        }
    }
}

impl Query {
    fn find<'a>(&self, current: &'a Json, search: &Search<'a>) -> Result<Cow<'a, Json>, NotFound> {
        select(&self.steps, if self.current { current } else { search.root }, search)
    }
}

impl Operand {
    fn value<'a>(&'a self, current: &'a Json, search: &Search<'a>) -> Option<Cow<'a, Json>> {
        match self {
            Operand::Query(query) => query.find(current, search).ok(),
            Operand::Literal(value) => Some(Cow::Borrowed(value)),
        }
    }
}

impl Operator {
    fn holds(self, left: &Json, right: &Json) -> bool {
        let ordering = || compare(left, right);
        let is_in = || right.as_array().map(|list| list.iter().any(|value| is_equal(left, value)));
        match self {
            Operator::Equal => is_equal(left, right),
            Operator::NotEqual => !is_equal(left, right),
            Operator::Less => ordering().is_some_and(Ordering::is_lt),
            Operator::LessOrEqual => ordering().is_some_and(Ordering::is_le),
            Operator::Greater => ordering().is_some_and(Ordering::is_gt),
            Operator::GreaterOrEqual => ordering().is_some_and(Ordering::is_ge),
            Operator::In => is_in() == Some(true),
            Operator::NotIn => is_in() == Some(false),
        }
    }
}

fn is_equal(left: &Json, right: &Json) -> bool {
    same(left, right) || compare(left, right) == Some(Ordering::Equal)
}

/// The order of two scalars. Jayway takes the literals of a filter for texts, so `10` and `'10'` are equal, and so are
/// `true` and `'true'`.
fn compare(left: &Json, right: &Json) -> Option<Ordering> {
    let number = |text: &str| serde_json::from_str::<Number>(text).ok();
    match (left, right) {
        (Json::Number(left), Json::Number(right)) => compare_numbers(left, right),
        (Json::Number(left), Json::String(right)) => compare_numbers(left, &number(right)?),
        (Json::String(left), Json::Number(right)) => compare_numbers(&number(left)?, right),
        (Json::String(left), Json::String(right)) => Some(left.encode_utf16().cmp(right.encode_utf16())),
        (Json::Bool(left), Json::Bool(right)) => Some(left.cmp(right)),
        (Json::Bool(flag), Json::String(text)) | (Json::String(text), Json::Bool(flag)) => {
            (*text == flag.to_string()).then_some(Ordering::Equal)
        }
        (Json::Null, Json::Null) => Some(Ordering::Equal),
        _ => None,
    }
}

/// Whether two values are the same JSON, with numbers by value: `1` is `1.0`.
pub(crate) fn same(left: &Json, right: &Json) -> bool {
    match (left, right) {
        (Json::Number(left), Json::Number(right)) => compare_numbers(left, right) == Some(Ordering::Equal),
        (Json::Array(left), Json::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Json::Object(left), Json::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, left)| right.get(name).is_some_and(|right| same(left, right)))
        }
        _ => left == right,
    }
}

/// The order of two numbers by value; whole numbers exactly, beyond what an `f64` holds.
fn compare_numbers(left: &Number, right: &Number) -> Option<Ordering> {
    match (left.as_i128(), right.as_i128()) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
    }
}
