//! The definition of every state machine: what [`asl::validate`](crate::asl::validate) finds, and whether tokens and
//! substitutions match.

use std::collections::HashSet;

use crate::{
    asl::validate,
    check::subject::{Check, Subject},
    diagnostic::{Diagnostic, Severity},
    json::Json,
    rule::Rule,
    template::machine::{Definition, StateMachine, Substitutions, Unread, tokens_in},
};

static NOT_JSON: Rule = Rule {
    code: "INVALID_JSON_DESCRIPTION",
    severity: Severity::Error,
    title: "a definition that is no JSON",
    why: "\
The text of `DefinitionString`, also where it is made by `Fn::Sub` or `Fn::Join`, cannot be read as
JSON. Step Functions refuses it while the stack deploys, and the stack is rolled back. A definition
in `Definition` is an object of the template, and cannot have this fault.",
    fails: "\
Resources:
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/Run
      DefinitionString: '{\"StartAt\": \"Done\", \"States\": {\"Done\": {\"Type\": \"Succeed\"}}'",
    passes: "\
Resources:
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/Run
      DefinitionString: '{\"StartAt\": \"Done\", \"States\": {\"Done\": {\"Type\": \"Succeed\"}}}'",
    docs: None,
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&NOT_JSON], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for machine in &subject.machines {
        match &machine.definition {
            Ok(definition) => found.extend(faults(machine, definition)),
            Err(Unread::NotJson(why)) => {
                let message = format!("the definition is not JSON ({why}); expected a JSON object");
                found.push(NOT_JSON.at(machine.path.clone(), message));
            }
            Err(Unread::Elsewhere | Unread::InFile(_)) => {}
        }
    }
}

fn faults(machine: &StateMachine<'_>, definition: &Definition<'_>) -> Vec<Diagnostic> {
    let Definition { json, opaque, integrations } = definition;
    let mut found = validate::checked(json, machine.express, &validate::Declared::default());
    if let Substitutions::Known(_) = machine.substitutions {
        // One that the text of another value has too is looked for there.
        let mut in_texts = HashSet::new();
        each_text(json, &mut |text| in_texts.extend(tokens_in(text)));
        let is_put = |token: &str| integrations.contains(token) && !in_texts.contains(token);
        let own = machine.substitutions.iter().map(|(token, _)| token).filter(|token| !is_put(token));
        let mut references = Vec::new();
        each_text(json, &mut |text| references.extend(opaque.references_in(text)));
        references.sort_unstable();
        references.dedup();
        found.extend(validate::substitutions(json, own.chain(references)));
    }
    found.into_iter().map(|fault| fault.within(&machine.path)).collect()
}

fn each_text<'a>(json: &'a Json, visit: &mut dyn FnMut(&'a str)) {
    match json {
        Json::String(text) => visit(text),
        Json::Array(items) => items.iter().for_each(|item| each_text(item, visit)),
        Json::Object(members) => members.values().for_each(|member| each_text(member, visit)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{asl::jsonata::*, aws::stepfunctions::StateMachine, check::assert_finds, stack::Stack};

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
        assert_finds(
            check,
            machine(json!({"Definition": definition("Stpo"), "DefinitionSubstitutions": substitutions})),
            &[&fault],
        );
    }

    #[test]
    fn an_express_machine_waits_for_nothing() {
        let machine = |kind: &str| {
            let call = json!({
                "Type": "Task",
                "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                "Arguments": {"QueueUrl": "q", "MessageBody": "{% $states.context.Task.Token %}"},
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
        assert_finds(check, machine(json!({"DefinitionString": {"Ref": "Text"}})), &[]);
        assert_finds(
            check,
            machine(json!({"DefinitionString": r#"{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}"#})),
            &[],
        );
        for text in [json!("{"), json!({"Fn::Sub": "{"}), json!({"Fn::Join": ["", ["{"]]})] {
            assert_finds(
                check,
                machine(json!({"DefinitionString": text})),
                &[
                    "error[INVALID_JSON_DESCRIPTION]: the definition is not JSON (EOF while parsing an object at line 1 column 1); expected a JSON object\n  \
                   at   Resources/M/Properties/DefinitionString",
                ],
            );
        }
    }

    #[test]
    fn a_state_that_is_written_twice_is_refused() {
        let twice = r#"{"StartAt":"A","States":{"A":{"Type":"Succeed"},"A":{"Type":"Succeed"}}}"#;
        assert_finds(
            check,
            machine(json!({"DefinitionString": twice})),
            &[
                "error[INVALID_JSON_DESCRIPTION]: the definition is not JSON (the key `A` is written twice; expected each key of a map once at line 1 column 51); expected a JSON object\n  \
               at   Resources/M/Properties/DefinitionString",
            ],
        );
    }

    #[test]
    fn a_definition_that_is_missing_or_null_is_no_fault_of_a_definition() {
        for properties in [json!({}), json!(null), json!({"Definition": null}), json!({"DefinitionString": null})] {
            assert_finds(check, machine(properties), &[]);
        }
        let location =
            json!({"DefinitionS3Location": {"Bucket": "b", "Key": "k"}, "DefinitionSubstitutions": {"A": "b"}});
        assert_finds(check, machine(location), &[]);
    }

    /// The definition as CDK writes it.
    fn joined(next: &str) -> Json {
        machine(json!({"StateMachineType": "EXPRESS", "DefinitionString": {"Fn::Join": ["", [
            format!(r#"{{"StartAt":"A","States":{{"A":{{"Type":"Task","Next":"{next}","Resource":"arn:"#),
            {"Ref": "AWS::Partition"},
            r#":states:::sqs:sendMessage.waitForTaskToken","Parameters":{"Token.$":"$$.Task.Token","QueueUrl":""#,
            {"Ref": "Queue"},
            r#""}},"B":{"Type":"Succeed"}}}"#,
        ]]}}))
    }

    #[test]
    fn a_joined_definition_is_checked_like_others() {
        let path = "Resources/M/Properties/DefinitionString/States";
        let waits = format!(
            "error[SCHEMA_VALIDATION_FAILED]: the task uses `.waitForTaskToken` in an express workflow; expected an integration that only answers\n  \
             at   {path}/A/Resource\n  \
             help use the type STANDARD, or the integration without that ending\n  \
             docs https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html"
        );
        assert_finds(check, joined("B"), &[&waits]);
        let mut found = Vec::new();
        check(&Subject::new(&crate::template::Template::new(joined("C"))), &mut found);
        let target = found.iter().find(|fault| fault.path == format!("{path}/A/Next")).unwrap();
        assert_eq!(target.message, "`Next` names `C`; expected a state of the workflow");
    }

    #[test]
    fn a_substituted_definition_is_checked_like_others() {
        let text = r#"{"StartAt": "A", "States": {
            "A": {"Type": "Wait", "Seconds": ${Wait}, "Next": "B"},
            "B": {"Type": "Task", "Resource": "${!Called}", "Arguments": "${Queue.Arn}", "End": true}
        }}"#;
        let found = |substitutions: Json| {
            let text = json!({"Fn::Sub": [text, {"Wait": {"Ref": "Wait"}}]});
            machine(json!({"DefinitionString": text, "DefinitionSubstitutions": substitutions}))
        };
        let field = |name: &str| {
            format!(
                "error[SCHEMA_VALIDATION_FAILED]: `{name}` is not a field of a JSONPath `Task`; expected only fields that it has\n  \
                 at   Resources/M/Properties/DefinitionString/States/B/{name}\n  \
                 help JSONata has it; a state has the fields of one query language\n  {PAGE}"
            )
        };
        let token = "error[F2001]: `${Called}` has no substitution; expected one of that name\n  \
             at   Resources/M/Properties/DefinitionString/States/B/Resource\n  \
             docs https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html";
        assert_finds(check, found(json!({"Called": {"Ref": "Function"}})), &[&field("Arguments")]);
        assert_finds(check, found(Json::Null), &[&field("Arguments"), token]);
    }

    #[test]
    fn a_token_in_place_of_what_is_not_known_is_no_fault() {
        let unknown = json!({"Fn::If": ["Live", "B", "C"]});
        let way = json!({"StartAt": "A", "States": {
            "A": {"Type": "Pass", "Next": unknown},
            "B": {"Type": "Succeed"},
            "C": {"Type": "Succeed"},
        }});
        let parts = json!({"QueryLanguage": "JSONata", "StartAt": "A", "States": {
            "A": {
                "Type": "Task",
                "Resource": {"Fn::GetAtt": ["Function", "Arn"]},
                "Arguments": {"Body": {"Fn::Sub": "{% $x + ${Number} %}"}, "Whole": unknown},
                "TimeoutSeconds": {"Ref": "Seconds"},
                "Retry": unknown,
                "Next": "B",
            },
            "B": {"Type": "Parallel", "Branches": [unknown], "Next": "C"},
            "C": {"Type": "Wait", "Timestamp": {"Ref": "Day"}, "End": {"Ref": "Ends"}},
        }});
        let unquoted = r#"{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": ${Wait}, "End": true}}}"#;
        for properties in [
            json!({"Definition": way}),
            json!({"Definition": parts}),
            json!({"Definition": {"StartAt": "A", "States": unknown}}),
            json!({"DefinitionString": unquoted, "DefinitionSubstitutions": {"Wait": 5}}),
            json!({"DefinitionString": {"Fn::Sub": r#"{"StartAt": "${P}A", "States": {"${P}A": {"Type": "Succeed"}}}"#}}),
            json!({"DefinitionString": {"Fn::Sub": r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"} ${More}}}"#}}),
        ] {
            assert_finds(check, machine(properties), &[]);
        }
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
                ("MISSING_TRANSITION_TARGET", &format!("{definition}/States/Both/Branches/0/States/Render/Next"), 1),
            ]
        );
    }
}
