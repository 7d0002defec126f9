//! Errors of the service, in its words.

use formwork::asl::run::{Answer, Status};
use serde_json::{Value as Json, json};

use super::{FUNCTION, alone, chain, fail, failed, give, in_jsonata, jsonpath, run};

#[test]
fn a_template_path_that_leads_nowhere_names_its_key_and_what_it_was_applied_to() {
    let pass = |path: &str| json!({"Type": "Pass", "Parameters": {"deep": [{"m.$": path}]}});
    let cause = |path: &str, input: &str| {
        format!("The JSONPath '{path}' specified for the field 'm.$' could not be found in the input '{input}'")
    };
    fail(pass("$.nope"), json!({"x": "a"}), "States.Runtime", &cause("$.nope", r#"{"x":"a"}"#));
    fail(pass("$.a.b.c"), json!({"a": {}}), "States.Runtime", &cause("$.a.b.c", r#"{"a":{}}"#));
    fail(pass("$.a"), json!("text"), "States.Runtime", &cause("$.a", r#""text""#));
}

#[test]
fn paths_of_other_fields_fail_in_the_words_of_the_library() {
    for field in ["InputPath", "OutputPath"] {
        let pass = |path: &str| json!({"Type": "Pass", field: path});
        fail(pass("$.no"), json!({"a": 1}), "States.Runtime", "Invalid path '$.no' : No results for path: $['no']");
        fail(
            pass("$.no.such"),
            json!({}),
            "States.Runtime",
            "Invalid path '$.no.such' : Missing property in path $['no']",
        );
        fail(
            pass("$.a.no"),
            json!({"a": {}}),
            "States.Runtime",
            "Invalid path '$.a.no' : No results for path: $['a']['no']",
        );
    }
}

#[test]
fn there_is_no_path_into_null() {
    for field in ["InputPath", "OutputPath"] {
        let pass = json!({"Type": "Pass", field: "$.a"});
        fail(pass, json!(null), "States.Runtime", "Unable to apply Path transformation to null or empty input.");
        give(json!({"Type": "Pass", field: "$"}), json!(null), json!(null));
    }
}

#[test]
fn an_argument_of_a_function_that_leads_nowhere_is_told_with_the_whole_call() {
    let pass = |call: &str| json!({"Type": "Pass", "Parameters": {"m.$": call}});
    // Measured, as are the following.
    for (call, path) in [
        ("States.Format('{}', $.nope)", "$.nope"),
        ("States.Format( '{} {}',  $.other, $.nope )", "$.nope"),
        ("States.ArrayLength($.nope)", "$.nope"),
        ("States.Array(1, States.JsonToString($.nope))", "$.nope"),
        ("States.MathAdd($.other, $.nope.deep)", "$.nope.deep"),
        ("States.Format('{}', $$.Nope.Deep)", "$.Nope.Deep"),
    ] {
        let cause = format!(
            "The function '{call}' had the following error: The JsonPath argument for the field '{path}' could not be found in the input '{{\"other\":1}}'"
        );
        fail(pass(call), json!({"other": 1}), "States.Runtime", &cause);
    }
    fail(
        pass("States.Format('{}', $.other[0])"),
        json!({"other": 1}),
        "States.Runtime",
        "The function 'States.Format('{}', $.other[0])' had the following error: Filter: [0] can only be applied to \
         arrays. Current context is: 1",
    );
    give(pass("States.Format('{}', $.nul)"), json!({"nul": null}), json!({"m": "null"}));
    give(pass("States.ArrayLength($.no[*])"), json!({}), json!({"m": 0}));
}

#[test]
fn a_fail_state_fails() {
    let cases: [(Json, Option<&str>, Option<&str>); 6] = [
        (json!({"Type": "Fail"}), None, None),
        (json!({"Type": "Fail", "Error": "E"}), Some("E"), None),
        (json!({"Type": "Fail", "Cause": "why"}), None, Some("why")),
        (json!({"Type": "Fail", "ErrorPath": "$.e", "CausePath": "$.c"}), Some("E"), Some("C")),
        (json!({"Type": "Fail", "ErrorPath": "$$.State.Name", "Cause": "{}"}), Some("S"), Some("{}")),
        (
            json!({"Type": "Fail", "Error": "E", "CausePath": "States.Format('{} of {}', $.c, States.JsonToString($))"}),
            Some("E"),
            Some(r#"C of {"e":"E","c":"C"}"#),
        ),
    ];
    for (state, error, cause) in cases {
        let outcome = run(alone(state), json!({"e": "E", "c": "C"})).finish();
        assert_eq!((*outcome.status(), *outcome.error(), *outcome.cause()), (Status::Failed, error, cause));
        assert_eq!(chain(&outcome), "ExecutionStarted(0) FailStateEntered(0) ExecutionFailed(2)");
    }
}

#[test]
fn a_fail_state_may_fail_to_say_why() {
    for field in ["ErrorPath", "CausePath"] {
        let cause = format!(
            "The JSONPath '$.nope' specified for the field '{field}' could not be found in the input '{{\"other\":1}}'"
        );
        fail(json!({"Type": "Fail", field: "$.nope"}), json!({"other": 1}), "States.Runtime", &cause);
        let call = "States.Format('{}', $.nope)";
        let cause = format!(
            "The function '{call}' had the following error: The JsonPath argument for the field '$.nope' could not be found in the input '{{\"other\":1}}'"
        );
        fail(json!({"Type": "Fail", field: call}), json!({"other": 1}), "States.Runtime", &cause);
    }
}

#[test]
fn a_result_of_a_task_may_be_too_large() {
    let large = "a".repeat(262_144);
    let cause = |what: &str| {
        format!(
            "The state/task '{what}' returned a result with a size exceeding the maximum number of bytes service limit."
        )
    };
    for (resource, parameters, what) in [
        (FUNCTION, json!({}), FUNCTION),
        ("arn:aws:states:::aws-sdk:s3:getObject", json!({"Bucket": "b", "Key": "k"}), "aws-sdk:s3"),
        ("arn:aws:states:::lambda:invoke", json!({"FunctionName": "f"}), "lambda"),
    ] {
        let mut task = json!({"Type": "Task", "Resource": resource, "Parameters": parameters});
        let answer = large.clone();
        let outcome = run(alone(task.clone()), json!({})).task("S", move |_| Ok(json!(answer))).finish();
        failed(&outcome, "States.DataLimitExceeded", &cause(what));
        // It is an error like any other.
        task["Catch"] = json!([{"ErrorEquals": ["States.ALL"], "Next": "N"}]);
        let answer = large.clone();
        let outcome = run(alone(task), json!({})).task("S", move |_| Ok(json!(answer))).finish();
        assert_eq!(outcome.output()["Error"], "States.DataLimitExceeded");
    }
}

#[test]
fn what_is_sent_and_what_is_put_out_may_be_too_large() {
    let half = json!({"a": "a".repeat(200_000)});
    let task = json!({"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"Message": {"x.$": "$", "y.$": "$"}}});
    failed(
        &run(alone(task), half.clone()).task("S", Ok).finish(),
        "States.DataLimitExceeded",
        "The state/task 'sns' provided parameters with a size exceeding the maximum number of bytes service limit.",
    );
    let pass = json!({"Type": "Pass", "Parameters": {"x.$": "$", "y.$": "$"}});
    failed(
        &run(alone(pass), half).finish(),
        "States.DataLimitExceeded",
        "The state/task 'S' returned a result with a size exceeding the maximum number of bytes service limit.",
    );
    let map = json!({"Type": "Map", "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "Parameters": {"x": "x".repeat(1_000)}, "End": true}}}});
    failed(
        &run(alone(map), json!(vec![0; 300])).finish(),
        "States.DataLimitExceeded",
        "The state/task 'S' returned a result with a size exceeding the maximum number of bytes service limit.",
    );
}

#[test]
fn a_history_has_an_end() {
    let states = json!({
        "A": {"Type": "Choice", "Choices": [{"Variable": "$", "IsNull": true, "Next": "Z"}], "Default": "A"},
        "Z": {"Type": "Succeed"},
    });
    let outcome = run(jsonpath(states), json!({})).finish();
    failed(&outcome, "States.Runtime", "The execution reached the maximum number of history events (25000).");
    // Measured.
    let last: Vec<_> =
        outcome.events().iter().rev().take(2).map(|event| (event.id, event.kind, event.previous_event_id)).collect();
    assert_eq!(last, [(25_000, "ExecutionFailed", 24_999), (24_999, "ChoiceStateExited", 24_998)]);
}

#[test]
fn an_expression_that_throws_is_told_with_its_code() {
    let pass = |output: &str| in_jsonata(json!({"Type": "Pass", "Output": format!("{{% {output} %}}")}));
    let threw = |expression: &str, why: &str| {
        let cause = format!(
            "The JSONata expression '{expression}' specified for the field 'Output' threw an error during evaluation. {why}"
        );
        fail(pass(expression), json!({}), "States.QueryEvaluationError", &cause);
    };
    // Measured.
    threw("1 + 'a'", r#"T2002: The right side of the "+" operator must evaluate to a number"#);
    threw("$sqrt(-1)", "D3060: The sqrt function cannot be applied to a negative number: -1");
    threw("$parse('{')", "D3137: Invalid JSON");
    threw("$sum('a')", r#"T0412: Argument 1 of function "sum" must be an array of "numbers""#);
    let recursive = "($f := function($n) { $n + $f($n) }; $f(1))";
    fail(
        pass(recursive),
        json!({}),
        "States.QueryEvaluationError",
        &format!(
            "The JSONata expression '{recursive}' specified for the field 'Output' threw an error during evaluation: Stack \
             overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive. \
             Depth=101 max=100"
        ),
    );
}

#[test]
fn an_undefined_variable_is_nothing_in_jsonata_and_an_error_in_jsonpath() {
    let pass = in_jsonata(json!({"Type": "Pass", "Output": "{% $nope %}"}));
    fail(
        pass,
        json!({}),
        "States.QueryEvaluationError",
        "The JSONata expression '$nope' specified for the field 'Output' returned nothing (undefined).",
    );
    let outcome = run(alone(json!({"Type": "Pass", "Parameters": {"x.$": "$nope"}})), json!({})).finish();
    assert_eq!(outcome.error(), Some("States.Runtime"));
}

#[test]
fn errors_of_the_service_name_the_innermost_state() {
    let inner =
        json!({"StartAt": "Inner", "States": {"Inner": {"Type": "Pass", "Parameters": {"x.$": "$.no"}, "End": true}}});
    let map = json!({"Type": "Map", "ItemProcessor": inner, "End": true});
    let state = json!({"Type": "Parallel", "Branches": [{"StartAt": "M", "States": {"M": map}}]});
    failed(
        &run(alone(state), json!([{}])).finish(),
        "States.Runtime",
        "An error occurred while executing the state 'Inner' (entered at the event id #7). The JSONPath '$.no' specified \
         for the field 'x.$' could not be found in the input '{}'",
    );
}

#[test]
fn the_failure_of_a_child_workflow_is_that_of_the_task() {
    // Measured: whatever the child's own error, the task's is `States.TaskFailed`.
    let task = json!({
        "Type": "Task",
        "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Parameters": {"StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:Child"},
        "Catch": [{"ErrorEquals": ["Boom"], "Next": "N"}, {"ErrorEquals": ["States.TaskFailed"], "Next": "N"}],
    });
    let outcome = run(alone(task), json!({}))
        .task_with("S", |_| Answer::error("States.TaskFailed", r#"{"Error":"Boom"}"#))
        .finish();
    assert_eq!(outcome.output(), json!({"Error": "States.TaskFailed", "Cause": "{\"Error\":\"Boom\"}"}));
}
