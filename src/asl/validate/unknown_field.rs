//! SCHEMA_VALIDATION_FAILED: a field that a state of its type and query language does not have.

use super::{DOCS, Definition, Node};
use crate::{asl::definition::Language, diagnostic::Diagnostic};

/// Of the workflow itself.
const TOP_LEVEL: &str = "Comment QueryLanguage StartAt States TimeoutSeconds Version";

/// State type; fields that only JSONPath has; only JSONata has; of both.
const STATES: [(&str, &str, &str, &str); 8] = [
    ("Choice", "InputPath OutputPath", "Output", "Assign Choices Comment Default QueryLanguage Type"),
    ("Fail", "CausePath ErrorPath", "", "Cause Comment Error QueryLanguage Type"),
    (
        "Map",
        "InputPath ItemsPath MaxConcurrencyPath OutputPath Parameters ResultPath ResultSelector \
         ToleratedFailureCountPath ToleratedFailurePercentagePath",
        "Items Output",
        "Assign Catch Comment End ItemBatcher ItemProcessor ItemReader ItemSelector Iterator Label MaxConcurrency Next \
         QueryLanguage ResultWriter Retry ToleratedFailureCount ToleratedFailurePercentage Type",
    ),
    (
        "Parallel",
        "InputPath OutputPath Parameters ResultPath ResultSelector",
        "Arguments Output",
        "Assign Branches Catch Comment End Next QueryLanguage Retry Type",
    ),
    (
        "Pass",
        "InputPath OutputPath Parameters Result ResultPath",
        "Output",
        "Assign Comment End Next QueryLanguage Type",
    ),
    ("Succeed", "InputPath OutputPath", "Output", "Comment QueryLanguage Type"),
    (
        "Task",
        "HeartbeatSecondsPath InputPath OutputPath Parameters ResultPath ResultSelector TimeoutSecondsPath",
        "Arguments Output",
        "Assign Catch Comment Credentials End HeartbeatSeconds Next QueryLanguage Resource Retry TimeoutSeconds Type",
    ),
    (
        "Wait",
        "InputPath OutputPath SecondsPath TimestampPath",
        "Output",
        "Assign Comment End Next QueryLanguage Seconds Timestamp Type",
    ),
];

pub(super) fn check(definition: &Definition<'_>, found: &mut Vec<Diagnostic>) {
    for (field, _) in definition.json.as_object().into_iter().flatten() {
        if !has(TOP_LEVEL, field) {
            let message = format!("`{field}` is not a field of a workflow; expected one of {TOP_LEVEL}");
            let diagnostic = Diagnostic::error("SCHEMA_VALIDATION_FAILED", format!("/{field}"), message);
            found.push(diagnostic.did_you_mean(field, TOP_LEVEL.split(' ')).docs(DOCS));
        }
    }
    for state in definition.scopes.iter().flat_map(|scope| &scope.states) {
        check_state(state, definition.language(state), found);
    }
}

fn check_state(state: &Node<'_>, language: Language, found: &mut Vec<Diagnostic>) {
    let Some(kind) = state.text("Type") else { return };
    let Some((_, path, ata, both)) = STATES.iter().find(|(name, ..)| *name == kind) else {
        let names = STATES.iter().map(|(name, ..)| *name);
        let message = format!(
            "`{kind}` is not a type of states; expected one of {}",
            names.clone().collect::<Vec<_>>().join(", ")
        );
        let diagnostic = Diagnostic::error("SCHEMA_VALIDATION_FAILED", format!("{}/Type", state.pointer), message);
        found.push(diagnostic.did_you_mean(kind, names).docs(DOCS));
        return;
    };
    let (own, other) = match language {
        Language::Jsonata => (ata, path),
        Language::JsonPath => (path, ata),
    };
    for field in state.fields.keys().filter(|field| !has(own, field) && !has(both, field)) {
        let message =
            format!("`{field}` is not a field of a {} `{kind}`; expected only fields that it has", language.name());
        let diagnostic = Diagnostic::error("SCHEMA_VALIDATION_FAILED", format!("{}/{field}", state.pointer), message);
        let diagnostic = match has(other, field) {
            true => diagnostic
                .help(format!("{} has it; a state has the fields of one query language", language.other().name())),
            false => diagnostic.did_you_mean(field, own.split(' ').chain(both.split(' '))),
        };
        found.push(diagnostic.docs(DOCS));
    }
}

fn has(list: &str, field: &str) -> bool {
    list.split(' ').any(|name| name == field)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::asl::validate::assert_finds;

    fn state(language: &str, state: Json) -> Json {
        json!({"QueryLanguage": language, "StartAt": "A", "States": {"A": state}})
    }

    #[test]
    fn a_state_has_the_fields_of_its_type_and_language() {
        assert_finds(check, state("JSONata", json!({"Type": "Pass", "Output": 1, "End": true})), &[]);
        assert_finds(check, state("JSONPath", json!({"Type": "Pass", "Result": 1, "End": true})), &[]);
        assert_finds(
            check,
            state("JSONata", json!({"Type": "Pass", "ResultPath": "$.a", "Assing": {}, "End": true})),
            &[
                "error[SCHEMA_VALIDATION_FAILED]: `Assing` is not a field of a JSONata `Pass`; expected only fields that it has\n  \
                 at   /States/A/Assing\n  \
                 help did you mean `Assign`?\n  \
                 docs https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html",
                "error[SCHEMA_VALIDATION_FAILED]: `ResultPath` is not a field of a JSONata `Pass`; expected only fields that it has\n  \
                 at   /States/A/ResultPath\n  \
                 help JSONPath has it; a state has the fields of one query language\n  \
                 docs https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html",
            ],
        );
    }

    #[test]
    fn a_type_and_a_top_level_field_that_do_not_exist_are_told() {
        assert_finds(
            check,
            json!({"StartsAt": "A", "States": {"A": {"Type": "Tsk"}}}),
            &[
                "error[SCHEMA_VALIDATION_FAILED]: `StartsAt` is not a field of a workflow; expected one of Comment QueryLanguage StartAt States TimeoutSeconds Version\n  \
                 at   /StartsAt\n  \
                 help did you mean `StartAt`?\n  \
                 docs https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html",
                "error[SCHEMA_VALIDATION_FAILED]: `Tsk` is not a type of states; expected one of Choice, Fail, Map, Parallel, Pass, Succeed, Task, Wait\n  \
                 at   /States/A/Type\n  \
                 help did you mean `Task`?\n  \
                 docs https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html",
            ],
        );
    }
}
