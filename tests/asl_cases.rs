//! Executions recorded from AWS Step Functions, run again here: status, output, error, cause and history must be those
//! of the service. What differs stands in `asl_cases/differences.json`, with the reason.

#[path = "support/masks.rs"]
mod masks;
#[path = "support/recorded.rs"]
mod recorded;

use std::collections::{BTreeMap, BTreeSet};

use formwork::asl::run::{FieldValidation, Machine, MockConfig};
use masks::Masks;
use serde_json::{Value as Json, json};

/// What differs, by the names of the cases.
fn known_differences() -> Json {
    serde_json::from_str(include_str!("asl_cases/differences.json")).expect("the file is JSON")
}

/// The cases whose functions do not exist, so that somebody else would have to say so.
#[cfg(unix)]
const FOREIGN: [&str; 2] = [
    "error_handling/test_task_service_lambda.py::TestTaskServiceLambda::test_no_such_function#get_execution_history",
    "error_handling/test_task_service_lambda.py::TestTaskServiceLambda::test_no_such_function_catch#get_execution_history",
];

/// The recorded cases of a kind.
fn cases(kind: &str) -> Vec<Json> {
    recorded::cases().into_iter().filter(|case| case["kind"] == kind).collect()
}

/// A value that AWS gives as JSON text, decoded.
fn decoded(value: &Json) -> Json {
    value.as_str().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_else(|| value.clone())
}

/// A cause that is the text of an object, as the object.
fn cause(value: &Json) -> Json {
    let object = value.as_str().and_then(|text| serde_json::from_str::<Json>(text).ok()).filter(Json::is_object);
    object.unwrap_or_else(|| value.clone())
}

/// The type and the details of an event, payloads decoded, without what depends on where it ran.
fn event(event: &Json, decode: bool) -> (String, Json) {
    let kind = event["type"].as_str().unwrap_or_default().to_owned();
    let details = event.as_object().into_iter().flatten().find(|(key, _)| key.ends_with("EventDetails"));
    let mut details = details.map_or_else(|| json!({}), |(_, details)| details.clone());
    if let Some(members) = details.as_object_mut() {
        for name in ["roleArn", "region", "workerName", "inputDetails", "outputDetails", "assignedVariablesDetails"] {
            members.shift_remove(name);
        }
        if kind == "TaskSubmitted" {
            members.shift_remove("output");
        }
        for (name, value) in members.iter_mut() {
            match name.as_str() {
                "input" | "output" | "parameters" if decode => *value = decoded(value),
                "assignedVariables" if decode => {
                    for (_, value) in value.as_object_mut().into_iter().flatten() {
                        *value = decoded(value);
                    }
                }
                "cause" => *value = cause(value),
                _ => {}
            }
        }
    }
    (kind, details)
}

fn run(case: &Json) -> Result<Json, String> {
    let machine = Machine::new(&case["definition"])
        .map_err(|found| found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
    let mut run = machine.run(case["input"].clone()).context(case["context"].clone());
    // The mocks are what services really answered, which the models must allow.
    run = run.validate_mocks(FieldValidation::Strict);
    if let Some(mock) = case["mock"].as_object() {
        let config = MockConfig::parse(&mock["config"].to_string())?;
        let text = |name: &str| mock[name].as_str().unwrap_or_default().to_owned();
        run = run.test_case(config.test_case(&text("machine"), &text("test_case"))?);
    }
    if case["workflow_type"] == "EXPRESS" {
        run = run.express(true);
    }
    let outcome = run.finish();
    match outcome.diagnostics() {
        [] => Ok(outcome.to_json()),
        _ => Err(outcome.to_string()),
    }
}

/// The same with the functions of the case themselves in place of mocks.
#[cfg(unix)]
fn run_live(case: &Json) -> Result<Json, String> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let mut settings = formwork::live::Settings::new();
    for (name, function) in case["lambdas"].as_object().into_iter().flatten() {
        let file = folder.path().join(name).join("handler.py");
        let written = std::fs::create_dir(folder.path().join(name))
            .and_then(|()| std::fs::write(&file, function["source"].as_str().unwrap_or_default()));
        written.expect("the folder can be written to");
        settings = settings.code(name, file);
    }
    let live = settings.start().map_err(|problem| problem.to_string())?;
    let machine = Machine::new(&case["definition"]).map_err(|found| found[0].to_string())?;
    let run = machine.run(case["input"].clone()).context(case["context"].clone());
    let outcome = run.express(case["workflow_type"] == "EXPRESS").outside(live.clone()).finish();
    live.close();
    match outcome.diagnostics() {
        [] => Ok(outcome.to_json()),
        _ => Err(outcome.to_string()),
    }
}

/// What of a case is not as it was recorded.
fn differences(case: &Json, actual: Result<Json, String>) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let masks = Masks::of(case);
    let actual = match actual {
        Ok(actual) => actual,
        Err(problem) => return BTreeMap::from([("run".to_owned(), problem)]),
    };
    let expected = &case["expected"];
    let mut differs = |what: &str, expected: &Json, actual: &Json| {
        found.insert(what.to_owned(), format!("expected {expected}\n       but got {actual}"));
    };
    if expected["status"] != actual["status"] {
        differs(
            "status",
            expected,
            &json!({"status": actual["status"], "error": actual["error"], "cause": actual["cause"]}),
        );
        return found;
    }
    if expected["status"] == "SUCCEEDED" {
        if !masks.fits(&expected["output"], &actual["output"]) {
            differs("output", &expected["output"], &actual["output"]);
        }
    } else {
        if !masks.fits(&expected["error"], &actual["error"]) {
            differs("error", &expected["error"], &actual["error"]);
        }
        if !masks.fits(&cause(&expected["cause"]), &cause(&actual["cause"])) {
            differs("cause", &expected["cause"], &actual["cause"]);
        }
    }
    let Some(recorded) = case["events"].as_array().filter(|_| case["history_comparable"] != false) else {
        return found;
    };
    let mut recorded = recorded.clone();
    if recorded.iter().all(|event| event["id"].is_u64()) {
        recorded.sort_by_key(|event| event["id"].as_u64());
    }
    let told = actual["events"].as_array().cloned().unwrap_or_default();
    let recorded: Vec<_> = recorded.iter().map(|it| event(it, false)).collect();
    let mut told: Vec<_> = told.iter().map(|it| event(it, true)).collect();
    let unordered = case["order_independent"] == true
        || case["states"].as_array().is_some_and(|states| states.iter().any(|it| it == "Map" || it == "Parallel"));
    let fits = |(kind, details): &(String, Json), (other, actual): &(String, Json)| {
        kind == other && masks.fits(details, actual)
    };
    let mut missing = Vec::new();
    if unordered {
        for wanted in &recorded {
            match told.iter().position(|it| fits(wanted, it)) {
                Some(at) => drop(told.remove(at)),
                None => missing.push(json!([wanted.0, wanted.1])),
            }
        }
    } else {
        let same = recorded.iter().zip(&told).take_while(|(wanted, it)| fits(wanted, it)).count();
        missing = recorded[same..].iter().take(3).map(|it| json!([it.0, it.1])).collect();
        told = told.split_off(same);
    }
    if !missing.is_empty() || !told.is_empty() {
        let told: Vec<_> = told.iter().take(3).map(|it| json!([it.0, it.1])).collect();
        differs("history", &missing.into(), &told.into());
    }
    found
}

#[test]
fn recorded_executions_run_as_they_did() {
    let known = known_differences();
    let cases = cases("execution");
    let (mut wrong, mut seen) = (Vec::new(), BTreeSet::new());
    for case in &cases {
        let name = case["name"].as_str().expect("a case has a name");
        let found = differences(case, run(case));
        let listed: BTreeSet<&str> =
            known[name].as_object().into_iter().flatten().map(|(what, _)| what.as_str()).collect();
        if !listed.is_empty() {
            seen.insert(name);
        }
        for (what, how) in &found {
            if !listed.contains(what.as_str()) {
                wrong.push(format!("{name}\n  {what}: {how}"));
            }
        }
        for what in listed.iter().filter(|what| !found.contains_key(**what)) {
            wrong.push(format!("{name}\n  {what}: is as recorded; take it out of differences.json"));
        }
    }
    let listed = known.as_object().into_iter().flatten().map(|(name, _)| name.as_str());
    wrong.extend(listed.filter(|name| !seen.contains(name)).map(|name| format!("{name}\n  there is no such case")));
    assert!(wrong.is_empty(), "{} of {} cases differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    assert_eq!(cases.len(), 530);
}

/// The functions whose source is recorded are run themselves: what they return and raise is what the service recorded, as
/// are the shape of the response and the history around it.
#[test]
#[cfg(unix)]
fn recorded_functions_do_as_they_did() {
    let known = known_differences();
    let cases = cases("execution");
    let cases = cases.iter().filter(|case| case["tier"] == "B");
    let cases: Vec<&Json> = cases.filter(|case| !FOREIGN.iter().any(|name| case["name"] == *name)).collect();
    let mut wrong = Vec::new();
    for case in &cases {
        let name = case["name"].as_str().expect("a case has a name");
        let found = differences(case, run_live(case));
        let listed = |what: &str| known[name][what].is_string();
        wrong.extend(
            found.iter().filter(|(what, _)| !listed(what)).map(|(what, how)| format!("{name}\n  {what}: {how}")),
        );
    }
    assert!(wrong.is_empty(), "{} of {} cases differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    assert_eq!(cases.len(), 41);
}

#[test]
fn recorded_events_follow_each_other_as_they_did() {
    let mut compared = 0;
    let mut wrong = Vec::new();
    for case in cases("execution") {
        let Some(mut recorded) = case["events"].as_array().cloned() else { continue };
        if !recorded.iter().all(|event| event["id"].is_u64()) {
            continue;
        }
        recorded.sort_by_key(|event| event["id"].as_u64());
        // Until it was released, in November 2024, the failure of a JSONata expression followed what was before its
        // state. Since then it follows the state's own last event.
        let new = case["aws_last_validated"].as_str().is_some_and(|moment| moment > "2024-12");
        let step = |event: &Json| {
            let previous =
                if event["type"] == "EvaluationFailed" && !new { &Json::Null } else { &event["previousEventId"] };
            format!("{} after {previous}", event["type"])
        };
        let told = run(&case).expect("the other test has run it");
        let told: Vec<String> = told["events"].as_array().into_iter().flatten().map(step).collect();
        let recorded: Vec<String> = recorded.iter().map(step).collect();
        compared += 1;
        if told != recorded {
            wrong.push(format!("{}\n  expected {recorded:?}\n   but got {told:?}", case["name"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(compared, 278);
}

#[test]
fn definitions_that_the_service_took_are_taken() {
    let known = known_differences();
    let cases = cases("create_ok");
    assert!(!cases.is_empty());
    let refused: Vec<String> = cases
        .iter()
        .filter(|case| known[case["name"].as_str().unwrap_or_default()].is_null())
        .filter_map(|case| Some(format!("{}: {}", case["name"], Machine::new(&case["definition"]).err()?[0])))
        .collect();
    assert_eq!(refused, [""; 0]);
}
