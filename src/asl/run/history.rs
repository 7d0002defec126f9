//! The history of an execution, event for event in the shape of `GetExecutionHistory`.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html>

use std::sync::Arc;

use serde::{Serialize, Serializer};
use serde_json::{Map as Object, json};

use crate::{
    asl::{
        definition::{Resource, ResourceKind},
        expression::{
            fault::Fault,
            time::{self, Time},
        },
    },
    json::Json,
};

/// Events that the history of a standard execution may have; the last is the failure that says so.
pub(super) const MAX_EVENTS: u64 = 25_000;

/// One event. `Serialize` gives it as AWS does: payloads are texts.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Number of the event, from 1.
    pub id: u64,
    /// The event that led to it; 0 for the first of the execution.
    pub previous_event_id: u64,
    /// The type of the event, such as `TaskStateEntered`.
    pub kind: &'static str,
    pub(super) at: Time,
    pub(super) details: Details,
}

/// The details of an event.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Details {
    None,
    Started {
        input: Arc<Json>,
        role: Option<String>,
    },
    Output(Arc<Json>),
    Error {
        error: Option<String>,
        cause: Option<String>,
    },
    Entered {
        name: Arc<str>,
        input: Arc<Json>,
    },
    Exited {
        name: Arc<str>,
        output: Arc<Json>,
        assigned: Vec<(String, Arc<Json>)>,
    },
    Evaluation {
        fault: Fault,
        state: Arc<str>,
    },
    Length(usize),
    Iteration {
        name: Arc<str>,
        index: usize,
    },
    MapRun(String),
    Scheduled(Box<Scheduled>),
    /// An event of a service integration, with the part that differs from type to type.
    Task {
        service: String,
        action: String,
        more: TaskPart,
    },
}

/// The part of a task's event that differs from type to type.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TaskPart {
    Started,
    Output(Arc<Json>),
    Error { error: Option<String>, cause: Option<String> },
}

/// The details of a task that is scheduled.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scheduled {
    /// The service and the action; none for a function or an activity that is called by its ARN.
    pub integration: Option<(String, String)>,
    pub arn: String,
    pub region: String,
    pub parameters: Arc<Json>,
    pub timeout: Option<i64>,
    pub heartbeat: Option<i64>,
    pub role: Option<Json>,
}

impl Event {
    /// The details, in the shape of the event's `…EventDetails`; `null` where it has none.
    pub fn details(&self) -> Json {
        let text = |json: &Json| Json::String(json.to_string());
        let whole = json!({"truncated": false});
        match &self.details {
            Details::None => Json::Null,
            Details::Started { input, role } => {
                let mut details = json!({"input": text(input), "inputDetails": whole});
                if let Some(role) = role {
                    details["roleArn"] = role.as_str().into();
                }
                details
            }
            Details::Output(output) => json!({"output": text(output), "outputDetails": whole}),
            Details::Error { error, cause } => error_details(error, cause),
            Details::Entered { name, input } => json!({"name": &**name, "input": text(input), "inputDetails": whole}),
            Details::Exited { name, output, assigned } => {
                let mut details = json!({"name": &**name, "output": text(output), "outputDetails": whole});
                if !assigned.is_empty() {
                    let variables: Object<String, Json> =
                        assigned.iter().map(|(name, value)| (name.clone(), text(value))).collect();
                    details["assignedVariables"] = variables.into();
                    details["assignedVariablesDetails"] = whole;
                }
                details
            }
            Details::Evaluation { fault, state } => {
                let mut details = error_details(&fault.error, &fault.cause);
                if let crate::asl::expression::fault::FaultKind::Query { location: Some(location) } = &fault.kind {
                    details["location"] = location.as_str().into();
                }
                details["state"] = json!(&**state);
                details
            }
            Details::Length(length) => json!({"length": length}),
            Details::Iteration { name, index } => json!({"name": &**name, "index": index}),
            Details::MapRun(arn) => json!({"mapRunArn": arn}),
            Details::Scheduled(scheduled) => scheduled.details(),
            Details::Task { service, action, more } => {
                let mut details = match more {
                    TaskPart::Started => json!({}),
                    TaskPart::Output(output) => json!({"output": text(output), "outputDetails": whole}),
                    TaskPart::Error { error, cause } => error_details(error, cause),
                };
                details["resourceType"] = service.as_str().into();
                details["resource"] = action.as_str().into();
                details
            }
        }
    }

    /// Name of the event's member that holds the details.
    fn details_name(&self) -> String {
        match &self.details {
            Details::Entered { .. } => "stateEnteredEventDetails".to_owned(),
            Details::Exited { .. } => "stateExitedEventDetails".to_owned(),
            _ => {
                let mut letters = self.kind.chars();
                let first = letters.next().map(|first| first.to_ascii_lowercase());
                first.into_iter().chain(letters).chain("EventDetails".chars()).collect()
            }
        }
    }
}

impl Scheduled {
    fn details(&self) -> Json {
        let parameters = Json::String(self.parameters.to_string());
        let mut details = match &self.integration {
            Some((service, action)) => json!({
                "resourceType": service, "resource": action, "region": self.region, "parameters": parameters,
            }),
            None => json!({"resource": self.arn, "input": parameters, "inputDetails": {"truncated": false}}),
        };
        for (name, seconds) in [("timeoutInSeconds", self.timeout), ("heartbeatInSeconds", self.heartbeat)] {
            if let Some(seconds) = seconds {
                details[name] = seconds.into();
            }
        }
        if let Some(role) = &self.role {
            details["taskCredentials"] = json!({"roleArn": role});
        }
        details
    }
}

fn error_details(error: &Option<String>, cause: &Option<String>) -> Json {
    let mut details = Object::new();
    details.extend(error.as_ref().map(|error| ("error".to_owned(), error.as_str().into())));
    details.extend(cause.as_ref().map(|cause| ("cause".to_owned(), cause.as_str().into())));
    details.into()
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut event = Object::new();
        let time = time::text(self.at);
        event.insert("timestamp".to_owned(), time.replace('Z', "+00:00").into());
        event.insert("type".to_owned(), self.kind.into());
        event.insert("id".to_owned(), self.id.into());
        event.insert("previousEventId".to_owned(), self.previous_event_id.into());
        let details = self.details();
        if !details.is_null() {
            event.insert(self.details_name(), details);
        }
        event.serialize(serializer)
    }
}

/// The history of an execution while it is recorded.
#[derive(Debug)]
pub(super) struct History {
    /// The events; none for the execution of an item, whose events are counted and not kept.
    events: Option<Vec<Event>>,
    last: u64,
    /// The most events; none once the end is recorded.
    limit: Option<u64>,
    /// True once there was one event more than there may be; none is recorded after that.
    full: bool,
    seen_full: bool,
}

impl History {
    pub fn new(shown: bool, limit: Option<u64>) -> Self {
        Self { events: shown.then(Vec::new), last: 0, limit, full: false, seen_full: false }
    }

    /// Records an event and gives its number.
    pub fn record(&mut self, previous: u64, at: Time, kind: &'static str, details: impl FnOnce() -> Details) -> u64 {
        if self.full {
            return self.last;
        }
        let ends = kind.starts_with("Execution");
        if !ends && self.limit.is_some_and(|limit| self.last + 1 >= limit) {
            self.full = true;
            return self.last;
        }
        self.last += 1;
        if let Some(events) = &mut self.events {
            events.push(Event { id: self.last, previous_event_id: previous, kind, at, details: details() });
        }
        self.last
    }

    /// Tells whether the history has become full since this was asked last.
    pub fn has_become_full(&mut self) -> bool {
        self.full && !std::mem::replace(&mut self.seen_full, true)
    }

    /// Makes room for the last event of an execution whose history is full.
    pub fn make_room_for_end(&mut self) {
        (self.full, self.limit) = (false, None);
    }

    /// Number of the last event.
    pub fn last(&self) -> u64 {
        self.last
    }

    pub fn into_events(self) -> Vec<Event> {
        self.events.unwrap_or_default()
    }
}

/// Names of the events of a task, by how it is called.
pub(super) struct TaskEvents {
    pub scheduled: &'static str,
    pub started: &'static str,
    pub succeeded: &'static str,
    pub failed: &'static str,
    pub timed_out: &'static str,
}

impl Resource {
    pub(super) fn events(&self) -> TaskEvents {
        match self.kind {
            ResourceKind::Lambda => TaskEvents {
                scheduled: "LambdaFunctionScheduled",
                started: "LambdaFunctionStarted",
                succeeded: "LambdaFunctionSucceeded",
                failed: "LambdaFunctionFailed",
                timed_out: "LambdaFunctionTimedOut",
            },
            ResourceKind::Activity => TaskEvents {
                scheduled: "ActivityScheduled",
                started: "ActivityStarted",
                succeeded: "ActivitySucceeded",
                failed: "ActivityFailed",
                timed_out: "ActivityTimedOut",
            },
            ResourceKind::Integration { .. } => TaskEvents {
                scheduled: "TaskScheduled",
                started: "TaskStarted",
                succeeded: "TaskSucceeded",
                failed: "TaskFailed",
                timed_out: "TaskTimedOut",
            },
        }
    }

    /// Tells whether the service takes the task first and answers later.
    pub fn answers_later(&self) -> bool {
        matches!(&self.kind, ResourceKind::Integration { action, .. }
            if action.ends_with(".sync") || action.ends_with(".sync:2") || action.ends_with(".waitForTaskToken"))
    }

    /// The details of an event of this task.
    pub(super) fn details(&self, part: TaskPart) -> Details {
        match (&self.kind, part) {
            (ResourceKind::Integration { service, action }, more) => {
                Details::Task { service: service.clone(), action: action.clone(), more }
            }
            (_, TaskPart::Output(output)) => Details::Output(output),
            (_, TaskPart::Error { error, cause }) => Details::Error { error, cause },
            (_, TaskPart::Started) => Details::None,
        }
    }

    /// Name of the resource in an error about a result that is too large.
    pub fn called(&self) -> &str {
        match &self.kind {
            ResourceKind::Integration { service, .. } => service,
            _ => &self.arn,
        }
    }
}
