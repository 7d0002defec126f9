//! `Choice`: 39 operators of JSONPath, conditions of JSONata.

use serde_json::{Value as Json, json};

use super::{alone, chain, details, fail, in_jsonata, jsonpath, output, run};

/// A workflow that tells whether the rule holds.
fn asked(mut rule: Json) -> Json {
    rule["Next"] = "Yes".into();
    jsonpath(json!({
        "S": {"Type": "Choice", "Choices": [rule], "Default": "No"},
        "Yes": {"Type": "Pass", "Result": true, "End": true},
        "No": {"Type": "Pass", "Result": false, "End": true},
    }))
}

/// A rule, its input, and whether it holds.
#[track_caller]
fn give(rule: Json, input: Json, expected: bool) {
    assert_eq!(output(asked(rule.clone()), input.clone()), json!(expected), "{rule} on {input}");
}

/// Values in ascending order with a wider spread of types, for the kind of operator.
const VALUES: [(&str, [&str; 3]); 3] = [
    ("String", [r#""B""#, r#""a""#, r#""aa""#]),
    ("Numeric", ["-1.5", "2", "10"]),
    ("Timestamp", [r#""2026-01-01T00:00:00Z""#, r#""2026-01-01T00:00:00-01:00""#, r#""2027-01-01T00:00:00.000Z""#]),
];

#[test]
fn fifteen_operators_compare_with_a_value_and_fifteen_with_a_path() {
    let parse = |text: &str| serde_json::from_str::<Json>(text).expect("the values are JSON");
    for (kind, values) in VALUES {
        for (left, a) in values.iter().map(|text| parse(text)).enumerate() {
            for (right, b) in values.iter().map(|text| parse(text)).enumerate() {
                for (relation, expected) in [
                    ("Equals", left == right),
                    ("LessThan", left < right),
                    ("GreaterThan", left > right),
                    ("LessThanEquals", left <= right),
                    ("GreaterThanEquals", left >= right),
                ] {
                    let (operator, path) = (format!("{kind}{relation}"), format!("{kind}{relation}Path"));
                    give(json!({"Variable": "$.a", operator: b}), json!({"a": a}), expected);
                    give(json!({"Variable": "$.a", path: "$.b"}), json!({"a": a, "b": b}), expected);
                }
            }
        }
    }
}

#[test]
fn booleans_can_only_be_equal() {
    for (a, b) in [(true, true), (true, false), (false, true), (false, false)] {
        give(json!({"Variable": "$.a", "BooleanEquals": b}), json!({"a": a}), a == b);
        give(json!({"Variable": "$.a", "BooleanEqualsPath": "$.b"}), json!({"a": a, "b": b}), a == b);
    }
}

#[test]
fn values_of_another_type_do_not_compare() {
    for (operator, value) in [
        ("StringEquals", json!("1")),
        ("NumericEquals", json!(1)),
        ("BooleanEquals", json!(true)),
        ("TimestampEquals", json!("2026-01-01T00:00:00Z")),
        ("StringLessThan", json!("z")),
        ("NumericGreaterThanEquals", json!(0)),
        ("StringMatches", json!("*")),
    ] {
        for other in [json!(null), json!({}), json!([1]), json!("text"), json!(5), json!(false)] {
            let fits = match operator {
                name if name.starts_with("String") => other.is_string(),
                name if name.starts_with("Numeric") => other.is_number(),
                name if name.starts_with("Boolean") => other.is_boolean(),
                _ => false,
            };
            if !fits {
                give(json!({"Variable": "$.a", operator: value}), json!({"a": other}), false);
            }
        }
    }
}

#[test]
fn six_operators_ask_what_a_value_is() {
    for (value, operators) in [
        (json!(null), "IsNull IsPresent"),
        (json!(1.5), "IsNumeric IsPresent"),
        (json!("text"), "IsString IsPresent"),
        (json!("2026-01-01T00:00:00Z"), "IsString IsTimestamp IsPresent"),
        (json!("2026-01-01"), "IsString IsPresent"),
        (json!(false), "IsBoolean IsPresent"),
        (json!([]), "IsPresent"),
        (json!({}), "IsPresent"),
    ] {
        for operator in ["IsNull", "IsPresent", "IsNumeric", "IsString", "IsBoolean", "IsTimestamp"] {
            let is = operators.split(' ').any(|name| name == operator);
            for expected in [true, false] {
                give(json!({"Variable": "$.a", operator: expected}), json!({"a": value}), is == expected);
            }
        }
    }
    give(json!({"Variable": "$.a.b", "IsPresent": true}), json!({"a": 1}), false);
    give(json!({"Variable": "$.a.b", "IsPresent": false}), json!({}), true);
    give(json!({"Variable": "$$.Execution.Input.a", "IsPresent": true}), json!({"a": null}), true);
}

#[test]
fn string_matches_has_stars() {
    let matches = |pattern: &str, text: &str, expected: bool| {
        give(json!({"Variable": "$", "StringMatches": pattern}), json!(text), expected);
    };
    matches("log-*.txt", "log-2026.txt", true);
    matches("log-*.txt", "log-2026.csv", false);
    matches("*", "", true);
    matches("a*c*e", "abcde", true);
    matches(r"a\*", "a*", true);
    matches(r"a\*", "ab", false);
    matches("A*", "ab", false);
}

#[test]
fn rules_are_combined() {
    let is = |field: &str| json!({"Variable": format!("$.{field}"), "BooleanEquals": true});
    let input = |a: bool, b: bool| json!({"a": a, "b": b});
    for (a, b) in [(true, true), (true, false), (false, true), (false, false)] {
        give(json!({"And": [is("a"), is("b")]}), input(a, b), a && b);
        give(json!({"Or": [is("a"), is("b")]}), input(a, b), a || b);
        give(json!({"Not": is("a")}), input(a, b), !a);
        give(json!({"Not": {"And": [is("a"), {"Or": [is("b"), {"Not": is("a")}]}]}}), input(a, b), !(a && b));
    }
    give(json!({"And": [is("a")]}), input(true, false), true);
    // What comes after the first that decides is not looked at.
    let present = json!({"Variable": "$.x", "IsPresent": true});
    give(json!({"And": [present.clone(), {"Variable": "$.x", "NumericEquals": 1}]}), json!({}), false);
    give(json!({"Or": [{"Not": present}, {"Variable": "$.x", "NumericEquals": 1}]}), json!({}), true);
}

#[test]
fn a_variable_that_is_missing_ends_the_run() {
    let choice = |rule: Json| {
        let mut rule = rule;
        rule["Next"] = "N".into();
        json!({"Type": "Choice", "Choices": [rule], "Default": "N"})
    };
    let cause = "Invalid path '$.a': The choice state's condition path references an invalid value.";
    for rule in [
        json!({"Variable": "$.a", "NumericEquals": 1}),
        json!({"Variable": "$.a", "IsString": true}),
        json!({"Variable": "$.a", "StringMatches": "*"}),
        json!({"Variable": "$.b", "StringEqualsPath": "$.a"}),
        json!({"Not": {"Variable": "$.a", "BooleanEquals": true}}),
    ] {
        fail(choice(rule), json!({"b": "x"}), "States.Runtime", cause);
    }
}

#[test]
fn the_first_rule_that_holds_counts() {
    let rule = |operator: &str, next: &str| json!({"Variable": "$", operator: 10, "Next": next});
    let states = json!({
        "S": {"Type": "Choice", "Choices": [rule("NumericLessThan", "A"), rule("NumericLessThanEquals", "B")], "Default": "C"},
        "A": {"Type": "Pass", "Result": "A", "End": true},
        "B": {"Type": "Pass", "Result": "B", "End": true},
        "C": {"Type": "Pass", "Result": "C", "End": true},
    });
    for (input, expected) in [(9, "A"), (10, "B"), (11, "C")] {
        assert_eq!(output(jsonpath(states.clone()), json!(input)), json!(expected));
    }
}

#[test]
fn without_a_rule_that_holds_or_a_default_the_run_ends() {
    let state = json!({"Type": "Choice", "Choices": [{"Variable": "$", "NumericEquals": 1, "Next": "N"}]});
    let cause = "Failed to transition out of the state. The state does not point to a next state.";
    fail(state.clone(), json!(2), "States.Runtime", cause);
    // Measured.
    assert_eq!(
        chain(&run(alone(state), json!(2)).finish()),
        "ExecutionStarted(0) ChoiceStateEntered(0) ExecutionFailed(2)"
    );
}

#[test]
fn a_choice_has_input_path_and_output_path() {
    let state = json!({
        "Type": "Choice",
        "InputPath": "$.a",
        "Choices": [{"Variable": "$.b", "NumericEquals": 1, "Next": "N"}],
        "OutputPath": "$.c",
    });
    super::give(state, json!({"a": {"b": 1, "c": "out"}}), json!("out"));
}

#[test]
fn conditions_are_expressions() {
    let choice = |condition: Json, input: Json| {
        let state = json!({
            "Type": "Choice",
            "Choices": [{"Condition": condition, "Next": "N", "Output": "rule"}],
            "Default": "N",
            "Output": "default",
        });
        output(alone(in_jsonata(state)), input)
    };
    assert_eq!(choice(json!("{% $states.input.n > 1 %}"), json!({"n": 2})), "rule");
    assert_eq!(choice(json!("{% $states.input.n > 1 %}"), json!({"n": 1})), "default");
    assert_eq!(choice(json!("{% $exists($states.input.n) %}"), json!({})), "default");
    assert_eq!(choice(json!(true), json!({})), "rule");
    assert_eq!(choice(json!(false), json!({})), "default");
}

#[test]
fn output_is_that_of_the_rule_or_of_the_default() {
    let states = json!({
        "S": {"Type": "Choice", "QueryLanguage": "JSONata", "Choices": [
            {"Condition": "{% $states.input = 1 %}", "Next": "N", "Output": "{% $states.input * 10 %}"},
            {"Condition": "{% $states.input = 2 %}", "Next": "N"},
        ], "Default": "N", "Output": "{% $states.input * 100 %}"},
        "N": {"Type": "Succeed"},
    });
    for (input, expected) in [(1, 10), (2, 2), (3, 300)] {
        assert_eq!(output(jsonpath(states.clone()), json!(input)), json!(expected));
    }
}

#[test]
fn a_condition_must_give_a_boolean() {
    let choice = |condition: &str| {
        in_jsonata(json!({
            "Type": "Choice",
            "Choices": [{"Condition": "{% false %}", "Next": "N"}, {"Condition": condition, "Next": "N"}],
            "Default": "N",
        }))
    };
    fail(
        choice("{% $states.input.no %}"),
        json!({}),
        "States.QueryEvaluationError",
        "The JSONata expression '$states.input.no' specified for the field 'Choices[1]/Condition' returned nothing \
         (undefined).",
    );
    fail(
        choice("{% 'text' %}"),
        json!({}),
        "States.QueryEvaluationError",
        "The JSONata expression ''text'' specified for the field 'Choices[1]/Condition' returned an unexpected result \
         type. Expected 'boolean', but was 'string' for value: \"text\"",
    );
}

#[test]
fn a_condition_after_the_one_that_holds_is_not_evaluated() {
    let state = json!({
        "Type": "Choice",
        "Choices": [{"Condition": "{% true %}", "Next": "N"}, {"Condition": "{% $states.input.no %}", "Next": "N"}],
    });
    super::give(in_jsonata(state), json!({}), json!({}));
}

#[test]
fn a_failure_is_told_with_the_number_of_the_rule() {
    for (field, value, location) in [
        ("Output", json!({"v": "{% $states.input.no %}"}), "Choices[1]/Output/v"),
        ("Assign", json!({"x": "{% $states.input.no %}"}), "Choices[1]/Assign/x"),
    ] {
        let mut rule = json!({"Condition": "{% true %}", "Next": "N"});
        rule[field] = value;
        let state = json!({"Type": "Choice", "Choices": [{"Condition": "{% false %}", "Next": "N"}, rule]});
        let outcome = run(alone(in_jsonata(state)), json!({})).finish();
        assert_eq!(details(&outcome, "EvaluationFailed")[0]["location"], json!(location));
        assert_eq!(chain(&outcome), "ExecutionStarted(0) ChoiceStateEntered(0) EvaluationFailed(2) ExecutionFailed(3)");
    }
}
