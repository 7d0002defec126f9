//! The steps of a path, and the filters in them.

use std::fmt;

use regex::Regex;

use crate::json::Json;

/// The root of a path: where it starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Root {
    /// `$`: the input of the state.
    Input,
    /// `$$`: the context object.
    Context,
    /// `$name`: a variable that a state assigned.
    Variable(String),
}

#[derive(Clone, Debug)]
pub(super) enum Step {
    Field(String),
    /// `['a','b']`: one object of those that exist; only as the last step.
    Fields(Vec<String>),
    /// From 0 on; no array has a negative one, as the service counts from the end only in `[(@.length-1)]`.
    Index(i64),
    /// `[(@.length-1)]`: counted from the end, the last is 1.
    FromEnd(i64),
    Indices(Vec<i64>),
    Slice {
        from: Option<i64>,
        to: Option<i64>,
        by: i64,
    },
    Wildcard,
    /// `..`: the value and every object and array in it; the step that it applies to comes next.
    Descent,
    Filter(Filter),
}

/// A filter: the test of a value.
#[derive(Clone, Debug)]
pub(super) enum Filter {
    Any(Vec<Filter>),
    All(Vec<Filter>),
    Not(Box<Filter>),
    Exists(Query),
    Compare(Operand, Operator, Operand),
    Matches(Operand, Regex),
}

#[derive(Clone, Debug)]
pub(super) enum Operand {
    Query(Query),
    Literal(Json),
}

/// A path within a filter, from the value under test (`@`) or from the root (`$`).
#[derive(Clone, Debug)]
pub(super) struct Query {
    pub current: bool,
    pub steps: Vec<Step>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
}

/// Whether a path is definite, and leads to one value: no wildcard, slice, filter, list of indices, or descent.
/// `['a','b']` is one object.
pub(super) fn is_definite(steps: &[Step]) -> bool {
    steps.iter().all(|step| matches!(step, Step::Field(_) | Step::Fields(_) | Step::Index(_) | Step::FromEnd(_)))
}

pub(super) fn shown(steps: &[Step]) -> String {
    steps.iter().fold("$".to_owned(), |text, step| text + &step.to_string())
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bound = |bound: &Option<i64>| bound.map_or(String::new(), |bound| bound.to_string());
        match self {
            Step::Field(name) => write!(f, "['{name}']"),
            Step::Fields(names) => write!(f, "['{}']", names.join("', '")),
            Step::Index(index) => write!(f, "[{index}]"),
            Step::FromEnd(count) => write!(f, "[(@.length-{count})]"),
            Step::Indices(list) => write!(f, "[{}]", list.iter().map(i64::to_string).collect::<Vec<_>>().join(",")),
            Step::Slice { from, to, by: 1 } => write!(f, "[{}:{}]", bound(from), bound(to)),
            Step::Slice { from, to, by } => write!(f, "[{}:{}:{by}]", bound(from), bound(to)),
            Step::Wildcard => f.write_str("[*]"),
            Step::Descent => f.write_str(".."),
            Step::Filter(_) => f.write_str("[?]"),
        }
    }
}
