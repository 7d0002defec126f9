//! `Parallel`: its results, and what becomes of it and of the other branches when one fails.

use formwork::asl::run::Answer;
use serde_json::{Value as Json, json};

use super::{FUNCTION, after, alone, answers, chain, details, failed, give, in_jsonata, run, seconds, value};

fn branch(name: &str, mut state: Json) -> Json {
    if state["Type"] != "Fail" {
        state["End"] = true.into();
    }
    json!({"StartAt": name, "States": {name: state}})
}

fn parallel(branches: Vec<Json>) -> Json {
    json!({"Type": "Parallel", "Branches": branches})
}

fn task() -> Json {
    json!({"Type": "Task", "Resource": FUNCTION})
}

fn wait(seconds: u64) -> Json {
    json!({"Type": "Wait", "Seconds": seconds})
}

fn fail_with(error: &str) -> Json {
    json!({"Type": "Fail", "Error": error, "Cause": "why"})
}

#[test]
fn results_are_in_the_order_of_the_branches() {
    let state =
        parallel(vec![branch("L", wait(9)), branch("M", json!({"Type": "Pass", "Result": 2})), branch("R", wait(3))]);
    let outcome = run(alone(state), json!("in")).finish();
    assert_eq!((value(&outcome), seconds(&outcome)), (json!(["in", 2, "in"]), 9.0));
}

#[test]
fn every_branch_gets_the_same_input() {
    give(
        parallel(vec![branch("L", json!({"Type": "Pass"})), branch("R", json!({"Type": "Pass"}))]),
        json!({"a": 1}),
        json!([{"a": 1}, {"a": 1}]),
    );
}

#[test]
fn branches_run_at_once() {
    let state = parallel((0..60).map(|n| branch(&format!("B{n}"), wait(60))).collect());
    assert_eq!(seconds(&run(alone(state), json!({})).finish()), 60.0);
}

#[test]
fn success_is_told_after_the_last_branch() {
    let mut state = parallel(vec![branch("B", json!({"Type": "Pass"}))]);
    state["Next"] = "N".into();
    let outcome = run(alone(state), json!({})).finish();
    // Measured: the exit follows the branch, as `ParallelStateSucceeded` does.
    assert_eq!(
        chain(&outcome),
        "ExecutionStarted(0) ParallelStateEntered(0) ParallelStateStarted(2) PassStateEntered(3) PassStateExited(4) \
         ParallelStateSucceeded(5) ParallelStateExited(5) SucceedStateEntered(7) SucceedStateExited(8) \
         ExecutionSucceeded(9)"
    );
    assert_eq!(details(&outcome, "ParallelStateStarted"), [json!(null)]);
}

#[test]
fn a_fail_in_a_branch_fails_the_state() {
    let outcome = run(alone(parallel(vec![branch("F", fail_with("E"))])), json!({})).finish();
    failed(&outcome, "E", "why");
    // Measured.
    assert_eq!(
        chain(&outcome),
        "ExecutionStarted(0) ParallelStateEntered(0) ParallelStateStarted(2) FailStateEntered(3) ParallelStateFailed(4) \
         ExecutionFailed(5)"
    );
}

#[test]
fn a_task_that_fails_in_a_branch_is_told_as_cut() {
    let mut state = parallel(vec![branch(
        "T",
        json!({"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"Message": "m"}}),
    )]);
    state["Catch"] = json!([{"ErrorEquals": ["States.ALL"], "Next": "N"}]);
    let outcome = run(alone(state), json!({})).task_with("T", super::error("E")).finish();
    // Measured.
    assert_eq!(
        chain(&outcome),
        "ExecutionStarted(0) ParallelStateEntered(0) ParallelStateStarted(2) TaskStateEntered(3) TaskScheduled(4) \
         TaskStarted(5) TaskFailed(6) TaskStateAborted(7) ParallelStateFailed(7) ParallelStateExited(9) \
         SucceedStateEntered(10) SucceedStateExited(11) ExecutionSucceeded(12)"
    );
    assert_eq!(details(&outcome, "TaskStateAborted"), [json!(null)]);
}

#[test]
fn an_evaluation_that_fails_in_a_branch_can_be_caught() {
    let mut state =
        parallel(vec![branch("Undef", in_jsonata(json!({"Type": "Pass", "Output": {"v": "{% $states.input.no %}"}})))]);
    state["Catch"] = json!([{"ErrorEquals": ["States.ALL"], "Next": "N"}]);
    let outcome = run(alone(state), json!({})).finish();
    // Measured.
    assert_eq!(
        chain(&outcome),
        "ExecutionStarted(0) ParallelStateEntered(0) ParallelStateStarted(2) PassStateEntered(3) EvaluationFailed(4) \
         ParallelStateFailed(5) ParallelStateExited(6) SucceedStateEntered(7) SucceedStateExited(8) \
         ExecutionSucceeded(9)"
    );
    let told = &details(&outcome, "EvaluationFailed")[0];
    assert_eq!((&told["location"], &told["state"]), (&json!("Output/v"), &json!("Undef")));
}

#[test]
fn what_the_service_cannot_run_ends_everything_at_once() {
    let mut state = parallel(vec![branch("P", json!({"Type": "Pass", "Parameters": {"m.$": "$.no"}}))]);
    state["Retry"] = json!([{"ErrorEquals": ["States.ALL"]}]);
    state["Catch"] = json!([{"ErrorEquals": ["States.ALL"], "Next": "N"}]);
    let outcome = run(alone(state), json!({"x": "a"})).finish();
    failed(
        &outcome,
        "States.Runtime",
        r#"An error occurred while executing the state 'P' (entered at the event id #4). The JSONPath '$.no' specified for the field 'm.$' could not be found in the input '{"x":"a"}'"#,
    );
    // Measured: nothing is told of the `Parallel`.
    assert_eq!(
        chain(&outcome),
        "ExecutionStarted(0) ParallelStateEntered(0) ParallelStateStarted(2) PassStateEntered(3) ExecutionFailed(4)"
    );
}

#[test]
fn a_retried_parallel_starts_anew_and_tells_its_failure_at_last() {
    let mut state = parallel(vec![branch("F", fail_with("E"))]);
    state["Retry"] = json!([{"ErrorEquals": ["E"], "MaxAttempts": 1}]);
    let outcome = run(alone(state), json!({})).finish();
    // Measured.
    assert_eq!(
        chain(&outcome),
        "ExecutionStarted(0) ParallelStateEntered(0) ParallelStateStarted(2) FailStateEntered(3) ParallelStateStarted(4) \
         FailStateEntered(5) ParallelStateFailed(6) ExecutionFailed(7)"
    );
}

#[test]
fn a_selector_that_fails_follows_the_success() {
    let mut state = parallel(vec![branch("B", json!({"Type": "Pass"}))]);
    state["ResultSelector"] = json!({"m.$": "$.no"});
    let outcome = run(alone(state), json!({"x": "a"})).finish();
    failed(
        &outcome,
        "States.Runtime",
        r#"An error occurred while executing the state 'S' (entered at the event id #2). The JSONPath '$.no' specified for the field 'm.$' could not be found in the input '[{"x":"a"}]'"#,
    );
    // Measured.
    assert_eq!(
        chain(&outcome),
        "ExecutionStarted(0) ParallelStateEntered(0) ParallelStateStarted(2) PassStateEntered(3) PassStateExited(4) \
         ParallelStateSucceeded(5) ExecutionFailed(6)"
    );
}

#[test]
fn a_failure_cuts_the_branches_beside_it() {
    let state = parallel(vec![
        branch("W", wait(60)),
        branch("T", task()),
        branch("D", json!({"Type": "Pass"})),
        json!({"StartAt": "First", "States": {"First": {"Type": "Wait", "Seconds": 5, "Next": "F"}, "F": fail_with("E")}}),
    ]);
    let outcome = run(alone(state), json!({})).task_with("T", |_| Answer::ok(json!(1)).after(after(60))).finish();
    failed(&outcome, "E", "why");
    assert_eq!(seconds(&outcome), 5.0);
    // One event for each that was in a state, none for the branch that was done; all follow the failure.
    let told = chain(&outcome);
    assert!(
        told.ends_with(
            "FailStateEntered(11) WaitStateAborted(12) TaskStateAborted(12) ParallelStateFailed(12) ExecutionFailed(15)"
        ),
        "{told}"
    );
    assert_eq!(outcome.visited().iter().filter(|name| ["W", "T"].contains(name)).count(), 0);
}

#[test]
fn a_branch_that_waits_for_its_retry_is_cut_too() {
    let mut retried = task();
    retried["Retry"] = json!([{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 60}]);
    let state = parallel(vec![
        branch("T", retried),
        json!({"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 5, "Next": "F"}, "F": fail_with("E")}}),
    ]);
    let outcome = run(alone(state), json!({})).task_with("T", super::error("Other")).finish();
    assert_eq!((*outcome.error(), seconds(&outcome), outcome.calls("T").len()), (Some("E"), 5.0, 1));
}

#[test]
fn parallels_nest() {
    let inner = parallel(vec![
        branch("A", json!({"Type": "Pass", "Result": 1})),
        branch("B", json!({"Type": "Pass", "Result": 2})),
    ]);
    give(
        parallel(vec![branch("P", inner), branch("C", json!({"Type": "Pass", "Result": 3}))]),
        json!({}),
        json!([[1, 2], 3]),
    );
    // A failure goes from the inner one to the outer one.
    let inner = parallel(vec![branch("W", wait(60)), branch("F", fail_with("E"))]);
    let mut outer = parallel(vec![branch("V", wait(60)), branch("P", inner)]);
    outer["Catch"] = json!([{"ErrorEquals": ["E"], "Next": "N"}]);
    let outcome = run(alone(outer), json!({})).finish();
    assert_eq!((value(&outcome), seconds(&outcome)), (json!({"Error": "E", "Cause": "why"}), 0.0));
    let told = chain(&outcome);
    assert_eq!(told.matches("WaitStateAborted").count(), 2, "{told}");
    assert_eq!(told.matches("ParallelStateFailed").count(), 2, "{told}");
}

#[test]
fn a_branch_may_loop_while_others_go_on() {
    let looping = json!({"StartAt": "T", "States": {
        "T": {"Type": "Task", "Resource": FUNCTION, "Next": "C"},
        "C": {"Type": "Choice", "Choices": [{"Variable": "$", "NumericLessThan": 3, "Next": "T"}], "Default": "E"},
        "E": {"Type": "Succeed"},
    }});
    let state = parallel(vec![looping, branch("W", wait(7))]);
    let outcome =
        run(alone(state), json!(0)).task_with("T", |call| Answer::ok(json!(call.number())).after(after(10))).finish();
    assert_eq!((value(&outcome), seconds(&outcome)), (json!([3, 0]), 30.0));
}

#[test]
fn the_first_of_two_failures_counts() {
    let state = parallel(vec![branch("A", task()), branch("B", task())]);
    let outcome = run(alone(state), json!({}))
        .task_with("A", |_| Answer::error("Late", "").after(after(9)))
        .task_with("B", answers(vec![Answer::error("Early", "").after(after(3))]))
        .finish();
    assert_eq!((*outcome.error(), seconds(&outcome)), (Some("Early"), 3.0));
}
