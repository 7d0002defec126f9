//! `Catch`: which catcher takes an error, and what the next state gets.

use formwork::asl::run::Answer;
use serde_json::{Value as Json, json};

use super::{FUNCTION, alone, answers, chain, details, error, failed, in_jsonata, jsonpath, run, value};

/// A task that fails with the error, its catchers, its input, and the output.
#[track_caller]
fn give(catch: Json, name: &str, input: Json, expected: Json) {
    let task = json!({"Type": "Task", "Resource": FUNCTION, "Catch": catch});
    assert_eq!(run(alone(task), input).task_with("S", error(name)).finish().output(), expected);
}

#[track_caller]
fn give_jsonata(catch: Json, name: &str, input: Json, expected: Json) {
    let task = in_jsonata(json!({"Type": "Task", "Resource": FUNCTION, "Catch": catch}));
    assert_eq!(run(alone(task), input).task_with("S", error(name)).finish().output(), expected);
}

#[test]
fn the_error_becomes_the_output() {
    let all = json!([{"ErrorEquals": ["States.ALL"], "Next": "N"}]);
    let expected = json!({"Error": "E", "Cause": "why"});
    give(all.clone(), "E", json!({"a": 1}), expected.clone());
    give_jsonata(all, "E", json!({"a": 1}), expected);
}

#[test]
fn result_path_puts_the_error_into_the_input() {
    let catch = |path: Json| json!([{"ErrorEquals": ["E"], "ResultPath": path, "Next": "N"}]);
    give(catch(json!("$.e")), "E", json!({"a": 1}), json!({"a": 1, "e": {"Error": "E", "Cause": "why"}}));
    give(catch(json!("$.e.f")), "E", json!({"a": 1}), json!({"a": 1, "e": {"f": {"Error": "E", "Cause": "why"}}}));
    give(catch(json!(null)), "E", json!({"a": 1}), json!({"a": 1}));
}

#[test]
fn result_selector_and_output_path_are_for_results_only() {
    let task = json!({
        "Type": "Task",
        "Resource": FUNCTION,
        "ResultSelector": {"x.$": "$.x"},
        "ResultPath": "$.r",
        "OutputPath": "$.r",
        "Catch": [{"ErrorEquals": ["E"], "ResultPath": "$.e", "Next": "N"}],
    });
    let outcome = run(alone(task), json!({"a": 1})).task_with("S", error("E")).finish();
    assert_eq!(outcome.output(), json!({"a": 1, "e": {"Error": "E", "Cause": "why"}}));
}

#[test]
fn output_makes_what_it_likes_of_the_error() {
    let output = json!({"e": "{% $states.errorOutput.Error %}", "c": "{% $states.errorOutput.Cause %}", "in": "{% $states.input.a %}"});
    let catch = json!([{"ErrorEquals": ["E"], "Output": output, "Next": "N"}]);
    give_jsonata(catch, "E", json!({"a": 1}), json!({"e": "E", "c": "why", "in": 1}));
}

#[test]
fn the_first_catcher_that_names_the_error_takes_it() {
    let by = |names: Json, to: &str| json!({"ErrorEquals": names, "Output": to, "Next": "N"});
    let catch = json!([
        by(json!(["A", "B"]), "first"),
        by(json!(["B", "C"]), "second"),
        by(json!(["States.TaskFailed"]), "third"),
        by(json!(["States.ALL"]), "last")
    ]);
    for (error, expected) in
        [("A", "first"), ("B", "first"), ("C", "second"), ("D", "third"), ("States.Timeout", "last")]
    {
        give_jsonata(catch.clone(), error, json!({}), json!(expected));
    }
}

#[test]
fn an_error_that_no_catcher_names_ends_the_run() {
    let task = json!({"Type": "Task", "Resource": FUNCTION, "Catch": [{"ErrorEquals": ["A"], "Next": "N"}]});
    failed(&run(alone(task), json!({})).task_with("S", error("B")).finish(), "B", "why");
}

#[test]
fn a_timeout_has_no_cause_in_the_history_and_an_empty_one_for_the_catcher() {
    let task = json!({"Type": "Task", "Resource": FUNCTION, "TimeoutSeconds": 5, "Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "N"}]});
    let outcome = run(alone(task), json!({})).task_with("S", |_| Answer::never()).finish();
    assert_eq!(details(&outcome, "LambdaFunctionTimedOut"), [json!({"error": "States.Timeout"})]);
    assert_eq!(outcome.output(), json!({"Error": "States.Timeout", "Cause": ""}));
}

#[test]
fn an_evaluation_error_can_be_caught() {
    let task = json!({
        "Type": "Task",
        "Resource": FUNCTION,
        "Output": "{% $states.result.no %}",
        "Catch": [{"ErrorEquals": ["States.QueryEvaluationError"], "Output": "{% $states.errorOutput.Error %}", "Next": "N"}],
    });
    let outcome = run(alone(in_jsonata(task)), json!({})).task("S", Ok).finish();
    assert_eq!(outcome.output(), json!("States.QueryEvaluationError"));
    assert_eq!(
        chain(&outcome),
        "ExecutionStarted(0) TaskStateEntered(0) LambdaFunctionScheduled(2) LambdaFunctionStarted(3) \
         LambdaFunctionSucceeded(4) EvaluationFailed(5) TaskStateExited(6) SucceedStateEntered(7) SucceedStateExited(8) \
         ExecutionSucceeded(9)"
    );
}

#[test]
fn an_error_in_the_catcher_itself_ends_the_run() {
    let task = json!({
        "Type": "Task",
        "Resource": FUNCTION,
        "Catch": [
            {"ErrorEquals": ["A"], "Next": "N"},
            {"ErrorEquals": ["States.ALL"], "Output": {"v": "{% $states.input.no %}"}, "Next": "N"},
        ],
    });
    let outcome = run(alone(in_jsonata(task)), json!({})).task_with("S", error("E")).finish();
    failed(
        &outcome,
        "States.QueryEvaluationError",
        "An error occurred while executing the state 'S' (entered at the event id #2). The JSONata expression \
         '$states.input.no' specified for the field 'Catch[1]/Output/v' returned nothing (undefined).",
    );
    let told = &details(&outcome, "EvaluationFailed")[0];
    assert_eq!((&told["location"], &told["state"]), (&json!("Catch[1]/Output/v"), &json!("S")));
}

#[test]
fn an_error_in_the_catcher_of_a_parallel_is_told_as_a_second_failure() {
    let state = json!({
        "Type": "Parallel",
        "Branches": [{"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E"}}}],
        "Catch": [
            {"ErrorEquals": ["A"], "Next": "N"},
            {"ErrorEquals": ["E"], "Output": {"v": "{% $states.input.no %}"}, "Next": "N"},
        ],
    });
    let outcome = run(alone(in_jsonata(state)), json!({})).finish();
    // Measured.
    assert_eq!(
        chain(&outcome),
        "ExecutionStarted(0) ParallelStateEntered(0) ParallelStateStarted(2) FailStateEntered(3) ParallelStateFailed(4) \
         EvaluationFailed(4) ParallelStateFailed(6) ExecutionFailed(7)"
    );
}

#[test]
fn an_error_without_name_and_cause_is_caught_with_nulls() {
    let config = formwork::asl::run::MockConfig::parse(
        r#"{"StateMachines": {"M": {"TestCases": {"T": {"S": "R"}}}}, "MockedResponses": {"R": {"0": {"Throw": {}}}}}"#,
    )
    .unwrap();
    let task = json!({"Type": "Task", "Resource": FUNCTION, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "N"}]});
    let outcome = run(alone(task), json!({})).test_case(config.test_case("M", "T").unwrap()).finish();
    assert_eq!(outcome.output(), json!({"Error": null, "Cause": null}));
}

#[test]
fn the_handler_may_fail_as_well() {
    let states = json!({
        "T": {"Type": "Task", "Resource": FUNCTION, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "H"}], "Next": "Z"},
        "H": {"Type": "Task", "Resource": FUNCTION, "End": true},
        "Z": {"Type": "Succeed"},
    });
    let outcome = run(jsonpath(states), json!({}))
        .task_with("T", error("First"))
        .task_with("H", answers(vec![Answer::error("Second", "again")]))
        .finish();
    failed(&outcome, "Second", "again");
}

#[test]
fn an_error_inside_passes_the_catchers_inside_first() {
    let inner =
        json!({"Type": "Task", "Resource": FUNCTION, "Catch": [{"ErrorEquals": ["A"], "Next": "H"}], "End": true});
    let state = |error: &str| {
        let state = json!({
            "Type": "Parallel",
            "Branches": [{"StartAt": "T", "States": {"T": inner, "H": {"Type": "Pass", "Result": "inside", "End": true}}}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.outside", "Next": "N"}],
        });
        value(&run(alone(state), json!({})).task_with("T", super::error(error)).finish())
    };
    assert_eq!(state("A"), json!(["inside"]));
    assert_eq!(state("B"), json!({"outside": {"Error": "B", "Cause": "why"}}));
}
