//! SCHEMA_VALIDATION_FAILED: two distributed `Map`s have the same label.

use std::collections::HashMap;

use crate::{
    asl::definition::{Definition, StateKind},
    diagnostic::Diagnostic,
};

const DOCS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html";

pub(super) fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    let mut first: HashMap<&str, &str> = HashMap::new();
    for state in definition.states() {
        let StateKind::Map(map) = &state.kind else { continue };
        let Some(label) = map.distributed.as_ref().and_then(|distributed| distributed.label.as_deref()) else {
            continue;
        };
        match first.get(label) {
            Some(pointer) => {
                let message =
                    format!("two maps are labelled `{label}`; expected each label once in the whole workflow");
                found.push(
                    Diagnostic::error("SCHEMA_VALIDATION_FAILED", format!("{}/Label", state.pointer), message)
                        .help(format!("the first one is {pointer}"))
                        .docs(DOCS),
                );
            }
            None => {
                first.insert(label, &state.pointer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::asl::validate::assert_finds;

    fn labelled(first: &str, second: &str) -> Json {
        let map = |label: &str, inner: &str, after: &str| {
            let config = json!({"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"});
            let states = json!({inner: {"Type": "Succeed"}});
            let processor = json!({"ProcessorConfig": config, "StartAt": inner, "States": states});
            json!({"Type": "Map", "Label": label, "ItemProcessor": processor, "Next": after})
        };
        let states = json!({"A": map(first, "X", "B"), "B": map(second, "Y", "C"), "C": {"Type": "Succeed"}});
        json!({"StartAt": "A", "States": states})
    }

    #[test]
    fn a_label_is_used_once() {
        assert_finds(check, labelled("one", "two"), &[]);
        assert_finds(
            check,
            labelled("one", "one"),
            &[
                "error[SCHEMA_VALIDATION_FAILED]: two maps are labelled `one`; expected each label once in the whole workflow\n  \
               at   /States/B/Label\n  \
               help the first one is /States/A\n  \
               docs https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html",
            ],
        );
    }
}
