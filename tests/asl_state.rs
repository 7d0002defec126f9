//! Single states that AWS's `TestState` has run, run again here: status, output, error and cause, next state and what is
//! told of the steps must be those of the service, and a mock that it refused must be refused.

#[path = "support/masks.rs"]
mod masks;
#[path = "support/recorded.rs"]
mod recorded;

use std::collections::BTreeMap;

use formwork::asl::run::{Answer, FieldValidation, InspectionLevel, Machine, StateMock, StateRun};
use masks::Masks;
use serde_json::{Value as Json, json};

/// What differs, with the reason.
const KNOWN: [(&str, &str); 2] = [
    (
        "TestFieldValidationMode::test_strict_mode_aws_sdk_lambda_get_function_task[integer_more_than_maximum_allowed]",
        "a function may have more memory today than when this was recorded",
    ),
    (
        "TestFieldValidationModePresent::test_present_mode_aws_sdk_lambda_get_function_task[integer_more_than_maximum_allowed]",
        "a function may have more memory today than when this was recorded",
    ),
];

/// The recorded cases of a kind.
fn cases(kind: &str) -> Vec<Json> {
    recorded::cases().into_iter().filter(|case| case["kind"] == kind).collect()
}

/// The name of a case without its file.
fn name(case: &Json) -> &str {
    let name = case["name"].as_str().expect("a case has a name");
    name.split_once("::").map_or(name, |(_, name)| name)
}

/// A value that AWS gives as JSON text, decoded.
fn decoded(value: &Json) -> Json {
    value.as_str().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_else(|| value.clone())
}

/// The run of a state that a case describes, or what it is refused for before that.
fn run(case: &Json) -> Result<StateRun, String> {
    let args = &case["args"];
    let machine = match args["stateName"].as_str() {
        Some(_) => Machine::new(&args["definition"]),
        None => Machine::of_state("StateName", &args["definition"]),
    };
    let machine = machine.map_err(|found| format!("{} at {}", found[0].code, found[0].path))?;
    let mut run = machine.run_state(args["stateName"].as_str().unwrap_or("StateName"), decoded(&args["input"]));
    if let Some(role) = args["roleArn"].as_str() {
        run = run.role(role);
    }
    if !args["mock"].is_null() {
        run = run.mock(StateMock::parse(&args["mock"].to_string())?);
    } else if !case["expected"]["output"].is_null() {
        // The service called the function; what that gave is what was recorded of it.
        let result = case["expected"].pointer("/inspectionData/result").unwrap_or(&case["expected"]["output"]);
        let is_task = args["definition"]["Type"] == "Task";
        if is_task {
            run = run.mock(Answer::response(result.clone())).validate_mocks(FieldValidation::None);
        }
    }
    for (given, set) in
        [("variables", StateRun::variables as fn(StateRun, Json) -> StateRun), ("context", StateRun::context)]
    {
        if !args[given].is_null() {
            run = set(run, decoded(&args[given]));
        }
    }
    let configuration = &args["stateConfiguration"];
    if let Some(count) = configuration["retrierRetryCount"].as_u64() {
        run = run.retries(count as u32);
    }
    if let Some(count) = configuration["mapIterationFailureCount"].as_u64() {
        run = run.failed_iterations(count as usize);
    }
    if let Some(state) = configuration["errorCausedByState"].as_str() {
        run = run.error_caused_by(state);
    }
    if let Some(data) = configuration["mapItemReaderData"].as_str() {
        run = run.item_reader_data(data);
    }
    Ok(run)
}

fn level(case: &Json) -> InspectionLevel {
    match case["args"]["inspectionLevel"].as_str() {
        Some("DEBUG") => InspectionLevel::Debug,
        Some("TRACE") => InspectionLevel::Trace,
        _ => InspectionLevel::Info,
    }
}

/// The answer to a case, or the message that it is refused with.
fn answer(case: &Json) -> Result<Json, String> {
    let outcome = run(case)?.finish();
    match outcome.diagnostics() {
        [] => Ok(outcome.to_json(level(case))),
        found => Err(found.iter().map(|it| it.message.as_str()).collect::<Vec<_>>().join("\n")),
    }
}

/// What differs of the members of an answer.
fn differences(case: &Json) -> BTreeMap<String, String> {
    let masks = Masks::of(case);
    let actual = match answer(case) {
        Ok(actual) => actual,
        Err(problem) => return BTreeMap::from([("run".to_owned(), problem)]),
    };
    // The context object that is made up is that of another account.
    let expected = case["expected"].to_string();
    let expected = ["express:<", "stateMachine:<"].iter().fold(expected, |text, what| {
        text.replace(&format!("us-east-1:111111111111:{what}"), &format!("us-east-1:123456789012:{what}"))
    });
    let mut expected: Json = serde_json::from_str(&expected).expect("it was written as JSON");
    for (_, step) in expected["inspectionData"].as_object_mut().into_iter().flatten() {
        *step = decoded(step);
    }
    let members = ["status", "output", "error", "cause", "nextState", "inspectionData"];
    let compared = members.into_iter().filter_map(|member| {
        let (wanted, told) = (&expected[member], &actual[member]);
        let fits = masks.fits(wanted, told);
        (!fits).then(|| (member.to_owned(), format!("expected {wanted}\n       but got {told}")))
    });
    compared.collect()
}

#[test]
fn states_run_alone_as_they_did() {
    let cases = cases("test_state");
    let wrong: Vec<String> = cases
        .iter()
        .flat_map(|case| {
            differences(case).into_iter().map(move |(what, how)| format!("{}\n  {what}: {how}", name(case)))
        })
        .collect();
    assert!(wrong.is_empty(), "{} differences in {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    assert_eq!(cases.len(), 77);
}

#[test]
fn what_was_refused_is_refused_in_the_same_words() {
    let mut wrong = Vec::new();
    let cases = cases("test_state_error");
    for case in &cases {
        let expected = case["expected"]["message"].as_str().expect("the service says why");
        let actual = answer(case);
        // Faults of definitions have words of their own here; code and place are the service's.
        let place = expected.strip_prefix("Invalid State Machine Definition: '").and_then(|text| {
            let (code, rest) = text.trim_end_matches('\'').split_once(':')?;
            Some(format!("{code} at {}", rest.rsplit(' ').next()?))
        });
        let is_known = KNOWN.iter().any(|(known, _)| name(case).starts_with(known));
        let is_same = actual == Err(place.unwrap_or_else(|| expected.to_owned()));
        if is_same == is_known {
            wrong.push(format!("{}\n  expected {expected}\n   but got {actual:?}", name(case)));
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    assert_eq!(cases.len(), 25);
}

#[test]
fn a_batch_is_told_with_its_items_as_texts() {
    let state = json!({
        "Type": "Map",
        "QueryLanguage": "JSONata",
        "Items": "{% $states.input.beans %}",
        "ItemSelector": {"bean": "{% $states.context.Map.Item.Value %}", "at": "{% $states.context.Map.Item.Index %}"},
        "ItemBatcher": {"MaxItemsPerBatch": 2},
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "Roast",
            "States": {"Roast": {"Type": "Pass", "End": true}},
        },
        "End": true,
    });
    let machine = Machine::of_state("Each", &state).expect("the definition is right");
    let outcome =
        machine.run_state("Each", json!({"beans": ["a", "b", "c"]})).mock(Answer::ok(json!([1, 2, 3]))).finish();
    assert_eq!(outcome.output(), Some(&json!([1, 2, 3])));
    assert_eq!(outcome.inspection()["afterItemSelector"][2], json!({"bean": "c", "at": 2}));
    assert_eq!(outcome.inspection()["afterItemBatcher"][1], json!({"Items": [r#"{"bean":"c","at":2}"#]}));
}
