//! E1020, E1010, E1019, E1011, E1028, E3005, E3015, E6005, E8007: a reference names something that the template
//! does not declare, or an attribute that the resource does not have.

mod rules;

use std::collections::BTreeMap;

use self::rules::{
    CONDITION_FUNCTION, CONDITION_OF_OUTPUT, CONDITION_OF_RESOURCE, DEPENDS_ON, FIND_IN_MAP, GET_ATT, IF, REF, SUB,
};
use crate::{
    check::{
        serverless::{
            generated::Generated,
            transform::{SERVERLESS, is_serverless},
        },
        subject::{Check, Subject},
    },
    diagnostic::{Diagnostic, Names},
    rule::Rule,
    schema,
    template::{
        intrinsic::{Declared, LANGUAGE_EXTENSIONS, is_pseudo_parameter},
        reference::{Reference, ReferenceKind},
    },
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
    // A macro may declare anything: what it adds cannot be known here, but for what SAM's transform does.
    let is_known = |name: Option<&str>| name == Some(LANGUAGE_EXTENSIONS) || name == Some(SERVERLESS);
    if !subject.template.transforms().all(is_known) {
        return;
    }
    let generated = is_serverless(subject.template).then(|| Generated::new(subject));
    let mut known = Known::default();
    for reference in &subject.references {
        let sections: Sections = match reference.kind {
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
        if let Some(generated) = &generated
            && sections.contains(&"Resources")
        {
            let is_part = reference.attribute.is_some_and(|part| generated.has_part(reference.to, part));
            if is_part || generated.may_have(reference.to) {
                continue;
            }
        }
        found.extend(unknown_name(subject, reference, sections, &mut known));
        found.extend(unknown_attribute(subject, reference));
    }
}

/// The sections that may declare what is referred to.
type Sections = &'static [&'static str];

/// The names of sections that were asked for.
#[derive(Default)]
struct Known<'a> {
    declared: BTreeMap<&'static str, Declared<'a>>,
    near: BTreeMap<Sections, Names<'a>>,
}

impl<'a> Known<'a> {
    fn declares(&mut self, subject: &Subject<'a>, section: &'static str, name: &str) -> bool {
        let declared = || Declared::new(&subject.template.as_json()[section]);
        self.declared.entry(section).or_insert_with(declared).may_have(name)
    }

    fn near(&mut self, subject: &Subject<'a>, sections: Sections) -> &Names<'a> {
        let template = subject.template;
        let names = || sections.iter().flat_map(|section| template.section(section).map(|(name, _)| name)).collect();
        self.near.entry(sections).or_insert_with(names)
    }
}

/// The rule of a kind of reference, and the name of the function or attribute.
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

fn unknown_name<'a>(
    subject: &Subject<'a>,
    reference: &Reference<'_>,
    sections: Sections,
    known: &mut Known<'a>,
) -> Option<Diagnostic> {
    let name = reference.to;
    if sections.iter().any(|section| known.declares(subject, section, name)) {
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
    let fault = rule.at(&reference.path, message).propose(known.near(subject, sections).nearest(name));
    Some(if reference.kind == ReferenceKind::Sub { or_is_to_stay(fault, reference) } else { fault })
}

/// Says how a text has a `${HOME}` that is no variable of `Fn::Sub`, such as one of a shell script.
fn or_is_to_stay(mut fault: Diagnostic, reference: &Reference<'_>) -> Diagnostic {
    let attribute = reference.attribute.map(|attribute| format!(".{attribute}")).unwrap_or_default();
    let name = format!("{}{attribute}", reference.to);
    let near = fault.help.take().map(|near| format!("{near} ")).unwrap_or_default();
    fault.help(format!("{near}a `${{{name}}}` that is to stay in the text is written `${{!{name}}}`"))
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
    let known = schema.attributes().chain(Generated::parts(kind).iter().copied());
    Some(rule.at(&reference.path, message).did_you_mean(attribute, known))
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
                 help a `${Stage}` that is to stay in the text is written `${!Stage}`\n  \
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
        assert_finds(check, with(template, "Own"), &[]);
    }

    fn with(mut template: crate::json::Json, transform: &str) -> crate::json::Json {
        template["Transform"] = json!(transform);
        template
    }

    #[test]
    fn what_the_serverless_transform_declares_is_known() {
        let function = |more: crate::json::Json| {
            let mut properties =
                json!({"CodeUri": "a", "Runtime": "python3.13", "Handler": "a.b", "AutoPublishAlias": "live"});
            properties.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            json!({"Type": "AWS::Serverless::Function", "Properties": properties})
        };
        let names = [
            "FRole",
            "FAliaslive",
            "FVersion0a1b2c",
            "FJobRole",
            "F.Alias",
            "F.Version",
            "ServerlessRestApi",
            "ApiProdStage",
            "Api.Stage",
            "JobQueue",
            "ServerlessHttpApiApiGatewayDefaultStage",
            "FDeploymentGroup",
            "FUrl",
        ];
        let refs: Vec<_> = names.iter().map(|name| json!({"Ref": name})).collect();
        let job = json!({"Type": "Schedule", "Properties": {"Schedule": "rate(1 day)", "DeadLetterConfig": {"Type": "SQS", "QueueLogicalId": "JobQueue"}}});
        let template = |refs: crate::json::Json| {
            json!({"Transform": SERVERLESS, "Resources": {
                "F": function(json!({"Events": {"Job": job}})),
                "Given": function(json!({"Role": "arn:aws:iam::111122223333:role/a"})),
                "Api": {"Type": "AWS::Serverless::Api", "Properties": {"StageName": "Prod"}},
                "R": {"Type": "X::Y::Z", "Properties": {"P": refs}},
            }})
        };
        assert_finds(
            check,
            template(
                json!([refs, {"Fn::Sub": "${F.Alias}-${F.Arn}-${Api.RootResourceId}"}, {"Fn::GetAtt": "FRole.Arn"}]),
            ),
            &[],
        );
        let wrong = |name: &str, place: usize| {
            format!(
                "error[E1020]: `Ref` names `{name}`, which the stack does not declare; expected a resource or parameter of it\n  \
             at   Resources/R/Properties/P/{place}\n  {PAGE}"
            )
        };
        assert_finds(
            check,
            template(json!([{"Ref": "FRule"}, {"Ref": "GivenRole"}, {"Ref": "F.Stage"}])),
            &[&wrong("FRule", 0), &wrong("GivenRole", 1), &wrong("F.Stage", 2)],
        );
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
            let help = match what {
                "Fn::Sub" => "help a `${Nothing}` that is to stay in the text is written `${!Nothing}`\n  ",
                _ => "",
            };
            format!(
                "error[{code}]: `{what}` names `Nothing`, which the stack does not declare; expected a {kind} of it\n  \
                 at   {path}\n  {help}{PAGE}"
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
                 at   Resources/Fn::ForEach::Topics/2/Topic${{Name}}/Properties/DisplayName\n  \
                 help a `${{Stage}}` that is to stay in the text is written `${{!Stage}}`\n  {PAGE}"
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
