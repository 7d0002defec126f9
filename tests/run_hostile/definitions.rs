//! Definitions, anyone's.

use std::{sync::LazyLock, time::Duration};

use formwork::asl::run::{Answer, Machine, TaskError};
use proptest::{collection::vec, prelude::*};
use serde_json::{Value as Json, json};

use crate::{
    arbitrary::{change, changed, input, json},
    cases::cases,
    definition, finish, recorded,
};

/// A definition that was recorded on the service, its input and its context.
type Recorded = (Json, Json, Json);

static RECORDED: LazyLock<Vec<Recorded>> = LazyLock::new(|| {
    let or_object = |json: &Json| if json.is_null() { json!({}) } else { json.clone() };
    let cases = recorded::cases().into_iter();
    let cases = cases.map(|case| (case["definition"].clone(), case["input"].clone(), or_object(&case["context"])));
    // The comparisons of `Choice` are half of all.
    let (choices, others): (Vec<_>, Vec<_>) = cases.partition(|(definition, ..)| definition.to_string().len() < 400);
    choices.into_iter().step_by(10).chain(others).collect()
});

/// Names of the tasks in a definition.
fn tasks(definition: &Json) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![definition];
    while let Some(json) = waiting.pop() {
        if let Some(states) = json.get("States").and_then(Json::as_object) {
            let tasks = states.iter().filter(|(_, state)| state["Type"] == "Task");
            found.extend(tasks.map(|(name, _)| name.clone()));
        }
        match json {
            Json::Array(items) => waiting.extend(items),
            Json::Object(members) => waiting.extend(members.values()),
            _ => {}
        }
    }
    found
}

/// Runs a definition, if it is one, with mocks that answer now this way and now that.
fn run(definition: &Json, input: Json, context: &Json, express: Option<bool>) {
    let Ok(machine) = Machine::new(definition) else { return };
    let mut run = machine.run(input.clone()).context(context.clone());
    if let Some(express) = express {
        run = run.express(express);
    }
    for name in tasks(definition) {
        let input = input.clone();
        run = run.task_with(name, move |call| match call.number() % 5 {
            0 => Answer::error("States.Timeout", ""),
            1 => Answer::ok(call.input().clone()),
            2 => Answer::ok(input.clone()).after(Duration::from_secs(u64::from(call.number()))),
            3 => Err(TaskError::new("Custom", "a cause")).into(),
            _ => Answer::never(),
        });
    }
    finish(run);
}

proptest! {
    #![proptest_config(cases(250))]

    #[test]
    fn any_json_is_refused_or_run(definition in json(), input in input()) {
        run(&definition, input, &json!({}), None);
    }

    #[test]
    fn any_states_are_refused_or_run(
        states in vec((prop::sample::select(&["A", "B", "M", "P"][..]), state()), 1..4), input in input(),
    ) {
        let states: serde_json::Map<String, Json> =
            states.into_iter().map(|(name, state)| (name.to_owned(), state)).collect();
        run(&definition::of(states.into()), input, &json!({}), None);
    }

    #[test]
    fn a_recorded_definition_with_a_change_is_refused_or_run(
        case in any::<prop::sample::Index>(), changes in vec(change(), 1..4), other in input(),
        same_input in any::<bool>(), express in any::<Option<bool>>(),
    ) {
        let (definition, input, context) = case.get(&RECORDED);
        let definition = changes.iter().fold(definition.clone(), |json, (at, change)| changed(&json, *at, change));
        run(&definition, if same_input { input.clone() } else { other }, context, express);
    }
}

proptest! {
    #![proptest_config(cases(75))]

    #[test]
    fn a_recorded_definition_runs_with_any_input_and_context(
        case in any::<prop::sample::Index>(), input in input(), changes in vec(change(), 0..3),
    ) {
        let (definition, _, context) = case.get(&RECORDED);
        let context = changes.iter().fold(context.clone(), |json, (at, change)| changed(&json, *at, change));
        run(definition, input, &context, None);
    }
}

/// A state that is likely to be taken.
fn state() -> impl Strategy<Value = Json> {
    let next = || prop::sample::select(&["A", "B", "M", "P"][..]);
    let base =
        (prop::sample::select(&["Pass", "Task", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map"][..]), next());
    (base, vec(change(), 0..3), json(), json(), any::<bool>()).prop_map(|((kind, next), changes, one, other, jsonata)| {
        let inner = json!({"StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}});
        let mut state = match kind {
            "Task" => json!({"Type": kind, "Resource": "arn:aws:states:::sqs:sendMessage", "Next": next}),
            "Choice" => json!({"Type": kind, "Default": next, "Choices": [{"Variable": "$.a", "IsNull": true, "Next": next}]}),
            "Wait" => json!({"Type": kind, "Seconds": 1, "Next": next}),
            "Succeed" | "Fail" => json!({"Type": kind}),
            "Parallel" => json!({"Type": kind, "Branches": [inner], "Next": next}),
            "Map" => json!({"Type": kind, "ItemProcessor": inner, "Next": next}),
            _ => json!({"Type": kind, "Next": next}),
        };
        if jsonata {
            state["QueryLanguage"] = "JSONata".into();
            state["Output"] = one;
            if kind == "Choice" {
                state["Choices"] = json!([{"Condition": other, "Next": next}]);
            }
        } else if kind == "Pass" {
            state["Parameters"] = one;
            state["Result"] = other;
        }
        changes.iter().fold(state, |state, (at, change)| changed(&state, *at, change))
    })
}
