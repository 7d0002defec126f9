//! What goes wrong in a state.

use crate::json::MAX_NESTING;

/// An error that a state ends with, until a retrier or a catcher takes it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fault {
    pub error: Option<String>,
    pub cause: Option<String>,
    pub kind: FaultKind,
}

/// Where an error comes from, which decides how the history tells it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum FaultKind {
    /// JSONata: the event `EvaluationFailed` names the field.
    Query { location: Option<String> },
    /// The service could not run the state.
    Runtime,
    /// A task, a `Fail` state, or a state inside: told already.
    Reported,
}

impl Fault {
    /// `States.QueryEvaluationError`; the cause is told with the state's name.
    pub fn query(location: Option<String>, cause: impl Into<String>) -> Self {
        Self {
            error: Some("States.QueryEvaluationError".to_owned()),
            cause: Some(cause.into()),
            kind: FaultKind::Query { location },
        }
    }

    /// `States.Runtime`; the cause is told with the state's name.
    pub fn runtime(cause: impl Into<String>) -> Self {
        Self { error: Some("States.Runtime".to_owned()), cause: Some(cause.into()), kind: FaultKind::Runtime }
    }

    /// An error that stands as it is.
    pub fn reported(error: Option<String>, cause: Option<String>) -> Self {
        Self { error, cause, kind: FaultKind::Reported }
    }

    /// A result of a state or a task that is larger than the service hands on.
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

    /// A value that is nested deeper than anything may be here.
    pub fn too_deep() -> Self {
        Self::runtime(format!("A value is nested more than {MAX_NESTING} levels deep."))
    }

    /// The cause as the service words it for a state.
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
