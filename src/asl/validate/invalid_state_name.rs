//! INVALID_STATE_NAME: a state's name is empty or too long.

use super::pages::STRUCTURE;
use crate::{asl::definition::Definition, diagnostic::Diagnostic};

pub(super) fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    for state in definition.states() {
        let length = state.name.chars().count();
        if !(1..=80).contains(&length) {
            let message = format!("the state's name has {length} characters; expected 1 to 80");
            found.push(Diagnostic::error("INVALID_STATE_NAME", state.pointer.as_str(), message).docs(STRUCTURE));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::asl::validate::assert_finds;

    fn named(name: &str) -> Json {
        json!({"StartAt": name, "States": {name: {"Type": "Succeed"}}})
    }

    #[test]
    fn a_name_has_one_to_eighty_characters() {
        assert_finds(check, named("é".repeat(80).as_str()), &[]);
        assert_finds(
            check,
            named(""),
            &["error[INVALID_STATE_NAME]: the state's name has 0 characters; expected 1 to 80\n  \
               at   /States/\n  \
               docs https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html"],
        );
        let long = "x".repeat(81);
        let expected = format!(
            "error[INVALID_STATE_NAME]: the state's name has 81 characters; expected 1 to 80\n  at   /States/{long}\n  docs {STRUCTURE}"
        );
        assert_finds(check, named(&long), &[expected.as_str()]);
    }
}
