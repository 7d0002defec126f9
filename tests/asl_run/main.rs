//! What a run does, subject by subject, as AWS Step Functions does it: measured there where the history of a case is
//! written out, else as documented. Executions recorded from AWS are in `asl_cases`.

mod assign;
mod background;
mod catch;
mod choice;
mod context;
mod distributed;
mod errors;
mod events;
mod item_reader;
mod jsonata;
mod jsonpath;
mod map;
mod mocks;
mod outside;
mod parallel;
mod retry;
mod state;
mod timeouts;
mod tokens;
mod wait;

#[path = "../support/definition.rs"]
mod definition;

use std::time::Duration;

// What no `QueryLanguage` stands in is JSONPath.
use definition::of as jsonpath;
use formwork::asl::run::{Answer, Machine, Outcome, Run, Status, TaskCall};
use serde_json::{Value as Json, json};

/// A function that a task calls by its ARN: what the mock gives is the result.
const FUNCTION: &str = "arn:aws:lambda:us-east-1:123456789012:function:f";

/// A run of a workflow, whose faults would be printed.
#[track_caller]
fn run(definition: Json, input: Json) -> Run {
    let machine = Machine::new(&definition);
    let machine = machine.map_err(|found| found.iter().map(ToString::to_string).collect::<Vec<_>>());
    machine.expect("the service would take the definition").run(input)
}

/// A workflow of states in JSONata; it starts at the first.
fn jsonata(states: Json) -> Json {
    let mut workflow = jsonpath(states);
    workflow["QueryLanguage"] = "JSONata".into();
    workflow
}

/// A workflow that is this state alone, which is called S. It ends there unless it says where it goes: to N.
fn alone(mut state: Json) -> Json {
    let is_last = ["Succeed", "Fail", "Choice"].iter().any(|kind| state["Type"] == *kind);
    if !is_last && state["Next"].is_null() {
        state["End"] = true.into();
    }
    let leads_to_n = state.to_string().contains("\"N\"");
    let mut states = json!({"S": state});
    if leads_to_n {
        states["N"] = json!({"Type": "Succeed"});
    }
    jsonpath(states)
}

/// A state in JSONata.
fn in_jsonata(mut state: Json) -> Json {
    state["QueryLanguage"] = "JSONata".into();
    state
}

/// The output of a workflow without tasks.
#[track_caller]
fn output(definition: Json, input: Json) -> Json {
    let outcome = run(definition, input).finish();
    assert_eq!(outcome.status(), Status::Succeeded);
    value(&outcome)
}

/// The output of a run.
fn value(outcome: &Outcome) -> Json {
    Json::clone(&outcome.output())
}

/// A state, its input, and its output.
#[track_caller]
fn give(state: Json, input: Json, expected: Json) {
    assert_eq!(output(alone(state), input), expected);
}

/// A state, its input, and the error that it ends with; of the cause, what follows "(entered at the event id #2). ".
#[track_caller]
fn fail(state: Json, input: Json, error: &str, cause: &str) {
    let outcome = run(alone(state), input).finish();
    let cause = format!("An error occurred while executing the state 'S' (entered at the event id #2). {cause}");
    failed(&outcome, error, &cause);
}

/// That the run failed so.
#[track_caller]
fn failed(outcome: &Outcome, error: &str, cause: &str) {
    assert_eq!(outcome.status(), Status::Failed);
    assert_eq!((*outcome.error(), *outcome.cause()), (Some(error), Some(cause)));
}

/// The events, each with the number of the one that it follows: `ExecutionStarted(0) PassStateEntered(0) …`.
fn chain(outcome: &Outcome) -> String {
    let events = outcome.events().iter();
    events.map(|event| format!("{}({})", event.kind, event.previous_event_id)).collect::<Vec<_>>().join(" ")
}

/// The details of the events of a kind.
fn details(outcome: &Outcome, kind: &str) -> Vec<Json> {
    outcome.events().iter().filter(|event| event.kind == kind).map(|event| event.details()).collect()
}

/// A mock that answers its calls in turn, and then always as the last one.
fn answers(answers: Vec<Answer>) -> impl FnMut(&TaskCall<'_>) -> Answer {
    move |call| answers[(call.number() as usize - 1).min(answers.len() - 1)].clone()
}

/// A mock that fails with that error, always.
fn error(error: &str) -> impl FnMut(&TaskCall<'_>) -> Answer + use<> {
    answers(vec![Answer::error(error, "why")])
}

fn seconds(outcome: &Outcome) -> f64 {
    outcome.elapsed().as_secs_f64()
}

fn after(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
