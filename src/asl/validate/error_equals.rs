//! SCHEMA_VALIDATION_FAILED: a retrier or catcher names no error, or `States.ALL` where something else stands beside
//! or after it.

use super::Definition;
use crate::{diagnostic::Diagnostic, json::Json};

const DOCS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html";

pub(super) fn check(definition: &Definition<'_>, found: &mut Vec<Diagnostic>) {
    for state in definition.scopes.iter().flat_map(|scope| &scope.states) {
        for field in ["Retry", "Catch"] {
            let list = state.fields.get(field).and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
            for (position, element) in list.iter().enumerate() {
                let names = element.get("ErrorEquals").and_then(Json::as_array).map(Vec::as_slice);
                let message = match names {
                    Some([]) => "`ErrorEquals` is empty; expected at least one error".to_owned(),
                    Some(names) if !names.contains(&Json::from("States.ALL")) => continue,
                    Some([_]) if position + 1 == list.len() => continue,
                    Some([_]) => format!("`States.ALL` is followed by others; expected it last in `{field}`"),
                    Some(_) => "`States.ALL` stands beside other errors; expected it alone".to_owned(),
                    None => continue,
                };
                let pointer = format!("{}/{field}/{position}/ErrorEquals", state.pointer);
                found.push(Diagnostic::error("SCHEMA_VALIDATION_FAILED", pointer, message).docs(DOCS));
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
        json!({"StartAt": "A", "States": {"A": {"Type": "Task", "Catch": catchers.collect::<Vec<_>>()}}})
    }

    #[test]
    fn states_all_stands_alone_and_last() {
        assert_finds(check, catching(json!([["A", "B"], ["States.ALL"]])), &[]);
        let fault = |position: usize, message: &str| {
            format!(
                "error[SCHEMA_VALIDATION_FAILED]: {message}\n  at   /States/A/Catch/{position}/ErrorEquals\n  docs {DOCS}"
            )
        };
        assert_finds(
            check,
            catching(json!([["States.ALL"], ["States.ALL", "B"], []])),
            &[
                &fault(0, "`States.ALL` is followed by others; expected it last in `Catch`"),
                &fault(1, "`States.ALL` stands beside other errors; expected it alone"),
                &fault(2, "`ErrorEquals` is empty; expected at least one error"),
            ],
        );
    }
}
