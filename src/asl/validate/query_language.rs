//! SCHEMA_VALIDATION_FAILED: a JSONPath state in a JSONata workflow.

use crate::{
    asl::definition::{Definition, Language},
    diagnostic::Diagnostic,
};

const DOCS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html";

pub(super) fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    if definition.language != Language::Jsonata {
        return;
    }
    for state in definition.states().filter(|state| state.says_language && state.language == Language::JsonPath) {
        let pointer = format!("{}/QueryLanguage", state.pointer);
        let message = "the state is JSONPath in a JSONata workflow; expected JSONata";
        found.push(Diagnostic::error("SCHEMA_VALIDATION_FAILED", pointer, message).docs(DOCS));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::asl::validate::assert_finds;

    fn languages(workflow: &str, state: &str) -> Json {
        let state = json!({"Type": "Succeed", "QueryLanguage": state});
        json!({"QueryLanguage": workflow, "StartAt": "A", "States": {"A": state}})
    }

    #[test]
    fn a_jsonata_workflow_holds_no_jsonpath_state() {
        assert_finds(check, languages("JSONPath", "JSONata"), &[]);
        assert_finds(check, languages("JSONPath", "JSONPath"), &[]);
        let fault = |message: &str| {
            format!("error[SCHEMA_VALIDATION_FAILED]: {message}\n  at   /States/A/QueryLanguage\n  docs {DOCS}")
        };
        assert_finds(
            check,
            languages("JSONata", "JSONPath"),
            &[&fault("the state is JSONPath in a JSONata workflow; expected JSONata")],
        );
    }
}
