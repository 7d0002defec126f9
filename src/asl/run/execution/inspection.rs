//! The data of a state that is run alone: what it is given, and what is noted of its steps.

use std::{cell::RefCell, rc::Rc};

use serde_json::{Map as Object, json};

use crate::{asl::expression::fault::Fault, json::Json};

/// What `TestState` calls the state in the context object, whatever its name is.
pub(super) const STATE_NAME: &str = "StateName";

/// What a state that is run alone is given, beside input and variables.
#[derive(Debug, Default)]
pub(in crate::asl::run) struct Given {
    /// The mocked reply of a `Parallel` or `Map`. Tasks have theirs from the outside.
    pub reply: Option<GroupReply>,
    /// The number of retries that were before, of whichever retrier takes the error.
    pub retries: u32,
    /// The number of iterations of a `Map` that have failed.
    pub failed_iterations: usize,
    /// Whether the context object was given: it is then all that there is of it.
    pub has_context: bool,
}

/// The mocked reply of a `Parallel` or `Map`.
#[derive(Debug)]
pub(in crate::asl::run) enum GroupReply {
    Result(Json),
    Error { error: Option<String>, cause: Option<String> },
}

/// A state that is run alone, while it is.
pub(super) struct Alone {
    pub given: Given,
    pub inspection: Inspection,
    /// What the run leaves behind: the state that follows, the error that was caught, whether one is to be tried again.
    pub next: Option<String>,
    pub caught: Option<Fault>,
    pub is_retried: bool,
}

/// What the steps of a state gave, by the names that `inspectionData` has for them.
#[derive(Clone, Debug, Default)]
pub(super) struct Inspection(Rc<RefCell<Object<String, Json>>>);

impl Inspection {
    /// Everything that was noted.
    pub fn take(&self) -> Object<String, Json> {
        self.0.take()
    }

    /// Notes what a step gives.
    pub fn note(&self, step: &str, value: Json) {
        self.0.borrow_mut().insert(step.to_owned(), value);
    }

    /// Notes what becomes of an error.
    pub fn note_error(&self, name: &str, number: usize) {
        let mut steps = self.0.borrow_mut();
        steps.entry("errorDetails").or_insert_with(|| json!({}))[name] = number.into();
    }
}
