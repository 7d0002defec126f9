//! MISSING_TRANSITION_TARGET: nothing goes to a state. AWS refuses that by the same code as a missing target.

use std::collections::{HashMap, HashSet};

use super::{DOCS, Definition, Node, Scope};
use crate::diagnostic::Diagnostic;

pub(super) fn check(definition: &Definition<'_>, found: &mut Vec<Diagnostic>) {
    for scope in &definition.scopes {
        let Some(reached) = reached(scope) else { continue };
        for state in scope.states.iter().filter(|state| !reached.contains(state.name)) {
            let message = format!("no way leads to `{}`; expected one from `StartAt`", state.name);
            found.push(Diagnostic::error("MISSING_TRANSITION_TARGET", state.pointer.as_str(), message).docs(DOCS));
        }
    }
}

/// The states on a way from `StartAt`; nothing where that names none, which is a fault of its own.
fn reached<'a>(scope: &'a Scope<'_>) -> Option<HashSet<&'a str>> {
    let start = scope.start_at().filter(|start| scope.has(start))?;
    let states: HashMap<&str, &Node<'_>> = scope.states.iter().map(|state| (state.name, state)).collect();
    let mut reached = HashSet::from([start]);
    let mut next = vec![start];
    while let Some(name) = next.pop() {
        for (target, _) in states.get(name).into_iter().flat_map(|state| state.targets()) {
            if reached.insert(target) {
                next.push(target);
            }
        }
    }
    Some(reached)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::asl::validate::assert_finds;

    fn with_catch(target: &str) -> Json {
        json!({
            "StartAt": "Call",
            "States": {
                "Call": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::sns:publish",
                    "Catch": [{"ErrorEquals": ["States.ALL"], "Next": target}],
                    "End": true,
                },
                "Tell": {"Type": "Pass", "Next": "Stop"},
                "Stop": {"Type": "Fail"},
            },
        })
    }

    #[test]
    fn every_state_is_reached_from_the_start() {
        assert_finds(check, with_catch("Tell"), &[]);
        assert_finds(
            check,
            with_catch("Stop"),
            &["error[MISSING_TRANSITION_TARGET]: no way leads to `Tell`; expected one from `StartAt`\n  \
               at   /States/Tell\n  \
               docs https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html"],
        );
    }
}
