//! The calls of a recording: what each task was sent, and what came of it.

use std::collections::HashMap;

use super::event::{details, payload};
use crate::{
    asl::expression::time::{Time, parse},
    json::Json,
};

/// A call of a task.
#[derive(Clone, Debug)]
pub(in crate::asl::run) struct Call {
    pub state: String,
    /// The arguments; none where the history leaves them out.
    pub arguments: Option<Json>,
    pub outcome: Outcome,
    /// Milliseconds from the call to its answer.
    pub took: Time,
}

/// What came of a call.
#[derive(Clone, Debug)]
pub(in crate::asl::run) enum Outcome {
    Result(Json),
    Failed {
        error: Option<String>,
        cause: Option<String>,
    },
    TimedOut,
    /// The history ends before it, or the state was cut off.
    Open,
}

/// The events of a call that end it, with what they are.
const ENDS: [(&str, Kind); 15] = [
    ("ActivityFailed", Kind::Failed),
    ("ActivityScheduleFailed", Kind::Failed),
    ("ActivitySucceeded", Kind::Succeeded),
    ("ActivityTimedOut", Kind::TimedOut),
    ("LambdaFunctionFailed", Kind::Failed),
    ("LambdaFunctionScheduleFailed", Kind::Failed),
    ("LambdaFunctionStartFailed", Kind::Failed),
    ("LambdaFunctionSucceeded", Kind::Succeeded),
    ("LambdaFunctionTimedOut", Kind::TimedOut),
    ("TaskFailed", Kind::Failed),
    ("TaskStartFailed", Kind::Failed),
    ("TaskSubmitFailed", Kind::Failed),
    ("TaskSucceeded", Kind::Succeeded),
    ("TaskSubmitted", Kind::Submitted),
    ("TaskTimedOut", Kind::TimedOut),
];

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Succeeded,
    Failed,
    TimedOut,
    /// An answer that is not the last: the task waits for a job or a token.
    Submitted,
}

const SCHEDULED: [&str; 3] = ["ActivityScheduled", "LambdaFunctionScheduled", "TaskScheduled"];

/// The calls in the order in which they were made.
pub(super) fn calls(events: &[Json]) -> Result<Vec<Call>, String> {
    let by_id: HashMap<u64, &Json> = events.iter().filter_map(|event| Some((event["id"].as_u64()?, event))).collect();
    let mut calls: Vec<(u64, Call)> = Vec::new();
    let mut places: HashMap<u64, usize> = HashMap::new();
    for event in events {
        let (id, kind) = (event["id"].as_u64().unwrap_or_default(), event["type"].as_str().unwrap_or_default());
        if SCHEDULED.contains(&kind) {
            let entered = before(event, &by_id, |kind| kind.ends_with("StateEntered"))?;
            let state = entered["stateEnteredEventDetails"]["name"].as_str();
            let state = state.ok_or_else(|| format!("the event {id} belongs to no state; expected one before it"))?;
            let details = details(event);
            let arguments = payload(&details["parameters"]).or_else(|| payload(&details["input"]));
            let call = Call { state: state.to_owned(), arguments, outcome: Outcome::Open, took: 0 };
            places.insert(id, calls.len());
            calls.push((id, call));
        }
        let Some((_, ending)) = ENDS.iter().find(|(name, _)| *name == kind) else { continue };
        if *ending == Kind::Submitted {
            continue;
        }
        let scheduled = before(event, &by_id, |kind| SCHEDULED.contains(&kind))?;
        let Some(place) = scheduled["id"].as_u64().and_then(|id| places.get(&id)) else { continue };
        let details = details(event);
        let text = |name: &str| details[name].as_str().map(str::to_owned);
        let call = &mut calls[*place].1;
        call.outcome = match ending {
            Kind::Succeeded => {
                if details["outputDetails"]["truncated"] == true {
                    return Err(format!("the output of the event {id} is truncated; expected all of it"));
                }
                Outcome::Result(payload(&details["output"]).ok_or_else(|| {
                    format!("the event {id} has no `output`; expected the history with `--include-execution-data`")
                })?)
            }
            Kind::TimedOut => Outcome::TimedOut,
            _ => Outcome::Failed { error: text("error"), cause: text("cause") },
        };
        call.took = took(scheduled, event);
    }
    Ok(calls.into_iter().map(|(_, call)| call).collect())
}

/// The nearest event before one that is of some kind, along what led to it.
fn before<'e>(event: &'e Json, by_id: &HashMap<u64, &'e Json>, is: impl Fn(&str) -> bool) -> Result<&'e Json, String> {
    let id = event["id"].as_u64().unwrap_or_default();
    let mut at = event;
    loop {
        let previous = at["previousEventId"].as_u64().unwrap_or_default();
        // What leads to an event came before it.
        let found = by_id.get(&previous).filter(|_| previous < at["id"].as_u64().unwrap_or_default());
        at = found.ok_or_else(|| {
            format!(
                "nothing leads to the event {id}: `previousEventId` of {} is {previous}; expected an event before it",
                at["id"]
            )
        })?;
        if at["type"].as_str().is_some_and(&is) {
            return Ok(at);
        }
    }
}

/// The milliseconds between two events.
fn took(from: &Json, to: &Json) -> Time {
    let time = |event: &Json| match &event["timestamp"] {
        Json::String(text) => parse(text),
        // Version 1 of the AWS CLI may give seconds.
        Json::Number(seconds) => seconds.as_f64().map(|seconds| (seconds * 1_000.0) as Time),
        _ => None,
    };
    match (time(from), time(to)) {
        (Some(from), Some(to)) => to.saturating_sub(from).max(0),
        _ => 0,
    }
}
