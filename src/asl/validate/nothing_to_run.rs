//! SCHEMA_VALIDATION_FAILED: a workflow or branch without `StartAt` or states, a `Parallel` without branches, a
//! `Choice` without rules, a `Map` without an item processor.

use super::{DOCS, Definition, Node};
use crate::{diagnostic::Diagnostic, json::Json};

pub(super) fn check(definition: &Definition<'_>, found: &mut Vec<Diagnostic>) {
    let mut fault = |pointer: String, message: String| {
        found.push(Diagnostic::error("SCHEMA_VALIDATION_FAILED", pointer, message).docs(DOCS));
    };
    for scope in &definition.scopes {
        let states = scope.json.get("States");
        if states.is_none_or(is_empty) {
            let message = format!("{} has no states; expected at least one in `States`", scope.kind());
            fault(format!("{}/States", scope.pointer), message);
        } else if scope.json.get("StartAt").is_none() {
            let message = format!("{} has no `StartAt`; expected the name of its first state", scope.kind());
            fault(format!("{}/StartAt", scope.pointer), message);
        }
        for state in &scope.states {
            if let Some((field, message)) = nothing_in(state) {
                fault(format!("{}/{field}", state.pointer), message.to_owned());
            }
        }
    }
}

fn nothing_in(state: &Node<'_>) -> Option<(&'static str, &'static str)> {
    let lacks = |field: &str| state.fields.get(field).is_none_or(is_empty);
    match state.text("Type")? {
        "Parallel" if lacks("Branches") => Some(("Branches", "the `Parallel` has no branches; expected at least one")),
        "Choice" if lacks("Choices") => Some(("Choices", "the `Choice` has no rules; expected at least one")),
        "Map" if lacks("ItemProcessor") && lacks("Iterator") => {
            Some(("ItemProcessor", "the `Map` has no `ItemProcessor`; expected the states that each item goes through"))
        }
        _ => None,
    }
}

fn is_empty(json: &Json) -> bool {
    match json {
        Json::Array(items) => items.is_empty(),
        Json::Object(members) => members.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::asl::validate::assert_finds;

    fn fault(message: &str, path: &str) -> String {
        format!("error[SCHEMA_VALIDATION_FAILED]: {message}\n  at   {path}\n  docs {DOCS}")
    }

    #[test]
    fn a_workflow_has_states_and_a_start() {
        assert_finds(check, json!({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}), &[]);
        let states = fault("the workflow has no states; expected at least one in `States`", "/States");
        assert_finds(check, json!({"StartAt": "A"}), &[&states]);
        assert_finds(check, json!({"States": {}}), &[&states]);
        let start = fault("the workflow has no `StartAt`; expected the name of its first state", "/StartAt");
        assert_finds(check, json!({"States": {"A": {"Type": "Succeed"}}}), &[&start]);
    }

    #[test]
    fn states_that_hold_others_hold_at_least_one() {
        let rule = json!({"Condition": "{% true %}", "Next": "A"});
        let scope = json!({"StartAt": "B", "States": {"B": {"Type": "Succeed"}}});
        assert_finds(
            check,
            json!({"StartAt": "A", "States": {
                "A": {"Type": "Parallel", "Branches": [scope]},
                "C": {"Type": "Choice", "Choices": [rule]},
                "M": {"Type": "Map", "Iterator": scope},
            }}),
            &[],
        );
        assert_finds(
            check,
            json!({"StartAt": "A", "States": {
                "A": {"Type": "Parallel", "Branches": []},
                "C": {"Type": "Choice", "Choices": []},
                "M": {"Type": "Map"},
                "P": {"Type": "Parallel", "Branches": [{"StartAt": "X"}]},
            }}),
            &[
                &fault("the `Parallel` has no branches; expected at least one", "/States/A/Branches"),
                &fault("the `Choice` has no rules; expected at least one", "/States/C/Choices"),
                &fault(
                    "the `Map` has no `ItemProcessor`; expected the states that each item goes through",
                    "/States/M/ItemProcessor",
                ),
                &fault("the branch has no states; expected at least one in `States`", "/States/P/Branches/0/States"),
            ],
        );
    }
}
