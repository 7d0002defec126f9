//! What stands in for services: closures, and AWS's file of mocks.

use std::{cell::RefCell, rc::Rc};

use formwork::{
    asl::{
        jsonata::{Pass, Task, Workflow},
        run::{Answer, MockConfig, Outcome, Status, TaskError},
    },
    diagnostic::Severity,
};
use serde_json::{Value as Json, json};

use super::{FUNCTION, after, alone, answers, failed, jsonpath, run, seconds};

const INVOKE: &str = "arn:aws:states:::lambda:invoke";

fn task(resource: &str) -> Json {
    json!({"Type": "Task", "Resource": resource})
}

#[test]
fn a_mock_of_lambda_invoke_is_the_function() {
    let mut state = task(INVOKE);
    state["Parameters"] = json!({"FunctionName": "f", "Payload.$": "$.p"});
    let outcome = run(alone(state), json!({"p": {"n": 2}}))
        .task("S", |payload| Ok(json!(payload["n"].as_i64().unwrap_or_default() * 2)))
        .finish();
    assert_eq!(outcome.calls("S"), [&json!({"FunctionName": "f", "Payload": {"n": 2}})]);
    let response = outcome.output();
    assert_eq!(
        (&response["Payload"], &response["StatusCode"], &response["ExecutedVersion"]),
        (&json!(4), &json!(200), &json!("$LATEST"))
    );
}

#[test]
fn a_mock_of_anything_else_is_the_service() {
    let mut state = task("arn:aws:states:::dynamodb:getItem");
    state["Parameters"] = json!({"TableName": "t", "Key": {"id": {"S.$": "$.id"}}});
    let outcome = run(alone(state), json!({"id": "7"})).task("S", |arguments| Ok(json!({"asked": arguments}))).finish();
    assert_eq!(outcome.output(), json!({"asked": {"TableName": "t", "Key": {"id": {"S": "7"}}}}));
}

#[test]
fn a_response_can_be_given_as_a_whole() {
    let outcome =
        run(alone(task(INVOKE)), json!({})).task_with("S", |_| Answer::response(json!({"StatusCode": 500}))).finish();
    assert_eq!(outcome.output(), json!({"StatusCode": 500}));
}

#[test]
fn a_token_is_answered_with_the_result_itself() {
    let mut state = task("arn:aws:states:::lambda:invoke.waitForTaskToken");
    state["Parameters"] = json!({"FunctionName": "f", "Payload": {"token.$": "$$.Task.Token"}});
    let outcome = run(alone(state), json!({})).task("S", |payload| Ok(json!(payload["token"].is_string()))).finish();
    assert_eq!(outcome.output(), json!(true));
}

#[test]
fn a_mock_may_fail() {
    let outcome = run(alone(task(FUNCTION)), json!({}))
        .task("S", |_| Err(TaskError::new("Lambda.TooManyRequestsException", "slow down")))
        .finish();
    failed(&outcome, "Lambda.TooManyRequestsException", "slow down");
}

#[test]
fn a_mock_may_take_its_time() {
    let outcome =
        run(alone(task(FUNCTION)), json!({})).task_with("S", |_| Answer::error("E", "").after(after(86_400))).finish();
    assert_eq!((*outcome.error(), seconds(&outcome)), (Some("E"), 86_400.0));
}

#[test]
fn calls_are_numbered_across_retries_loops_and_iterations() {
    type Seen = Rc<RefCell<Vec<(u32, u32, Option<usize>)>>>;
    let states = json!({
        "M": {"Type": "Map", "ItemsPath": "$.l", "MaxConcurrency": 1, "ItemProcessor": {"StartAt": "T", "States": {
            "T": {"Type": "Task", "Resource": FUNCTION, "Retry": [{"ErrorEquals": ["E"]}], "End": true},
        }}, "ResultPath": "$.r", "Next": "C"},
        "C": {"Type": "Choice", "Choices": [{"Variable": "$.r[0]", "NumericLessThan": 4, "Next": "M"}], "Default": "Z"},
        "Z": {"Type": "Succeed"},
    });
    let seen: Seen = Rc::default();
    let log = Rc::clone(&seen);
    let outcome = run(jsonpath(states), json!({"l": ["a", "b"]}))
        .task_with("T", move |call| {
            assert_eq!((call.state(), call.resource()), ("T", FUNCTION));
            log.borrow_mut().push((call.number(), call.retry_count(), call.item_index()));
            if call.number() == 2 { Answer::error("E", "") } else { Answer::ok(json!(call.number())) }
        })
        .finish();
    assert_eq!(outcome.output()["r"], json!([4, 5]));
    assert_eq!(*seen.borrow(), [(1, 0, Some(0)), (2, 0, Some(1)), (3, 1, Some(1)), (4, 0, Some(0)), (5, 0, Some(1))]);
}

/// A run of two tasks, A and B, with a case of a file of mocks.
fn configured(case: Json, responses: Json, states: Json) -> Result<Outcome, String> {
    let config = json!({"StateMachines": {"M": {"TestCases": {"T": case}}}, "MockedResponses": responses});
    let config = MockConfig::parse(&config.to_string())?;
    Ok(run(jsonpath(states), json!({})).test_case(config.test_case("M", "T")?).finish())
}

fn retried() -> Json {
    json!({"A": {"Type": "Task", "Resource": INVOKE, "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 5}], "End": true}})
}

#[test]
fn responses_of_the_file_are_numbered_and_may_be_for_ranges() {
    let responses = json!({"R": {
        "0-1": {"Throw": {"Error": "E", "Cause": "slow"}},
        "2": {"Throw": {"Cause": "nameless"}},
        "3-9": {"Return": {"StatusCode": 200, "Payload": "whole"}},
    }});
    let outcome = configured(json!({"A": "R"}), responses, retried()).unwrap();
    assert_eq!(outcome.output(), json!({"StatusCode": 200, "Payload": "whole"}));
    assert_eq!(outcome.calls("A").len(), 4);
}

#[test]
fn too_few_responses_are_a_diagnostic() {
    let responses = json!({"R": {"0": {"Throw": {"Error": "E", "Cause": "slow"}}}});
    let outcome = configured(json!({"A": "R"}), responses, retried()).unwrap();
    assert_eq!(outcome.status(), Status::Aborted);
    assert_eq!(
        outcome.diagnostics()[0].to_string(),
        "error[F3001]: `MockedResponses/R` has no `1`, the response to call 2 of the task `A`; expected one\n  \
         at   /States/A\n  \
         help the first call gets the response `0`; a range such as `1-3` is for several"
    );
}

#[test]
fn what_is_wrong_with_the_file_is_told() {
    let refuse = |case: Json, responses: Json, expected: &str| {
        assert_eq!(configured(case, responses, retried()).map(drop).unwrap_err(), expected);
    };
    let fine = json!({"R": {"0": {"Return": 1}}});
    refuse(
        json!({"A": "Busy"}),
        fine.clone(),
        "`StateMachines/M/TestCases/T/A` names `Busy`, which `MockedResponses` does not have",
    );
    refuse(
        json!({"A": "R"}),
        json!({"R": {"first": {"Return": 1}}}),
        "`MockedResponses/R/first` is not a number; expected one such as `0`, or a range such as `1-3`",
    );
    refuse(
        json!({"A": "R"}),
        json!({"R": {"0-2": {"Return": 1}, "1": {"Return": 2}}}),
        "`MockedResponses/R` has two responses for the call 1; expected one",
    );
    let config = json!({"StateMachines": {"M": {"TestCases": {"T": {"A": "R"}}}}, "MockedResponses": fine});
    let config = MockConfig::parse(&config.to_string()).unwrap();
    assert_eq!(config.test_case("N", "T").unwrap_err(), "there is no state machine `N`; expected one of `M`");
    assert_eq!(config.test_case("M", "U").unwrap_err(), "`M` has no test case `U`; expected one of `T`");
    assert!(MockConfig::parse("{").is_err());
    let throws_and_returns = json!({"StateMachines": {}, "MockedResponses": {"R": {"0": {"Return": 1, "Throw": {}}}}});
    assert!(MockConfig::parse(&throws_and_returns.to_string()).is_err());
}

#[test]
fn a_closure_goes_before_the_file() {
    let config = json!({"StateMachines": {"M": {"TestCases": {"T": {"A": "R"}}}}, "MockedResponses": {"R": {"0": {"Return": "file"}}}});
    let config = MockConfig::parse(&config.to_string()).unwrap();
    let states = json!({"A": {"Type": "Task", "Resource": FUNCTION, "End": true}});
    let outcome = run(jsonpath(states), json!({}))
        .test_case(config.test_case("M", "T").unwrap())
        .task("A", |_| Ok(json!("closure")))
        .finish();
    assert_eq!(outcome.output(), json!("closure"));
}

#[test]
fn a_mock_for_a_state_that_does_not_exist_is_a_diagnostic() {
    let outcome = run(alone(task(FUNCTION)), json!({})).task("Publish", Ok).finish();
    assert_eq!(outcome.status(), Status::Aborted);
    assert_eq!(
        outcome.diagnostics()[0].to_string(),
        "error[F3003]: there is a mock for `Publish`, which the workflow does not have; expected a task"
    );
    let states = json!({"Publish": {"Type": "Task", "Resource": FUNCTION, "Next": "Note"}, "Note": {"Type": "Pass", "End": true}});
    let outcome = run(jsonpath(states), json!({})).task("Publsh", Ok).task("Note", Ok).items("Publish", "f").finish();
    let told: Vec<(&str, Option<&str>)> =
        outcome.diagnostics().iter().map(|found| (found.code, found.help.as_deref())).collect();
    assert_eq!(told.len(), 3, "{outcome}");
    assert!(told.iter().all(|(code, _)| *code == "F3003"));
    assert!(told.contains(&("F3003", Some("did you mean `Publish`?"))), "{told:?}");
}

#[test]
fn a_task_without_a_mock_is_a_diagnostic() {
    let outcome = run(alone(task(FUNCTION)), json!({})).finish();
    assert_eq!((*outcome.status(), *outcome.error()), (Status::Aborted, None));
    assert_eq!(
        outcome.diagnostics()[0].to_string(),
        "error[F3001]: the task `S` is called and has no mock; expected one\n  \
         at   /States/S\n  \
         help give it one: `.task(\"S\", |input| Ok(…))` in a test, a mocked response on the command line"
    );
}

#[test]
fn a_task_that_is_not_called_needs_no_mock() {
    let states = json!({
        "C": {"Type": "Choice", "Choices": [{"Variable": "$.now", "BooleanEquals": true, "Next": "T"}], "Default": "Z"},
        "T": {"Type": "Task", "Resource": FUNCTION, "Next": "Z"},
        "Z": {"Type": "Succeed"},
    });
    assert_eq!(run(jsonpath(states), json!({"now": false})).finish().status(), Status::Succeeded);
}

#[test]
fn a_diagnostic_names_the_line_that_declares_the_state() {
    let workflow =
        Workflow::new().state("Count", Pass::new().next("Publish")).state("Publish", Task::integration(INVOKE).end());
    let outcome = workflow.run(json!({})).finish();
    let found = &outcome.diagnostics()[0];
    let source = found.declared_at.clone().map(|source| source.to_string()).unwrap_or_default();
    assert_eq!((found.code, found.path.as_str()), ("F3001", "/States/Publish"));
    assert!(source.starts_with("tests/asl_run/mocks.rs:"), "{source}");
}

#[test]
fn a_definition_that_the_service_would_refuse_does_not_run() {
    let workflow = json!({"StartAt": "S", "States": {"S": {"Type": "Pass", "Next": "T"}}});
    let found = formwork::asl::run::Machine::new(&workflow).unwrap_err();
    assert!(found.iter().all(|found| found.severity == Severity::Error));
    assert!(found.iter().any(|found| found.code == "MISSING_TRANSITION_TARGET"), "{found:?}");
}

#[test]
fn an_input_that_is_too_large_does_not_run() {
    let outcome = run(alone(json!({"Type": "Pass"})), json!("a".repeat(262_144))).finish();
    assert_eq!((*outcome.status(), outcome.diagnostics()[0].code), (Status::Aborted, "F3004"));
}

#[test]
fn a_run_tells_what_was_visited_and_called() {
    let states = json!({
        "A": {"Type": "Task", "Resource": FUNCTION, "Retry": [{"ErrorEquals": ["E"]}], "Next": "P"},
        "P": {"Type": "Parallel", "Branches": [{"StartAt": "B", "States": {"B": {"Type": "Pass", "End": true}}}], "Next": "Z"},
        "Z": {"Type": "Succeed"},
    });
    let outcome = run(jsonpath(states), json!(1))
        .task_with("A", answers(vec![Answer::error("E", ""), Answer::ok(json!(2))]))
        .finish();
    assert_eq!(outcome.visited(), ["A", "P", "B", "Z"]);
    assert_eq!((outcome.calls("A").to_vec(), outcome.calls("B").len()), (vec![&json!(1), &json!(1)], 0));
    let json = outcome.to_json();
    assert_eq!((&json["status"], &json["output"]), (&json!("SUCCEEDED"), &json!([2])));
    assert_eq!(json["events"].as_array().map(Vec::len), Some(outcome.events().len()));
    assert_eq!(json.get("error"), None);
}

#[test]
fn a_response_of_a_mock_file_may_come_late_or_never() {
    let config = MockConfig::parse(
        r#"{"StateMachines": {"M": {"TestCases": {"T": {"S": "r"}}}}, "MockedResponses": {"r": {
            "0": {"x-never": true},
            "1": {"Throw": {"Error": "E"}, "x-after-seconds": 2.5},
            "2": {"Return": "late", "x-after-seconds": 90}
        }}}"#,
    );
    let case = config.unwrap().test_case("M", "T").unwrap();
    let mut state = task(FUNCTION);
    state["TimeoutSeconds"] = 60.into();
    state["Retry"] = json!([{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "BackoffRate": 1}]);
    let outcome = run(alone(state.clone()), json!({})).test_case(case.clone()).finish();
    // It times out, fails, and times out; then no response is left.
    assert_eq!((*outcome.status(), seconds(&outcome)), (Status::Aborted, 60.0 + 1.0 + 2.5 + 1.0 + 60.0 + 1.0));
    state["TimeoutSeconds"] = 100.into();
    let outcome = run(alone(state), json!({})).test_case(case).finish();
    assert_eq!((super::value(&outcome), seconds(&outcome)), (json!("late"), 100.0 + 1.0 + 2.5 + 1.0 + 90.0));
}
