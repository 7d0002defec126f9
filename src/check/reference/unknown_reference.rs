//! E1020, E1010, E1019, E1011, E1028, E3005, E3015, E6005, E8007: a reference names something that the template
//! does not declare, or an attribute that the resource does not have.

use crate::{
    check::subject::{Check, Subject},
    diagnostic::{Diagnostic, Severity},
    rule::Rule,
    schema,
    template::{
        intrinsic::{LANGUAGE_EXTENSIONS, is_pseudo_parameter, may_declare},
        reference::{Reference, ReferenceKind},
    },
};

const DOCS: Option<&str> =
    Some("https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html");

const SOUND: &str = "\
Parameters:
  Stage: {Type: String}
Resources:
  Letters:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Ref Stage";

const SOUND_CONDITION: &str = "\
Conditions:
  Frankfurt: !Equals [!Ref AWS::Region, eu-central-1]
Resources:
  Letters:
    Type: AWS::SQS::Queue
    Condition: Frankfurt";

static REF: Rule = Rule {
    code: "E1020",
    severity: Severity::Error,
    title: "`Ref` names what the template does not declare",
    why: "\
`Ref` takes the logical id of a resource, the name of a parameter, or one of AWS's pseudo parameters
such as `AWS::Region`. CloudFormation refuses a template with any other name before it makes
anything (\"Unresolved resource dependencies\"). It counts wherever intrinsics are resolved: in the
properties, the metadata and the policies of a resource, in conditions, rules and outputs. Where a
macro rewrites the template, names are not checked.",
    fails: "\
Parameters:
  Stage: {Type: String}
Resources:
  Letters:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Ref Stgae",
    passes: SOUND,
    docs: DOCS,
};

static GET_ATT: Rule = Rule {
    code: "E1010",
    severity: Severity::Error,
    title: "`Fn::GetAtt` reads a resource or an attribute that does not exist",
    why: "\
`Fn::GetAtt` takes the logical id of a resource of the template and an attribute that its type has.
CloudFormation refuses another id before it makes anything, another attribute at the latest while it
makes the resource. Custom resources and nested stacks name their attributes themselves; these are
not checked, but for the `Outputs.` in front.",
    fails: "\
Resources:
  Orders:
    Type: AWS::SQS::Queue
  Letters:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName: !GetAtt Orders.Name",
    passes: "\
Resources:
  Orders:
    Type: AWS::SQS::Queue
  Letters:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName: !GetAtt Orders.QueueName",
    docs: DOCS,
};

static SUB: Rule = Rule {
    code: "E1019",
    severity: Severity::Error,
    title: "a variable of `Fn::Sub` names what does not exist",
    why: "\
`${Name}` in the text is a `Ref`, `${Name.Attribute}` a `Fn::GetAtt`, unless the second argument
gives `Name` a value. CloudFormation refuses the template where the name is no resource or
parameter, or the resource has no such attribute. A `${Name}` that is to stay as it is, in a shell
script or a state machine's definition, is written `${!Name}`.",
    fails: "\
Resources:
  Orders:
    Type: AWS::SQS::Queue
  Letters:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName: !Sub to ${Order.QueueName}",
    passes: "\
Resources:
  Orders:
    Type: AWS::SQS::Queue
  Letters:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName: !Sub to ${Orders.QueueName}",
    docs: DOCS,
};

static FIND_IN_MAP: Rule = Rule {
    code: "E1011",
    severity: Severity::Error,
    title: "`Fn::FindInMap` names a mapping that does not exist",
    why: "\
The first argument of `Fn::FindInMap` is the name of an entry of `Mappings`. CloudFormation refuses
the template where there is no such entry.",
    fails: "\
Mappings:
  Delays:
    eu-central-1: {Seconds: 5}
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: !FindInMap [Delay, eu-central-1, Seconds]",
    passes: "\
Mappings:
  Delays:
    eu-central-1: {Seconds: 5}
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: !FindInMap [Delays, eu-central-1, Seconds]",
    docs: DOCS,
};

static IF: Rule = Rule {
    code: "E1028",
    severity: Severity::Error,
    title: "`Fn::If` names a condition that does not exist",
    why: "\
The first argument of `Fn::If` is the name of an entry of `Conditions`. CloudFormation refuses the
template where there is no such entry.",
    fails: "\
Conditions:
  Frankfurt: !Equals [!Ref AWS::Region, eu-central-1]
Resources:
  Letters:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: !If [Frankfort, 5, 0]",
    passes: "\
Conditions:
  Frankfurt: !Equals [!Ref AWS::Region, eu-central-1]
Resources:
  Letters:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: !If [Frankfurt, 5, 0]",
    docs: DOCS,
};

static DEPENDS_ON: Rule = Rule {
    code: "E3005",
    severity: Severity::Error,
    title: "`DependsOn` names a resource that does not exist",
    why: "\
`DependsOn` takes logical ids of resources of the same template, no parameters and nothing of
another stack. CloudFormation refuses the template where there is no such resource.",
    fails: "\
Resources:
  Orders:
    Type: AWS::SQS::Queue
  Letters:
    Type: AWS::SQS::Queue
    DependsOn: Order",
    passes: "\
Resources:
  Orders:
    Type: AWS::SQS::Queue
  Letters:
    Type: AWS::SQS::Queue
    DependsOn: Orders",
    docs: DOCS,
};

static CONDITION_OF_RESOURCE: Rule = Rule {
    code: "E3015",
    severity: Severity::Error,
    title: "a resource exists on a condition that does not",
    why: "\
The attribute `Condition` of a resource is the name of an entry of `Conditions`: the resource is
made only while that holds. CloudFormation refuses the template where there is no such entry.",
    fails: "\
Conditions:
  Frankfurt: !Equals [!Ref AWS::Region, eu-central-1]
Resources:
  Letters:
    Type: AWS::SQS::Queue
    Condition: Frankfort",
    passes: SOUND_CONDITION,
    docs: DOCS,
};

static CONDITION_OF_OUTPUT: Rule = Rule {
    code: "E6005",
    severity: Severity::Error,
    title: "an output exists on a condition that does not",
    why: "\
`Condition` of an output is the name of an entry of `Conditions`: the stack has the output only
while that holds. CloudFormation refuses the template where there is no such entry.",
    fails: "\
Resources:
  Letters:
    Type: AWS::SQS::Queue
Outputs:
  Arn:
    Condition: Frankfurt
    Value: !GetAtt Letters.Arn",
    passes: "\
Conditions:
  Frankfurt: !Equals [!Ref AWS::Region, eu-central-1]
Resources:
  Letters:
    Type: AWS::SQS::Queue
Outputs:
  Arn:
    Condition: Frankfurt
    Value: !GetAtt Letters.Arn",
    docs: DOCS,
};

static CONDITION_FUNCTION: Rule = Rule {
    code: "E8007",
    severity: Severity::Error,
    title: "a condition is made of one that does not exist",
    why: "\
Inside `Fn::And`, `Fn::Or` and `Fn::Not` the function `Condition` takes the name of an entry of
`Conditions`. CloudFormation refuses the template where there is no such entry.",
    fails: "\
Conditions:
  Elsewhere: !Not [!Condition Frankfurt]
Resources:
  Letters:
    Type: AWS::SQS::Queue
    Condition: Elsewhere",
    passes: "\
Conditions:
  Frankfurt: !Equals [!Ref AWS::Region, eu-central-1]
  Elsewhere: !Not [!Condition Frankfurt]
Resources:
  Letters:
    Type: AWS::SQS::Queue
    Condition: Elsewhere",
    docs: DOCS,
};

pub(in crate::check) static CHECK: Check = Check {
    rules: &[
        &GET_ATT,
        &FIND_IN_MAP,
        &SUB,
        &REF,
        &IF,
        &DEPENDS_ON,
        &CONDITION_OF_RESOURCE,
        &CONDITION_OF_OUTPUT,
        &CONDITION_FUNCTION,
    ],
    run: check,
};

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    // A macro may declare anything: what it adds cannot be known here.
    if subject.template.transforms().any(|name| name != Some(LANGUAGE_EXTENSIONS)) {
        return;
    }
    for reference in &subject.references {
        let sections: &[&str] = match reference.kind {
            ReferenceKind::Ref | ReferenceKind::Sub if reference.attribute.is_none() => {
                if is_pseudo_parameter(reference.to) {
                    continue;
                }
                &["Resources", "Parameters"]
            }
            ReferenceKind::Ref | ReferenceKind::Sub | ReferenceKind::GetAtt | ReferenceKind::DependsOn => {
                &["Resources"]
            }
            ReferenceKind::Condition | ReferenceKind::ConditionFunction | ReferenceKind::If => &["Conditions"],
            ReferenceKind::FindInMap => &["Mappings"],
            // Exports are those of other stacks; what a rule may name, CloudFormation does not say.
            ReferenceKind::ImportValue | ReferenceKind::ValueOf => continue,
        };
        found.extend(unknown_name(subject, reference, sections));
        found.extend(unknown_attribute(subject, reference));
    }
}

/// The rule of a kind of reference, and what it is called.
fn rule(reference: &Reference<'_>) -> (&'static Rule, &'static str) {
    match reference.kind {
        ReferenceKind::GetAtt => (&GET_ATT, "`Fn::GetAtt`"),
        ReferenceKind::Sub => (&SUB, "`Fn::Sub`"),
        ReferenceKind::DependsOn => (&DEPENDS_ON, "`DependsOn`"),
        ReferenceKind::Condition if reference.from.0 == "Outputs" => (&CONDITION_OF_OUTPUT, "`Condition`"),
        ReferenceKind::Condition => (&CONDITION_OF_RESOURCE, "`Condition`"),
        ReferenceKind::ConditionFunction => (&CONDITION_FUNCTION, "`Condition`"),
        ReferenceKind::If => (&IF, "`Fn::If`"),
        ReferenceKind::FindInMap => (&FIND_IN_MAP, "`Fn::FindInMap`"),
        ReferenceKind::Ref | ReferenceKind::ImportValue | ReferenceKind::ValueOf => (&REF, "`Ref`"),
    }
}

fn unknown_name(subject: &Subject<'_>, reference: &Reference<'_>, sections: &[&str]) -> Option<Diagnostic> {
    let template = subject.template;
    let name = reference.to;
    if sections.iter().any(|section| may_declare(&template.as_json()[section], name)) {
        return None;
    }
    let kind = match sections {
        ["Resources", "Parameters"] => "resource or parameter",
        ["Conditions"] => "condition",
        ["Mappings"] => "mapping",
        _ => "resource",
    };
    let (rule, what) = rule(reference);
    let message = format!("{what} names `{name}`, which the stack does not declare; expected a {kind} of it");
    let known = sections.iter().flat_map(|section| template.section(section).map(|(known, _)| known));
    Some(rule.at(&reference.path, message).did_you_mean(name, known))
}

fn unknown_attribute(subject: &Subject<'_>, reference: &Reference<'_>) -> Option<Diagnostic> {
    let name = reference.to;
    let attribute = reference.attribute.filter(|attribute| !attribute.is_empty())?;
    let kind = subject.template.as_json()["Resources"][name]["Type"].as_str()?;
    let schema = schema::of(kind)?;
    if schema.attribute(attribute).is_some() {
        return None;
    }
    let (rule, what) = rule(reference);
    let message = format!("{what} asks `{name}` for `{attribute}`; expected an attribute that `{kind}` has");
    Some(rule.at(&reference.path, message).did_you_mean(attribute, schema.attributes()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::assert_finds;

    const PAGE: &str =
        "docs https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html";

    #[test]
    fn every_kind_of_reference_is_resolved() {
        let template = json!({
            "Parameters": {"Days": {"Type": "Number"}},
            "Mappings": {"Zones": {"eu": {"Name": "Berlin"}}},
            "Conditions": {"Long": {"Fn::Equals": [{"Ref": "Days"}, "30"]}, "Both": {"Fn::And": [{"Condition": "Long"}, {"Condition": "Long"}]}},
            "Resources": {
                "Topic": {"Type": "AWS::SNS::Topic", "Condition": "Long", "Properties": {
                    "TopicName": {"Fn::Sub": ["${AWS::StackName}-${Days}-${Own}-${!Kept}-${Queue.Arn}", {"Own": "x"}]},
                    "DisplayName": {"Fn::If": ["Both", {"Fn::FindInMap": ["Zones", "eu", "Name"]}, {"Ref": "AWS::NoValue"}]},
                }},
                "Queue": {"Type": "AWS::SQS::Queue", "DependsOn": ["Topic"]},
            },
            "Outputs": {"Arn": {"Condition": "Long", "Value": {"Fn::GetAtt": ["Queue", "Arn"]}}},
        });
        assert_finds(check, template, &[]);
    }

    #[test]
    fn a_name_that_is_not_declared_is_reported_with_the_nearest_one() {
        let template = json!({
            "Resources": {
                "ReportTopic": {"Type": "AWS::SNS::Topic"},
                "Publish": {"Type": "Custom::Publish", "DependsOn": "Nothing", "Properties": {
                    "Topic": {"Ref": "ReportTopik"},
                    "Text": {"Fn::Sub": "to ${ReportTopic.TopicName} of ${Stage}"},
                }},
            },
        });
        assert_finds(
            check,
            template,
            &[
                "error[E3005]: `DependsOn` names `Nothing`, which the stack does not declare; expected a resource of it\n  \
                 at   Resources/Publish/DependsOn\n  \
                 docs https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html",
                "error[E1019]: `Fn::Sub` names `Stage`, which the stack does not declare; expected a resource or parameter of it\n  \
                 at   Resources/Publish/Properties/Text\n  \
                 docs https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html",
                "error[E1020]: `Ref` names `ReportTopik`, which the stack does not declare; expected a resource or parameter of it\n  \
                 at   Resources/Publish/Properties/Topic\n  \
                 help did you mean `ReportTopic`?\n  \
                 docs https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html",
            ],
        );
    }

    #[test]
    fn an_attribute_that_the_resource_does_not_have_is_reported() {
        let template = json!({"Resources": {
            "Queue": {"Type": "AWS::SQS::Queue"},
            "Own": {"Type": "Custom::Own", "Properties": {
                "A": {"Fn::GetAtt": ["Queue", "Arm"]},
                "B": {"Fn::Sub": "${Queue.Arn} and ${Queue.Url}"},
                "C": {"Fn::GetAtt": "Own.Anything"},
            }},
        }});
        assert_finds(
            check,
            template,
            &[
                "error[E1010]: `Fn::GetAtt` asks `Queue` for `Arm`; expected an attribute that `AWS::SQS::Queue` has\n  \
                 at   Resources/Own/Properties/A\n  \
                 help did you mean `Arn`?\n  \
                 docs https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html",
                "error[E1019]: `Fn::Sub` asks `Queue` for `Url`; expected an attribute that `AWS::SQS::Queue` has\n  \
                 at   Resources/Own/Properties/B\n  \
                 docs https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html",
            ],
        );
    }

    #[test]
    fn an_iam_condition_is_no_reference() {
        let statement = json!({"Condition": {"StringEquals": {"a": "b"}}});
        let template = json!({"Resources": {"R": {"Type": "X::Y::Z", "Properties": {"P": statement, "Choice": {"Condition": "{% true %}"}}}}});
        assert_finds(check, template, &[]);
    }

    #[test]
    fn what_a_macro_may_add_is_not_reported() {
        let template = json!({"Transform": "AWS::Serverless-2016-10-31", "Resources": {"R": {"Type": "X::Y::Z", "Properties": {"P": {"Ref": "FRole"}}}}});
        assert_finds(check, template, &[]);
    }

    #[test]
    fn a_reference_counts_wherever_cloudformation_resolves_one() {
        let unknown = json!({"Ref": "Nothing"});
        let template = json!({
            "Rules": {"Rule": {"Assertions": [{"Assert": {"Fn::Contains": [["a"], unknown]}}]}},
            "Conditions": {"C": {"Fn::Not": [{"Condition": "Nothing"}]}},
            "Resources": {"R": {
                "Type": "X::Y::Z",
                "Condition": "Nothing",
                "CreationPolicy": {"ResourceSignal": {"Count": unknown}},
                "UpdatePolicy": {"AutoScalingRollingUpdate": {"MaxBatchSize": {"Fn::FindInMap": ["Nothing", "a", "b"]}}},
                "DeletionPolicy": {"Fn::If": ["Nothing", "Retain", "Delete"]},
                "Metadata": {"AWS::CloudFormation::Init": {"config": [unknown]}},
            }},
            "Outputs": {"O": {"Condition": "Nothing", "Value": unknown, "Export": {"Name": {"Fn::Sub": "${Nothing}"}}}},
        });
        let fault = |code: &str, what: &str, kind: &str, path: &str| {
            format!(
                "error[{code}]: `{what}` names `Nothing`, which the stack does not declare; expected a {kind} of it\n  \
                 at   {path}\n  {PAGE}"
            )
        };
        let name = "resource or parameter";
        let expected = [
            fault("E8007", "Condition", "condition", "Conditions/C/Fn::Not/0"),
            fault("E6005", "Condition", "condition", "Outputs/O/Condition"),
            fault("E1019", "Fn::Sub", name, "Outputs/O/Export/Name"),
            fault("E1020", "Ref", name, "Outputs/O/Value"),
            fault("E3015", "Condition", "condition", "Resources/R/Condition"),
            fault("E1020", "Ref", name, "Resources/R/CreationPolicy/ResourceSignal/Count"),
            fault("E1028", "Fn::If", "condition", "Resources/R/DeletionPolicy"),
            fault("E1020", "Ref", name, "Resources/R/Metadata/AWS::CloudFormation::Init/config/0"),
            fault(
                "E1011",
                "Fn::FindInMap",
                "mapping",
                "Resources/R/UpdatePolicy/AutoScalingRollingUpdate/MaxBatchSize",
            ),
            fault("E1020", "Ref", name, "Rules/Rule/Assertions/0/Assert/Fn::Contains/1"),
        ];
        assert_finds(check, template, &expected.each_ref().map(String::as_str));
    }

    #[test]
    fn what_a_loop_repeats_is_declared() {
        let topics = json!(["Name", ["A", "B"], {"Topic${Name}": {
            "Type": "AWS::SNS::Topic",
            "Properties": {"TopicName": {"Ref": "Name"}, "DisplayName": {"Fn::Sub": "${Name}-${Stage}"}},
        }}]);
        let template = json!({"Transform": "AWS::LanguageExtensions", "Resources": {
            "Fn::ForEach::Topics": topics,
            "R": {"Type": "X::Y::Z", "DependsOn": "TopicA", "Properties": {"P": {"Fn::GetAtt": ["TopicB", "TopicName"]}}},
        }});
        assert_finds(
            check,
            template,
            &[&format!(
                "error[E1019]: `Fn::Sub` names `Stage`, which the stack does not declare; expected a resource or parameter of it\n  \
                 at   Resources/Fn::ForEach::Topics/2/Topic${{Name}}/Properties/DisplayName\n  {PAGE}"
            )],
        );
    }

    #[test]
    fn a_nested_stack_has_the_outputs_that_it_names_itself() {
        let template = json!({"Resources": {
            "Net": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "https://example.com/net.yaml"}},
            "Own": {"Type": "X::Y::Z", "Properties": {
                "A": {"Fn::GetAtt": ["Net", "Outputs.VpcId"]},
                "B": {"Fn::GetAtt": ["Net", {"Fn::Sub": "Outputs.${AWS::Region}"}]},
                "C": {"Fn::Sub": "${Net.Outputs.VpcId}"},
            }},
        }});
        assert_finds(check, template, &[]);
    }
}
