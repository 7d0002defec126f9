//! What is nested very deep.

use formwork::asl::run::{Answer, Machine, Status};
use serde_json::{Value as Json, json};

use crate::{again, diagnostic, failure, finish, jsonata, machine};

const LEVELS: usize = 100_000;

/// An array in an array, and so on, or the same with objects.
fn deep(levels: usize, objects: bool) -> Json {
    (0..levels).fold(json!(1), |inner, _| {
        let mut members = serde_json::Map::new();
        members.insert("a".to_owned(), Json::Null);
        if objects {
            members["a"] = inner;
            Json::Object(members)
        } else {
            Json::Array(vec![inner])
        }
    })
}

/// A drop of what is that deep has no stack.
fn take_apart(json: Json) {
    let mut waiting = vec![json];
    while let Some(json) = waiting.pop() {
        match json {
            Json::Array(items) => waiting.extend(items),
            Json::Object(members) => waiting.extend(members.into_iter().map(|(_, member)| member)),
            _ => {}
        }
    }
}

fn refused(definition: Json) {
    let found = Machine::new(&definition).expect_err("it is nested too deep");
    take_apart(definition);
    let found: Vec<_> = found.iter().map(|found| (found.code, found.message.as_str())).collect();
    assert_eq!(found, [("TOO_DEEPLY_NESTED", "the definition is nested too deep; expected at most 256 levels")]);
}

fn states(state: Json) -> Json {
    let mut states = serde_json::Map::new();
    states.insert("A".to_owned(), state);
    let mut definition = serde_json::Map::new();
    definition.insert("StartAt".to_owned(), "A".into());
    definition.insert("States".to_owned(), Json::Object(states));
    Json::Object(definition)
}

fn with(mut state: Json, field: &str, value: Json) -> Json {
    state.as_object_mut().expect("a state is an object").insert(field.to_owned(), value);
    state
}

#[test]
fn a_definition_of_any_depth_is_refused_and_not_fallen_into() {
    for objects in [false, true] {
        refused(deep(LEVELS, objects));
        refused(states(with(json!({"Type": "Pass", "End": true}), "Parameters", deep(LEVELS, objects))));
        refused(states(with(json!({"Type": "Pass", "End": true}), "Result", deep(LEVELS, objects))));
    }
    let end = states(json!({"Type": "Succeed"}));
    let map = |inner| states(with(json!({"Type": "Map", "End": true}), "ItemProcessor", inner));
    refused((0..LEVELS / 3).fold(end.clone(), |inner, _| map(inner)));
    let parallel = |inner| states(with(json!({"Type": "Parallel", "End": true}), "Branches", Json::Array(vec![inner])));
    refused((0..LEVELS / 4).fold(end, |inner, _| parallel(inner)));
    let rule = json!({"Variable": "$", "IsNull": true});
    for field in ["Not", "And"] {
        let rule = (0..LEVELS).fold(rule.clone(), |inner, _| {
            let inner = if field == "Not" { inner } else { Json::Array(vec![inner]) };
            with(json!({}), field, inner)
        });
        let rule = with(rule, "Next", "A".into());
        refused(states(with(json!({"Type": "Choice"}), "Choices", Json::Array(vec![rule]))));
    }
}

#[test]
fn a_definition_as_deep_as_it_may_be_is_read_and_run() {
    let nested = |levels: usize, wrap: &dyn Fn(usize, Json) -> Json| {
        let end = json!({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}});
        (0..levels).fold(end, |inner, level| {
            let name = format!("S{level}");
            json!({"StartAt": name, "States": {name: wrap(level, inner)}})
        })
    };
    let parallel = |_: usize, inner: Json| json!({"Type": "Parallel", "Branches": [inner], "End": true});
    let map = |_: usize, inner: Json| json!({"Type": "Map", "ItemsPath": "$", "ItemSelector": [1], "ItemProcessor": inner, "End": true});
    for definition in [nested(62, &parallel), nested(62, &map)] {
        let outcome = finish(Machine::new(&definition).expect("it is valid").run(json!([1])));
        assert_eq!(outcome.status(), Status::Succeeded);
    }
    assert!(Machine::new(&nested(64, &map)).is_err());
    for objects in [false, true] {
        for (language, field) in [("JSONPath", "Parameters"), ("JSONPath", "Result"), ("JSONata", "Output")] {
            let state = json!({"Type": "Pass", "End": true, field: deep(250, objects)});
            let outcome = finish(machine(language, json!({"A": state})).run(json!({})));
            assert_eq!(outcome.output(), deep(250, objects));
        }
    }
}

#[test]
fn an_input_of_any_depth_is_refused() {
    let pass = machine("JSONPath", json!({"A": {"Type": "Pass", "End": true}}));
    for objects in [false, true] {
        let problem = "the input is nested too deep; expected at most 256 levels";
        let outcome = finish(pass.run(deep(LEVELS, objects)));
        assert_eq!(diagnostic(&outcome), ("F3004".to_owned(), problem.to_owned()));
        // Given and not run.
        drop(pass.run(deep(LEVELS, objects)));
        assert_eq!(finish(pass.run(deep(256, objects))).output(), deep(256, objects));
        let context = pass.run(json!({})).context(deep(LEVELS, objects)).context(deep(LEVELS, objects));
        let outcome = finish(context);
        assert_eq!(outcome.diagnostics().len(), 2);
        assert_eq!(outcome.diagnostics()[0].message, problem.replace("input", "context"));
    }
    let twice = pass.run(json!({})).context(json!({"x": deep(250, true)})).context(json!({"x": deep(250, true)}));
    assert_eq!(finish(twice).status(), Status::Succeeded);
}

#[test]
fn an_answer_of_any_depth_is_refused() {
    let arn = "arn:aws:states:::lambda:invoke";
    let task = machine(
        "JSONPath",
        json!({"A": {"Type": "Task", "Resource": arn, "Parameters": {"FunctionName": "f"}, "End": true}}),
    );
    let message = "the task `A` is answered with more than 256 levels of nesting; expected fewer";
    let expected = ("F3001".to_owned(), message.to_owned());
    assert_eq!(diagnostic(&finish(task.run(json!({})).task("A", |_| Ok(deep(LEVELS, true))))), expected);
    assert_eq!(
        diagnostic(&finish(task.run(json!({})).task_with("A", |_| Answer::response(deep(LEVELS, false))))),
        expected
    );
    // The response of `lambda:invoke` is around what the function returns.
    let (error, cause) = failure(&finish(task.run(json!({})).task("A", |_| Ok(deep(256, true)))));
    assert_eq!(error, "States.Runtime");
    assert!(cause.ends_with("A value is nested more than 256 levels deep."), "{cause}");
    assert_eq!(finish(task.run(json!({})).task("A", |_| Ok(deep(255, true)))).status(), Status::Succeeded);
}

#[test]
fn what_grows_deeper_and_deeper_ends() {
    let (runtime, query) = ("States.Runtime", "States.QueryEvaluationError");
    for (language, state, error) in [
        ("JSONPath", json!({"Type": "Pass", "Parameters": {"a.$": "$"}}), runtime),
        (
            "JSONPath",
            json!({"Type": "Pass", "Parameters": {"a.$": "States.Array(States.Array(States.Array($)))"}}),
            runtime,
        ),
        ("JSONPath", json!({"Type": "Pass", "ResultPath": "$.a"}), runtime),
        (
            "JSONPath",
            json!({"Type": "Parallel", "Branches": [{"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}]}),
            runtime,
        ),
        ("JSONata", json!({"Type": "Pass", "Output": {"a": ["{% $states.input %}"]}}), runtime),
        ("JSONata", json!({"Type": "Pass", "Output": "{% [[$states.input]] %}"}), query),
    ] {
        let outcome = finish(machine(language, again(language, state)).run(json!({})));
        assert_eq!(failure(&outcome).0, error, "{}", &outcome.visited().len());
    }
    // A path of which each step makes an object.
    let path = format!("${}", ".a".repeat(LEVELS));
    let pass = machine("JSONPath", json!({"A": {"Type": "Pass", "ResultPath": path, "End": true}}));
    assert_eq!(failure(&finish(pass.run(json!({})))).0, "States.ReferencePathConflict");
    let parse = |levels: usize| {
        let text = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        let pass = json!({"A": {"Type": "Pass", "Parameters": {"a.$": "States.StringToJson($)"}, "End": true}});
        finish(machine("JSONPath", pass).run(json!(text)))
    };
    assert_eq!(parse(100).status(), Status::Succeeded);
    assert_eq!(failure(&parse(LEVELS)).0, "States.Runtime");
    let parse = finish(jsonata("$parse($states.input)").expect("it is valid").run(json!("[".repeat(LEVELS))));
    assert_eq!(failure(&parse).0, "States.QueryEvaluationError");
}
