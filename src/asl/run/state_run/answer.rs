//! The outcome of a state that was run alone: the answer of `TestState`.

use std::fmt;

use serde::Serialize;
use serde_json::{Map as Object, json};

use crate::{
    asl::run::{
        execution::{Ended, LeftAlone},
        outcome::printable,
    },
    diagnostic::Diagnostic,
    json::Json,
};

/// The status of a state that was run alone.
///
/// <https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StateStatus {
    /// It has an output.
    Succeeded,
    /// It has an error that nothing takes.
    Failed,
    /// It has an error that a retrier takes: the state would be tried again.
    Retriable,
    /// It has an error that a catcher takes.
    CaughtError,
    /// It was not run, or not to its end; [`StateOutcome::diagnostics`] says why. `TestState` has no such status.
    Refused,
}

/// How much is told of the steps between input and output.
///
/// <https://docs.aws.amazon.com/step-functions/latest/dg/test-state-isolation.html>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InspectionLevel {
    /// Nothing of them.
    #[default]
    Info,
    /// What each step gives.
    Debug,
    /// The same here: of the HTTP request that `TestState` would tell of, none is made.
    Trace,
}

/// The outcome of a state that was run alone.
#[derive(Clone, Debug)]
pub struct StateOutcome {
    status: StateStatus,
    output: Option<Json>,
    error: Option<String>,
    cause: Option<String>,
    next_state: Option<String>,
    inspection: Json,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl StateOutcome {
    pub(super) fn of(left: LeftAlone) -> Self {
        let LeftAlone { ended, next, caught, is_retried, inspection } = left;
        let mut outcome = Self { next_state: next, inspection: Json::Object(inspection), ..Self::refused(Vec::new()) };
        match ended {
            Ended::Succeeded(output) => {
                outcome.status = if caught.is_some() { StateStatus::CaughtError } else { StateStatus::Succeeded };
                outcome.output = Some((*output).clone());
                (outcome.error, outcome.cause) = caught.map(|fault| (fault.error, fault.cause)).unwrap_or_default();
            }
            Ended::Failed { error, cause } => {
                outcome.status = if is_retried { StateStatus::Retriable } else { StateStatus::Failed };
                (outcome.error, outcome.cause) = (error, cause);
            }
            Ended::TimedOut => {
                (outcome.status, outcome.error) = (StateStatus::Failed, Some("States.Timeout".to_owned()));
            }
            Ended::Stopped(found) => outcome.diagnostics = found,
        }
        outcome
    }

    /// The outcome of a state that was not run.
    pub(super) fn refused(diagnostics: Vec<Diagnostic>) -> Self {
        Self {
            status: StateStatus::Refused,
            output: None,
            error: None,
            cause: None,
            next_state: None,
            inspection: Json::Object(Object::new()),
            diagnostics,
        }
    }

    /// The status.
    pub fn status(&self) -> StateStatus {
        self.status
    }

    /// The output; of a state whose error was caught, what the catcher makes of it.
    pub fn output(&self) -> Option<&Json> {
        self.output.as_ref()
    }

    /// Name of the error that it has, whatever becomes of it.
    pub fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }

    /// Cause of the error.
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// Name of the state that follows; none at the end.
    pub fn next_state(&self) -> Option<&str> {
        self.next_state.as_deref()
    }

    /// What each step gave, by the names of AWS's `inspectionData`: `input`, `afterInputPath`, `afterArguments`,
    /// `result`, `afterResultSelector`, `variables`, `errorDetails` … The values are JSON, where AWS gives it as text.
    ///
    /// <https://docs.aws.amazon.com/step-functions/latest/apireference/API_InspectionData.html>
    pub fn inspection(&self) -> &Json {
        &self.inspection
    }

    /// What keeps it from being run: a definition that the service would refuse, a mock that the state does not take.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The outcome for programs: `{status, output, error, cause, nextState, inspectionData}`, without what there is none
    /// of.
    pub fn to_json(&self, level: InspectionLevel) -> Json {
        let mut json = json!({"status": self.status});
        if let Some(output) = &self.output {
            json["output"] = output.clone();
        }
        for (name, text) in [("error", &self.error), ("cause", &self.cause), ("nextState", &self.next_state)] {
            if let Some(text) = text {
                json[name] = text.as_str().into();
            }
        }
        if level != InspectionLevel::Info {
            json["inspectionData"] = self.inspection.clone();
        }
        json
    }
}

impl fmt::Display for StateOutcome {
    /// Status, next state, output and error, a line each; then a line for each step, if the alternate form is wanted.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for diagnostic in &self.diagnostics {
            writeln!(f, "{diagnostic}")?;
        }
        if self.status == StateStatus::Refused {
            return Ok(());
        }
        let status = match self.status {
            StateStatus::Succeeded => "succeeded",
            StateStatus::Failed => "failed",
            StateStatus::Retriable => "failed, is tried again",
            StateStatus::CaughtError => "failed, is caught",
            StateStatus::Refused => "refused",
        };
        writeln!(f, "status  {status}")?;
        for (name, text) in [("next  ", &self.next_state), ("error ", &self.error), ("cause ", &self.cause)] {
            if let Some(text) = text {
                writeln!(f, "{name}  {}", printable(text))?;
            }
        }
        if let Some(output) = &self.output {
            writeln!(f, "output  {output:#}")?;
        }
        if f.alternate() {
            let steps = self.inspection.as_object().into_iter().flatten();
            let width = steps.clone().map(|(step, _)| step.len()).max().unwrap_or_default();
            writeln!(f)?;
            for (step, value) in steps {
                writeln!(f, "{step:width$}  {value}")?;
            }
        }
        Ok(())
    }
}
