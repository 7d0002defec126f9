//! MISSING_TRANSITION_TARGET: a state goes to one that its scope does not have.

use super::pages::STRUCTURE;
use crate::{
    asl::definition::{Definition, Scope, Target},
    diagnostic::Diagnostic,
};

pub(super) fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    for scope in &definition.scopes {
        let targets = scope.start.iter().chain(scope.states.iter().flat_map(|state| state.targets()));
        for target in targets.filter(|target| !scope.states.is_empty() && !target.exists() && !target.hidden) {
            found.push(missing(definition, scope, target));
        }
    }
}

fn missing(definition: &Definition, scope: &Scope, target: &Target) -> Diagnostic {
    let field = target.pointer.rsplit('/').next().unwrap_or_default();
    let message = format!("`{field}` names `{}`; expected a state of {}", target.name, scope.part.described());
    let diagnostic = Diagnostic::error("MISSING_TRANSITION_TARGET", target.pointer.as_str(), message).docs(STRUCTURE);
    match definition.states().find(|state| state.name == target.name) {
        Some(state) => {
            diagnostic.help(format!("{} has that name, but no state goes into or out of a branch", state.pointer))
        }
        None => diagnostic.did_you_mean(&target.name, scope.states.iter().map(|state| &*state.name)),
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
