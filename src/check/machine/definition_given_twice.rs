//! F1014: a state machine with more than one definition, of which AWS takes none.

use crate::{
    check::subject::{Check, Subject},
    diagnostic::{Diagnostic, Path, Severity},
    json::Json,
    rule::Rule,
};

static GIVEN_TWICE: Rule = Rule {
    code: "F1014",
    severity: Severity::Error,
    title: "a state machine with more than one definition",
    why: "\
`Definition`, `DefinitionString` and `DefinitionS3Location` are three ways to give a state machine
its one definition. Where there are two, the state machine cannot be made while the stack deploys
(\"Please use one of [DefinitionS3Location], [DefinitionString] or [Definition]\"), and the stack is
rolled back. One that `Fn::If` gives may be left out, and does not count.",
    fails: "\
Resources:
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/Run
      Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}
      DefinitionString: '{\"StartAt\": \"Done\", \"States\": {\"Done\": {\"Type\": \"Succeed\"}}}'",
    passes: "\
Resources:
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/Run
      Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}",
    docs: Some(
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html",
    ),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&GIVEN_TWICE], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for machine in &subject.machines {
        let properties = &subject.template.as_json()["Resources"][machine.logical_id]["Properties"];
        let ways = ["Definition", "DefinitionString", "DefinitionS3Location"];
        let given: Vec<String> =
            ways.iter().filter(|way| is_given(&properties[**way])).map(|way| format!("`{way}`")).collect();
        if given.len() > 1 {
            let path = Path::from("Resources").join(machine.logical_id).join("Properties");
            let message = format!("the state machine has {}; expected one of them", given.join(" and "));
            found.push(GIVEN_TWICE.at(path, message));
        }
    }
}

/// Whether the property is there whatever a condition says.
fn is_given(value: &Json) -> bool {
    !value.is_null() && value.get("Fn::If").is_none() && value["Ref"] != "AWS::NoValue"
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{asl::jsonata::*, aws::stepfunctions::StateMachine, check::assert_finds, stack::Stack};

    const TEXT: &str = r#"{"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}"#;

    fn machine(properties: Json) -> Json {
        json!({"Resources": {"M": {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}}})
    }

    #[test]
    fn one_definition_is_enough() {
        let location = json!({"Bucket": "b", "Key": "k"});
        assert_finds(check, machine(json!({"DefinitionString": TEXT})), &[]);
        let choice = json!({"Fn::If": ["Stored", location, {"Ref": "AWS::NoValue"}]});
        assert_finds(check, machine(json!({"DefinitionString": TEXT, "DefinitionS3Location": choice})), &[]);
        assert_finds(
            check,
            machine(json!({"DefinitionString": TEXT, "DefinitionS3Location": location})),
            &[
                "error[F1014]: the state machine has `DefinitionString` and `DefinitionS3Location`; expected one of them\n  \
                 at   Resources/M/Properties\n  \
                 docs https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html",
            ],
        );
    }

    #[test]
    fn a_workflow_is_a_definition_before_and_after_another() {
        let workflow = Workflow::new().state("Done", Succeed::new());
        let new = || StateMachine::new("arn:aws:iam::123456789012:role/Run");
        let elsewhere = crate::aws::stepfunctions::state_machine::S3Location::new("bucket", "key");
        for machine in [
            new().workflow(&workflow).definition_string(TEXT),
            new().definition_string(TEXT).workflow(&workflow),
            new().workflow(&workflow).definition_s3_location(elsewhere.clone()),
            new().definition_s3_location(elsewhere).workflow(&workflow),
            new().workflow(&workflow).workflow(&workflow),
            new().definition(json!({})).workflow(&workflow),
        ] {
            let mut stack = Stack::new("test");
            stack.add("Machine", machine);
            let faults: Vec<_> = stack.diagnostics().iter().map(|fault| fault.code).collect();
            assert_eq!(faults, ["F1014"]);
        }
    }
}
