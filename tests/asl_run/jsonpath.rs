//! The fields of JSONPath states, in the order in which they work on the data.

use formwork::asl::run::Answer;
use serde_json::json;

use super::{FUNCTION, alone, chain, fail, give, output, run, value};

#[test]
fn a_pass_hands_on_its_input_its_parameters_or_its_result() {
    give(json!({"Type": "Pass"}), json!({"a": 1}), json!({"a": 1}));
    give(json!({"Type": "Pass"}), json!(null), json!(null));
    give(json!({"Type": "Pass", "Result": {"b.$": "$.a"}}), json!({"a": 1}), json!({"b.$": "$.a"}));
    give(json!({"Type": "Pass", "Result": null}), json!({"a": 1}), json!(null));
    give(json!({"Type": "Pass", "Parameters": {"b.$": "$.a", "c": 2}}), json!({"a": 1}), json!({"b": 1, "c": 2}));
    // `Result` goes before `Parameters`.
    give(json!({"Type": "Pass", "Parameters": {"b.$": "$.a"}, "Result": 3}), json!({"a": 1}), json!(3));
}

#[test]
fn parameters_are_filled_at_any_depth() {
    let parameters = json!({
        "list": [{"deep": {"x.$": "$.a.b"}}, "$.a", 1],
        "whole.$": "$",
        "call.$": "States.Format('{}-{}', $.a.b, $.c)",
        "null": null,
    });
    let input = json!({"a": {"b": 1}, "c": "two"});
    let expected = json!({"list": [{"deep": {"x": 1}}, "$.a", 1], "whole": input, "call": "1-two", "null": null});
    give(json!({"Type": "Pass", "Parameters": parameters}), input, expected);
}

#[test]
fn input_path_chooses_what_the_state_sees() {
    give(json!({"Type": "Pass", "InputPath": "$.a"}), json!({"a": {"b": 1}}), json!({"b": 1}));
    give(json!({"Type": "Pass", "InputPath": "$"}), json!([1]), json!([1]));
    give(json!({"Type": "Pass", "InputPath": null}), json!({"a": 1}), json!({}));
    give(json!({"Type": "Pass", "InputPath": "$.l[1:]"}), json!({"l": [1, 2, 3]}), json!([2, 3]));
    give(json!({"Type": "Pass", "InputPath": "$$.Execution.Input.a"}), json!({"a": 1}), json!(1));
    give(
        json!({"Type": "Pass", "InputPath": "$.a", "Parameters": {"x.$": "$.b"}}),
        json!({"a": {"b": 1}}),
        json!({"x": 1}),
    );
    give(json!({"Type": "Succeed", "InputPath": "$.a", "OutputPath": "$.b"}), json!({"a": {"b": 1}}), json!(1));
    give(
        json!({"Type": "Wait", "Seconds": 1, "InputPath": "$.a", "OutputPath": "$.b"}),
        json!({"a": {"b": 1}}),
        json!(1),
    );
}

#[test]
fn result_path_puts_the_result_into_the_whole_input() {
    let pass = |path: serde_json::Value| json!({"Type": "Pass", "Result": 9, "ResultPath": path});
    give(pass(json!("$")), json!({"a": 1}), json!(9));
    give(pass(json!("$.r")), json!({"a": 1}), json!({"a": 1, "r": 9}));
    give(pass(json!("$.a")), json!({"a": 1}), json!({"a": 9}));
    give(pass(json!("$.x.y.z")), json!({"a": 1}), json!({"a": 1, "x": {"y": {"z": 9}}}));
    give(pass(json!("$.l[1]")), json!({"l": [1, 2, 3]}), json!({"l": [1, 9, 3]}));
    give(pass(json!("$[0].r")), json!([{"a": 1}]), json!([{"a": 1, "r": 9}]));
    give(pass(json!(null)), json!({"a": 1}), json!({"a": 1}));
    // Not into what `InputPath` left of it.
    let state = json!({"Type": "Pass", "InputPath": "$.a", "ResultPath": "$.r"});
    give(state, json!({"a": {"b": 1}}), json!({"a": {"b": 1}, "r": {"b": 1}}));
}

#[test]
fn a_result_that_has_no_place_ends_the_run() {
    let pass = json!({"Type": "Pass", "Result": 9, "ResultPath": "$.a.b"});
    let cause = r#"Unable to apply ReferencePath $.a.b to input {"a":1}"#;
    fail(pass.clone(), json!({"a": 1}), "States.ReferencePathConflict", cause);
    fail(pass, json!("text"), "States.ReferencePathConflict", r#"Unable to apply ReferencePath $.a.b to input "text""#);
    let index = json!({"Type": "Pass", "Result": 9, "ResultPath": "$.l[3]"});
    let cause = r#"Unable to apply ReferencePath $.l[3] to input {"l":[]}"#;
    fail(index, json!({"l": []}), "States.ReferencePathConflict", cause);
}

#[test]
fn output_path_chooses_from_input_and_result() {
    let pass =
        |path: serde_json::Value| json!({"Type": "Pass", "Result": {"v": 9}, "ResultPath": "$.r", "OutputPath": path});
    give(pass(json!("$.r.v")), json!({"a": 1}), json!(9));
    give(pass(json!("$.a")), json!({"a": 1}), json!(1));
    give(pass(json!(null)), json!({"a": 1}), json!({}));
    give(pass(json!("$$.Execution.Input")), json!({"a": 1}), json!({"a": 1}));
    give(pass(json!("$..v")), json!({"a": 1}), json!([9]));
}

#[test]
fn a_task_sends_its_parameters_and_selects_from_its_result() {
    let task = json!({
        "Type": "Task",
        "Resource": FUNCTION,
        "InputPath": "$.order",
        "Parameters": {"id.$": "$.id", "by.$": "$$.State.Name"},
        "ResultSelector": {"price.$": "$.amount", "raw.$": "$", "state.$": "$$.State.Name"},
        "ResultPath": "$.quote",
        "OutputPath": "$.quote",
    });
    let outcome =
        run(alone(task), json!({"order": {"id": 7}, "other": 1})).task("S", |_| Ok(json!({"amount": 12}))).finish();
    assert_eq!(outcome.calls("S"), [&json!({"id": 7, "by": "S"})]);
    assert_eq!(outcome.output(), json!({"price": 12, "raw": {"amount": 12}, "state": "S"}));
}

#[test]
fn a_task_without_parameters_sends_its_input() {
    let task = json!({"Type": "Task", "Resource": FUNCTION, "InputPath": "$.a"});
    let outcome = run(alone(task), json!({"a": [1]})).task("S", Ok).finish();
    assert_eq!((outcome.calls("S").to_vec(), value(&outcome)), (vec![&json!([1])], json!([1])));
}

#[test]
fn a_parallel_has_the_same_fields() {
    let state = json!({
        "Type": "Parallel",
        "InputPath": "$.a",
        "Parameters": {"x.$": "$.b"},
        "Branches": [
            {"StartAt": "L", "States": {"L": {"Type": "Pass", "End": true}}},
            {"StartAt": "R", "States": {"R": {"Type": "Pass", "Result": 2, "End": true}}},
        ],
        "ResultSelector": {"left.$": "$[0]", "right.$": "$[1]"},
        "ResultPath": "$.r",
        "OutputPath": "$.r",
    });
    give(state, json!({"a": {"b": 1}}), json!({"left": {"x": 1}, "right": 2}));
}

#[test]
fn a_map_has_them_for_its_items() {
    let map = |fields: serde_json::Value| {
        let mut state = json!({
            "Type": "Map",
            "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}},
        });
        for (name, value) in fields.as_object().into_iter().flatten() {
            state[name] = value.clone();
        }
        state
    };
    give(map(json!({})), json!([1, 2]), json!([1, 2]));
    give(map(json!({"ItemsPath": "$.l"})), json!({"l": [1, 2]}), json!([1, 2]));
    give(map(json!({"InputPath": "$.in", "ItemsPath": "$.l"})), json!({"in": {"l": [3]}}), json!([3]));
    give(map(json!({"ItemsPath": "$$.Execution.Input.l"})), json!({"l": [4]}), json!([4]));
    give(map(json!({"ItemsPath": "$.l[1:]"})), json!({"l": [1, 2, 3]}), json!([2, 3]));
    let selector = json!({"all.$": "$", "it.$": "$$.Map.Item.Value", "n.$": "$$.Map.Item.Index"});
    for field in ["ItemSelector", "Parameters"] {
        give(
            map(json!({"InputPath": "$.in", "ItemsPath": "$.l", field: selector})),
            json!({"in": {"l": ["a"], "k": 1}}),
            json!([{"all": {"l": ["a"], "k": 1}, "it": "a", "n": 0}]),
        );
    }
    give(
        map(
            json!({"ItemsPath": "$.l", "ResultSelector": {"n.$": "States.ArrayLength($)"}, "ResultPath": "$.r", "OutputPath": "$.r.n"}),
        ),
        json!({"l": [1, 2]}),
        json!(2),
    );
}

#[test]
fn a_legacy_iterator_is_an_item_processor() {
    let state = json!({
        "Type": "Map",
        "Iterator": {"StartAt": "I", "States": {"I": {"Type": "Pass", "Result": 1, "End": true}}},
    });
    give(state, json!(["a", "b"]), json!([1, 1]));
}

#[test]
fn a_result_selector_sees_only_the_result() {
    let task = json!({"Type": "Task", "Resource": FUNCTION, "ResultSelector": {"x.$": "$.a"}});
    let outcome = run(alone(task), json!({"a": 1})).task_with("S", |_| Answer::ok(json!({"b": 2}))).finish();
    super::failed(
        &outcome,
        "States.Runtime",
        r#"An error occurred while executing the state 'S' (entered at the event id #2). The JSONPath '$.a' specified for the field 'x.$' could not be found in the input '{"b":2}'"#,
    );
    assert_eq!(
        chain(&outcome),
        "ExecutionStarted(0) TaskStateEntered(0) LambdaFunctionScheduled(2) LambdaFunctionStarted(3) \
         LambdaFunctionSucceeded(4) ExecutionFailed(5)"
    );
}

#[test]
fn an_index_past_the_end_is_null_in_a_template_only() {
    let input = json!({"l": [1]});
    give(json!({"Type": "Pass", "Parameters": {"x.$": "$.l[5]"}}), input.clone(), json!({"x": null}));
    assert!(run(alone(json!({"Type": "Pass", "OutputPath": "$.l[5]"})), input).finish().error().is_some());
}

#[test]
fn indefinite_paths_give_lists() {
    let pass = |path: &str| json!({"Type": "Pass", "Parameters": {"x.$": path}});
    give(pass("$.no[*]"), json!({}), json!({"x": []}));
    give(pass("$.no[1:].v"), json!({}), json!({"x": []}));
    give(pass("$.l[*].v"), json!({"l": [{"v": 1}, {}, {"v": 3}]}), json!({"x": [1, 3]}));
    give(pass("$.l[?(@.v > 1)]"), json!({"l": [{"v": 1}, {"v": 3}]}), json!({"x": [{"v": 3}]}));
}

#[test]
fn keys_with_special_characters_are_found() {
    assert_eq!(
        output(alone(json!({"Type": "Pass", "Parameters": {"x.$": "$['a b'].c-d"}})), json!({"a b": {"c-d": 1}})),
        json!({"x": 1})
    );
}

#[test]
fn a_path_into_nothing_fails_before_it_is_looked_for() {
    let nothing = |state: serde_json::Value| {
        let outcome = run(alone(state), json!(null)).finish();
        assert_eq!(outcome.error(), Some("States.Runtime"));
        let cause = outcome.cause().map(str::to_owned).unwrap_or_default();
        assert!(cause.ends_with(" Unable to apply Path transformation to null or empty input."), "{cause}");
    };
    nothing(json!({"Type": "Pass", "InputPath": "$.a"}));
    nothing(json!({"Type": "Pass", "OutputPath": "$.a"}));
    nothing(json!({"Type": "Pass", "Parameters": {"x.$": "$.a"}}));
    nothing(json!({"Type": "Wait", "SecondsPath": "$.a"}));
    nothing(json!({"Type": "Wait", "TimestampPath": "$.a"}));
    nothing(json!({"Type": "Fail", "ErrorPath": "$.a"}));
    for rule in [json!({"StringEquals": "a"}), json!({"IsPresent": false}), json!({"IsNull": true})] {
        let mut rule = rule;
        rule["Variable"] = "$.a".into();
        rule["Next"] = "N".into();
        nothing(json!({"Type": "Choice", "Choices": [rule], "Default": "N"}));
    }
    // The whole of nothing is there, and so are the context and variables.
    give(json!({"Type": "Pass", "Parameters": {"x.$": "$"}}), json!(null), json!({"x": null}));
    give(json!({"Type": "Pass", "Parameters": {"x.$": "$$.State.Name"}}), json!(null), json!({"x": "S"}));
}

#[test]
fn an_index_is_counted_from_the_start() {
    let outcome = run(alone(json!({"Type": "Pass", "Parameters": {"x.$": "$.l[-1]"}})), json!({"l": [1]})).finish();
    let expected = "The JSONPath '$.l[-1]' specified for the field 'x.$' could not be found in the input '{\"l\":[1]}'";
    assert!(outcome.cause().is_some_and(|cause| cause.ends_with(expected)), "{:?}", outcome.cause());
    give(json!({"Type": "Pass", "InputPath": "$.l[(@.length-1)]"}), json!({"l": [1, 2]}), json!(2));
}
