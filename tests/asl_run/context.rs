//! The context object, `$$` and `$states.context`.

use std::{cell::RefCell, rc::Rc};

use formwork::asl::run::Answer;
use serde_json::{Value as Json, json};

use super::{FUNCTION, alone, answers, give, in_jsonata, jsonata, jsonpath, output, run, value};

#[test]
fn a_pass_sees_execution_state_and_machine() {
    let expected = json!({
        "Execution": {
            "Id": "arn:aws:states:us-east-1:123456789012:execution:Reports:first",
            "Input": {"a": 1},
            "Name": "first",
            "RoleArn": "arn:aws:iam::123456789012:role/StateMachineRole",
            "StartTime": "2026-01-01T00:00:00.000Z",
            "RedriveCount": 0,
        },
        "StateMachine": {
            "Id": "arn:aws:states:us-east-1:123456789012:stateMachine:Reports",
            "Name": "Reports",
        },
        "State": {"Name": "S", "EnteredTime": "2026-01-01T00:00:00.000Z"},
    });
    for state in [
        json!({"Type": "Pass", "Parameters": {"c.$": "$$"}, "OutputPath": "$.c"}),
        json!({"Type": "Pass", "InputPath": "$$"}),
        json!({"Type": "Pass", "OutputPath": "$$"}),
        in_jsonata(json!({"Type": "Pass", "Output": "{% $states.context %}"})),
    ] {
        let context = json!({"Execution": {"Name": "first"}, "StateMachine": {"Name": "Reports"}});
        let outcome = run(alone(state), json!({"a": 1})).context(context).finish();
        assert_eq!(outcome.output(), expected);
    }
}

#[test]
fn the_time_is_that_of_the_virtual_clock() {
    let states = json!({
        "W": {"Type": "Wait", "Seconds": 90, "Next": "Z"},
        "Z": {"Type": "Pass", "Parameters": {"entered.$": "$$.State.EnteredTime", "started.$": "$$.Execution.StartTime"}, "End": true},
    });
    let context = json!({"Execution": {"StartTime": "2024-02-29T23:59:00.000Z"}});
    let outcome = run(jsonpath(states), json!({})).context(context).finish();
    assert_eq!(outcome.output(), json!({"entered": "2024-03-01T00:00:30.000Z", "started": "2024-02-29T23:59:00.000Z"}));
}

#[test]
fn an_express_execution_has_another_arn_and_no_redrive_count() {
    let state = json!({"Type": "Pass", "InputPath": "$$.Execution"});
    let outcome = run(alone(state), json!({})).express(true).finish();
    let execution = outcome.output();
    assert!(execution["Id"].as_str().unwrap_or_default().contains(":express:StateMachine:"), "{execution:?}");
    assert_eq!(execution.get("RedriveCount"), None);
}

#[test]
fn an_iteration_has_its_item_in_all_of_its_states() {
    let states = json!({
        "I": {"Type": "Pass", "Parameters": {"n.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value"}, "Next": "J"},
        "J": {"Type": "Choice", "Choices": [{"Variable": "$$.Map.Item.Index", "NumericEquals": 0, "Next": "K"}], "Default": "L"},
        "K": {"Type": "Pass", "OutputPath": "$$.Map.Item", "End": true},
        "L": {"Type": "Pass", "End": true},
    });
    let map = json!({"Type": "Map", "ItemProcessor": {"StartAt": "I", "States": states}});
    give(map, json!(["a", "b"]), json!([{"Index": 0, "Value": "a"}, {"n": 1, "v": "b"}]));
}

#[test]
fn an_iteration_inside_has_its_own_item() {
    let inner = json!({"Type": "Map", "ItemProcessor": {"StartAt": "J", "States": {"J": {"Type": "Pass", "OutputPath": "$$.Map.Item.Value", "End": true}}}, "End": true});
    let map = json!({"Type": "Map", "ItemProcessor": {"StartAt": "I", "States": {"I": inner}}});
    give(map, json!([[1, 2], [3]]), json!([[1, 2], [3]]));
}

#[test]
fn there_is_no_item_outside_of_a_map() {
    let state = in_jsonata(
        json!({"Type": "Pass", "Output": "{% [$exists($states.context.Map), $exists($states.context.Task)] %}"}),
    );
    give(state, json!({}), json!([false, false]));
}

#[test]
fn a_task_that_waits_for_its_token_has_one() {
    let task = json!({
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"QueueUrl": "q", "MessageBody": {"token.$": "$$.Task.Token"}},
        "Retry": [{"ErrorEquals": ["E"]}],
    });
    let outcome = run(alone(task), json!({}))
        .task_with("S", answers(vec![Answer::error("E", "c"), Answer::ok(json!("done"))]))
        .finish();
    let token = |call: usize| outcome.calls("S")[call]["MessageBody"]["token"].as_str().unwrap_or_default().to_owned();
    assert!(!token(0).is_empty());
    // Each attempt has its own.
    assert_ne!(token(0), token(1));
    assert_eq!(outcome.output(), json!("done"));
}

#[test]
fn the_retry_count_grows_with_the_attempts() {
    let task = json!({
        "Type": "Task",
        "Resource": FUNCTION,
        "Parameters": {"n.$": "$$.State.RetryCount"},
        "Retry": [{"ErrorEquals": ["A"], "MaxAttempts": 1}, {"ErrorEquals": ["B"], "MaxAttempts": 2}],
    });
    let seen: Rc<RefCell<Vec<(u32, u32)>>> = Rc::default();
    let (log, errors) = (Rc::clone(&seen), ["A", "B", "B"]);
    let outcome = run(alone(task), json!({}))
        .task_with("S", move |call| {
            log.borrow_mut().push((call.number(), call.retry_count()));
            match errors.get(call.number() as usize - 1) {
                Some(error) => Answer::error(*error, ""),
                None => Answer::ok(Json::Null),
            }
        })
        .finish();
    let sent: Vec<i64> = outcome.calls("S").iter().filter_map(|call| call["n"].as_i64()).collect();
    assert_eq!(sent, [0, 1, 2, 3]);
    assert_eq!(*seen.borrow(), [(1, 0), (2, 1), (3, 2), (4, 3)]);
}

#[test]
fn the_retry_count_starts_anew_at_every_visit() {
    let states = json!({
        "T": {"Type": "Task", "Resource": FUNCTION, "Arguments": "{% $states.context.State.RetryCount %}", "Retry": [{"ErrorEquals": ["E"]}], "Assign": {"n": "{% $states.input + 1 %}"}, "Output": "{% $states.input + 1 %}", "Next": "C"},
        "C": {"Type": "Choice", "Choices": [{"Condition": "{% $states.input < 2 %}", "Next": "T"}], "Default": "Z"},
        "Z": {"Type": "Succeed"},
    });
    let outcome = run(jsonata(states), json!(0))
        .task_with(
            "T",
            answers(vec![Answer::error("E", ""), Answer::ok(json!(1)), Answer::error("E", ""), Answer::ok(json!(1))]),
        )
        .finish();
    assert_eq!(outcome.calls("T"), [&json!(0), &json!(1), &json!(0), &json!(1)]);
}

#[test]
fn members_of_the_context_can_be_given() {
    let context = json!({"Execution": {"Input": {"b": 2}}, "Mine": [1]});
    let state = json!({"Type": "Pass", "Parameters": {"in.$": "$$.Execution.Input", "mine.$": "$$.Mine[0]"}});
    let outcome = run(alone(state), json!({"a": 1})).context(context).finish();
    assert_eq!(outcome.output(), json!({"in": {"a": 1, "b": 2}, "mine": 1}));
}

#[test]
fn names_are_the_same_in_every_run_and_others_for_another_seed() {
    let name = |seed: u64| {
        let state = json!({"Type": "Pass", "OutputPath": "$$.Execution.Name"});
        value(&run(alone(state), json!({})).seed(seed).finish())
    };
    assert_eq!(name(1), name(1));
    assert_ne!(name(1), name(2));
}

#[test]
fn the_input_of_the_execution_is_not_changed_by_its_states() {
    let states = json!({
        "A": {"Type": "Pass", "Result": 5, "Next": "B"},
        "B": {"Type": "Pass", "OutputPath": "$$.Execution.Input", "End": true},
    });
    assert_eq!(output(jsonpath(states), json!({"a": 1})), json!({"a": 1}));
}
