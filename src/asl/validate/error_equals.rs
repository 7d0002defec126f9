//! SCHEMA_VALIDATION_FAILED: a retrier or catcher names `States.ALL` where something else stands beside or after it.

use super::pages::ERRORS;
use crate::{asl::definition::Definition, diagnostic::Diagnostic};

pub(super) fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    for state in definition.states() {
        let retriers = state.retry.iter().map(|retrier| &retrier.errors).collect::<Vec<_>>();
        let catchers = state.catch.iter().map(|catcher| &catcher.errors).collect::<Vec<_>>();
        for (field, lists) in [("Retry", retriers), ("Catch", catchers)] {
            for (position, names) in lists.iter().enumerate() {
                let message = match names.as_slice() {
                    names if !names.iter().any(|name| name == "States.ALL") => continue,
                    [_] if position + 1 == lists.len() => continue,
                    [_] => format!("`States.ALL` is followed by others; expected it last in `{field}`"),
                    _ => "`States.ALL` stands beside other errors; expected it alone".to_owned(),
                };
                let pointer = format!("{}/{field}/{position}/ErrorEquals", state.pointer);
                found.push(Diagnostic::error("SCHEMA_VALIDATION_FAILED", pointer, message).docs(ERRORS));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::asl::validate::assert_finds;

    fn catching(lists: Json) -> Json {
        let catchers = lists.as_array().into_iter().flatten().map(|names| json!({"ErrorEquals": names, "Next": "A"}));
        json!({"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": true, "Catch": catchers.collect::<Vec<_>>()}}})
    }

    #[test]
    fn states_all_stands_alone_and_last() {
        assert_finds(check, catching(json!([["A", "B"], ["States.ALL"]])), &[]);
        let fault = |position: usize, message: &str| {
            format!(
                "error[SCHEMA_VALIDATION_FAILED]: {message}\n  at   /States/A/Catch/{position}/ErrorEquals\n  docs {ERRORS}"
            )
        };
        assert_finds(
            check,
            catching(json!([["States.ALL"], ["States.ALL", "B"], ["C"]])),
            &[
                &fault(0, "`States.ALL` is followed by others; expected it last in `Catch`"),
                &fault(1, "`States.ALL` stands beside other errors; expected it alone"),
            ],
        );
    }
}
