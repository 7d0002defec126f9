//! Variables: what `Assign` sees, when it takes effect, and where.

use formwork::asl::run::Answer;
use serde_json::{Value as Json, json};

use super::{FUNCTION, alone, answers, details, jsonata, jsonpath, output, run};

#[test]
fn a_variable_is_there_from_the_next_state_on() {
    let states = json!({
        "A": {"Type": "Pass", "Assign": {"x": 1}, "Next": "B"},
        "B": {"Type": "Pass", "Assign": {"x": "{% $x + 1 %}"}, "Output": "{% $x %}", "Next": "C"},
        "C": {"Type": "Pass", "Output": "{% [$states.input, $x] %}", "End": true},
    });
    assert_eq!(output(jsonata(states), json!({})), json!([1, 2]));
}

#[test]
fn all_values_are_made_from_the_old_ones() {
    let states = json!({
        "A": {"Type": "Pass", "Assign": {"x": 3, "a": 6}, "Next": "B"},
        "B": {"Type": "Pass", "Assign": {"x": "{% $a %}", "next": "{% $x %}"}, "Next": "C"},
        "C": {"Type": "Pass", "Output": {"x": "{% $x %}", "next": "{% $next %}"}, "End": true},
    });
    assert_eq!(output(jsonata(states), json!({})), json!({"x": 6, "next": 3}));
    let states = json!({
        "A": {"Type": "Pass", "Assign": {"x": 3, "a": 6}, "Next": "B"},
        "B": {"Type": "Pass", "Assign": {"x.$": "$a", "next.$": "$x"}, "Next": "C"},
        "C": {"Type": "Pass", "Parameters": {"x.$": "$x", "next.$": "$next"}, "End": true},
    });
    assert_eq!(output(jsonpath(states), json!({})), json!({"x": 6, "next": 3}));
}

#[test]
fn in_jsonpath_the_result_is_what_assign_sees() {
    // What the task gave, before `ResultSelector` and `ResultPath`.
    let states = json!({
        "A": {"Type": "Task", "Resource": FUNCTION, "ResultSelector": {"s.$": "$.v"}, "ResultPath": "$.r", "Assign": {"x.$": "$"}, "Next": "B"},
        "B": {"Type": "Pass", "Parameters": {"in.$": "$", "x.$": "$x"}, "End": true},
    });
    let outcome = run(jsonpath(states), json!({"a": 1})).task("A", |_| Ok(json!({"v": 2}))).finish();
    assert_eq!(outcome.output(), json!({"in": {"a": 1, "r": {"s": 2}}, "x": {"v": 2}}));
    // Of a state without a task, what `Parameters` or `Result` make, else its input.
    for (state, expected) in [
        (json!({"Type": "Pass", "Parameters": {"p.$": "$.a"}}), json!({"p": 1})),
        (json!({"Type": "Pass", "Result": 5}), json!(5)),
        (json!({"Type": "Pass", "InputPath": "$.a"}), json!(1)),
        (json!({"Type": "Wait", "Seconds": 1}), json!({"a": 1})),
    ] {
        let mut state = state;
        state["Assign"] = json!({"x.$": "$"});
        state["Next"] = "B".into();
        let states = json!({"A": state, "B": {"Type": "Pass", "OutputPath": "$x", "End": true}});
        assert_eq!(output(jsonpath(states), json!({"a": 1})), expected);
    }
}

#[test]
fn variables_are_read_in_every_field_of_jsonpath() {
    let states = json!({
        "A": {"Type": "Pass", "Assign": {"x": {"n": 2, "l": [1, 2]}}, "Next": "B"},
        "B": {"Type": "Choice", "Choices": [{"Variable": "$x.n", "NumericEquals": 2, "Next": "C"}], "Default": "Z"},
        "C": {"Type": "Wait", "SecondsPath": "$x.n", "Next": "D"},
        "D": {"Type": "Map", "ItemsPath": "$x.l", "MaxConcurrencyPath": "$x.n", "ItemSelector": {"i.$": "$$.Map.Item.Value", "n.$": "$x.n"}, "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "Parameters": {"s.$": "States.MathAdd($.i, $x.n)"}, "End": true}}}, "Next": "E"},
        "E": {"Type": "Pass", "InputPath": "$x", "Parameters": {"f.$": "States.Format('{}', $x.l[0])", "w.$": "$"}, "ResultPath": "$", "Next": "Z"},
        "Z": {"Type": "Succeed", "OutputPath": "$"},
    });
    assert_eq!(output(jsonpath(states), json!({})), json!({"f": "1", "w": {"n": 2, "l": [1, 2]}}));
}

#[test]
fn a_branch_reads_outer_variables_and_keeps_its_own() {
    let states = json!({
        "A": {"Type": "Pass", "Assign": {"x": 1}, "Next": "P"},
        "P": {"Type": "Parallel", "Branches": [
            {"StartAt": "L", "States": {
                "L": {"Type": "Pass", "Assign": {"y": "{% $x + 1 %}"}, "Next": "L2"},
                "L2": {"Type": "Pass", "Output": "{% $y %}", "End": true},
            }},
            {"StartAt": "R", "States": {
                "R": {"Type": "Wait", "Seconds": 1, "Next": "R2"},
                "R2": {"Type": "Pass", "Output": "{% $exists($y) %}", "End": true},
            }},
        ], "Next": "Z"},
        "Z": {"Type": "Pass", "Output": "{% $append($states.input, $exists($y)) %}", "End": true},
    });
    assert_eq!(output(jsonata(states), json!({})), json!([2, false, false]));
}

#[test]
fn an_iteration_reads_outer_variables_and_keeps_its_own() {
    let states = json!({
        "A": {"Type": "Pass", "Assign": {"x": 10}, "Next": "M"},
        "M": {"Type": "Map", "Items": [1, 2], "MaxConcurrency": 1, "ItemProcessor": {"StartAt": "I", "States": {
            "I": {"Type": "Pass", "Assign": {"y": "{% $x + $states.input %}"}, "Output": "{% $exists($y) %}", "Next": "J"},
            "J": {"Type": "Pass", "Output": "{% [$states.input, $y] %}", "End": true},
        }}, "Next": "Z"},
        "Z": {"Type": "Pass", "Output": {"m": "{% $states.input %}", "y": "{% $exists($y) %}"}, "End": true},
    });
    assert_eq!(output(jsonata(states), json!({})), json!({"m": [[false, 11], [false, 12]], "y": false}));
}

#[test]
fn a_map_or_parallel_assigns_for_the_states_after_it() {
    let states = json!({
        "M": {"Type": "Map", "Items": [1, 2], "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}}, "Assign": {"sum": "{% $sum($states.result) %}"}, "Next": "P"},
        "P": {"Type": "Parallel", "Branches": [{"StartAt": "B", "States": {"B": {"Type": "Pass", "End": true}}}], "Assign": {"n": "{% $count($states.result) %}"}, "Next": "Z"},
        "Z": {"Type": "Pass", "Output": {"sum": "{% $sum %}", "n": "{% $n %}"}, "End": true},
    });
    // A variable may have the name of a function, and then it is no function any more.
    let outcome = run(jsonata(states), json!({})).finish();
    assert_eq!(outcome.output(), json!({"sum": 3, "n": 1}));
}

#[test]
fn a_choice_assigns_by_its_rule_or_by_default() {
    let choice = |input: i64| {
        let states = json!({
            "C": {"Type": "Choice", "Choices": [
                {"Condition": "{% $states.input = 1 %}", "Next": "Z", "Assign": {"x": "rule"}},
                {"Condition": "{% $states.input = 2 %}", "Next": "Z"},
            ], "Default": "Z", "Assign": {"x": "default", "y": "default"}},
            "Z": {"Type": "Pass", "Output": "{% [$exists($x) ? $x : 'none', $exists($y)] %}", "End": true},
        });
        output(jsonata(states), json!(input))
    };
    assert_eq!(choice(1), json!(["rule", false]));
    assert_eq!(choice(2), json!(["none", false]));
    assert_eq!(choice(3), json!(["default", true]));
}

#[test]
fn a_catcher_assigns_from_the_error() {
    let states = json!({
        "A": {"Type": "Task", "Resource": FUNCTION, "Assign": {"x": "not this"}, "Catch": [
            {"ErrorEquals": ["States.ALL"], "Assign": {"e": "{% $states.errorOutput.Error %}", "in": "{% $states.input %}"}, "Next": "Z"},
        ], "Next": "Z"},
        "Z": {"Type": "Pass", "Output": {"e": "{% $e %}", "in": "{% $in %}", "x": "{% $exists($x) %}"}, "End": true},
    });
    let outcome = run(jsonata(states), json!(1)).task_with("A", answers(vec![Answer::error("E", "c")])).finish();
    assert_eq!(outcome.output(), json!({"e": "E", "in": 1, "x": false}));
    let states = json!({
        "A": {"Type": "Task", "Resource": FUNCTION, "Catch": [
            {"ErrorEquals": ["States.ALL"], "Assign": {"e.$": "$.Error", "c.$": "$.Cause"}, "ResultPath": "$.r", "Next": "Z"},
        ], "Next": "Z"},
        "Z": {"Type": "Pass", "Parameters": {"e.$": "$e", "c.$": "$c"}, "End": true},
    });
    let outcome = run(jsonpath(states), json!({})).task_with("A", answers(vec![Answer::error("E", "c")])).finish();
    assert_eq!(outcome.output(), json!({"e": "E", "c": "c"}));
}

#[test]
fn the_exit_tells_what_was_assigned() {
    let state = json!({"Type": "Pass", "Assign": {"x": {"a": 1}, "n": null}});
    let outcome = run(alone(state), json!({})).finish();
    let exited = &details(&outcome, "PassStateExited")[0];
    assert_eq!(exited["assignedVariables"], json!({"x": "{\"a\":1}", "n": "null"}));
    assert_eq!(exited["assignedVariablesDetails"], json!({"truncated": false}));
}

#[test]
fn nothing_is_assigned_where_the_state_fails() {
    let states = json!({
        "A": {"Type": "Task", "Resource": FUNCTION, "Assign": {"x": 1, "y": "{% $states.result.no %}"}, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Z"}], "Next": "Z"},
        "Z": {"Type": "Pass", "Output": "{% $exists($x) %}", "End": true},
    });
    let outcome = run(jsonata(states), json!({})).task("A", Ok).finish();
    assert_eq!(outcome.output(), json!(false));
}

/// A workflow that assigns its input to so many variables, one after the other.
fn assigning(variables: usize) -> Json {
    let states = (0..variables).map(|number| {
        let text = "{% $states.input %}";
        let next = format!("S{}", number + 1);
        (format!("S{number}"), json!({"Type": "Pass", "Assign": {format!("v{number}"): text}, "Next": next}))
    });
    let last = (format!("S{variables}"), json!({"Type": "Succeed", "Output": "{% $length($v0) %}"}));
    jsonata(states.chain([last]).collect::<serde_json::Map<_, _>>().into())
}

#[test]
fn variables_have_10_mebibytes_in_all() {
    let text = json!("x".repeat(249_998));
    assert_eq!(output(assigning(41), text.clone()), json!(249_998));
    let outcome = run(assigning(42), text).finish();
    assert_eq!(outcome.error(), Some("States.DataLimitExceeded"));
}
