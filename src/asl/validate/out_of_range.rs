//! SCHEMA_VALIDATION_FAILED: a number is smaller or larger than Step Functions takes.

use super::{Definition, Node};
use crate::{diagnostic::Diagnostic, json::Json};

const DOCS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html";

const SECONDS: f64 = 99_999_999.0;

/// Field of a state, smallest and largest value.
const STATES: [(&str, f64, f64); 6] = [
    ("HeartbeatSeconds", 1.0, SECONDS),
    ("MaxConcurrency", 0.0, f64::MAX),
    ("Seconds", 0.0, SECONDS),
    ("TimeoutSeconds", 1.0, SECONDS),
    ("ToleratedFailureCount", 0.0, f64::MAX),
    ("ToleratedFailurePercentage", 0.0, 100.0),
];

/// Field of a retrier, smallest and largest value.
const RETRIERS: [(&str, f64, f64); 4] = [
    ("BackoffRate", 1.0, f64::MAX),
    ("IntervalSeconds", 1.0, SECONDS),
    ("MaxAttempts", 0.0, SECONDS),
    ("MaxDelaySeconds", 1.0, 31_622_400.0),
];

pub(super) fn check(definition: &Definition<'_>, found: &mut Vec<Diagnostic>) {
    let limits = [("TimeoutSeconds", 1.0, SECONDS)];
    ranges(definition.json, "", &limits, found);
    for state in definition.scopes.iter().flat_map(|scope| &scope.states) {
        for (field, least, most) in STATES {
            if let Some(value) = state.fields.get(field) {
                range(value, format!("{}/{field}", state.pointer), field, (least, most), found);
            }
        }
        heartbeat(state, found);
        let retriers = state.fields.get("Retry").and_then(Json::as_array).into_iter().flatten();
        for (position, retrier) in retriers.enumerate() {
            ranges(retrier, &format!("{}/Retry/{position}", state.pointer), &RETRIERS, found);
        }
    }
}

fn heartbeat(state: &Node<'_>, found: &mut Vec<Diagnostic>) {
    let number = |field: &str| state.fields.get(field).and_then(Json::as_f64);
    if let (Some(heartbeat), Some(timeout)) = (number("HeartbeatSeconds"), number("TimeoutSeconds"))
        && heartbeat >= timeout
    {
        let message = format!("`HeartbeatSeconds` is {heartbeat}; expected less than `TimeoutSeconds`, {timeout}");
        let pointer = format!("{}/HeartbeatSeconds", state.pointer);
        found.push(Diagnostic::error("SCHEMA_VALIDATION_FAILED", pointer, message).docs(DOCS));
    }
}

fn ranges(json: &Json, pointer: &str, limits: &[(&str, f64, f64)], found: &mut Vec<Diagnostic>) {
    for (field, least, most) in limits {
        if let Some(value) = json.get(*field) {
            range(value, format!("{pointer}/{field}"), field, (*least, *most), found);
        }
    }
}

/// Texts are expressions, whose value is known only when the state runs.
fn range(value: &Json, pointer: String, field: &str, (least, most): (f64, f64), found: &mut Vec<Diagnostic>) {
    // A fraction that is not finite arrives as null.
    let outside = value.is_null() || value.as_f64().is_some_and(|number| !(least..=most).contains(&number));
    if outside {
        let expected = if most == f64::MAX { format!("at least {least}") } else { format!("{least} to {most}") };
        let message = format!("`{field}` is {value}; expected {expected}");
        found.push(Diagnostic::error("SCHEMA_VALIDATION_FAILED", pointer, message).docs(DOCS));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::asl::validate::assert_finds;

    fn gives(state: Json, expected: &[(&str, &str)]) {
        let expected: Vec<String> = expected
            .iter()
            .map(|(at, message)| {
                format!("error[SCHEMA_VALIDATION_FAILED]: {message}\n  at   /States/A/{at}\n  docs {DOCS}")
            })
            .collect();
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        assert_finds(check, json!({"StartAt": "A", "States": {"A": state}}), &expected);
    }

    #[test]
    fn retriers_wait_at_least_a_second() {
        gives(
            json!({"Retry": [{"IntervalSeconds": 1, "BackoffRate": 1.0, "MaxAttempts": 0, "MaxDelaySeconds": 1}]}),
            &[],
        );
        gives(
            json!({"Retry": [{"BackoffRate": null}]}),
            &[("Retry/0/BackoffRate", "`BackoffRate` is null; expected at least 1")],
        );
        gives(
            json!({"Retry": [{"IntervalSeconds": 0, "BackoffRate": 0.5, "MaxDelaySeconds": 31_622_401}]}),
            &[
                ("Retry/0/BackoffRate", "`BackoffRate` is 0.5; expected at least 1"),
                ("Retry/0/IntervalSeconds", "`IntervalSeconds` is 0; expected 1 to 99999999"),
                ("Retry/0/MaxDelaySeconds", "`MaxDelaySeconds` is 31622401; expected 1 to 31622400"),
            ],
        );
    }

    #[test]
    fn a_heart_beats_before_the_time_is_out() {
        gives(json!({"TimeoutSeconds": 2, "HeartbeatSeconds": 1}), &[]);
        gives(json!({"TimeoutSeconds": "{% 0 %}", "ToleratedFailurePercentage": 100}), &[]);
        gives(
            json!({"TimeoutSeconds": 2, "HeartbeatSeconds": 2, "ToleratedFailurePercentage": 101}),
            &[
                ("HeartbeatSeconds", "`HeartbeatSeconds` is 2; expected less than `TimeoutSeconds`, 2"),
                ("ToleratedFailurePercentage", "`ToleratedFailurePercentage` is 101; expected 0 to 100"),
            ],
        );
    }
}
