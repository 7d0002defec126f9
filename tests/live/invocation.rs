//! The ways to invoke a function, and which function it is.

use std::{path::Path, sync::atomic::AtomicBool};

use formwork::{
    asl::run::{MockConfig, Status},
    live::Settings,
};
use serde_json::{Value as Json, json};

use super::{failed, function, machine, python, start, task, template};

#[test]
fn an_event_is_not_waited_for_and_runs_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("written");
    let code = "import pathlib, time\ndef handler(event, context):\n    time.sleep(0.5)\n    pathlib.Path(event['file']).write_text('x')";
    let live = python(code, json!({}));
    let parameters = json!({"FunctionName": "F", "InvocationType": "Event", "Payload.$": "$"});
    let fields = json!({"Parameters": parameters, "OutputPath": "$"});
    let outcome = task(json!({"file": file}), fields).outside(live.clone()).finish();
    assert_eq!((outcome.output()["StatusCode"].clone(), outcome.output()["Payload"].clone()), (json!(202), json!("")));
    assert!(!Path::new(&file).exists());
    live.wait_for_events(&AtomicBool::new(false));
    assert!(Path::new(&file).exists());
}

#[test]
fn a_dry_run_runs_nothing() {
    let live = python("raise SystemExit", json!({}));
    let parameters = json!({"FunctionName": "F", "InvocationType": "DryRun"});
    let outcome = task(json!({}), json!({"Parameters": parameters, "OutputPath": "$"})).outside(live).finish();
    assert_eq!(outcome.output()["StatusCode"], 204);
}

#[test]
fn the_sdk_gives_the_text_of_the_payload() {
    let live = python("def handler(event, context):\n    return {'n': 1 / event['by']}", json!({}));
    let of = |by: u64| {
        let resource = "arn:aws:states:::aws-sdk:lambda:invoke";
        let parameters = json!({"FunctionName": "F", "Payload": {"by": by}});
        let fields = json!({"Resource": resource, "Parameters": parameters, "OutputPath": "$"});
        Json::clone(&task(json!({}), fields).outside(live.clone()).finish().output())
    };
    assert_eq!(of(1), json!({"ExecutedVersion": "$LATEST", "Payload": "{\"n\": 1.0}", "StatusCode": 200}));
    let response = of(0);
    assert_eq!((response["FunctionError"].clone(), response["StatusCode"].clone()), (json!("Unhandled"), json!(200)));
    assert!(response["Payload"].as_str().unwrap().contains("ZeroDivisionError"), "{response}");
}

#[test]
fn a_payload_that_is_a_text_is_sent_as_it_is() {
    let live = python("def handler(event, context):\n    return [event]", json!({}));
    let of = |payload: Json| {
        let parameters = json!({"FunctionName": "F", "Payload": payload});
        task(json!({}), json!({"Parameters": parameters})).outside(live.clone()).finish()
    };
    assert_eq!(of(json!("{\"n\": 1}")).output(), json!([{"n": 1}]));
    assert_eq!(of(json!("\"text\"")).output(), json!(["text"]));
    let outcome = of(json!("text"));
    assert_eq!(outcome.error(), Some("Lambda.InvalidRequestContentException"));
    assert!(outcome.cause().unwrap().starts_with("Could not parse request body into json: expected "), "{outcome}");
}

#[test]
fn more_than_are_reserved_are_throttled() {
    let live = python("def handler(event, context):\n    return 1", json!({"ReservedConcurrentExecutions": 0}));
    let outcome = task(json!({}), json!({})).outside(live).finish();
    assert_eq!(outcome.error(), Some("Lambda.TooManyRequestsException"));
    assert!(outcome.cause().unwrap().starts_with("Rate Exceeded. (Service: AWSLambda; Status Code: 429; "));
}

#[test]
fn a_function_is_found_by_any_of_its_names() {
    let code = "def handler(event, context):\n    return context.function_name";
    let live = start(&template(json!({"F": function("python3.13", code, &json!({"FunctionName": "orders"}))})));
    for name in ["F", "orders", "orders:live", "arn:aws:lambda:us-east-1:123456789012:function:orders:$LATEST"] {
        let outcome = task(json!({}), json!({"Parameters": {"FunctionName": name}})).outside(live.clone()).finish();
        assert_eq!(outcome.output(), "orders");
    }
}

#[test]
fn functions_without_a_template_have_their_code_alone() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("greet.py");
    std::fs::write(&script, "def lambda_handler(event, context):\n    return 'hello ' + event").unwrap();
    std::fs::write(folder.path().join("index.js"), "exports.handler = async (event) => event.toUpperCase();").unwrap();
    let live = Settings::new().code("greet", &script).code("Shout", folder.path()).start().unwrap();
    let arn = |name: &str| format!("arn:aws:lambda:us-east-1:123456789012:function:{name}");
    let machine = machine(json!({
        "S": {"Type": "Task", "Resource": arn("greet"), "Next": "T"},
        "T": {"Type": "Task", "Resource": arn("Shout"), "End": true},
    }));
    assert_eq!(machine.run(json!("Ada")).outside(live).finish().output(), "HELLO ADA");
    let twice = Settings::new().code("greet", &script).code("greet", &script).start();
    assert_eq!(twice.err().unwrap().to_string(), "`greet` has code twice; expected one place of it");
}

#[test]
fn mocks_answer_first() {
    let live = python("def handler(event, context):\n    return 'live'", json!({}));
    let config = json!({
        "StateMachines": {"M": {"TestCases": {"One": {"S": "Mocked"}}}},
        "MockedResponses": {"Mocked": {"0": {"Return": "mocked"}}},
    });
    let case = MockConfig::parse(&config.to_string()).unwrap().test_case("M", "One").unwrap();
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:F";
    let machine = machine(json!({
        "S": {"Type": "Task", "Resource": arn, "ResultPath": "$.s", "Next": "T"},
        "T": {"Type": "Task", "Resource": arn, "ResultPath": "$.t", "End": true},
    }));
    let outcome = machine.run(json!({})).test_case(case).outside(live).finish();
    assert_eq!(outcome.output(), json!({"s": "mocked", "t": "live"}));
}

#[test]
fn what_cannot_be_run_here_says_so() {
    let said = |runtime: &str, fields: serde_json::Value| {
        let live = start(&template(json!({"F": function(runtime, "", &fields)})));
        let outcome = task(json!({}), json!({})).outside(live).finish();
        assert_eq!(outcome.status(), Status::Aborted);
        outcome.diagnostics()[0].to_string()
    };
    assert!(said("java21", json!({})).contains("`F` has the runtime `java21`, which cannot be run here; expected"));
    let live = start(&template(json!({"F": function("provided.al2023", "", &json!({}))})));
    let (error, cause) = failed(&task(json!({}), json!({})).outside(live).finish());
    assert_eq!(error, "Runtime.InvalidEntrypoint");
    let message = cause["errorMessage"].as_str().unwrap();
    assert!(message.ends_with("Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]"), "{message}");
}
