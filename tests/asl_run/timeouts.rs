//! Time limits, on the virtual clock.

use formwork::asl::run::{Answer, Outcome, Status};
use serde_json::{Value as Json, json};

use super::{FUNCTION, after, alone, chain, details, jsonpath, run, seconds, value};

/// A task with these fields, which is answered after so many seconds, or never.
fn answered(fields: Json, input: Json, seconds: Option<u64>) -> Outcome {
    let mut task = json!({"Type": "Task", "Resource": FUNCTION});
    for (name, value) in fields.as_object().into_iter().flatten() {
        task[name] = value.clone();
    }
    run(alone(task), input)
        .task_with("S", move |_| match seconds {
            Some(seconds) => Answer::ok(json!("answer")).after(after(seconds)),
            None => Answer::never(),
        })
        .finish()
}

#[test]
fn a_task_that_answers_in_time_takes_its_time() {
    for (fields, answer) in
        [(json!({}), 1_000), (json!({"TimeoutSeconds": 10}), 9), (json!({"TimeoutSeconds": 10}), 10)]
    {
        let outcome = answered(fields, json!({}), Some(answer));
        assert_eq!((value(&outcome), seconds(&outcome)), (json!("answer"), answer as f64));
    }
}

#[test]
fn a_task_that_answers_late_times_out() {
    for (fields, expected) in [
        (json!({"TimeoutSeconds": 10}), 10.0),
        (json!({"TimeoutSeconds": 10, "HeartbeatSeconds": 3}), 3.0),
        (json!({"HeartbeatSeconds": 3}), 3.0),
        (json!({"TimeoutSecondsPath": "$.t"}), 20.0),
        (json!({"HeartbeatSecondsPath": "$.h"}), 5.0),
        (json!({"TimeoutSecondsPath": "$$.Execution.Input.t"}), 20.0),
    ] {
        for answer in [Some(60), None] {
            let outcome = answered(fields.clone(), json!({"t": 20, "h": 5}), answer);
            assert_eq!((*outcome.status(), seconds(&outcome)), (Status::Failed, expected), "{fields}");
            assert_eq!((*outcome.error(), *outcome.cause()), (Some("States.Timeout"), None));
        }
    }
}

#[test]
fn a_timeout_is_told_in_the_words_of_the_task() {
    for (resource, expected) in [
        (FUNCTION, "LambdaFunctionScheduled(2) LambdaFunctionStarted(3) LambdaFunctionTimedOut(4) ExecutionFailed(5)"),
        (
            "arn:aws:states:us-east-1:123456789012:activity:a",
            "ActivityScheduled(2) ActivityStarted(3) ActivityTimedOut(4) ExecutionFailed(5)",
        ),
        ("arn:aws:states:::sqs:sendMessage", "TaskScheduled(2) TaskStarted(3) TaskTimedOut(4) ExecutionFailed(5)"),
        // Recorded.
        (
            "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "TaskScheduled(2) TaskStarted(3) TaskSubmitted(4) TaskTimedOut(5) ExecutionFailed(6)",
        ),
    ] {
        let task = json!({"Type": "Task", "Resource": resource, "Parameters": {"QueueUrl.$": "$$.State.Name", "MessageBody.$": "$$"}, "TimeoutSeconds": 5});
        let outcome = run(alone(task), json!({})).task_with("S", |_| Answer::never()).finish();
        assert_eq!(chain(&outcome), format!("ExecutionStarted(0) TaskStateEntered(0) {expected}"));
        assert_eq!(details(&outcome, "ExecutionFailed"), [json!({"error": "States.Timeout"})]);
    }
}

#[test]
fn the_limits_are_told_when_the_task_is_scheduled() {
    let outcome = answered(json!({"TimeoutSeconds": 10, "HeartbeatSecondsPath": "$.h"}), json!({"h": 3}), Some(1));
    let scheduled = &details(&outcome, "LambdaFunctionScheduled")[0];
    assert_eq!((&scheduled["timeoutInSeconds"], &scheduled["heartbeatInSeconds"]), (&json!(10), &json!(3)));
}

#[test]
fn each_attempt_has_the_whole_time() {
    let retry = json!([{"ErrorEquals": ["States.Timeout"], "IntervalSeconds": 1, "MaxAttempts": 1}]);
    let outcome = answered(json!({"TimeoutSeconds": 10, "Retry": retry}), json!({}), None);
    assert_eq!((outcome.calls("S").len(), seconds(&outcome)), (2, 21.0));
}

#[test]
fn the_workflow_has_a_limit_too() {
    let mut workflow = jsonpath(json!({"W": {"Type": "Wait", "Seconds": 60, "Next": "Z"}, "Z": {"Type": "Succeed"}}));
    workflow["TimeoutSeconds"] = 30.into();
    let outcome = run(workflow.clone(), json!({})).finish();
    assert_eq!((*outcome.status(), seconds(&outcome)), (Status::TimedOut, 30.0));
    assert_eq!((*outcome.error(), *outcome.cause()), (None, None));
    // Measured: nothing is told of the state that is cut.
    assert_eq!(chain(&outcome), "ExecutionStarted(0) WaitStateEntered(0) ExecutionTimedOut(0)");
    assert_eq!(details(&outcome, "ExecutionTimedOut"), [json!({"error": "States.Timeout"})]);
    workflow["TimeoutSeconds"] = 61.into();
    assert_eq!(run(workflow, json!({})).finish().status(), Status::Succeeded);
}

#[test]
fn the_limit_of_the_workflow_cuts_whatever_takes_time() {
    let task = json!({"Type": "Task", "Resource": FUNCTION, "End": true});
    let mut retried = task.clone();
    retried["Retry"] = json!([{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 60}]);
    let inner = |state: &Json| json!({"StartAt": "T", "States": {"T": state}});
    for state in [
        task.clone(),
        retried,
        json!({"Type": "Parallel", "Branches": [inner(&task)], "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "N"}], "Next": "N"}),
        json!({"Type": "Map", "ItemsPath": "$.l", "ItemProcessor": inner(&task), "Next": "N"}),
    ] {
        let name = if state["Type"] == "Task" { "S" } else { "T" };
        let mut workflow = alone(state.clone());
        workflow["TimeoutSeconds"] = 30.into();
        let is_retried = state.get("Retry").is_some();
        let outcome = run(workflow, json!({"l": [1]}))
            .task_with(name, move |_| if is_retried { Answer::error("E", "") } else { Answer::never() })
            .finish();
        assert_eq!((*outcome.status(), seconds(&outcome)), (Status::TimedOut, 30.0));
        let last = outcome.events().last().map(|event| (event.kind, event.previous_event_id));
        assert_eq!(last, Some(("ExecutionTimedOut", 0)));
        assert!(!chain(&outcome).contains("Aborted"));
    }
}

#[test]
fn without_a_limit_a_standard_workflow_has_a_year() {
    let outcome = answered(json!({}), json!({}), None);
    assert_eq!((*outcome.status(), seconds(&outcome)), (Status::TimedOut, 365.0 * 86_400.0));
}

#[test]
fn an_express_workflow_has_five_minutes() {
    let task = alone(json!({"Type": "Task", "Resource": FUNCTION}));
    let outcome = run(task, json!({})).express(true).task_with("S", |_| Answer::never()).finish();
    assert_eq!((*outcome.status(), seconds(&outcome)), (Status::TimedOut, 300.0));
}

#[test]
fn a_limit_that_is_no_number_ends_the_run() {
    let missing = |field: &str, name: &str| {
        super::fail(
            json!({"Type": "Task", "Resource": FUNCTION, field: format!("$.{name}")}),
            json!({}),
            "States.Runtime",
            &format!("Invalid path '$.{name}' : No results for path: $['{name}']"),
        );
    };
    missing("TimeoutSecondsPath", "t");
    missing("HeartbeatSecondsPath", "h");
    super::fail(
        json!({"Type": "Task", "Resource": FUNCTION, "TimeoutSecondsPath": "$.t"}),
        json!({"t": "soon"}),
        "States.Runtime",
        r#"The TimeoutSecondsPath field refers to value "soon" which is not a valid integer: $.t"#,
    );
}
