//! What a run did, for a person.

use std::{
    fmt::{self, Write},
    sync::Arc,
};

use super::{
    fault::Fault,
    time::{Time, span},
};
use crate::value::Json;

/// A state that was entered. Times are from the start of the execution.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Visit {
    pub name: Arc<str>,
    pub kind: &'static str,
    /// The visit of the `Parallel` or `Map` around it.
    pub parent: Option<usize>,
    /// Which branch or iteration of that.
    pub lane: Option<usize>,
    pub entered: Time,
    pub left: Option<Time>,
    pub input: Arc<Json>,
    pub output: Option<Arc<Json>>,
    pub attempts: Vec<Attempt>,
    pub end: End,
}

/// How a state was left.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum End {
    Running,
    Exited,
    Caught { error: Option<String>, cause: Option<String> },
    Failed { error: Option<String>, cause: Option<String> },
    /// The `Parallel` or `Map` around it failed.
    Aborted,
}

/// One try of a task, `Parallel` or `Map`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Attempt {
    pub at: Time,
    /// What was sent; none for a `Parallel` or `Map`.
    pub arguments: Option<Arc<Json>>,
    pub result: Option<Result<Arc<Json>, (Option<String>, Option<String>)>>,
    pub retried_after: Option<Time>,
}

impl Attempt {
    pub fn new(at: Time, arguments: Option<Arc<Json>>) -> Self {
        Self { at, arguments, result: None, retried_after: None }
    }
}

impl Visit {
    pub fn succeed_attempt(&mut self, result: Arc<Json>) {
        if let Some(attempt) = self.attempts.last_mut() {
            attempt.result = Some(Ok(result));
        }
    }

    pub fn fail_attempt(&mut self, fault: &Fault) {
        if let Some(attempt) = self.attempts.last_mut() {
            attempt.result = Some(Err((fault.error.clone(), fault.cause.clone())));
        }
    }
}

/// A run as an indented tree of states.
pub(super) struct Tree<'a> {
    pub visits: &'a [Visit],
    /// Columns that a line may have.
    pub width: usize,
    pub colour: bool,
}

impl fmt::Display for Tree<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for visit in self.visits {
            let mut line = String::new();
            write!(line, "{} {} {}", span(visit.entered), visit.name, visit.input)?;
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}
