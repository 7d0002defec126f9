//! Faults: the errors of states.

use crate::json::MAX_NESTING;

/// An error that a state ends with, until a retrier or a catcher takes it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fault {
    pub error: Option<String>,
    pub cause: Option<String>,
    pub kind: FaultKind,
}

/// The kind of a fault, which decides the events that are recorded for it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum FaultKind {
    /// An expression in JSONata has failed: the event `EvaluationFailed` names the field.
    Query { location: Option<String> },
    /// The service could not run the state: no catcher takes the fault.
    Runtime,
    /// A task, a `Fail` state, or a state inside has reported the fault, in an event of its own if it has one.
    Reported,
}

impl Fault {
    /// `States.QueryEvaluationError`; [`in_state`](Self::in_state) puts the state's name before the cause.
    pub fn query(location: Option<String>, cause: impl Into<String>) -> Self {
        Self {
            error: Some("States.QueryEvaluationError".to_owned()),
            cause: Some(cause.into()),
            kind: FaultKind::Query { location },
        }
    }

    /// `States.Runtime`; [`in_state`](Self::in_state) puts the state's name before the cause.
    pub fn runtime(cause: impl Into<String>) -> Self {
        Self { error: Some("States.Runtime".to_owned()), cause: Some(cause.into()), kind: FaultKind::Runtime }
    }

    /// A fault that is reported as it is.
    pub fn reported(error: Option<String>, cause: Option<String>) -> Self {
        Self { error, cause, kind: FaultKind::Reported }
    }

    /// `States.DataLimitExceeded` for the result of a state or a task.
    pub fn too_large(what: &str) -> Self {
        let cause = format!(
            "The state/task '{what}' returned a result with a size exceeding the maximum number of bytes service limit."
        );
        Self::data_limit(cause)
    }

    /// `States.DataLimitExceeded`.
    pub fn data_limit(cause: impl Into<String>) -> Self {
        Self::reported(Some("States.DataLimitExceeded".to_owned()), Some(cause.into()))
    }

    /// `States.Runtime` for a value that is nested too deep.
    pub fn too_deep() -> Self {
        Self::runtime(format!("A value is nested more than {MAX_NESTING} levels deep."))
    }

    /// The fault with the preamble that the service puts before the cause, unless it was reported.
    pub fn in_state(mut self, name: &str, entered: u64) -> Self {
        if self.kind != FaultKind::Reported {
            let cause = self.cause.unwrap_or_default();
            self.cause = Some(format!(
                "An error occurred while executing the state '{name}' (entered at the event id #{entered}). {cause}"
            ));
        }
        self
    }
}
