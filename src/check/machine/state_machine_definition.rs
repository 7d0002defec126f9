//! The definition of every state machine: what [`asl::validate`](crate::asl::validate) finds, and whether tokens and
//! substitutions match.

use crate::{
    asl::validate,
    diagnostic::{Diagnostic, Path},
    json::Json,
    template::Template,
};

pub(in crate::check) fn check(template: &Template, found: &mut Vec<Diagnostic>) {
    for (id, resource) in template.section("Resources") {
        if resource["Type"] != "AWS::StepFunctions::StateMachine" {
            continue;
        }
        let properties = &resource["Properties"];
        let path = Path::from("Resources").join(id).join("Properties");
        let (field, definition) = match (&properties["Definition"], properties["DefinitionString"].as_str()) {
            // A macro writes the definition: what it will be cannot be known here.
            (Json::Object(object), _) if object.keys().any(|key| key.starts_with("Fn::")) => continue,
            (definition @ Json::Object(_), _) => ("Definition", definition.clone()),
            (_, Some(text)) => match serde_json::from_str(text) {
                Ok(definition) => ("DefinitionString", definition),
                Err(error) => {
                    let message = format!("the definition is not JSON ({error}); expected a JSON object");
                    found.push(Diagnostic::error("INVALID_JSON_DESCRIPTION", path.join("DefinitionString"), message));
                    continue;
                }
            },
            _ => continue,
        };
        let substitutions = &properties["DefinitionSubstitutions"];
        // An intrinsic in place of the map: which tokens it has cannot be known here.
        let known = substitutions.is_null()
            || substitutions.as_object().is_some_and(|map| !map.keys().any(|key| key.contains("::") || key == "Ref"));
        let tokens = substitutions.as_object().into_iter().flatten().map(|(token, _)| token.as_str());
        let mut faults = validate::definition(&definition);
        if properties["StateMachineType"] == "EXPRESS" {
            faults.extend(validate::express(&definition));
        }
        if known {
            faults.extend(validate::substitutions(&definition, tokens));
        }
        let definition = path.join(field);
        found.extend(faults.into_iter().map(|fault| fault.within(&definition)));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        asl::jsonata::*, aws::stepfunctions::StateMachine, check::assert_finds, diagnostic::Severity, stack::Stack,
    };

    const PAGE: &str = "docs https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html";

    fn machine(properties: Json) -> Json {
        json!({"Resources": {"M": {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}}})
    }

    #[test]
    fn a_definition_in_a_template_is_checked() {
        let definition = |next: &str| {
            json!({"StartAt": "A", "States": {
                "A": {"Type": "Task", "Resource": "${Arn}", "Next": next},
                "Stop": {"Type": "Succeed"},
            }})
        };
        let substitutions = json!({"Arn": {"Ref": "Topic"}});
        assert_finds(
            check,
            machine(json!({"Definition": definition("Stop"), "DefinitionSubstitutions": substitutions})),
            &[],
        );
        let fault = format!(
            "error[MISSING_TRANSITION_TARGET]: `Next` names `Stpo`; expected a state of the workflow\n  \
             at   Resources/M/Properties/Definition/States/A/Next\n  help did you mean `Stop`?\n  {PAGE}"
        );
        let unreachable = format!(
            "error[MISSING_TRANSITION_TARGET]: no way leads to `Stop`; expected one from `StartAt`\n  \
             at   Resources/M/Properties/Definition/States/Stop\n  {PAGE}"
        );
        assert_finds(
            check,
            machine(json!({"Definition": definition("Stpo"), "DefinitionSubstitutions": substitutions})),
            &[&fault, &unreachable],
        );
    }

    #[test]
    fn an_express_machine_waits_for_nothing() {
        let machine = |kind: &str| {
            let call = json!({
                "Type": "Task",
                "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                "Arguments": {"MessageBody": "{% $states.context.Task.Token %}"},
                "End": true,
            });
            let definition = json!({"QueryLanguage": "JSONata", "StartAt": "Call", "States": {"Call": call}});
            machine(json!({"StateMachineType": kind, "Definition": definition}))
        };
        assert_finds(check, machine("STANDARD"), &[]);
        assert_finds(
            check,
            machine("EXPRESS"),
            &[
                "error[SCHEMA_VALIDATION_FAILED]: the task uses `.waitForTaskToken` in an express workflow; expected an integration that only answers\n  \
                 at   Resources/M/Properties/Definition/States/Call/Resource\n  \
                 help use the type STANDARD, or the integration without that ending\n  \
                 docs https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html",
            ],
        );
    }

    #[test]
    fn a_definition_that_a_macro_writes_is_left_alone() {
        assert_finds(check, machine(json!({"Definition": {"Fn::Transform": {"Name": "AWS::Include"}}})), &[]);
    }

    #[test]
    fn a_definition_string_is_checked_where_it_is_text() {
        assert_finds(check, machine(json!({"DefinitionString": {"Fn::Sub": "{"}})), &[]);
        assert_finds(
            check,
            machine(json!({"DefinitionString": r#"{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}"#})),
            &[],
        );
        assert_finds(
            check,
            machine(json!({"DefinitionString": "{"})),
            &[
                "error[INVALID_JSON_DESCRIPTION]: the definition is not JSON (EOF while parsing an object at line 1 column 1); expected a JSON object\n  \
               at   Resources/M/Properties/DefinitionString",
            ],
        );
    }

    #[test]
    fn faults_of_a_workflow_name_the_rust_line_of_their_state() {
        let line = line!();
        let branch = Branch::new().state("Render", Pass::new().next("Publish"));
        let workflow = Workflow::new().state("Both", Parallel::new([branch]).end()).state("Both", Pass::new().end());
        let mut stack = Stack::new("reports");
        stack.add("Machine", StateMachine::new("arn:aws:iam::123456789012:role/Run").workflow(&workflow));
        let found = stack.diagnostics();
        let found: Vec<(&str, &str, u32)> = found
            .iter()
            .filter(|fault| fault.severity == Severity::Error)
            .map(|fault| (fault.code, fault.path.as_str(), fault.declared_at.as_ref().unwrap().line - line))
            .collect();
        let definition = "Resources/Machine/Properties/Definition";
        assert_eq!(
            found,
            [
                ("DUPLICATE_STATE_NAME", format!("{definition}/States/Both").as_str(), 2),
                ("MISSING_END_STATE", &format!("{definition}/States/Both/Branches/0/States"), 2),
                ("MISSING_TRANSITION_TARGET", &format!("{definition}/States/Both/Branches/0/States/Render/Next"), 1),
            ]
        );
    }
}
