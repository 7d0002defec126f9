//! DUPLICATE_STATE_NAME: two states of a machine have the same name, be it in different branches.

use std::collections::HashMap;

use super::pages::STRUCTURE;
use crate::{asl::definition::Definition, diagnostic::Diagnostic};

pub(super) fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    let mut first: HashMap<&str, &str> = HashMap::new();
    for state in definition.states() {
        match first.get(&*state.name) {
            Some(pointer) => {
                found.push(duplicate(&state.name, state.pointer.clone()).help(format!("the first one is at {pointer}")))
            }
            None => {
                first.insert(&state.name, &state.pointer);
            }
        }
    }
}

/// A second state called `name` stands at `pointer`.
pub(crate) fn duplicate(name: &str, pointer: String) -> Diagnostic {
    let message = format!("two states are called `{name}`; expected each name once in the whole workflow");
    Diagnostic::error("DUPLICATE_STATE_NAME", pointer, message).docs(STRUCTURE)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::asl::validate::assert_finds;

    fn with_inner(name: &str) -> Json {
        json!({
            "StartAt": "Both",
            "States": {
                "Both": {"Type": "Parallel", "End": true, "Branches": [
                    {"StartAt": name, "States": {name: {"Type": "Succeed"}}},
                ]},
            },
        })
    }

    #[test]
    fn a_name_is_used_once_across_branches() {
        assert_finds(check, with_inner("Inner"), &[]);
        assert_finds(
            check,
            with_inner("Both"),
            &[
                "error[DUPLICATE_STATE_NAME]: two states are called `Both`; expected each name once in the whole workflow\n  \
               at   /States/Both/Branches/0/States/Both\n  \
               help the first one is at /States/Both\n  \
               docs https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html",
            ],
        );
    }
}
