//! SCHEMA_VALIDATION_FAILED: a JSONPath state in a JSONata workflow, or a language that does not exist.

use super::Definition;
use crate::{asl::definition::Language, diagnostic::Diagnostic, json::Json};

const DOCS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html";

pub(super) fn check(definition: &Definition<'_>, found: &mut Vec<Diagnostic>) {
    let mut fault = |pointer: String, message: String| {
        found.push(Diagnostic::error("SCHEMA_VALIDATION_FAILED", pointer, message).docs(DOCS));
    };
    let whole = definition.json.get("QueryLanguage");
    let states = definition.scopes.iter().flat_map(|scope| &scope.states);
    let said = states.filter_map(|state| Some((state.pointer.as_str(), state.fields.get("QueryLanguage")?)));
    for (pointer, language) in whole.map(|language| ("", language)).into_iter().chain(said) {
        let pointer = format!("{pointer}/QueryLanguage");
        match language.as_str() {
            Some("JSONata") => {}
            Some("JSONPath") if Language::of(whole.and_then(Json::as_str)) == Language::Jsonata => {
                fault(pointer, "the state is JSONPath in a JSONata workflow; expected JSONata".to_owned());
            }
            Some("JSONPath") => {}
            _ => fault(pointer, format!("the query language is {language}; expected \"JSONata\" or \"JSONPath\"")),
        }
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
        assert_finds(
            check,
            languages("JSONata", "Jsonata"),
            &[&fault("the query language is \"Jsonata\"; expected \"JSONata\" or \"JSONPath\"")],
        );
    }
}
