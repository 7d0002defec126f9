//! The distributed `Map`: an execution for each item or batch.

use formwork::asl::run::{Answer, Status};
use serde_json::{Value as Json, json};

use super::{FUNCTION, after, alone, chain, details, failed, in_jsonata, jsonata, run, seconds, value};

fn map(states: Json, fields: Json) -> Json {
    let start = states.as_object().and_then(|states| states.keys().next().cloned());
    let config = json!({"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"});
    let mut state = json!({
        "Type": "Map",
        "ItemProcessor": {"ProcessorConfig": config, "StartAt": start, "States": states},
    });
    for (name, value) in fields.as_object().into_iter().flatten() {
        state[name] = value.clone();
    }
    state
}

fn pass(fields: Json) -> Json {
    map(json!({"I": {"Type": "Pass", "End": true}}), fields)
}

fn task(fields: Json) -> Json {
    map(json!({"T": {"Type": "Task", "Resource": FUNCTION, "End": true}}), fields)
}

/// Fails the items that are true.
fn failing(call: &formwork::asl::run::TaskCall<'_>) -> Answer {
    let fails = call.input() == &json!(true)
        || call.input()["Items"].as_array().is_some_and(|items| items.contains(&json!(true)));
    if fails { Answer::error("E", "why") } else { Answer::ok(json!("fine")) }
}

const THRESHOLD: &str = "States.ExceedToleratedFailureThreshold";

#[test]
fn its_items_tell_nothing_in_the_history() {
    let outcome = run(alone(pass(json!({"Label": "L", "Next": "N"}))), json!(["a", "b"])).finish();
    assert_eq!(outcome.output(), json!(["a", "b"]));
    // Measured.
    assert!(
        chain(&outcome).starts_with(
            "ExecutionStarted(0) MapStateEntered(0) MapStateStarted(2) MapRunStarted(3) MapRunSucceeded(4) \
             MapStateSucceeded(5) MapStateExited(4) SucceedStateEntered(7)"
        ),
        "{}",
        chain(&outcome)
    );
    let arn = details(&outcome, "MapRunStarted")[0]["mapRunArn"].as_str().unwrap_or_default().to_owned();
    assert!(arn.starts_with("arn:aws:states:us-east-1:123456789012:mapRun:StateMachine/L:"), "{arn}");
}

#[test]
fn a_child_is_an_execution_of_its_own() {
    let state = map(
        json!({"I": {"Type": "Pass", "InputPath": "$$", "End": true}}),
        json!({"Label": "L", "ItemSelector": {"v.$": "$$.Map.Item.Value"}}),
    );
    let outcome = run(alone(state), json!([7])).finish();
    let context = &outcome.output()[0];
    assert_eq!(context["Execution"]["Input"], json!({"v": 7}));
    let name = context["Execution"]["Name"].as_str().unwrap_or_default();
    assert_eq!(
        context["Execution"]["Id"],
        json!(format!("arn:aws:states:us-east-1:123456789012:execution:StateMachine/L:{name}"))
    );
    assert_eq!(context["StateMachine"]["Id"], "arn:aws:states:us-east-1:123456789012:stateMachine:StateMachine/L");
    // The item is known to the `Map` alone.
    assert_eq!(context.get("Map"), None);
}

#[test]
fn without_a_label_the_run_has_a_uuid() {
    let outcome = run(alone(pass(json!({}))), json!([1])).finish();
    let arn = details(&outcome, "MapRunStarted")[0]["mapRunArn"].as_str().unwrap_or_default().to_owned();
    let label = arn.split('/').nth(1).and_then(|rest| rest.split(':').next()).unwrap_or_default();
    assert_eq!((label.len(), label.matches('-').count()), (36, 4), "{arn}");
}

#[test]
fn a_child_does_not_see_the_variables_outside() {
    let item = in_jsonata(json!({"Type": "Pass", "Output": "{% $exists($x) %}", "End": true}));
    let mut state = map(json!({"I": item}), json!({"Items": [1], "ItemSelector": "{% $x %}"}));
    state["End"] = true.into();
    let states = json!({"A": {"Type": "Pass", "Assign": {"x": 1}, "Next": "M"}, "M": state});
    assert_eq!(run(jsonata(states), json!({})).finish().output(), json!([false]));
}

#[test]
fn events_inside_are_numbered_by_the_child() {
    let state = map(
        json!({"A": {"Type": "Pass", "Next": "I"}, "I": in_jsonata(json!({"Type": "Task", "Resource": FUNCTION, "Catch": [{"ErrorEquals": ["States.ALL"], "Output": "{% $states.errorOutput.Cause %}", "Next": "Z"}], "Output": "{% $states.result.no %}", "End": true})), "Z": {"Type": "Succeed"}}),
        json!({}),
    );
    let outcome = run(alone(state), json!([1])).task("I", Ok).finish();
    assert_eq!(
        outcome.output(),
        json!([
            "An error occurred while executing the state 'I' (entered at the event id #4). The JSONata expression \
                '$states.result.no' specified for the field 'Output' returned nothing (undefined)."
        ])
    );
}

#[test]
fn without_tolerance_the_first_failure_is_one_too_many() {
    let outcome = run(alone(task(json!({}))), json!([false, true])).task_with("T", failing).finish();
    failed(&outcome, THRESHOLD, "The specified tolerated failure threshold was exceeded");
    assert_eq!(
        chain(&outcome),
        "ExecutionStarted(0) MapStateEntered(0) MapStateStarted(2) MapRunStarted(3) MapRunFailed(4) MapStateFailed(5) \
         ExecutionFailed(6)"
    );
}

#[test]
fn so_many_failures_are_tolerated() {
    let items = json!([false, true, true, false]);
    for (fields, succeeds) in [
        (json!({"ToleratedFailureCount": 2}), true),
        (json!({"ToleratedFailureCount": 1}), false),
        (json!({"ToleratedFailurePercentage": 50}), true),
        (json!({"ToleratedFailurePercentage": 49.5}), false),
        (json!({"ToleratedFailurePercentage": 100}), true),
        (json!({"ToleratedFailureCount": 2, "ToleratedFailurePercentage": 10}), false),
        (json!({"ToleratedFailureCount": 1, "ToleratedFailurePercentage": 90}), false),
        (json!({"ToleratedFailureCount": 0}), false),
        // Measured on AWS: a threshold of 0 is not set.
        (json!({"ToleratedFailureCount": 0, "ToleratedFailurePercentage": 50}), true),
        (json!({"ToleratedFailureCount": 2, "ToleratedFailurePercentage": 0}), true),
        (json!({"ToleratedFailureCount": 0, "ToleratedFailurePercentage": 49}), false),
        (json!({"ToleratedFailureCount": 0, "ToleratedFailurePercentage": 0}), false),
    ] {
        let outcome = run(alone(task(fields.clone())), items.clone()).task_with("T", failing).finish();
        if succeeds {
            // What failed says so in its place.
            let failure = json!({"Status": "FAILED", "Error": "E", "Cause": "why"});
            assert_eq!(outcome.output(), json!(["fine", failure, failure, "fine"]), "{fields}");
        } else {
            assert_eq!(outcome.error(), Some(THRESHOLD), "{fields}");
        }
    }
}

#[test]
fn a_failed_batch_counts_with_its_items_and_takes_one_place() {
    let batches = |fields: Json| {
        let mut state = task(json!({"ItemBatcher": {"MaxItemsPerBatch": 2}}));
        state.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        run(alone(state), json!([1, 2, 3, 4, 5]))
            .task_with("T", |call| match call.input()["Items"][0] == 1 {
                true => Answer::error("Rotten", "r"),
                false => Answer::ok(call.input()["Items"].clone()),
            })
            .finish()
    };
    let failure = json!({"Status": "FAILED", "Error": "Rotten", "Cause": "r"});
    let all = json!([failure, [3, 4], [5]]);
    assert_eq!(batches(json!({"ToleratedFailureCount": 2})).output(), all);
    assert_eq!(batches(json!({"ToleratedFailureCount": 1})).error(), Some(THRESHOLD));
    // Two items of five.
    assert_eq!(batches(json!({"ToleratedFailurePercentage": 40})).output(), all);
    assert_eq!(batches(json!({"ToleratedFailurePercentage": 39})).error(), Some(THRESHOLD));
}

#[test]
fn tolerance_may_come_from_the_input() {
    let by_path = task(json!({"ItemsPath": "$.l", "ToleratedFailureCountPath": "$.n"}));
    let by_percentage = task(json!({"ItemsPath": "$.l", "ToleratedFailurePercentagePath": "$.p"}));
    let mut by_expression =
        in_jsonata(task(json!({"Items": "{% $states.input.l %}", "ToleratedFailureCount": "{% $states.input.n %}"})));
    by_expression["ItemProcessor"]["States"]["T"]["QueryLanguage"] = "JSONata".into();
    for state in [by_path, by_percentage, by_expression] {
        for (count, percentage, status) in [(1, 50.0, Status::Succeeded), (0, 33.3, Status::Failed)] {
            let outcome = run(alone(state.clone()), json!({"l": [true, false], "n": count, "p": percentage}))
                .task_with("T", failing)
                .finish();
            assert_eq!(outcome.status(), status);
        }
    }
}

#[test]
fn a_failed_run_can_be_caught_and_retried() {
    let catch = json!([{"ErrorEquals": [THRESHOLD], "Next": "N"}]);
    let outcome = run(alone(task(json!({"Catch": catch}))), json!([true])).task_with("T", failing).finish();
    assert_eq!(outcome.output()["Error"], THRESHOLD);
    let retry = json!([{"ErrorEquals": ["States.ALL"], "MaxAttempts": 2, "BackoffRate": 1}]);
    let outcome = run(alone(task(json!({"Retry": retry}))), json!([true]))
        .task_with("T", |call| if call.number() < 3 { Answer::error("E", "") } else { Answer::ok(json!("third")) })
        .finish();
    assert_eq!((value(&outcome), seconds(&outcome)), (json!(["third"]), 2.0));
}

#[test]
fn what_the_service_cannot_run_fails_the_child_alone() {
    let state = map(
        json!({"I": {"Type": "Pass", "Parameters": {"x.$": "$.x"}, "End": true}}),
        json!({"ToleratedFailureCount": 1}),
    );
    let outcome = run(alone(state), json!([{"x": 1}, {}])).finish();
    let cause = "An error occurred while executing the state 'I' (entered at the event id #2). The JSONPath '$.x' \
                 specified for the field 'x.$' could not be found in the input '{}'";
    assert_eq!(outcome.output(), json!([{"x": 1}, {"Status": "FAILED", "Error": "States.Runtime", "Cause": cause}]));
}

#[test]
fn a_failure_of_the_run_stops_what_still_runs() {
    let outcome = run(alone(task(json!({}))), json!([false, true]))
        .task_with("T", |call| match call.input() == &json!(true) {
            true => Answer::error("E", "").after(after(5)),
            false => Answer::ok(json!(1)).after(after(500)),
        })
        .finish();
    assert_eq!((*outcome.error(), seconds(&outcome)), (Some(THRESHOLD), 5.0));
}

#[test]
fn children_run_at_once_unless_limited() {
    for (fields, expected) in
        [(json!({}), 10.0), (json!({"MaxConcurrency": 50}), 20.0), (json!({"MaxConcurrency": 1}), 1_000.0)]
    {
        let outcome = run(alone(task(fields)), json!(vec![0; 100]))
            .task_with("T", |_| Answer::ok(json!(1)).after(after(10)))
            .finish();
        assert_eq!(seconds(&outcome), expected);
    }
}

#[test]
fn an_express_child_has_five_minutes() {
    let mut state = task(json!({"ToleratedFailurePercentage": 100}));
    state["ItemProcessor"]["ProcessorConfig"]["ExecutionType"] = "EXPRESS".into();
    let outcome = run(alone(state), json!([1])).task_with("T", |_| Answer::never()).finish();
    let failure = json!({"Status": "FAILED", "Error": "States.Timeout"});
    assert_eq!((value(&outcome), seconds(&outcome)), (json!([failure]), 300.0));
}

#[test]
fn items_come_in_batches() {
    let batch = |batcher: Json, input: Json| {
        let outcome = run(alone(pass(json!({"ItemsPath": "$.l", "ItemBatcher": batcher}))), input).finish();
        value(&outcome)
    };
    let input = json!({"l": [1, 2, 3], "n": 2, "k": "v"});
    assert_eq!(batch(json!({"MaxItemsPerBatch": 2}), input.clone()), json!([{"Items": [1, 2]}, {"Items": [3]}]));
    assert_eq!(
        batch(json!({"MaxItemsPerBatchPath": "$.n"}), input.clone()),
        json!([{"Items": [1, 2]}, {"Items": [3]}])
    );
    assert_eq!(
        batch(json!({"MaxItemsPerBatch": 9, "BatchInput": {"all": true, "k.$": "$.k"}}), input.clone()),
        json!([{"BatchInput": {"all": true, "k": "v"}, "Items": [1, 2, 3]}])
    );
    // {"Items":["aaaa","bbbb"]} has 25 bytes.
    let texts = json!({"l": ["aaaa", "bbbb", "cccc"], "b": 25});
    let expected = json!([{"Items": ["aaaa", "bbbb"]}, {"Items": ["cccc"]}]);
    assert_eq!(batch(json!({"MaxInputBytesPerBatch": 25}), texts.clone()), expected);
    assert_eq!(batch(json!({"MaxInputBytesPerBatchPath": "$.b"}), texts.clone()), expected);
    assert_eq!(batch(json!({"MaxInputBytesPerBatch": 24}), texts).as_array().map(Vec::len), Some(3));
}

#[test]
fn members_of_an_object_are_items_too() {
    let pairs = json!([{"Key": "a", "Value": 1}, {"Key": "b", "Value": {"c": 2}}]);
    let input = json!({"o": {"a": 1, "b": {"c": 2}}});
    let outcome = run(alone(pass(json!({"ItemsPath": "$.o"}))), input.clone()).finish();
    assert_eq!(outcome.output(), pairs);
    let outcome = run(alone(in_jsonata(pass(json!({"Items": "{% $states.input.o %}"})))), input.clone()).finish();
    assert_eq!(outcome.output(), pairs);
    let selector = json!({"k.$": "$$.Map.Item.Key", "v.$": "$$.Map.Item.Value", "n.$": "$$.Map.Item.Index"});
    let outcome = run(alone(pass(json!({"ItemsPath": "$.o", "ItemSelector": selector}))), input).finish();
    assert_eq!(outcome.output(), json!([{"k": "a", "v": 1, "n": 0}, {"k": "b", "v": {"c": 2}, "n": 1}]));
}

#[test]
fn the_selector_works_before_the_batcher() {
    let state = pass(json!({"ItemSelector": {"v.$": "$$.Map.Item.Value"}, "ItemBatcher": {"MaxItemsPerBatch": 2}}));
    let outcome = run(alone(state), json!(["a", "b", "c"])).finish();
    assert_eq!(outcome.output(), json!([{"Items": [{"v": "a"}, {"v": "b"}]}, {"Items": [{"v": "c"}]}]));
}

#[test]
fn a_result_writer_leaves_the_place_of_the_results() {
    let writer = |name: &str| json!({"ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", name: {"Bucket": "b", "Prefix": "p"}}});
    for state in [pass(writer("Parameters")), {
        let mut state = in_jsonata(pass(writer("Arguments")));
        state["Items"] = json!([1]);
        state
    }] {
        let outcome = run(alone(state), json!([1])).finish();
        let arn = details(&outcome, "MapRunStarted")[0]["mapRunArn"].as_str().unwrap_or_default().to_owned();
        let id = arn.rsplit(':').next().unwrap_or_default();
        let key = format!("p/{id}/manifest.json");
        let expected = json!({"MapRunArn": arn, "ResultWriterDetails": {"Bucket": "b", "Key": key}});
        assert_eq!(outcome.output(), expected);
    }
}

#[test]
fn a_result_writer_without_a_bucket_only_forms_the_results() {
    let form = |transformation: &str| {
        let writer = json!({"WriterConfig": {"Transformation": transformation, "OutputType": "JSON"}});
        value(&run(alone(pass(json!({"ResultWriter": writer}))), json!([[1, 2], 3])).finish())
    };
    assert_eq!(form("COMPACT"), json!([[1, 2], 3]));
    assert_eq!(form("FLATTEN"), json!([1, 2, 3]));
}

#[test]
fn a_distributed_map_over_nothing_succeeds() {
    let outcome = run(alone(pass(json!({}))), json!([])).finish();
    assert_eq!(outcome.output(), json!([]));
}
