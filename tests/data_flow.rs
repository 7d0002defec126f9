//! What states read in vain: nothing of it in what ran on AWS, in no run of ours that got past it, and all of it in
//! seeded faults.

#[path = "support/recorded.rs"]
mod recorded;

#[path = "data_flow/random.rs"]
mod random;

use std::collections::BTreeSet;

use formwork::{
    asl::{
        run::{Machine, MockConfig},
        validate,
    },
    diagnostic::{Diagnostic, Severity},
};
use proptest::{
    prelude::*,
    test_runner::{Config, RngSeed},
};
use serde_json::Value as Json;

/// The faults of the flow alone.
fn flow(definition: &Json) -> Vec<Diagnostic> {
    let mut found = validate::definition(definition);
    found.retain(|fault| fault.code.starts_with("F210"));
    found
}

/// The name of the innermost state at a pointer, and the field of it.
fn state_of(pointer: &str) -> (String, String) {
    let parts: Vec<&str> = pointer.split('/').collect();
    let at = parts.iter().rposition(|part| *part == "States").expect("a fault is in a state");
    (parts[at + 1].replace("~1", "/").replace("~0", "~"), parts[at + 2].to_owned())
}

/// The states that left as they should, by the history of an execution.
fn left(events: &Json) -> BTreeSet<String> {
    let events = events.as_array().into_iter().flatten();
    let exited = events.filter(|event| event["type"].as_str().is_some_and(|kind| kind.ends_with("StateExited")));
    exited.filter_map(|event| Some(event["stateExitedEventDetails"]["name"].as_str()?.to_owned())).collect()
}

/// The errors in states that left, other than by a catcher; what only some rule is asked for need not be there.
fn contradicted<'a>(found: &'a [Diagnostic], left: &BTreeSet<String>, machine: &Json) -> Vec<&'a Diagnostic> {
    let is_contradicted = |fault: &&Diagnostic| {
        let (name, field) = state_of(&fault.path);
        let start = fault.path.rfind("/States/").expect("a fault is in a state") + "/States/".len();
        let end = fault.path[start..].find('/').map_or(fault.path.len(), |length| start + length);
        let state = machine.pointer(&fault.path[..end]).expect("the state is there");
        let sometimes = match state["Type"].as_str() {
            Some("Choice") => {
                ["Assign", "Choices", "Output"].contains(&field.as_str()) && !fault.path.ends_with("Choices/0/Variable")
            }
            // There may be no items.
            Some("Map") => field == "ItemSelector",
            _ => false,
        };
        fault.severity == Severity::Error && left.contains(&name) && state["Catch"].is_null() && !sometimes
    };
    found.iter().filter(is_contradicted).collect()
}

#[test]
fn what_ran_on_aws_reads_nothing_in_vain() {
    let (mut compared, mut found_in) = (0, 0);
    let mut wrong = Vec::new();
    for case in recorded::cases().iter().filter(|case| case["kind"] == "execution") {
        let found = flow(&case["definition"]);
        let events = &case["events"];
        let mut left = left(events);
        if events.is_null() {
            let Ok(machine) = Machine::new(&case["definition"]) else { continue };
            let mut run = machine.run(case["input"].clone()).context(case["context"].clone());
            if let Some(mock) = case["mock"].as_object() {
                let config = MockConfig::parse(&mock["config"].to_string()).expect("the mocks are right");
                let text = |name: &str| mock[name].as_str().unwrap_or_default().to_owned();
                run = run.test_case(config.test_case(&text("machine"), &text("test_case")).expect("it is there"));
            }
            left = self::left(&run.finish().to_json()["events"]);
        }
        compared += 1;
        found_in += usize::from(!found.is_empty());
        for fault in contradicted(&found, &left, &case["definition"]) {
            wrong.push(format!("{}\n{fault}", case["name"]));
        }
    }
    assert!(wrong.is_empty(), "{} of {compared}:\n{}", wrong.len(), wrong.join("\n\n"));
    assert_eq!(compared, 530);
    assert!(found_in > 0, "some fail for a path that leads nowhere");
}

#[test]
fn measured_facts_read_nothing_in_vain() {
    let facts: Vec<Json> =
        serde_json::from_str(include_str!("asl_facts/measured.json")).expect("the file is a list of facts");
    // What a mock answers need not be what the integration gives.
    let facts = facts.iter().filter(|it| it["kind"] != "expression" && it["mocks"].is_null());
    let mut compared = 0;
    let mut wrong = Vec::new();
    for fact in facts.filter(|fact| fact["expect"]["status"] == "SUCCEEDED") {
        compared += 1;
        let errors = flow(&fact["definition"]);
        let errors = errors.iter().filter(|fault| fault.severity == Severity::Error);
        wrong.extend(errors.map(|fault| format!("{}\n{fault}", fact["id"])));
    }
    assert!(compared > 20, "{compared}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn seeded_faults_are_found_and_their_twins_are_clean() {
    let cases: Vec<Json> = serde_json::from_str(include_str!("data_flow/seeded.json")).expect("a list of cases");
    assert!(cases.len() >= 40, "{}", cases.len());
    let source = formwork::data::api::archive().provenance().to_string();
    let mut wrong = Vec::new();
    for case in &cases {
        let clean = flow(&case["definition"]);
        if let Some(fault) = clean.first() {
            wrong.push(format!("{} (clean)\n{fault}", case["name"]));
        }
        let mut faulty = case["definition"].clone();
        let pointer = case["pointer"].as_str().expect("a case says what is changed");
        let Some(place) = faulty.pointer_mut(pointer) else { panic!("{}: {pointer} is not there", case["name"]) };
        *place = case["value"].clone();
        let found: Vec<String> = flow(&faulty)
            .iter()
            .map(|it| format!("{} {} {}", it.code, it.path, it.message.replace(&source, "SOURCE")))
            .collect();
        let expected: Vec<&str> = case["found"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        if found != expected {
            wrong.push(format!("{}\n  expected {expected:#?}\n  found {found:#?}", case["name"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

proptest! {
    #![proptest_config(Config {
        cases: 4_000,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(2101),
        ..Config::default()
    })]

    #[test]
    fn what_is_read_in_vain_fails_and_what_succeeds_is_not(seed in any::<u64>(), input in random::value()) {
        let definition = random::definition(seed);
        let found = flow(&definition);
        let machine = Machine::new(&definition).map_err(|found| TestCaseError::fail(found[0].to_string()))?;
        let outcome = machine.run(input).finish();
        prop_assert!(outcome.diagnostics().is_empty(), "{}", outcome);
        let history = outcome.to_json();
        let left = left(&history["events"]);
        let wrong = contradicted(&found, &left, &definition);
        prop_assert!(wrong.is_empty(), "{}\n{definition:#}\n{history:#}", wrong[0]);
    }
}

#[test]
fn random_workflows_have_faults_and_none() {
    let mut counts = [0, 0, 0];
    for seed in 0..500 {
        let found = flow(&random::definition(seed));
        let errors = found.iter().any(|fault| fault.severity == Severity::Error);
        counts[if errors {
            0
        } else if found.is_empty() {
            1
        } else {
            2
        }] += 1;
    }
    assert!(counts.iter().all(|count| *count > 20), "errors, clean, warnings: {counts:?}");
}
