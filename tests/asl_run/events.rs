//! Histories, event for event.

use formwork::asl::run::Answer;
use serde_json::{Value as Json, json};

use super::{FUNCTION, alone, chain, details, in_jsonata, jsonata, jsonpath, run};

#[test]
fn states_follow_each_other() {
    let states = json!({
        "A": {"Type": "Pass", "Next": "B"},
        "B": {"Type": "Choice", "Choices": [{"Variable": "$", "IsNull": true, "Next": "C"}], "Default": "C"},
        "C": {"Type": "Wait", "Seconds": 1, "Next": "D"},
        "D": {"Type": "Succeed"},
    });
    assert_eq!(
        chain(&run(jsonpath(states), json!({})).finish()),
        "ExecutionStarted(0) PassStateEntered(0) PassStateExited(2) ChoiceStateEntered(3) ChoiceStateExited(4) \
         WaitStateEntered(5) WaitStateExited(6) SucceedStateEntered(7) SucceedStateExited(8) ExecutionSucceeded(9)"
    );
}

#[test]
fn an_event_is_serialized_as_the_service_has_it() {
    let context = json!({"Execution": {"RoleArn": "arn:aws:iam::123456789012:role/r"}});
    let outcome = run(alone(json!({"Type": "Wait", "Seconds": 1})), json!({"é": 1})).context(context).finish();
    assert_eq!(
        json!(outcome.events()),
        json!([
            {
                "timestamp": "2026-01-01T00:00:00.000+00:00",
                "type": "ExecutionStarted",
                "id": 1,
                "previousEventId": 0,
                "executionStartedEventDetails": {
                    "input": "{\"é\":1}",
                    "inputDetails": {"truncated": false},
                    "roleArn": "arn:aws:iam::123456789012:role/r",
                },
            },
            {
                "timestamp": "2026-01-01T00:00:00.000+00:00",
                "type": "WaitStateEntered",
                "id": 2,
                "previousEventId": 0,
                "stateEnteredEventDetails": {"name": "S", "input": "{\"é\":1}", "inputDetails": {"truncated": false}},
            },
            {
                "timestamp": "2026-01-01T00:00:01.000+00:00",
                "type": "WaitStateExited",
                "id": 3,
                "previousEventId": 2,
                "stateExitedEventDetails": {"name": "S", "output": "{\"é\":1}", "outputDetails": {"truncated": false}},
            },
            {
                "timestamp": "2026-01-01T00:00:01.000+00:00",
                "type": "ExecutionSucceeded",
                "id": 4,
                "previousEventId": 3,
                "executionSucceededEventDetails": {"output": "{\"é\":1}", "outputDetails": {"truncated": false}},
            },
        ])
    );
}

#[test]
fn a_task_is_told_by_how_it_is_called() {
    for (resource, expected) in [
        (FUNCTION, "LambdaFunctionScheduled(2) LambdaFunctionStarted(3) LambdaFunctionSucceeded(4) TaskStateExited(5)"),
        (
            "arn:aws:states:us-east-1:123456789012:activity:a",
            "ActivityScheduled(2) ActivityStarted(3) ActivitySucceeded(4) TaskStateExited(5)",
        ),
        ("arn:aws:states:::dynamodb:getItem", "TaskScheduled(2) TaskStarted(3) TaskSucceeded(4) TaskStateExited(5)"),
        (
            "arn:aws:states:::states:startExecution.sync:2",
            "TaskScheduled(2) TaskStarted(3) TaskSubmitted(4) TaskSucceeded(5) TaskStateExited(6)",
        ),
    ] {
        let task = json!({"Type": "Task", "Resource": resource, "Next": "N"});
        let outcome = run(alone(task), json!({})).task("S", Ok).finish();
        assert!(
            chain(&outcome).starts_with(&format!("ExecutionStarted(0) TaskStateEntered(0) {expected}")),
            "{}",
            chain(&outcome)
        );
    }
}

#[test]
fn the_details_of_an_integration_name_service_and_action() {
    let task = json!({
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:sfn:describeExecution",
        "Parameters": {"ExecutionArn": "e"},
        "TimeoutSeconds": 9,
        "Credentials": {"RoleArn.$": "$.role"},
    });
    let outcome = run(alone(task), json!({"role": "r"})).task("S", |_| Ok(json!("out"))).finish();
    assert_eq!(
        details(&outcome, "TaskScheduled"),
        [json!({
            "resourceType": "aws-sdk:sfn",
            "resource": "describeExecution",
            "region": "us-east-1",
            "parameters": "{\"ExecutionArn\":\"e\"}",
            "timeoutInSeconds": 9,
            "taskCredentials": {"roleArn": "r"},
        })]
    );
    assert_eq!(
        details(&outcome, "TaskStarted"),
        [json!({"resourceType": "aws-sdk:sfn", "resource": "describeExecution"})]
    );
    assert_eq!(
        details(&outcome, "TaskSucceeded"),
        [
            json!({"output": "\"out\"", "outputDetails": {"truncated": false}, "resourceType": "aws-sdk:sfn", "resource": "describeExecution"})
        ]
    );
}

#[test]
fn the_details_of_a_function_have_its_arn() {
    let outcome = run(alone(json!({"Type": "Task", "Resource": FUNCTION})), json!({"a": 1})).task("S", Ok).finish();
    assert_eq!(
        details(&outcome, "LambdaFunctionScheduled"),
        [json!({"resource": FUNCTION, "input": "{\"a\":1}", "inputDetails": {"truncated": false}})]
    );
    assert_eq!(details(&outcome, "LambdaFunctionStarted"), [json!(null)]);
}

#[test]
fn the_place_of_an_evaluation_that_failed_is_told() {
    let nothing = "{% $states.input.no %}";
    for (state, location) in [
        (json!({"Type": "Pass", "Output": nothing}), "Output"),
        (json!({"Type": "Pass", "Output": {"a": {"b": [1, nothing]}}}), "Output/a/b[1]"),
        (json!({"Type": "Pass", "Output": {"a": {"b": [[1, nothing]]}}}), "Output/a/b[0][1]"),
        (json!({"Type": "Pass", "Assign": {"x": nothing}}), "Assign/x"),
        (json!({"Type": "Task", "Resource": FUNCTION, "Arguments": {"MessageBody": nothing}}), "Arguments/MessageBody"),
        (json!({"Type": "Task", "Resource": FUNCTION, "TimeoutSeconds": nothing}), "TimeoutSeconds"),
        (json!({"Type": "Task", "Resource": FUNCTION, "Credentials": {"RoleArn": nothing}}), "Credentials/RoleArn"),
        (json!({"Type": "Wait", "Seconds": nothing}), "Seconds"),
        (json!({"Type": "Fail", "Error": nothing}), "Error"),
        (json!({"Type": "Fail", "Cause": nothing}), "Cause"),
        (json!({"Type": "Parallel", "Arguments": {"a": nothing}, "Branches": [branch()]}), "Arguments/a"),
        (json!({"Type": "Parallel", "Output": {"a": nothing}, "Branches": [branch()]}), "Output/a"),
        (json!({"Type": "Map", "Items": nothing, "ItemProcessor": branch()}), "Items"),
        (json!({"Type": "Map", "Items": [1, nothing], "ItemProcessor": branch()}), "Items[1]"),
        (json!({"Type": "Map", "Items": [1], "MaxConcurrency": nothing, "ItemProcessor": branch()}), "MaxConcurrency"),
        (
            json!({"Type": "Map", "Items": [1], "ItemSelector": {"a": nothing}, "ItemProcessor": branch()}),
            "ItemSelector/a",
        ),
        (json!({"Type": "Choice", "Choices": [{"Condition": nothing, "Next": "N"}]}), "Choices[0]/Condition"),
        (
            json!({"Type": "Choice", "Choices": [{"Condition": "{% false %}", "Next": "N"}], "Default": "N", "Output": nothing}),
            "Output",
        ),
    ] {
        let outcome = run(alone(in_jsonata(state)), json!({})).task("S", Ok);
        let outcome = match outcome.finish() {
            // Not a task: there is nothing to mock.
            refused if !refused.diagnostics().is_empty() => continue,
            outcome => outcome,
        };
        let told = &details(&outcome, "EvaluationFailed")[0];
        assert_eq!(
            (&told["location"], &told["state"], &told["error"]),
            (&json!(location), &json!("S"), &json!("States.QueryEvaluationError"))
        );
        assert_eq!(told["cause"], json!(*outcome.cause()));
    }
}

fn branch() -> Json {
    json!({"StartAt": "B", "States": {"B": {"Type": "Pass", "End": true}}})
}

#[test]
fn a_failed_evaluation_follows_what_came_before_it() {
    let after_task = json!({"Type": "Task", "Resource": FUNCTION, "Output": "{% $states.result.no %}"});
    let outcome = run(alone(in_jsonata(after_task)), json!({})).task_with("S", |_| Answer::ok(json!({}))).finish();
    assert_eq!(
        chain(&outcome),
        "ExecutionStarted(0) TaskStateEntered(0) LambdaFunctionScheduled(2) LambdaFunctionStarted(3) \
         LambdaFunctionSucceeded(4) EvaluationFailed(5) ExecutionFailed(6)"
    );
    let states =
        json!({"A": {"Type": "Pass", "Next": "W"}, "W": {"Type": "Wait", "Timestamp": "{% 'x' %}", "End": true}});
    assert_eq!(
        chain(&run(jsonata(states), json!({})).finish()),
        "ExecutionStarted(0) PassStateEntered(0) PassStateExited(2) WaitStateEntered(3) EvaluationFailed(4) ExecutionFailed(5)"
    );
}
