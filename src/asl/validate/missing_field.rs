//! SCHEMA_VALIDATION_FAILED: a state, a rule, a retrier or a catcher lacks a field that it must have, or has two that
//! exclude each other.

use super::{DOCS, Definition, Node};
use crate::{diagnostic::Diagnostic, json::Json};

/// State type, and the fields of which it has exactly one.
const EXACTLY_ONE: [(&str, &[&str]); 6] = [
    ("Map", &["Next", "End"]),
    ("Parallel", &["Next", "End"]),
    ("Pass", &["Next", "End"]),
    ("Task", &["Next", "End"]),
    ("Wait", &["Next", "End"]),
    ("Wait", &["Seconds", "SecondsPath", "Timestamp", "TimestampPath"]),
];

/// State type, and the fields of which it has at most one.
const AT_MOST_ONE: [(&str, &[&str]); 8] = [
    ("Fail", &["Cause", "CausePath"]),
    ("Fail", &["Error", "ErrorPath"]),
    ("Map", &["ItemProcessor", "Iterator"]),
    ("Map", &["MaxConcurrency", "MaxConcurrencyPath"]),
    ("Map", &["ToleratedFailureCount", "ToleratedFailureCountPath"]),
    ("Map", &["ToleratedFailurePercentage", "ToleratedFailurePercentagePath"]),
    ("Task", &["HeartbeatSeconds", "HeartbeatSecondsPath"]),
    ("Task", &["TimeoutSeconds", "TimeoutSecondsPath"]),
];

/// Field, and what each of its elements must have.
const ELEMENTS: [(&str, &[&str]); 3] =
    [("Catch", &["ErrorEquals", "Next"]), ("Choices", &["Next"]), ("Retry", &["ErrorEquals"])];

pub(super) fn check(definition: &Definition<'_>, found: &mut Vec<Diagnostic>) {
    let mut fault = |pointer: String, message: String| {
        found.push(Diagnostic::error("SCHEMA_VALIDATION_FAILED", pointer, message).docs(DOCS));
    };
    for state in definition.scopes.iter().flat_map(|scope| &scope.states) {
        let Some(kind) = state.text("Type") else {
            fault(state.pointer.clone(), "the state has no `Type`; expected one".to_owned());
            continue;
        };
        for (_, fields) in EXACTLY_ONE.iter().filter(|(of, _)| *of == kind) {
            match present(state, fields).as_slice() {
                [_] => {}
                [] => fault(state.pointer.clone(), format!("the `{kind}` has no {}; expected one", either(fields))),
                many => fault(state.pointer.clone(), format!("the `{kind}` has {}; expected one of them", both(many))),
            }
        }
        for (_, fields) in AT_MOST_ONE.iter().filter(|(of, _)| *of == kind) {
            let present = present(state, fields);
            if present.len() > 1 {
                fault(state.pointer.clone(), format!("the `{kind}` has {}; expected one of them", both(&present)));
            }
        }
        if kind == "Task" && !state.fields.contains_key("Resource") {
            fault(state.pointer.clone(), "the `Task` has no `Resource`; expected the ARN of what it calls".to_owned());
        }
        for (field, required) in ELEMENTS {
            let elements = state.fields.get(field).and_then(Json::as_array).into_iter().flatten();
            for (position, element) in elements.enumerate() {
                for name in required.iter().filter(|name| element.get(**name).is_none()) {
                    let pointer = format!("{}/{field}/{position}", state.pointer);
                    fault(pointer, format!("this element of `{field}` has no `{name}`; expected one"));
                }
            }
        }
        if state
            .fields
            .get("Credentials")
            .and_then(Json::as_object)
            .is_some_and(|members| !members.contains_key("RoleArn") && !members.contains_key("RoleArn.$"))
        {
            let pointer = format!("{}/Credentials", state.pointer);
            fault(pointer, "`Credentials` has no `RoleArn`; expected the role that the task is run with".to_owned());
        }
    }
}

fn present<'a>(state: &Node<'_>, fields: &[&'a str]) -> Vec<&'a str> {
    fields.iter().copied().filter(|field| state.fields.contains_key(*field)).collect()
}

fn either(fields: &[&str]) -> String {
    fields.iter().map(|field| format!("`{field}`")).collect::<Vec<_>>().join(" or ")
}

fn both(fields: &[&str]) -> String {
    fields.iter().map(|field| format!("`{field}`")).collect::<Vec<_>>().join(" and ")
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
                format!("error[SCHEMA_VALIDATION_FAILED]: {message}\n  at   /States/A{at}\n  docs {DOCS}")
            })
            .collect();
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        assert_finds(check, json!({"StartAt": "A", "States": {"A": state}}), &expected);
    }

    #[test]
    fn a_state_goes_somewhere_or_ends() {
        gives(json!({"Type": "Pass", "End": true}), &[]);
        gives(json!({"Type": "Pass"}), &[("", "the `Pass` has no `Next` or `End`; expected one")]);
        gives(
            json!({"Type": "Pass", "End": true, "Next": "A"}),
            &[("", "the `Pass` has `Next` and `End`; expected one of them")],
        );
    }

    #[test]
    fn a_wait_says_once_how_long() {
        gives(json!({"Type": "Wait", "Seconds": 1, "End": true}), &[]);
        gives(
            json!({"Type": "Wait", "End": true}),
            &[("", "the `Wait` has no `Seconds` or `SecondsPath` or `Timestamp` or `TimestampPath`; expected one")],
        );
        gives(
            json!({"Type": "Wait", "Seconds": 1, "Timestamp": "2026-12-01T08:00:00Z", "End": true}),
            &[("", "the `Wait` has `Seconds` and `Timestamp`; expected one of them")],
        );
    }

    #[test]
    fn what_must_be_there_is_there() {
        let arn = "arn:aws:states:::sns:publish";
        let retry = json!([{"ErrorEquals": ["States.ALL"]}]);
        let credentials = json!({"RoleArn": "arn:aws:iam::123456789012:role/Other"});
        gives(json!({"Type": "Task", "Resource": arn, "Retry": retry, "Credentials": credentials, "End": true}), &[]);
        gives(
            json!({"Type": "Task", "Retry": [{}], "Catch": [{"Next": "A"}], "Credentials": {}, "End": true}),
            &[
                ("", "the `Task` has no `Resource`; expected the ARN of what it calls"),
                ("/Catch/0", "this element of `Catch` has no `ErrorEquals`; expected one"),
                ("/Credentials", "`Credentials` has no `RoleArn`; expected the role that the task is run with"),
                ("/Retry/0", "this element of `Retry` has no `ErrorEquals`; expected one"),
            ],
        );
        gives(json!({}), &[("", "the state has no `Type`; expected one")]);
    }

    #[test]
    fn a_value_is_written_or_read_but_not_both() {
        gives(
            json!({"Type": "Fail", "Error": "E", "ErrorPath": "$.e"}),
            &[("", "the `Fail` has `Error` and `ErrorPath`; expected one of them")],
        );
    }
}
