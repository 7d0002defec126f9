//! MISSING_TRANSITION_TARGET: nothing goes to a state. AWS refuses that by the same code as a missing target.
//!
//! F2006: states go to each other, and nothing else to any of them. AWS takes that.

use std::collections::HashSet;

use super::pages::STRUCTURE;
use crate::{
    asl::definition::{Definition, Scope, State, Target},
    diagnostic::{Diagnostic, nearest},
};

/// Targets that may be misspelt in a scope of which ways are still told.
const MOST_MISSPELT: usize = 20;

pub(super) fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    for scope in &definition.scopes {
        let Some(reached) = reached(scope) else { continue };
        if reached.len() == scope.states.len() {
            continue;
        }
        let named: HashSet<&str> = scope.states.iter().flat_map(State::targets).map(|target| &*target.name).collect();
        let unreached: Vec<&State> = scope.states.iter().filter(|state| !reached.contains(&*state.name)).collect();
        let alone: Vec<&State> = unreached.iter().copied().filter(|state| !named.contains(&*state.name)).collect();
        for state in &alone {
            let message = format!("no way leads to `{}`; expected one from `StartAt`", state.name);
            found.push(Diagnostic::error("MISSING_TRANSITION_TARGET", state.pointer.as_str(), message).docs(STRUCTURE));
        }
        // What these go to is out of reach because they are.
        let Some(after) = from(scope, alone) else { continue };
        for state in unreached.iter().filter(|state| !after.contains(&*state.name)) {
            let message =
                format!("only states that no way leads to go to `{}`; expected a way from `StartAt`", state.name);
            found.push(Diagnostic::warning("F2006", state.pointer.as_str(), message).docs(STRUCTURE));
        }
    }
}

/// The states on a way from `StartAt`; nothing where that cannot be said, because a way leads to a state that is
/// missing and has no name near it, or a state cannot be read: these are faults of their own.
fn reached(scope: &Scope) -> Option<HashSet<&str>> {
    // Where many names are wrong, nothing can be said of the ways.
    let targets = scope.start.iter().chain(scope.states.iter().flat_map(State::targets));
    if targets.filter(|target| !target.exists()).count() > MOST_MISSPELT {
        return None;
    }
    from(scope, vec![meant(scope, scope.start.as_ref()?)?])
}

/// These states, and those on a way from them.
fn from<'a>(scope: &'a Scope, mut next: Vec<&'a State>) -> Option<HashSet<&'a str>> {
    let mut reached: HashSet<&str> = next.iter().map(|state| &*state.name).collect();
    while let Some(state) = next.pop() {
        if state.goes_nowhere() {
            return None;
        }
        for target in state.targets() {
            let target = meant(scope, target)?;
            if reached.insert(&target.name) {
                next.push(target);
            }
        }
    }
    Some(reached)
}

/// The state that a target names; a misspelt name stands for the one that was meant.
fn meant<'a>(scope: &'a Scope, target: &Target) -> Option<&'a State> {
    match target.exists() {
        true => scope.state(&target.name),
        false if target.hidden => None,
        false => scope.state(nearest(&target.name, scope.states.iter().map(|state| &*state.name))?),
    }
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

    #[test]
    fn a_misspelt_target_leads_to_the_state_that_was_meant() {
        assert_finds(check, with_catch("Tel"), &[]);
        assert_finds(check, with_catch("Elsewhere"), &[]);
        let mut definition = with_catch("Tel");
        definition["States"]["Alone"] = json!({"Type": "Succeed"});
        assert_finds(
            check,
            definition,
            &["error[MISSING_TRANSITION_TARGET]: no way leads to `Alone`; expected one from `StartAt`\n  \
               at   /States/Alone\n  \
               docs https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html"],
        );
    }

    #[test]
    fn states_that_only_go_to_each_other_are_taken() {
        let definition = json!({"StartAt": "Done", "States": {
            "Done": {"Type": "Succeed"},
            "One": {"Type": "Pass", "Next": "Two"},
            "Two": {"Type": "Pass", "Next": "One"},
            "Alone": {"Type": "Pass", "Next": "After"},
            "After": {"Type": "Pass", "Next": "After"},
        }});
        let island = |name: &str, pointer: &str| {
            format!(
                "warning[F2006]: only states that no way leads to go to `{name}`; expected a way from `StartAt`\n  \
                 at   {pointer}\n  \
                 docs https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html"
            )
        };
        assert_finds(
            check,
            definition,
            &[
                "error[MISSING_TRANSITION_TARGET]: no way leads to `Alone`; expected one from `StartAt`\n  \
                 at   /States/Alone\n  \
                 docs https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html",
                &island("One", "/States/One"),
                &island("Two", "/States/Two"),
            ],
        );
    }
}
