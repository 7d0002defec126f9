//! JSONPath as Step Functions reads it: that of Jayway's library 2.0, by its answers and its error texts.
//!
//! A *definite* path (fields and indices) is one value or an error, every other path an array, empty where nothing
//! matches. Functions do not exist: `$.list.length()` is a field named `length()`, as on AWS.
//! <https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html>

mod filter;
mod parser;
mod search;
mod step;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use serde_json::Map as Object;

use self::{
    search::{LOOKS, Search, element, select},
    step::{Step, is_definite},
};
use crate::json::{Json, MAX_NESTING};

pub(crate) use self::filter::same;
pub use self::{search::NotFound, step::Root};

/// A path expression, parsed.
#[derive(Clone, Debug)]
pub struct PathExpression {
    text: String,
    root: Root,
    steps: Vec<Step>,
}

/// A step of a definite path.
pub(crate) enum PathPart<'a> {
    Field(&'a str),
    Index(usize),
    /// One that is counted from the end, or that no array has.
    Other,
}

impl PathExpression {
    /// Reads a path; the error says in a sentence what stands where, and what was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (root, steps) = parser::path(text)?;
        Ok(Self { text: text.to_owned(), root, steps })
    }

    /// The text of the path as it was written, without spaces around it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The root of the path.
    pub fn root(&self) -> &Root {
        &self.root
    }

    /// The member of the root that the path goes through, if it is a single one.
    pub fn first_field(&self) -> Option<&str> {
        match self.steps.first() {
            Some(Step::Field(name)) => Some(name),
            _ => None,
        }
    }

    /// Whether the path is a reference path, as `ResultPath` is: only fields, and indices from the start.
    pub fn is_reference(&self) -> bool {
        self.steps.iter().all(|step| match step {
            Step::Field(_) => true,
            Step::Index(index) => *index >= 0,
            _ => false,
        })
    }

    /// Whether the path leads to one value.
    pub(crate) fn is_definite(&self) -> bool {
        is_definite(&self.steps)
    }

    /// The steps of a path that leads to one value, and does not make that of several members.
    pub(crate) fn parts(&self) -> Option<Vec<PathPart<'_>>> {
        let parts = self.steps.iter().map(|step| match step {
            Step::Field(name) => Some(PathPart::Field(name)),
            Step::Index(index) => Some(usize::try_from(*index).map_or(PathPart::Other, PathPart::Index)),
            Step::FromEnd(_) => Some(PathPart::Other),
            _ => None,
        });
        parts.collect()
    }

    /// The names of a path that has no other steps.
    pub(crate) fn fields(&self) -> Option<Vec<&str>> {
        let fields = self.steps.iter().map(|step| match step {
            Step::Field(name) => Some(name.as_str()),
            _ => None,
        });
        fields.collect()
    }

    /// Whether the path goes into its root, and is not the root alone.
    pub fn has_steps(&self) -> bool {
        !self.steps.is_empty()
    }

    /// The value of a definite path, or an array with all that another path matches.
    pub fn find<'a>(&self, root: &'a Json) -> Result<Cow<'a, Json>, NotFound> {
        let search = Search::new(root);
        let found = select(&self.steps, root, &search);
        if search.is_over() {
            return Err(NotFound::new(format!("More than {LOOKS} values were looked at for path: {}", self.text)));
        }
        found
    }

    /// `root` with `value` in the place of the path, which must be a reference path. Objects on the way are made where
    /// they are missing; an array must already have the element.
    pub fn set(&self, mut root: Json, value: Json) -> Result<Json, String> {
        if !self.is_reference() || self.root != Root::Input {
            let expected = "expected `$` with fields and indices only";
            return Err(format!("`{}` is not a reference path; {expected}", self.text));
        }
        // Each step may make an object in the one before.
        if self.steps.len() > MAX_NESTING {
            return Err(format!("`{}` has more than {MAX_NESTING} steps", self.text));
        }
        // Checked before anything is changed, because the error quotes the input as it was.
        if !has_room(&self.steps, &root) {
            return Err(format!("Unable to apply ReferencePath {} to input {root}", self.text));
        }
        let mut place = &mut root;
        for step in &self.steps {
            place = match (step, place) {
                (Step::Field(name), Json::Object(object)) => {
                    object.entry(name.as_str()).or_insert_with(|| Json::Object(Object::new()))
                }
                (Step::Index(index), Json::Array(array)) => usize::try_from(*index)
                    .ok()
                    .and_then(|index| array.get_mut(index))
                    .ok_or_else(|| format!("`{}` has no element {index}", self.text))?,
                _ => return Err(format!("`{}` passes through a value that is no object", self.text)),
            };
        }
        *place = value;
        Ok(root)
    }
}

/// Whether [`PathExpression::set`] can go all the way.
fn has_room(steps: &[Step], root: &Json) -> bool {
    let mut place = Some(root);
    for step in steps {
        place = match (step, place) {
            (Step::Field(name), Some(Json::Object(object))) => object.get(name),
            (Step::Field(_), None) => None,
            (Step::Index(index), Some(Json::Array(array))) => match element(*index, array) {
                Some(element) => Some(element),
                None => return false,
            },
            _ => return false,
        };
    }
    true
}
