//! The inline `Map`.

use formwork::asl::run::Answer;
use serde_json::{Value as Json, json};

use super::{FUNCTION, after, alone, answers, chain, details, failed, give, in_jsonata, run, seconds, value};

fn map(states: Json) -> Json {
    let start = states.as_object().and_then(|states| states.keys().next().cloned());
    json!({"Type": "Map", "ItemProcessor": {"StartAt": start, "States": states}})
}

fn with(mut state: Json, fields: Json) -> Json {
    for (name, value) in fields.as_object().into_iter().flatten() {
        state[name] = value.clone();
    }
    state
}

fn pass() -> Json {
    map(json!({"I": {"Type": "Pass", "End": true}}))
}

fn task() -> Json {
    map(json!({"T": {"Type": "Task", "Resource": FUNCTION, "End": true}}))
}

#[test]
fn results_are_in_the_order_of_the_items() {
    // The first takes longest.
    let outcome = run(alone(task()), json!([5, 3, 1]))
        .task_with("T", |call| {
            Answer::ok(json!(call.item_index())).after(after(call.input().as_u64().unwrap_or_default()))
        })
        .finish();
    assert_eq!((value(&outcome), seconds(&outcome)), (json!([0, 1, 2]), 5.0));
}

#[test]
fn so_many_iterations_run_at_once() {
    for (most, items, expected) in [
        (1, 4, 40.0),
        (2, 4, 20.0),
        (2, 5, 30.0),
        (3, 4, 20.0),
        (9, 4, 10.0),
        (0, 40, 10.0),
        (0, 41, 20.0),
        (100, 80, 20.0),
    ] {
        let state = with(task(), json!({"MaxConcurrency": most}));
        let outcome =
            run(alone(state), json!(vec![0; items])).task_with("T", |_| Answer::ok(json!(1)).after(after(10))).finish();
        assert_eq!(seconds(&outcome), expected, "{items} items, {most} at once");
    }
}

#[test]
fn the_next_iteration_starts_when_one_ends() {
    let state = with(task(), json!({"MaxConcurrency": 2}));
    // 1: 0-10, 2: 0-4, 3: 4-8, 4: 8-12.
    let outcome = run(alone(state), json!([10, 4, 4, 4]))
        .task_with("T", |call| {
            Answer::ok(json!(call.elapsed().as_secs())).after(after(call.input().as_u64().unwrap_or_default()))
        })
        .finish();
    assert_eq!((value(&outcome), seconds(&outcome)), (json!([0, 0, 4, 8]), 12.0));
}

#[test]
fn max_concurrency_may_come_from_the_input() {
    let state = with(task(), json!({"MaxConcurrencyPath": "$.n", "ItemsPath": "$.l"}));
    for (value, expected) in [(json!(1), 30.0), (json!(2), 20.0), (json!(0), 10.0)] {
        let outcome = run(alone(state.clone()), json!({"n": value, "l": [1, 2, 3]}))
            .task_with("T", |_| Answer::ok(json!(1)).after(after(10)))
            .finish();
        assert_eq!(seconds(&outcome), expected);
    }
    let refuse = |value: Json, cause: &str| {
        super::fail(state.clone(), json!({"n": value, "l": []}), "States.Runtime", cause);
    };
    refuse(
        json!("NoNumber"),
        r#"The MaxConcurrencyPath field refers to value "NoNumber" which is not a valid integer: $.n"#,
    );
    refuse(json!({}), r#"The MaxConcurrencyPath field refers to value "{}" which is not a valid integer: $.n"#);
    refuse(json!(1.5), r#"The MaxConcurrencyPath field refers to value "1.5" which is not a valid integer: $.n"#);
    refuse(json!(-1), "Expected non-negative integer for MaxConcurrency, got '-1' instead.");
    super::fail(state.clone(), json!({"l": []}), "States.Runtime", "Invalid path '$.n' : No results for path: $['n']");
}

#[test]
fn success_is_told_for_every_iteration() {
    let outcome = run(alone(with(pass(), json!({"Next": "N", "MaxConcurrency": 1}))), json!(["a", "b"])).finish();
    assert_eq!(
        chain(&outcome),
        "ExecutionStarted(0) MapStateEntered(0) MapStateStarted(2) MapIterationStarted(3) PassStateEntered(4) \
         PassStateExited(5) MapIterationSucceeded(6) MapIterationStarted(6) PassStateEntered(8) PassStateExited(9) \
         MapIterationSucceeded(10) MapStateSucceeded(11) MapStateExited(11) SucceedStateEntered(13) \
         SucceedStateExited(14) ExecutionSucceeded(15)"
    );
    assert_eq!(details(&outcome, "MapStateStarted"), [json!({"length": 2})]);
    assert_eq!(
        details(&outcome, "MapIterationSucceeded"),
        [json!({"name": "S", "index": 0}), json!({"name": "S", "index": 1})]
    );
}

#[test]
fn iterations_at_once_are_each_a_chain_of_their_own() {
    let outcome = run(alone(pass()), json!(["a", "b"])).finish();
    assert_eq!(
        chain(&outcome),
        "ExecutionStarted(0) MapStateEntered(0) MapStateStarted(2) MapIterationStarted(3) MapIterationStarted(3) \
         PassStateEntered(4) PassStateExited(6) MapIterationSucceeded(7) PassStateEntered(5) PassStateExited(9) \
         MapIterationSucceeded(10) MapStateSucceeded(11) MapStateExited(11) ExecutionSucceeded(13)"
    );
}

#[test]
fn a_map_over_nothing_is_done_at_once() {
    let outcome = run(alone(pass()), json!([])).finish();
    assert_eq!(outcome.output(), json!([]));
    // Measured.
    assert_eq!(
        chain(&outcome),
        "ExecutionStarted(0) MapStateEntered(0) MapStateStarted(2) MapStateSucceeded(3) MapStateExited(3) ExecutionSucceeded(5)"
    );
}

#[test]
fn an_iteration_that_fails_fails_the_state() {
    let state = map(json!({"I": in_jsonata(json!({"Type": "Pass", "Output": "{% $states.input.no %}", "End": true}))}));
    let outcome = run(alone(state), json!([1])).finish();
    failed(
        &outcome,
        "States.QueryEvaluationError",
        "An error occurred while executing the state 'I' (entered at the event id #5). The JSONata expression \
         '$states.input.no' specified for the field 'Output' returned nothing (undefined).",
    );
    // Measured.
    assert_eq!(
        chain(&outcome),
        "ExecutionStarted(0) MapStateEntered(0) MapStateStarted(2) MapIterationStarted(3) PassStateEntered(4) \
         EvaluationFailed(5) MapIterationFailed(6) MapStateFailed(6) ExecutionFailed(8)"
    );
    assert_eq!(details(&outcome, "MapIterationFailed"), [json!({"name": "S", "index": 0})]);
}

#[test]
fn what_the_service_cannot_run_ends_everything_at_once() {
    let state = with(
        map(json!({"I": {"Type": "Pass", "Parameters": {"x.$": "$.no"}, "End": true}})),
        json!({"Retry": [{"ErrorEquals": ["States.ALL"]}], "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "N"}], "MaxConcurrency": 1}),
    );
    let outcome = run(alone(state), json!([1, 2])).finish();
    failed(
        &outcome,
        "States.Runtime",
        "An error occurred while executing the state 'I' (entered at the event id #5). The JSONPath '$.no' specified for \
         the field 'x.$' could not be found in the input '1'",
    );
    // Measured: neither the iteration nor the `Map` is told to fail.
    assert_eq!(
        chain(&outcome),
        "ExecutionStarted(0) MapStateEntered(0) MapStateStarted(2) MapIterationStarted(3) PassStateEntered(4) \
         ExecutionFailed(5)"
    );
}

#[test]
fn a_failure_cuts_the_other_iterations() {
    let state = map(json!({
        "C": {"Type": "Choice", "Choices": [{"Variable": "$", "NumericEquals": 0, "Next": "F"}, {"Variable": "$", "NumericEquals": 1, "Next": "W"}], "Default": "T"},
        "W": {"Type": "Wait", "Seconds": 60, "End": true},
        "T": {"Type": "Task", "Resource": FUNCTION, "End": true},
        "F": {"Type": "Fail", "Error": "E", "Cause": "why"},
    }));
    let outcome = run(alone(state), json!([1, 2, 0])).task_with("T", |_| Answer::never()).finish();
    failed(&outcome, "E", "why");
    let last = outcome.events().iter().rev().find(|event| event.kind == "FailStateEntered").map(|event| event.id);
    let last = last.unwrap_or_default();
    // Measured: all of them follow the failure.
    let told: Vec<(&str, u64, Json)> = outcome
        .events()
        .iter()
        .skip_while(|event| event.id <= last)
        .map(|event| (event.kind, event.previous_event_id, event.details()))
        .collect();
    assert_eq!(
        told,
        [
            ("MapIterationAborted", last, json!({"name": "S", "index": 0})),
            ("WaitStateAborted", last, json!(null)),
            ("MapIterationAborted", last, json!({"name": "S", "index": 1})),
            ("TaskStateAborted", last, json!(null)),
            ("MapIterationFailed", last, json!({"name": "S", "index": 2})),
            ("MapStateFailed", last, json!(null)),
            ("ExecutionFailed", last + 6, json!({"error": "E", "cause": "why"})),
        ]
    );
}

#[test]
fn iterations_that_have_not_started_never_do() {
    let state = with(task(), json!({"MaxConcurrency": 1}));
    let outcome = run(alone(state), json!([1, 2, 3]))
        .task_with("T", answers(vec![Answer::ok(json!(1)), Answer::error("E", "why")]))
        .finish();
    assert_eq!((outcome.calls("T").len(), *outcome.error()), (2, Some("E")));
    assert_eq!(details(&outcome, "MapIterationAborted").len(), 0);
}

#[test]
fn a_selector_that_fails_fails_before_its_iteration() {
    let state = in_jsonata(with(pass(), json!({"ItemSelector": {"x": "{% $states.context.Map.Item.Value.no %}"}})));
    let outcome = run(alone(state), json!([{"no": 1}, {}])).finish();
    failed(
        &outcome,
        "States.QueryEvaluationError",
        "An error occurred while executing the state 'S' (entered at the event id #2). The JSONata expression \
         '$states.context.Map.Item.Value.no' specified for the field 'ItemSelector/x' returned nothing (undefined).",
    );
    let told = chain(&outcome);
    assert!(told.contains("MapStateFailed") && !told.contains("MapIterationFailed"), "{told}");
}

#[test]
fn items_that_cannot_be_made_fail_before_the_start() {
    let state = in_jsonata(with(pass(), json!({"Items": "{% $states.input.no %}"})));
    let outcome = run(alone(state), json!({})).finish();
    // Measured, but for the caught part.
    assert_eq!(
        chain(&outcome),
        "ExecutionStarted(0) MapStateEntered(0) EvaluationFailed(2) MapStateFailed(3) ExecutionFailed(4)"
    );
    assert_eq!(details(&outcome, "EvaluationFailed")[0]["location"], "Items");
    let caught = in_jsonata(with(
        pass(),
        json!({"Items": "{% $states.input.no %}", "Catch": [{"ErrorEquals": ["States.ALL"], "Output": 1, "Next": "N"}]}),
    ));
    give(caught, json!({}), json!(1));
}

#[test]
fn items_must_be_an_array() {
    let of = |path: &str, input: Json, cause: &str| {
        super::fail(with(pass(), json!({"ItemsPath": path})), input, "States.Runtime", cause);
    };
    of("$.l", json!({"l": {"a": 1}}), r#"Reference path "$.l" must point to array."#);
    of("$.l", json!({"l": "text"}), r#"Reference path "$.l" must point to array."#);
    of("$.l", json!({}), "Invalid path '$.l' : No results for path: $['l']");
    super::fail(pass(), json!({"a": 1}), "States.Runtime", r#"Reference path "$" must point to array."#);
}

#[test]
fn a_map_goes_on_after_a_catch() {
    let state = with(task(), json!({"Catch": [{"ErrorEquals": ["E"], "ResultPath": null, "Next": "N"}]}));
    let outcome = run(alone(state), json!([1])).task_with("T", super::error("E")).finish();
    assert_eq!(outcome.output(), json!([1]));
    assert!(
        chain(&outcome).contains("LambdaFunctionFailed(7) MapIterationFailed(8) MapStateFailed(8) MapStateExited(10)"),
        "{}",
        chain(&outcome)
    );
}

#[test]
fn a_retried_map_runs_all_of_its_items_again() {
    let state = with(task(), json!({"MaxConcurrency": 1, "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": 1}]}));
    let outcome = run(alone(state), json!([1, 2]))
        .task_with("T", answers(vec![Answer::ok(json!("a")), Answer::error("E", ""), Answer::ok(json!("b"))]))
        .finish();
    assert_eq!((value(&outcome), outcome.calls("T").len()), (json!(["b", "b"]), 4));
    let told = chain(&outcome);
    assert_eq!((told.matches("MapStateStarted").count(), told.matches("MapStateFailed").count()), (2, 0));
}

#[test]
fn maps_nest() {
    let inner = with(task(), json!({"End": true}));
    let outcome = run(alone(map(json!({"M": inner}))), json!([[1, 2], [3]]))
        .task_with("T", |call| Answer::ok(json!([call.item_index(), call.input()])).after(after(10)))
        .finish();
    assert_eq!((value(&outcome), seconds(&outcome)), (json!([[[0, 1], [1, 2]], [[0, 3]]]), 10.0));
}

#[test]
fn an_iteration_may_loop_and_choose() {
    let state = map(json!({
        "T": {"Type": "Task", "Resource": FUNCTION, "Next": "C"},
        "C": {"Type": "Choice", "Choices": [{"Variable": "$", "NumericLessThan": 10, "Next": "T"}], "Default": "E"},
        "E": {"Type": "Succeed"},
    }));
    let outcome = run(alone(state), json!([1, 9, 10]))
        .task("T", |input| Ok(json!(input.as_i64().unwrap_or_default() * 2)))
        .finish();
    assert_eq!(outcome.output(), json!([16, 18, 20]));
}

#[test]
fn a_thousand_items_keep_their_order() {
    let items: Vec<u64> = (0..1_000).collect();
    let outcome = run(alone(task()), json!(items)).task("T", Ok).finish();
    assert_eq!(outcome.output(), json!(items));
}
