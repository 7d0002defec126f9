//! Whatever a definition, an input, an expression, a mock or a file holds, a run ends, and soon: with the error of the
//! service where it has one, with a diagnostic otherwise.

mod arbitrary;
mod data;
mod definitions;
mod depth;
mod expressions;
mod limits;

#[path = "../support/cases.rs"]
mod cases;
#[path = "../support/definition.rs"]
mod definition;
#[path = "../support/nasty/text.rs"]
mod nasty;
#[path = "../support/recorded.rs"]
mod recorded;

use std::time::{Duration, Instant};

use formwork::asl::run::{Machine, Outcome, Run, Status};
use serde_json::{Value as Json, json};

/// What an unoptimized build may take for one run, on a machine that has other things to do.
const SOON: Duration = Duration::from_secs(30);

/// Runs it to its end, and holds what came of it against what is true of every outcome.
fn finish(run: Run) -> Outcome {
    let begin = Instant::now();
    let outcome = run.finish();
    assert!(begin.elapsed() < SOON, "it took {:?}", begin.elapsed());
    sound(&outcome);
    outcome
}

fn sound(outcome: &Outcome) {
    let status = *outcome.status();
    let events = outcome.events();
    assert_eq!(status == Status::Aborted, !outcome.diagnostics().is_empty(), "{outcome:?}");
    assert!(status == Status::Failed || outcome.error().is_none());
    assert!(events.len() <= 500_000);
    for (position, event) in events.iter().enumerate() {
        assert_eq!(event.id, position as u64 + 1);
        assert!(event.previous_event_id < event.id);
    }
    let last = events.last().map(|event| event.kind);
    match status {
        Status::Succeeded => assert_eq!(last, Some("ExecutionSucceeded")),
        Status::Failed => assert_eq!(last, Some("ExecutionFailed")),
        Status::TimedOut => assert_eq!(last, Some("ExecutionTimedOut")),
        Status::Aborted => {}
    }
    if events.len() < 100 {
        assert!(serde_json::to_string(&outcome.to_json()).is_ok());
        assert!(!outcome.to_string().is_empty() || events.is_empty());
    }
}

/// A machine of these states, which starts at the first of them.
fn machine(language: &str, states: Json) -> Machine {
    let mut definition = definition::of(states);
    definition["QueryLanguage"] = language.into();
    Machine::new(&definition).expect("the definition is right")
}

/// A state again and again. The service refuses a loop that has no way out, so that there is one, which is not taken.
fn again(language: &str, mut state: Json) -> Json {
    state["Next"] = "Again".into();
    let rule = match language {
        "JSONata" => json!({"Condition": false, "Next": "Out"}),
        _ => json!({"Variable": "$", "IsPresent": false, "Next": "Out"}),
    };
    json!({
        "A": state,
        "Again": {"Type": "Choice", "Choices": [rule], "Default": "A"},
        "Out": {"Type": "Succeed"},
    })
}

/// A `Pass` that gives what an expression gives.
fn jsonata(expression: &str) -> Result<Machine, String> {
    let output = format!("{{% {expression} %}}");
    let state = json!({"Type": "Pass", "Output": output, "End": true});
    let definition = json!({"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": state}});
    Machine::new(&definition).map_err(|found| found[0].to_string())
}

/// The error and the cause of a run that failed.
fn failure(outcome: &Outcome) -> (String, String) {
    assert_eq!(outcome.status(), Status::Failed);
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    (text(*outcome.error()), text(*outcome.cause()))
}

/// The only diagnostic of a run that did not begin, or could not go on.
fn diagnostic(outcome: &Outcome) -> (String, String) {
    assert_eq!(outcome.diagnostics().len(), 1, "{outcome:?}");
    let diagnostic = &outcome.diagnostics()[0];
    (diagnostic.code.to_owned(), diagnostic.message.clone())
}
