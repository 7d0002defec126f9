//! MISSING_END_STATE: no state of a workflow ends it. F2007: none of a branch or an iteration, which AWS takes.

use super::pages::STRUCTURE;
use crate::{
    asl::definition::{Definition, State},
    diagnostic::Diagnostic,
};

pub(super) fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    for scope in &definition.scopes {
        if !scope.states.is_empty() && !scope.states.iter().any(State::ends) {
            let described = scope.part.described();
            let message = format!("no state ends {described}; expected a `Succeed`, a `Fail` or one with `End`");
            let pointer = format!("{}/States", scope.pointer);
            found.push(match scope.pointer.is_empty() {
                true => Diagnostic::error("MISSING_END_STATE", pointer, message).docs(STRUCTURE),
                false => Diagnostic::warning("F2007", pointer, message).docs(STRUCTURE),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::asl::validate::assert_finds;

    #[test]
    fn each_scope_has_an_end() {
        let wait = json!({"Type": "Wait", "Seconds": 1, "Next": "Wait"});
        let done = json!({"Type": "Succeed"});
        assert_finds(check, json!({"StartAt": "Wait", "States": {"Wait": wait, "Done": done}}), &[]);
        let inner = json!({"StartAt": "Wait", "States": {"Wait": wait}});
        assert_finds(
            check,
            inner.clone(),
            &[
                "error[MISSING_END_STATE]: no state ends the workflow; expected a `Succeed`, a `Fail` or one with `End`\n  \
               at   /States\n  \
               docs https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html",
            ],
        );
        assert_finds(
            check,
            json!({"StartAt": "Each", "States": {"Each": {"Type": "Map", "ItemProcessor": inner, "End": true}}}),
            &["warning[F2007]: no state ends the item processor; expected a `Succeed`, a `Fail` or one with `End`\n  \
               at   /States/Each/ItemProcessor/States\n  \
               docs https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html"],
        );
    }
}
