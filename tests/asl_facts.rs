//! What AWS Step Functions does, fact by fact: `asl_facts/measured.json` asks the library, `asl_facts/public.json` the
//! command. What differs stands in `asl_facts/differences.json`, with the reason.

use std::{collections::BTreeMap, fs, process::Command};

use formwork::asl::run::{Machine, MockConfig};
use regex::Regex;
use serde_json::{Map, Value as Json, json};

/// What differs, by the names of the facts: why.
fn known_differences() -> BTreeMap<String, String> {
    serde_json::from_str(include_str!("asl_facts/differences.json")).expect("the file is JSON")
}

/// Fails with what is not as it should be, but for what is known; and with what is known and does not differ.
fn hold<'a>(facts: impl IntoIterator<Item = (&'a str, Result<(), String>)>) {
    let known = known_differences();
    let mut wrong = Vec::new();
    for (name, found) in facts {
        match (found, known.contains_key(name)) {
            (Err(how), false) => wrong.push(format!("{name}\n  {how}")),
            (Ok(()), true) => wrong.push(format!("{name}\n  holds; take it out of differences.json")),
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{} facts do not hold:\n{}", wrong.len(), wrong.join("\n"));
}

/// Whether a value is as expected; `{"$re": …}` is a pattern for a text.
fn fits(expected: &Json, actual: &Json) -> bool {
    if let Some(pattern) = expected["$re"].as_str() {
        return actual.as_str().is_some_and(|text| matches(pattern, text));
    }
    match (expected, actual) {
        (Json::Object(expected), Json::Object(actual)) => {
            expected.len() == actual.len()
                && expected.iter().all(|(key, value)| actual.get(key).is_some_and(|other| fits(value, other)))
        }
        (Json::Array(expected), Json::Array(actual)) => {
            expected.len() == actual.len() && expected.iter().zip(actual).all(|(a, b)| fits(a, b))
        }
        // 1 and 1.0 are one number.
        (Json::Number(expected), Json::Number(actual)) => expected == actual || expected.as_f64() == actual.as_f64(),
        _ => expected == actual,
    }
}

fn matches(pattern: &str, text: &str) -> bool {
    Regex::new(&format!("^(?s:{pattern})$")).expect("the pattern of a fact is a regular expression").is_match(text)
}

/// What of an execution is not as expected: status, output, error, cause, events.
fn compare(expected: &Json, actual: &Json) -> Result<(), String> {
    let text = |name: &str| actual[name].as_str().unwrap_or_default();
    let is = |name: &str| expected.get(name).is_none_or(|value| fits(value, &actual[name]));
    let events: Vec<_> = actual["events"].as_array().into_iter().flatten().map(|event| &event["type"]).collect();
    let as_expected = ["status", "output", "error", "cause"].into_iter().all(is)
        && expected["cause_has"].as_str().is_none_or(|part| text("cause").contains(part))
        && expected["matches"].as_str().is_none_or(|pattern| matches(pattern, text("output")))
        && expected["events"].as_array().is_none_or(|list| list.iter().eq(events.iter().copied()));
    if as_expected {
        return Ok(());
    }
    let mut actual = actual.clone();
    actual["events"] = json!(events);
    Err(format!("expected {expected}\n   but got {actual}"))
}

/// The answers of a fact, `{state: [{"ok": …} | {"error", "cause"}]}`, as a file of mocks.
fn mocks(answers: &Map<String, Json>) -> MockConfig {
    let states: Map<_, _> = answers.keys().map(|state| (state.clone(), state.clone().into())).collect();
    let responses: Map<_, _> = answers
        .iter()
        .map(|(state, calls)| {
            let calls = calls.as_array().expect("a list of answers").iter().enumerate();
            let calls: Map<_, _> = calls
                .map(|(number, call)| {
                    let answer = match call.get("ok") {
                        Some(result) => json!({"Return": result}),
                        None => json!({"Throw": {"Error": call["error"], "Cause": call["cause"]}}),
                    };
                    (number.to_string(), answer)
                })
                .collect();
            (state.clone(), calls.into())
        })
        .collect();
    let file = json!({"StateMachines": {"M": {"TestCases": {"T": states}}}, "MockedResponses": responses});
    MockConfig::parse(&file.to_string()).expect("the file of mocks is right")
}

fn measured(fact: &Json) -> Result<(), String> {
    let expected = &fact["expect"];
    let of_expression = fact["kind"] == "expression";
    let definition = if of_expression {
        let output = json!({"r": format!("{{% {} %}}", fact["expression"].as_str().expect("an expression is a text"))});
        let states = json!({"S": {"Type": "Pass", "Output": output, "End": true}});
        json!({"QueryLanguage": "JSONata", "StartAt": "S", "States": states})
    } else {
        fact["definition"].clone()
    };
    let machine = match (Machine::new(&definition), expected["refused"].as_bool()) {
        (Ok(_), Some(true)) => return Err("is taken; expected that it is refused".to_owned()),
        (Err(found), None | Some(false)) => return Err(format!("is refused: {}", found[0])),
        (_, Some(_)) => return Ok(()),
        (Ok(machine), None) => machine,
    };
    let mut run = machine.run(fact.get("input").cloned().unwrap_or_else(|| json!({})));
    if let Some(answers) = fact["mocks"].as_object() {
        run = run.test_case(mocks(answers).test_case("M", "T")?);
    }
    let outcome = run.finish();
    if let [problem, ..] = outcome.diagnostics() {
        return Err(problem.to_string());
    }
    let mut actual = outcome.to_json();
    if of_expression && actual["status"] == "SUCCEEDED" {
        actual["output"] = actual["output"]["r"].take();
    }
    compare(expected, &actual)
}

/// The command of a case, run in a folder with its files.
fn public(case: &Json) -> Result<(), String> {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (name, content) in case["files"].as_object().into_iter().flatten() {
        let text = content.as_str().map_or_else(|| content.to_string(), str::to_owned);
        fs::write(folder.path().join(name), text).expect("a file can be written");
    }
    let arguments = case["arguments"].as_array().into_iter().flatten().filter_map(Json::as_str);
    let output = Command::new(env!("CARGO_BIN_EXE_coffee-report")).args(arguments).current_dir(&folder).output();
    let output = output.expect("the command starts");
    let said = String::from_utf8_lossy(&output.stderr);
    match (output.status.code(), case["expected"]["refused"] == true) {
        (Some(0 | 1), false) => {}
        (Some(1), true) if output.stdout.is_empty() && said.starts_with("error[") => return Ok(()),
        (code, _) => return Err(format!("code {code:?}\n  {said}")),
    }
    let outcome: Json = serde_json::from_slice(&output.stdout).map_err(|_| format!("no outcome\n  {said}"))?;
    compare(&case["expected"], &outcome)
}

/// The name of a fact or of a case.
fn name(fact: &Json) -> &str {
    fact["id"].as_str().or(fact["name"].as_str()).expect("a fact has a name")
}

fn facts(text: &str) -> Vec<Json> {
    serde_json::from_str(text).expect("the file is a list of facts")
}

#[test]
fn what_was_measured_on_aws_holds() {
    let facts = facts(include_str!("asl_facts/measured.json"));
    assert_eq!(facts.len(), 301);
    hold(facts.iter().map(|fact| (name(fact), measured(fact))));
}

#[test]
fn what_others_met_on_aws_happens_here() {
    let cases = facts(include_str!("asl_facts/public.json"));
    assert_eq!(cases.len(), 84);
    hold(cases.iter().map(|case| (name(case), public(case))));
}

#[test]
fn what_differs_is_a_fact() {
    let mut facts = facts(include_str!("asl_facts/measured.json"));
    facts.extend(self::facts(include_str!("asl_facts/public.json")));
    for listed in known_differences().keys() {
        assert!(facts.iter().any(|fact| name(fact) == listed), "there is no fact `{listed}`");
    }
}
