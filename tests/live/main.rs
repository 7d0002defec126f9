//! Live runs: functions of a template run as Lambda runs them, and nothing of them is left.
//!
//! Python and Node.js are needed on the `PATH`; a test that does not find one fails with what is said then.
#![cfg(unix)]

mod asset;
mod bridge;
mod callback;
mod clock;
mod command;
mod hostile;
mod invocation;
mod node;
mod program;
mod python;
mod resources;

use std::{fs, path::Path, process::Command, thread::sleep, time::Duration};

use formwork::{
    asl::run::{Machine, Outcome, Run},
    live::{Live, Settings},
    template::Template,
};
use serde_json::{Value as Json, json};

/// A function of a template, by its runtime, code and further properties.
fn function(runtime: &str, code: &str, properties: &Json) -> Json {
    let mut function = json!({
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Runtime": runtime,
            "Handler": "index.handler",
            "Role": "arn:aws:iam::123456789012:role/f",
            "Code": {"ZipFile": code},
        },
    });
    for (name, value) in properties.as_object().into_iter().flatten() {
        function["Properties"][name] = value.clone();
    }
    function
}

fn template(resources: Json) -> Template {
    Template::parse(&json!({"Resources": resources}).to_string()).expect("the template is one")
}

/// What runs this Python function, which is called `F`.
fn python(code: &str, properties: Json) -> Live {
    start(&template(json!({"F": function("python3.13", code, &properties)})))
}

/// What runs this JavaScript function, which is called `F`.
fn node(code: &str, properties: Json) -> Live {
    start(&template(json!({"F": function("nodejs22.x", code, &properties)})))
}

fn start(template: &Template) -> Live {
    Settings::new().template(template).start().expect("nothing is started yet")
}

/// A run of a task that invokes `F` and has these fields.
fn task(input: Json, fields: Json) -> Run {
    let mut state = json!({
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": "F", "Payload.$": "$"},
        "OutputPath": "$.Payload",
        "End": true,
    });
    for (name, value) in fields.as_object().into_iter().flatten() {
        state[name] = value.clone();
    }
    machine(json!({"S": state})).run(input)
}

/// A machine of these states, which starts at `S`.
fn machine(states: Json) -> Machine {
    Machine::new(&json!({"StartAt": "S", "States": states})).expect("the service would take the definition")
}

/// What comes of invoking `F` with an event.
fn invoke(live: &Live, event: Json) -> Outcome {
    task(event, json!({})).outside(live.clone()).finish()
}

/// What `F` returns for an event.
#[track_caller]
fn returned(live: &Live, event: Json) -> Json {
    let outcome = invoke(live, event);
    assert_eq!(outcome.status(), formwork::asl::run::Status::Succeeded);
    Json::clone(&outcome.output())
}

/// The error that a run has failed with, and its cause, which is JSON.
#[track_caller]
fn failed(outcome: &Outcome) -> (String, Json) {
    assert!(outcome.error().is_some(), "it has not failed: {outcome}");
    let cause = serde_json::from_str(outcome.cause().unwrap_or_default());
    assert!(cause.is_ok(), "the cause is no JSON: {outcome}");
    (outcome.error().unwrap_or_default().to_owned(), cause.unwrap_or_default())
}

/// The text that was logged in a run.
fn logs(outcome: &Outcome) -> String {
    let json = outcome.to_json();
    json["logs"].as_array().into_iter().flatten().filter_map(|log| log["text"].as_str()).collect()
}

/// The processes whose command line or environment has this text.
fn processes_with(text: &str) -> Vec<u32> {
    let entries = fs::read_dir("/proc").expect("there is a /proc").flatten();
    let ids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let has = |id: &u32| {
        let file = |name: &str| fs::read(Path::new("/proc").join(id.to_string()).join(name)).unwrap_or_default();
        [file("cmdline"), file("environ")].iter().any(|bytes| String::from_utf8_lossy(bytes).contains(text))
    };
    ids.filter(|id| *id != std::process::id()).filter(has).collect()
}

/// Waits until something holds, for ten seconds at most.
#[track_caller]
fn eventually(what: &str, holds: impl Fn() -> bool) {
    let comes = (0..500).any(|_| {
        sleep(Duration::from_millis(20));
        holds()
    });
    assert!(comes, "{what} did not come to be");
}

/// The command line program.
fn formwork() -> Command {
    Command::new(env!("CARGO_BIN_EXE_formwork"))
}
