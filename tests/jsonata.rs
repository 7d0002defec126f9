//! Expressions in JSONata give what jsonata-js 2.0.6 gives, in its words where they fail.
//!
//! `tests/jsonata/answers.json` is written by `node .ci/jsonata/answers.mjs`, after a line in
//! `tests/jsonata/expressions.txt`.

use std::{fs, path::Path};

use formwork::asl::run::{Machine, Status};
use serde_json::{Value as Json, json};

fn read(name: &str) -> Json {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/jsonata").join(name);
    serde_json::from_str(&fs::read_to_string(path).expect("it is there")).expect("it is JSON")
}

/// What an expression gives, in the form of the answers.
fn answer(expression: &str, input: &Json) -> Json {
    let machine = Machine::new(&json!({
        "QueryLanguage": "JSONata",
        "StartAt": "S",
        "States": {"S": {"Type": "Pass", "Output": {"r": format!("{{% {expression} %}}")}, "End": true}},
    }));
    let machine = match machine {
        Ok(machine) => machine,
        Err(faults) => return json!({"error": faults[0].message}),
    };
    let outcome = machine.run(input.clone()).finish();
    if *outcome.status() == Status::Succeeded {
        return json!({"value": outcome.output()["r"]});
    }
    let cause = outcome.cause().unwrap_or_default();
    if cause.ends_with("returned nothing (undefined).") {
        return json!({"nothing": true});
    }
    let said = cause.split_once("threw an error during evaluation. ").map_or(cause, |(_, said)| said);
    json!({"error": said})
}

/// Numbers by their value: JavaScript writes `2.0` as `2`.
fn same(left: &Json, right: &Json) -> bool {
    match (left, right) {
        (Json::Number(left), Json::Number(right)) => left.as_f64() == right.as_f64(),
        (Json::Array(left), Json::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Json::Object(left), Json::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, member)| right.get(key).is_some_and(|other| same(member, other)))
        }
        _ => left == right,
    }
}

#[test]
fn expressions_give_what_jsonata_js_gives() {
    let (answers, input) = (read("answers.json"), read("input.json"));
    let answers = answers.as_array().expect("a list");
    assert!(answers.len() > 200, "{} answers", answers.len());
    let mut wrong = Vec::new();
    for expected in answers {
        let mut expected = expected.clone();
        let expression = expected["expression"].take();
        let expression = expression.as_str().expect("a text");
        expected.as_object_mut().expect("an object").remove("expression");
        let ours = answer(expression, &input);
        // A definition says more of an expression that does not parse.
        let is_same = match (ours["error"].as_str(), expected["error"].as_str()) {
            (Some(ours), Some(theirs)) => ours.contains(theirs),
            _ => same(&ours, &expected),
        };
        if !is_same {
            wrong.push(format!("{expression}\n  gives    {ours}\n  expected {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
