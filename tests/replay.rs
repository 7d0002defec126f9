//! Replays of executions that AWS recorded: the same definition goes the same way on the answers that it was given.

#[path = "support/recorded.rs"]
mod recorded;

use formwork::asl::run::{Machine, MockConfig, Recording};
use serde_json::{Value as Json, json};

/// The history of a case as `get-execution-history` gives it: payloads are texts.
fn history(case: &Json) -> Option<String> {
    let mut events = case["events"].as_array()?.clone();
    for event in &mut events {
        let members = event.as_object_mut()?.iter_mut();
        for (_, details) in members.filter(|(name, _)| name.ends_with("EventDetails")) {
            for (name, value) in details.as_object_mut()? {
                let is_payload = ["input", "output", "parameters"].contains(&name.as_str());
                if is_payload || name == "cause" && !value.is_string() && !value.is_null() {
                    *value = value.to_string().into();
                }
            }
        }
    }
    Some(json!({"events": events}).to_string())
}

/// Executions with a history whose events have ids of their own.
fn cases() -> Vec<Json> {
    let cases = recorded::cases().into_iter().filter(|case| case["kind"] == "execution");
    // What the interpreter does otherwise is said there.
    let known: Json = serde_json::from_str(include_str!("asl_cases/differences.json")).expect("the file is JSON");
    let cases = cases.filter(|case| known.get(case["name"].as_str().unwrap_or_default()).is_none());
    let has_ids = |case: &Json| {
        case["events"].as_array().is_some_and(|events| !events.is_empty() && events.iter().all(|it| it["id"].is_u64()))
    };
    cases.filter(has_ids).collect()
}

/// Whether the recorder has put words in place of what was there, which no run can give.
fn is_masked(difference: &Json) -> bool {
    let text = difference.to_string();
    let words = [
        "<uuid",
        "<task_token",
        "<json-input",
        "timestamp",
        "generated",
        "Generated",
        "_time",
        "-time",
        "0idx",
        "sfn_rol",
        "\"date\"",
    ];
    words.iter().any(|word| text.contains(word))
}

#[test]
fn what_aws_recorded_is_replayed_the_same_way() {
    let (mut same, mut other, mut calls) = (0, Vec::new(), 0);
    for case in cases() {
        let name = case["name"].as_str().unwrap_or_default();
        let (Ok(machine), Some(history)) = (Machine::new(&case["definition"]), history(&case)) else { continue };
        let recording = match Recording::parse(&history) {
            Ok(recording) => recording,
            Err(problem) => {
                other.push(format!("{name}: {problem}"));
                continue;
            }
        };
        calls += usize::from(case["tier"] != "A");
        let replay = machine.replay_with(&recording, |run| {
            run.context(case["context"].clone()).express(case["workflow_type"] == "EXPRESS")
        });
        match replay.differences().iter().find(|difference| !is_masked(&difference.to_json())) {
            None => same += 1,
            Some(first) => other.push(format!("{name}: {first}")),
        }
    }
    assert!(same > 270 && calls > 80, "{same} cases, {calls} with calls");
    assert!(other.is_empty(), "{same} of {} the same, {calls} with calls\n{}", same + other.len(), other.join("\n"));
}

#[test]
fn the_mocks_of_a_recording_answer_every_call() {
    for case in cases().iter().filter(|case| case["tier"] != "A" && case["history_comparable"] != false) {
        let (Ok(machine), Some(history)) = (Machine::new(&case["definition"]), history(case)) else { continue };
        let Ok(recording) = Recording::parse(&history) else { continue };
        let config = recording.mock_config("Machine", "Recorded");
        let config = MockConfig::parse(&config.to_string()).expect("it is a file of mocks");
        let test_case = config.test_case("Machine", "Recorded").expect("the case is there");
        let run = machine.run(recording.input().clone()).context(case["context"].clone()).test_case(test_case);
        let outcome = run.finish();
        let status = json!(*outcome.status());
        assert_eq!(status, case["expected"]["status"], "{}: {outcome}", case["name"]);
    }
}
