//! `Retry`: which retrier takes an error, how often, and after how long.

use formwork::asl::run::{Answer, Outcome};
use serde_json::{Value as Json, json};

use super::{FUNCTION, alone, answers, chain, error, in_jsonata, run, seconds, value};

/// A task that always fails with the error.
fn retried(retry: Json, name: &str) -> Outcome {
    let task = json!({"Type": "Task", "Resource": FUNCTION, "Retry": retry});
    run(alone(task), json!({})).task_with("S", error(name)).finish()
}

/// Retriers, an error that comes again and again, the calls that are made, and the seconds that it takes.
#[track_caller]
fn give(retry: Json, name: &str, calls: usize, took: f64) {
    let outcome = retried(retry, name);
    assert_eq!((outcome.calls("S").len(), seconds(&outcome)), (calls, took));
    assert_eq!(outcome.error(), Some(name));
}

#[test]
fn by_default_there_are_three_retries_that_wait_twice_as_long_each_time() {
    give(json!([{"ErrorEquals": ["E"]}]), "E", 4, 1.0 + 2.0 + 4.0);
    give(json!([]), "E", 1, 0.0);
}

#[test]
fn interval_rate_and_longest_delay_can_be_set() {
    give(json!([{"ErrorEquals": ["E"], "IntervalSeconds": 3, "MaxAttempts": 4}]), "E", 5, 3.0 + 6.0 + 12.0 + 24.0);
    give(json!([{"ErrorEquals": ["E"], "BackoffRate": 1, "MaxAttempts": 5}]), "E", 6, 5.0);
    give(json!([{"ErrorEquals": ["E"], "BackoffRate": 1.5, "IntervalSeconds": 2}]), "E", 4, 2.0 + 3.0 + 4.5);
    give(json!([{"ErrorEquals": ["E"], "MaxDelaySeconds": 3, "MaxAttempts": 5}]), "E", 6, 1.0 + 2.0 + 3.0 + 3.0 + 3.0);
    give(json!([{"ErrorEquals": ["E"], "MaxAttempts": 0}]), "E", 1, 0.0);
}

#[test]
fn a_day_of_retries_takes_no_time() {
    give(
        json!([{"ErrorEquals": ["E"], "IntervalSeconds": 3_600, "BackoffRate": 1, "MaxAttempts": 24}]),
        "E",
        25,
        86_400.0,
    );
}

#[test]
fn full_jitter_waits_for_a_part_of_the_delay() {
    let retry =
        json!([{"ErrorEquals": ["E"], "IntervalSeconds": 100, "MaxDelaySeconds": 150, "JitterStrategy": "FULL"}]);
    let took = |seed: u64| {
        let task = json!({"Type": "Task", "Resource": FUNCTION, "Retry": retry.clone()});
        let outcome = run(alone(task), json!({})).task_with("S", error("E")).seed(seed).finish();
        assert_eq!(outcome.calls("S").len(), 4);
        seconds(&outcome)
    };
    let spans: Vec<f64> = (0..50).map(took).collect();
    assert!(spans.iter().all(|span| (0.0..400.0).contains(span)), "{spans:?}");
    let (shortest, longest) =
        spans.iter().fold((f64::MAX, 0.0_f64), |(low, high), span| (low.min(*span), high.max(*span)));
    assert!(longest - shortest > 100.0, "{spans:?}");
    assert_eq!(took(7), took(7));
    let none =
        json!([{"ErrorEquals": ["E"], "IntervalSeconds": 100, "MaxDelaySeconds": 150, "JitterStrategy": "NONE"}]);
    give(none, "E", 4, 400.0);
}

#[test]
fn the_first_retrier_that_names_the_error_takes_it() {
    let retry = json!([
        {"ErrorEquals": ["A", "B"], "MaxAttempts": 1, "IntervalSeconds": 10},
        {"ErrorEquals": ["B", "C"], "MaxAttempts": 2, "IntervalSeconds": 100, "BackoffRate": 1},
        {"ErrorEquals": ["States.ALL"], "MaxAttempts": 1, "IntervalSeconds": 1_000},
    ]);
    give(retry.clone(), "A", 2, 10.0);
    // The second one names it too, but is not asked when the first has no attempt left.
    give(retry.clone(), "B", 2, 10.0);
    give(retry.clone(), "C", 3, 200.0);
    give(retry, "D", 2, 1_000.0);
}

#[test]
fn every_retrier_counts_for_itself() {
    let task = json!({"Type": "Task", "Resource": FUNCTION, "Retry": [
        {"ErrorEquals": ["A"], "MaxAttempts": 2, "IntervalSeconds": 1},
        {"ErrorEquals": ["B"], "MaxAttempts": 2, "IntervalSeconds": 10},
    ]});
    let errors = ["A", "B", "A", "B", "A"].map(|name| Answer::error(name, "why"));
    let outcome = run(alone(task), json!({})).task_with("S", answers(errors.to_vec())).finish();
    assert_eq!((outcome.calls("S").len(), seconds(&outcome)), (5, 1.0 + 10.0 + 2.0 + 20.0));
    assert_eq!(outcome.error(), Some("A"));
}

#[test]
fn names_with_a_wider_meaning_match() {
    let once = |name: &str| json!([{"ErrorEquals": [name], "MaxAttempts": 1}]);
    for (name, error, calls) in [
        ("States.ALL", "Custom", 2),
        ("States.ALL", "States.Timeout", 2),
        ("States.ALL", "States.DataLimitExceeded", 2),
        ("States.TaskFailed", "Custom", 2),
        ("States.TaskFailed", "States.TaskFailed", 2),
        ("States.TaskFailed", "States.Timeout", 1),
        ("States.Timeout", "States.Timeout", 2),
        // A missed heartbeat is told as a timeout.
        ("States.Timeout", "States.HeartbeatTimeout", 2),
        ("States.HeartbeatTimeout", "States.HeartbeatTimeout", 2),
        ("States.HeartbeatTimeout", "Custom", 1),
        ("custom", "Custom", 1),
        ("Cust", "Custom", 1),
    ] {
        assert_eq!(retried(once(name), error).calls("S").len(), calls, "{name} for {error}");
    }
}

#[test]
fn an_evaluation_that_fails_is_tried_again_and_told_every_time() {
    let task = in_jsonata(json!({
        "Type": "Task",
        "Resource": FUNCTION,
        "Arguments": "{% $states.input.no %}",
        "Retry": [{"ErrorEquals": ["States.QueryEvaluationError"], "MaxAttempts": 1}],
    }));
    let outcome = run(alone(task), json!({})).task("S", Ok).finish();
    // Measured: the service is never called.
    assert_eq!(
        chain(&outcome),
        "ExecutionStarted(0) TaskStateEntered(0) EvaluationFailed(2) EvaluationFailed(3) ExecutionFailed(4)"
    );
    assert_eq!((outcome.calls("S").len(), seconds(&outcome)), (0, 1.0));
}

#[test]
fn what_the_service_cannot_run_is_not_tried_again() {
    let task = json!({
        "Type": "Task",
        "Resource": FUNCTION,
        "Parameters": {"x.$": "$.no"},
        "Retry": [{"ErrorEquals": ["States.Runtime"]}, {"ErrorEquals": ["States.ALL"]}],
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "N"}],
    });
    let outcome = run(alone(task), json!({})).task("S", Ok).finish();
    assert_eq!((*outcome.error(), seconds(&outcome)), (Some("States.Runtime"), 0.0));
    assert_eq!(chain(&outcome), "ExecutionStarted(0) TaskStateEntered(0) ExecutionFailed(2)");
}

#[test]
fn every_attempt_is_told() {
    let task = json!({"Type": "Task", "Resource": FUNCTION, "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": 1}]});
    let outcome = run(alone(task), json!({}))
        .task_with("S", answers(vec![Answer::error("E", "why"), Answer::ok(json!(1))]))
        .finish();
    assert_eq!(
        chain(&outcome),
        "ExecutionStarted(0) TaskStateEntered(0) LambdaFunctionScheduled(2) LambdaFunctionStarted(3) \
         LambdaFunctionFailed(4) LambdaFunctionScheduled(5) LambdaFunctionStarted(6) LambdaFunctionSucceeded(7) \
         TaskStateExited(8) ExecutionSucceeded(9)"
    );
}

#[test]
fn a_catcher_takes_over_when_the_attempts_are_used_up() {
    let task = json!({
        "Type": "Task",
        "Resource": FUNCTION,
        "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": 2}],
        "Catch": [{"ErrorEquals": ["E"], "Next": "N"}],
    });
    let outcome = run(alone(task), json!({})).task_with("S", error("E")).finish();
    assert_eq!(outcome.output(), json!({"Error": "E", "Cause": "why"}));
    assert_eq!((outcome.calls("S").len(), seconds(&outcome)), (3, 3.0));
}

#[test]
fn a_parallel_and_a_map_are_tried_again_as_a_whole() {
    let inner = json!({"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": FUNCTION, "End": true}}});
    let retry = json!([{"ErrorEquals": ["E"], "IntervalSeconds": 5}]);
    for state in [
        json!({"Type": "Parallel", "Branches": [inner.clone()], "Retry": retry}),
        json!({"Type": "Map", "ItemsPath": "$.l", "ItemProcessor": inner, "Retry": retry}),
    ] {
        let outcome = run(alone(state), json!({"l": [1]}))
            .task_with("T", answers(vec![Answer::error("E", ""), Answer::ok(json!(2))]))
            .finish();
        assert_eq!((value(&outcome), seconds(&outcome)), (json!([2]), 5.0));
    }
}
