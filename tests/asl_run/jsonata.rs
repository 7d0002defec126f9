//! The fields of JSONata states, and workflows of both languages.

use formwork::asl::run::Answer;
use serde_json::json;

use super::{FUNCTION, after, alone, details, fail, failed, give, in_jsonata, jsonpath, output, run, seconds};

#[test]
fn output_takes_any_json() {
    let pass = |output: serde_json::Value| in_jsonata(json!({"Type": "Pass", "Output": output}));
    let input = json!({"a": {"b": [1, 2]}});
    give(in_jsonata(json!({"Type": "Pass"})), input.clone(), input.clone());
    give(pass(json!("{% $states.input.a.b[0] %}")), input.clone(), json!(1));
    give(
        pass(json!({"x": "{% $states.input.a.b %}", "y": ["{% 1 + 1 %}", "plain"]})),
        input.clone(),
        json!({"x": [1, 2], "y": [2, "plain"]}),
    );
    for plain in [json!(null), json!(1.5), json!("text"), json!([]), json!({"a.$": "$.a"})] {
        give(pass(plain.clone()), input.clone(), plain);
    }
    // Only a string that is nothing but the expression is one.
    give(pass(json!(["x {% 1 %} y", " {% 1 %} "])), input, json!(["x {% 1 %} y", " {% 1 %} "]));
}

#[test]
fn every_state_that_has_an_output_has_output() {
    let expected = json!({"from": 1});
    let output = json!({"from": "{% $states.input.a %}"});
    for state in [
        json!({"Type": "Pass"}),
        json!({"Type": "Succeed"}),
        json!({"Type": "Wait", "Seconds": 1}),
        json!({"Type": "Choice", "Choices": [{"Condition": "{% false %}", "Next": "N"}], "Default": "N"}),
        json!({"Type": "Parallel", "Branches": [{"StartAt": "B", "States": {"B": {"Type": "Pass", "End": true}}}]}),
        json!({"Type": "Map", "Items": [], "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}}}),
    ] {
        let mut state = in_jsonata(state);
        state["Output"] = output.clone();
        give(state, json!({"a": 1}), expected.clone());
    }
}

#[test]
fn a_task_sends_its_arguments_and_makes_its_output_of_the_result() {
    let task = json!({
        "Type": "Task",
        "Resource": FUNCTION,
        "Arguments": {"id": "{% $states.input.id %}", "twice": "{% $states.input.id * 2 %}"},
        "Output": {"in": "{% $states.input.id %}", "out": "{% $states.result.v %}"},
    });
    let outcome = run(alone(in_jsonata(task)), json!({"id": 7})).task("S", |_| Ok(json!({"v": 9}))).finish();
    assert_eq!(outcome.calls("S"), [&json!({"id": 7, "twice": 14})]);
    assert_eq!(outcome.output(), json!({"in": 7, "out": 9}));
    let plain = json!({"Type": "Task", "Resource": FUNCTION});
    let outcome = run(alone(in_jsonata(plain)), json!({"id": 7})).task("S", Ok).finish();
    assert_eq!(outcome.output(), json!({"id": 7}));
}

#[test]
fn arguments_may_be_one_expression() {
    let task = json!({"Type": "Task", "Resource": FUNCTION, "Arguments": "{% $merge([$states.input, {'b': 2}]) %}"});
    let outcome = run(alone(in_jsonata(task)), json!({"a": 1})).task("S", Ok).finish();
    assert_eq!(outcome.output(), json!({"a": 1, "b": 2}));
}

#[test]
fn the_result_is_there_only_after_it() {
    let task = json!({"Type": "Task", "Resource": FUNCTION, "Arguments": "{% $exists(($states).result) %}"});
    let outcome = run(alone(in_jsonata(task)), json!({})).task("S", Ok).finish();
    assert_eq!(outcome.output(), json!(false));
    give(in_jsonata(json!({"Type": "Pass", "Output": "{% $exists(($states).result) %}"})), json!({}), json!(false));
}

#[test]
fn a_parallel_passes_its_arguments_to_all_branches() {
    let branch = |name: &str| json!({"StartAt": name, "States": {name: {"Type": "Pass", "QueryLanguage": "JSONata", "End": true}}});
    let state = json!({
        "Type": "Parallel",
        "Arguments": {"x": "{% $states.input.a %}"},
        "Branches": [branch("L"), branch("R")],
        "Output": "{% [$states.result.x, $states.input.a] %}",
    });
    give(in_jsonata(state), json!({"a": 1}), json!([1, 1, 1]));
}

#[test]
fn items_are_an_array_or_an_expression_for_one() {
    let map = |items: serde_json::Value| {
        in_jsonata(json!({
            "Type": "Map",
            "Items": items,
            "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}},
        }))
    };
    give(map(json!("{% $states.input.l %}")), json!({"l": [1, 2]}), json!([1, 2]));
    give(map(json!([1, "{% $states.input.x %}", {"y": "{% 3 %}"}])), json!({"x": 2}), json!([1, 2, {"y": 3}]));
    give(map(json!("{% $range(1, 3, 1) %}")), json!({}), json!([1, 2, 3]));
    let cause = "The JSONata expression '$range(1, 1, 1)' specified for the field 'Items' returned an unexpected result \
                 type. Expected 'array', but was 'number' for value: 1";
    fail(map(json!("{% $range(1, 1, 1) %}")), json!({}), "States.QueryEvaluationError", cause);
    let without = in_jsonata(json!({
        "Type": "Map",
        "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}},
    }));
    give(without.clone(), json!([1]), json!([1]));
    fail(without, json!({}), "States.QueryEvaluationError", "Map state input must be an array but was: {}");
}

#[test]
fn an_item_selector_sees_the_item_in_the_context() {
    let state = json!({
        "Type": "Map",
        "Items": "{% $states.input.l %}",
        "ItemSelector": {
            "v": "{% $states.context.Map.Item.Value %}",
            "n": "{% $states.context.Map.Item.Index %}",
            "of": "{% $count($states.input.l) %}",
        },
        "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}},
    });
    give(
        in_jsonata(state),
        json!({"l": ["a", "b"]}),
        json!([{"v": "a", "n": 0, "of": 2}, {"v": "b", "n": 1, "of": 2}]),
    );
}

#[test]
fn seconds_and_timestamps_may_be_expressions() {
    let wait = |field: &str, value: &str| in_jsonata(json!({"Type": "Wait", field: value}));
    let outcome = run(alone(wait("Seconds", "{% $states.input.n * 60 %}")), json!({"n": 2})).finish();
    assert_eq!(seconds(&outcome), 120.0);
    let outcome =
        run(alone(wait("Timestamp", "{% $states.input.at %}")), json!({"at": "2026-01-01T01:00:00Z"})).finish();
    assert_eq!(seconds(&outcome), 3_600.0);
}

#[test]
fn time_limits_of_a_task_may_be_expressions() {
    for (field, told, expected) in
        [("TimeoutSeconds", "timeoutInSeconds", 6.0), ("HeartbeatSeconds", "heartbeatInSeconds", 3.0)]
    {
        let mut task = json!({"Type": "Task", "Resource": FUNCTION, "TimeoutSeconds": 6});
        task[field] = "{% $states.input.n %}".into();
        let outcome = run(alone(in_jsonata(task)), json!({"n": expected})).task_with("S", |_| Answer::never()).finish();
        assert_eq!((*outcome.error(), seconds(&outcome)), (Some("States.Timeout"), expected), "{field}");
        assert_eq!(details(&outcome, "LambdaFunctionScheduled")[0][told].as_f64(), Some(expected));
    }
}

#[test]
fn max_concurrency_may_be_an_expression() {
    let state = json!({
        "Type": "Map",
        "Items": [1, 2, 3, 4],
        "MaxConcurrency": "{% $states.input.n %}",
        "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Task", "Resource": FUNCTION, "End": true}}},
    });
    let outcome = run(alone(in_jsonata(state)), json!({"n": 2}))
        .task_with("I", |_| Answer::ok(json!(1)).after(after(10)))
        .finish();
    assert_eq!(seconds(&outcome), 20.0);
}

#[test]
fn error_and_cause_of_a_fail_may_be_expressions() {
    let state = in_jsonata(
        json!({"Type": "Fail", "Error": "{% 'E' & $states.input.n %}", "Cause": "{% $string($states.input) %}"}),
    );
    failed(&run(alone(state), json!({"n": 1})).finish(), "E1", r#"{"n":1}"#);
    let state = in_jsonata(json!({"Type": "Fail", "Error": "{% $states.input.n %}"}));
    let cause = "The JSONata expression '$states.input.n' specified for the field 'Error' returned an unexpected result \
                 type. Expected 'string', but was 'number' for value: 1";
    fail(state, json!({"n": 1}), "States.QueryEvaluationError", cause);
}

#[test]
fn an_expression_that_gives_nothing_is_an_error() {
    let nothing = |field: &str| {
        format!(
            "The JSONata expression '$states.input.no' specified for the field '{field}' returned nothing (undefined)."
        )
    };
    for (state, field) in [
        (json!({"Type": "Pass", "Output": "{% $states.input.no %}"}), "Output"),
        (json!({"Type": "Pass", "Output": {"a": [1, {"b": "{% $states.input.no %}"}]}}), "Output/a[1]/b"),
        (json!({"Type": "Pass", "Assign": {"x": {"y": "{% $states.input.no %}"}}}), "Assign/x/y"),
        (json!({"Type": "Task", "Resource": FUNCTION, "Arguments": {"a": "{% $states.input.no %}"}}), "Arguments/a"),
        (json!({"Type": "Task", "Resource": FUNCTION, "TimeoutSeconds": "{% $states.input.no %}"}), "TimeoutSeconds"),
        (json!({"Type": "Wait", "Seconds": "{% $states.input.no %}"}), "Seconds"),
        (json!({"Type": "Wait", "Timestamp": "{% $states.input.no %}"}), "Timestamp"),
        (json!({"Type": "Fail", "Error": "{% $states.input.no %}"}), "Error"),
        (json!({"Type": "Fail", "Cause": "{% $states.input.no %}"}), "Cause"),
    ] {
        fail(in_jsonata(state), json!({}), "States.QueryEvaluationError", &nothing(field));
    }
}

#[test]
fn null_is_a_value() {
    let state = in_jsonata(
        json!({"Type": "Pass", "Output": {"n": "{% $states.input.n %}", "e": "{% $exists($states.input.n) %}", "l": "{% [$states.input.n] %}"}}),
    );
    give(state, json!({"n": null}), json!({"n": null, "e": true, "l": [null]}));
}

#[test]
fn a_jsonpath_workflow_may_have_jsonata_states() {
    let states = json!({
        "P": {"Type": "Pass", "Parameters": {"n.$": "$.a"}, "Assign": {"v.$": "$.n"}, "Next": "A"},
        "A": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"n": "{% $states.input.n + $v %}"}, "Assign": {"w": "{% $v * 10 %}"}, "Next": "Q"},
        "Q": {"Type": "Pass", "Parameters": {"n.$": "$.n", "w.$": "$w"}, "End": true},
    });
    assert_eq!(output(jsonpath(states), json!({"a": 3})), json!({"n": 6, "w": 30}));
}

#[test]
fn states_inside_take_the_language_of_the_workflow() {
    // The states of a JSONata `Map` in a JSONPath workflow are in JSONPath.
    let state = in_jsonata(json!({
        "Type": "Map",
        "Items": "{% [{'a': 1}] %}",
        "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "Parameters": {"x.$": "$.a"}, "End": true}}},
    }));
    give(state, json!({}), json!([{"x": 1}]));
}

#[test]
fn functions_that_aws_adds_are_there() {
    let pass = |output: &str| in_jsonata(json!({"Type": "Pass", "Output": format!("{{% {output} %}}")}));
    give(pass("$partition([1, 2, 3], 2)"), json!({}), json!([[1, 2], [3]]));
    give(pass("$range(0, 4, 2)"), json!({}), json!([0, 2, 4]));
    give(pass("$hash('input', 'SHA-1')"), json!({}), json!("140f86aae51ab9e1cda9b4254fe98a74eb54c1a1"));
    give(pass("$random(42)"), json!({}), json!(0.727_563_680_032_868_1));
    give(pass("$parse('{\"a\": [1]}').a[0]"), json!({}), json!(1));
    give(pass("$length($uuid())"), json!({}), json!(36));
    fail(
        pass("$eval('1')"),
        json!({}),
        "States.QueryEvaluationError",
        "The JSONata expression '$eval('1')' specified for the field 'Output' threw an error during evaluation. T1006: \
         Attempted to invoke a non-function",
    );
}
