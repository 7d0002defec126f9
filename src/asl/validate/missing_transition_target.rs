//! MISSING_TRANSITION_TARGET: a state goes to one that its scope does not have.

use super::{DOCS, Definition, Scope};
use crate::diagnostic::Diagnostic;

pub(super) fn check(definition: &Definition<'_>, found: &mut Vec<Diagnostic>) {
    for scope in &definition.scopes {
        let start = scope.start_at().map(|target| (target, format!("{}/StartAt", scope.pointer)));
        let targets = start.into_iter().chain(scope.states.iter().flat_map(|state| state.targets()));
        for (target, pointer) in targets {
            if !scope.states.is_empty() && !scope.has(target) {
                found.push(missing(definition, scope, target, pointer));
            }
        }
    }
}

fn missing(definition: &Definition<'_>, scope: &Scope<'_>, target: &str, pointer: String) -> Diagnostic {
    let field = pointer.rsplit('/').next().unwrap_or_default();
    let message = format!("`{field}` names `{target}`; expected a state of {}", scope.kind());
    let diagnostic = Diagnostic::error("MISSING_TRANSITION_TARGET", pointer, message).docs(DOCS);
    let elsewhere = definition.scopes.iter().flat_map(|scope| &scope.states).find(|state| state.name == target);
    match elsewhere {
        Some(state) => {
            diagnostic.help(format!("{} has that name, but no state goes into or out of a branch", state.pointer))
        }
        None => diagnostic.did_you_mean(target, scope.names()),
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
