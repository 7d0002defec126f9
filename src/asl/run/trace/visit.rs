//! The visits of states: what a trace is made from.

use std::sync::Arc;

use crate::{
    asl::expression::{fault::Fault, time::Time},
    json::Json,
};

/// A visit of a state. Times are from the start of the execution.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Visit {
    pub name: Arc<str>,
    pub kind: &'static str,
    /// The visit of the `Parallel` or `Map` around it.
    pub parent: Option<usize>,
    /// Number of the branch or iteration in that one.
    pub lane: Option<usize>,
    pub entered: Time,
    pub left: Option<Time>,
    pub input: Arc<Json>,
    pub output: Option<Arc<Json>>,
    pub attempts: Vec<Attempt>,
    pub end: End,
}

/// The end of a visit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum End {
    Running,
    Exited,
    Caught {
        error: Option<String>,
        cause: Option<String>,
    },
    Failed {
        error: Option<String>,
        cause: Option<String>,
    },
    /// The `Parallel` or `Map` around it failed.
    Aborted,
}

/// Name and cause of an error.
type ErrorAndCause = (Option<String>, Option<String>);

/// One try of a task, `Parallel` or `Map`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Attempt {
    pub at: Time,
    /// The arguments that were sent; none for a `Parallel` or `Map`.
    pub arguments: Option<Arc<Json>>,
    pub result: Option<Result<Arc<Json>, ErrorAndCause>>,
    pub retried_after: Option<Time>,
    /// The text that was logged while the call was answered.
    pub logs: Option<Arc<str>>,
    /// The number of visits before the attempt: those of its branches or iterations come after them.
    pub visits_before: usize,
}

impl Attempt {
    pub fn new(at: Time, arguments: Option<Arc<Json>>) -> Self {
        Self { at, arguments, result: None, retried_after: None, logs: None, visits_before: 0 }
    }
}

impl End {
    /// Whether a state followed, where there was one to follow.
    pub fn leads_on(&self) -> bool {
        matches!(self, Self::Exited | Self::Caught { .. })
    }
}

impl Visit {
    pub fn succeed_attempt(&mut self, result: Arc<Json>) {
        if let Some(attempt) = self.attempts.last_mut() {
            attempt.result = Some(Ok(result));
        }
    }

    /// Keeps what was logged while the last attempt was answered.
    pub fn log(&mut self, logs: Arc<str>) {
        if let Some(attempt) = self.attempts.last_mut() {
            attempt.logs = Some(logs);
        }
    }

    pub fn fail_attempt(&mut self, at: Time, fault: &Fault) {
        // An attempt that failed before anything was sent is not there yet.
        if self.attempts.last().is_some_and(|last| last.retried_after.is_some()) {
            self.attempts.push(Attempt::new(at, None));
        }
        if let Some(attempt) = self.attempts.last_mut() {
            attempt.result = Some(Err((fault.error.clone(), fault.cause.clone())));
        }
    }
}
