//! The outcome of a run.

use std::{fmt, ops::Deref, time::Duration};

use serde::Serialize;
use serde_json::json;

use super::{
    execution::{Ended, Ran},
    history::Event,
    trace::{End, Tree, Visit},
};
use crate::{
    asl::expression::time::{Time, span},
    diagnostic::Diagnostic,
    json::Json,
};

/// The status of an execution: how it ended.
///
/// <https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// The execution reached its end.
    Succeeded,
    /// A `Fail` state, or an error that nothing caught.
    Failed,
    /// `TimeoutSeconds` of the workflow, or the service's own limit: a year, five minutes for an express workflow.
    TimedOut,
    /// The run could not go on, and [`Outcome::diagnostics`] says why; or it was [interrupted](super::Run::interrupt).
    Aborted,
}

/// The outcome of a run. `Display` renders it as a tree of states.
#[derive(Clone, Debug)]
pub struct Outcome {
    status: Status,
    output: Json,
    error: Option<String>,
    cause: Option<String>,
    events: Vec<Event>,
    pub(super) visits: Vec<Visit>,
    took: Time,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Outcome {
    pub(super) fn of(ran: Ran) -> Self {
        let Ran { ended, history, visits, took } = ran;
        let output = ended.output().map_or(Json::Null, |output| (**output).clone());
        let mut outcome = Self {
            status: Status::Succeeded,
            output,
            error: None,
            cause: None,
            events: history.into_events(),
            visits,
            took,
            diagnostics: Vec::new(),
        };
        match ended {
            Ended::Succeeded(_) => {}
            Ended::Failed { error, cause } => {
                (outcome.status, outcome.error, outcome.cause) = (Status::Failed, error, cause)
            }
            Ended::TimedOut => outcome.status = Status::TimedOut,
            Ended::Stopped(found) => (outcome.status, outcome.diagnostics) = (Status::Aborted, found),
        }
        outcome
    }

    /// The outcome of a run that did not begin.
    pub(super) fn refused(diagnostics: Vec<Diagnostic>) -> Self {
        Self {
            status: Status::Aborted,
            output: Json::Null,
            error: None,
            cause: None,
            events: Vec::new(),
            visits: Vec::new(),
            took: 0,
            diagnostics,
        }
    }

    /// The status that it ended with.
    pub fn status(&self) -> Shown<'_, Status> {
        self.show(self.status)
    }

    /// The output; `null` unless it succeeded.
    pub fn output(&self) -> Shown<'_, Json> {
        self.show(self.output.clone())
    }

    /// Name of the error that it failed with.
    pub fn error(&self) -> Shown<'_, Option<&str>> {
        self.show(self.error.as_deref())
    }

    /// Cause of the error that it failed with.
    pub fn cause(&self) -> Shown<'_, Option<&str>> {
        self.show(self.cause.as_deref())
    }

    /// The states that were entered, in that order. One that was cut off, since a branch or an iteration beside it
    /// failed, is not among them.
    pub fn visited(&self) -> Shown<'_, Vec<&str>> {
        let visits = self.visits.iter().filter(|visit| visit.end != End::Aborted);
        self.show(visits.map(|visit| &*visit.name).collect())
    }

    /// The arguments that a task was sent, call by call: `Arguments` or `Parameters` with their values.
    pub fn calls(&self, state: &str) -> Shown<'_, Vec<&Json>> {
        let visits = self.visits.iter().filter(|visit| &*visit.name == state);
        let attempts = visits.flat_map(|visit| &visit.attempts);
        self.show(attempts.filter_map(|attempt| attempt.arguments.as_deref()).collect())
    }

    /// The visits of states, in the order in which they were entered.
    pub(crate) fn visits(&self) -> &[Visit] {
        &self.visits
    }

    /// The history, as `GetExecutionHistory` gives it.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The time that it took, on its virtual clock.
    pub fn elapsed(&self) -> Shown<'_, Duration> {
        self.show(Duration::from_millis(u64::try_from(self.took).unwrap_or_default()))
    }

    /// The diagnostics that say why the run was [`Aborted`](Status::Aborted): a definition that the service would
    /// refuse, a task without a mock.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The outcome for programs: `{status, output, error, cause, events, logs}`, without what there is none of. `logs` has
    /// what was logged while the calls of tasks were answered: `[{state, text}]`.
    pub fn to_json(&self) -> Json {
        let mut json = json!({"status": self.status});
        if self.status == Status::Succeeded {
            json["output"] = self.output.clone();
        }
        for (name, text) in [("error", &self.error), ("cause", &self.cause)] {
            if let Some(text) = text {
                json[name] = text.as_str().into();
            }
        }
        json["events"] = self.events.iter().map(|event| json!(event)).collect();
        let attempts = self.visits.iter().flat_map(|visit| visit.attempts.iter().map(|attempt| (&visit.name, attempt)));
        let logs =
            attempts.filter_map(|(state, attempt)| Some(json!({"state": &**state, "text": attempt.logs.as_deref()?})));
        let logs: Vec<Json> = logs.collect();
        if !logs.is_empty() {
            json["logs"] = logs.into();
        }
        json
    }

    /// The run as an indented tree, for a terminal of that many columns, with ANSI colours or without: for each state
    /// the time at which it was entered, its type, and what it made of its input; below it what a task was sent and
    /// which attempts failed, and the states of branches and iterations. Then how it ended.
    ///
    /// Payloads and causes are cut to the width, a long run to 500 lines; of a `Map` of more than 20 iterations the
    /// first ones, the last one and those that failed are there. Each line ends with a line break.
    pub fn trace(&self, width: usize, colour: bool) -> impl fmt::Display + '_ {
        Trace { outcome: self, width, colour }
    }

    fn show<T>(&self, value: T) -> Shown<'_, T> {
        Shown { value, outcome: self }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for diagnostic in &self.diagnostics {
            writeln!(f, "{diagnostic}")?;
        }
        write!(f, "{}", self.trace(100, false))
    }
}

struct Trace<'a> {
    outcome: &'a Outcome,
    width: usize,
    colour: bool,
}

impl fmt::Display for Trace<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { outcome, width, colour } = *self;
        write!(f, "{}", Tree { visits: &outcome.visits, width, colour })?;
        if outcome.events.is_empty() {
            return Ok(());
        }
        let (green, red, plain) = if colour { ("\x1b[32m", "\x1b[31m", "\x1b[0m") } else { ("", "", "") };
        let (status, paint) = match outcome.status {
            Status::Succeeded => ("succeeded", green),
            Status::Failed => ("failed", red),
            Status::TimedOut => ("timed out", red),
            Status::Aborted => ("stopped", red),
        };
        let events = outcome.events.len();
        writeln!(f, "\n{paint}{status}{plain} after {} of virtual time, {events} events", span(outcome.took))?;
        if outcome.status == Status::Succeeded {
            writeln!(f, "output {:#}", outcome.output)?;
        }
        for (name, text) in [("error ", &outcome.error), ("cause ", &outcome.cause)] {
            if let Some(text) = text {
                writeln!(f, "{name}{}", printable(text))?;
            }
        }
        Ok(())
    }
}

/// A text whose control characters are replaced, since a terminal would obey them; line breaks stay.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() && letter != '\n' { '\u{fffd}' } else { letter }).collect()
}

/// A value of an [`Outcome`], which a failed assertion shows together with the run.
#[derive(Clone)]
pub struct Shown<'a, T> {
    value: T,
    outcome: &'a Outcome,
}

impl<T> Deref for Shown<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: PartialEq<U>, U> PartialEq<U> for Shown<'_, T> {
    fn eq(&self, other: &U) -> bool {
        self.value == *other
    }
}

impl<T: fmt::Debug> fmt::Debug for Shown<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}\n\n{}", self.value, self.outcome)
    }
}

#[cfg(test)]
mod tests {
    use crate::asl::run::{Answer, session::Machine};

    use super::*;

    fn greeted(name: &str) -> Outcome {
        let machine = Machine::new(&json!({
            "StartAt": "Greet",
            "States": {"Greet": {
                "Type": "Task",
                "Resource": "arn:aws:states:::sqs:sendMessage",
                "Parameters": {"QueueUrl": "q", "MessageBody.$": "$.name"},
                "End": true,
            }},
        }));
        let run = machine.unwrap().run(json!({"name": name}));
        run.task_with("Greet", |call| Answer::ok(json!({"sent": call.arguments()["MessageBody"]}))).finish()
    }

    #[test]
    fn a_failed_assertion_shows_the_run() {
        let outcome = greeted("Ada");
        let shown = format!("{:?}", outcome.visited());
        assert_eq!(
            shown,
            "[\"Greet\"]\n\n\
             \x20 0s  Greet  Task  {\"name\":\"Ada\"} → {\"sent\":\"Ada\"}\n\
             \x20 0s    sent {\"QueueUrl\":\"q\",\"MessageBody\":\"Ada\"} → {\"sent\":\"Ada\"}\n\n\
             succeeded after 0s of virtual time, 7 events\n\
             output {\n  \"sent\": \"Ada\"\n}\n"
        );
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        let machine = Machine::new(&json!({
            "StartAt": "Fail",
            "States": {"Fail": {"Type": "Fail", "Error": "\u{1b}[2J", "Cause": "one\ntwo\u{7}"}},
        }));
        let shown = machine.unwrap().run(json!({})).finish().to_string();
        assert!(shown.chars().all(|letter| letter == '\n' || !letter.is_control()), "{shown:?}");
        assert!(shown.ends_with("error \u{fffd}[2J\ncause one\ntwo\u{fffd}\n"), "{shown}");
    }

    #[test]
    fn what_there_is_none_of_is_not_in_the_json() {
        let json = greeted("Ada").to_json();
        let names: Vec<_> = json.as_object().unwrap().keys().collect();
        assert_eq!(names, ["status", "output", "events"]);
    }
}
