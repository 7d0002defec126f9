//! MISSING_TRANSITION_TARGET: a state goes to one that its scope does not have.

use std::collections::HashMap;

use super::pages::STRUCTURE;
use crate::{
    asl::definition::{Definition, Scope, State, Target},
    diagnostic::{Diagnostic, Names},
};

pub(super) fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    let mut anywhere = None;
    for scope in &definition.scopes {
        let targets = scope.start.iter().chain(scope.states.iter().flat_map(|state| state.targets()));
        let mut targets =
            targets.filter(|target| !scope.states.is_empty() && !target.exists() && !target.hidden).peekable();
        if targets.peek().is_none() {
            continue;
        }
        let near: Names<'_> = scope.states.iter().map(|state| &*state.name).collect();
        let anywhere = anywhere.get_or_insert_with(|| by_name(definition));
        found.extend(targets.map(|target| missing(scope, target, anywhere.get(&*target.name).copied(), &near)));
    }
}

/// The states of all scopes, the first of each name.
fn by_name(definition: &Definition) -> HashMap<&str, &State> {
    let mut states = HashMap::new();
    for state in definition.states() {
        states.entry(&*state.name).or_insert(state);
    }
    states
}

/// The fault; `other` is a state of that name in another scope, and `near` has the names of this one.
fn missing(scope: &Scope, target: &Target, other: Option<&State>, near: &Names<'_>) -> Diagnostic {
    let field = target.pointer.rsplit('/').next().unwrap_or_default();
    let message = format!("`{field}` names `{}`; expected a state of {}", target.name, scope.part.described());
    let diagnostic = Diagnostic::error("MISSING_TRANSITION_TARGET", target.pointer.as_str(), message).docs(STRUCTURE);
    match other {
        Some(state) => {
            diagnostic.help(format!("{} has that name, but no state goes into or out of a branch", state.pointer))
        }
        None => diagnostic.propose(near.nearest(&target.name)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::asl::validate::assert_finds;

    fn going_to(target: &str) -> Json {
        json!({
            "StartAt": target,
            "States": {
                "Which": {
                    "Type": "Choice",
                    "Choices": [{"Condition": "{% true %}", "Next": target}],
                    "Default": target,
                },
                "Both": {
                    "Type": "Parallel",
                    "Branches": [{"StartAt": "Inner", "States": {"Inner": {"Type": "Succeed"}}}],
                    "Catch": [{"ErrorEquals": ["States.ALL"], "Next": target}],
                    "Next": target,
                },
                "Publish": {"Type": "Succeed"},
            },
        })
    }

    #[test]
    fn every_way_to_a_state_is_followed() {
        assert_finds(check, going_to("Publish"), &[]);
        let expected = |field: &str, path: &str| {
            format!(
                "error[MISSING_TRANSITION_TARGET]: `{field}` names `Publsh`; expected a state of the workflow\n  \
                 at   {path}\n  \
                 help did you mean `Publish`?\n  \
                 docs https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html"
            )
        };
        let expected = [
            expected("StartAt", "/StartAt"),
            expected("Next", "/States/Both/Catch/0/Next"),
            expected("Next", "/States/Both/Next"),
            expected("Next", "/States/Which/Choices/0/Next"),
            expected("Default", "/States/Which/Default"),
        ];
        assert_finds(check, going_to("Publsh"), &expected.each_ref().map(String::as_str));
    }

    #[test]
    fn no_state_goes_into_a_branch() {
        let mut definition = going_to("Publish");
        definition["States"]["Both"]["Next"] = "Inner".into();
        assert_finds(
            check,
            definition,
            &["error[MISSING_TRANSITION_TARGET]: `Next` names `Inner`; expected a state of the workflow\n  \
               at   /States/Both/Next\n  \
               help /States/Both/Branches/0/States/Inner has that name, but no state goes into or out of a branch\n  \
               docs https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html"],
        );
    }
}
