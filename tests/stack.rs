//! What a stack says about mistakes, and what it renders.

use formwork::{
    Stack,
    asl::jsonata::{Task, Workflow},
    aws::{
        cloudformation::CustomResource,
        cloudwatch::Alarm,
        iam::Role,
        lambda::{
            Function,
            function::{Code, Environment, Runtime},
        },
        sns::Topic,
        sqs::Queue,
        stepfunctions::StateMachine,
    },
    iam::{Operator, Policy, allow, trust},
    intrinsic::{
        and, base64, cidr, dynamic, equals, find_in_map, find_in_map_or, get_azs, if_, import_value, join, length,
        no_value, not, or, region, select, split, stack_name, sub, sub_with, to_json_string, transform,
    },
    stack::{
        Assertion, CodeDeployLambdaAliasUpdate, CreationPolicy, DeletionPolicy, Mapping, Parameter, RawResource,
        ResourceSignal, Rule, RuleCondition, UpdatePolicy,
    },
    value::{Entries, List, Number, Value},
};
use serde_json::{Value as Json, json};

fn texts(stack: &Stack) -> Vec<String> {
    stack.diagnostics().iter().map(ToString::to_string).collect()
}

fn resource(stack: &Stack, id: &str) -> Json {
    stack.template().as_json()["Resources"][id].clone()
}

#[test]
fn a_second_resource_of_the_same_id_is_reported_with_both_lines() {
    let mut stack = Stack::new("test");
    let first = line!() + 1;
    stack.add("Mails", Topic::new().display_name("first"));
    let second = line!() + 1;
    stack.add("Mails", Queue::new());
    assert_eq!(
        texts(&stack),
        [format!(
            "error[F1001]: the logical id `Mails` is used twice; expected each to be unique\n  \
             at   Resources/Mails\n  \
             from tests/stack.rs:{second}\n  \
             help it is first declared at tests/stack.rs:{first}"
        )]
    );
    assert_eq!(resource(&stack, "Mails"), json!({"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "first"}}));
}

#[test]
fn a_parameter_and_a_resource_cannot_share_an_id() {
    let mut stack = Stack::new("test");
    let mails = stack.parameter("Mails", Parameter::string());
    stack.add("Letters", Topic::new().display_name(mails.reference()));
    stack.add("Mails", Topic::new());
    let codes: Vec<_> = stack.diagnostics().iter().map(|d| (d.code, d.path.to_string())).collect();
    assert_eq!(codes, [("F1001", "Resources/Mails".to_owned())]);
}

#[test]
fn a_malformed_id_is_reported() {
    let mut stack = Stack::new("test");
    let line = line!() + 1;
    stack.add("my-topic", Topic::new());
    assert_eq!(
        texts(&stack),
        [format!(
            "error[E3001]: `my-topic` is not a logical id; expected 1 to 255 letters and digits\n  \
             at   Resources/my-topic\n  \
             from tests/stack.rs:{line}\n  \
             docs https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html"
        )]
    );
}

#[test]
fn a_handle_of_another_stack_is_reported_even_where_the_id_exists_in_both() {
    let mut other = Stack::new("other");
    let foreign = other.add("Mails", Topic::new());
    let mut stack = Stack::new("test");
    let own = stack.add("Mails", Topic::new());
    let line = line!() + 1;
    stack.add("Letters", Queue::new().queue_name(join("-", [own.topic_name(), foreign.topic_name()])));
    let stamps = stack.add("Stamps", Queue::new());
    stack.resource(&stamps).depends_on(&foreign);
    let expected = |path: &str, line: u32| {
        format!(
            "error[F1003]: `Mails` is a handle of another stack (`other`); expected one of `test`\n  \
             at   {path}\n  \
             from tests/stack.rs:{line}\n  \
             help export it as an output of that stack and read it with `import_value`, or pass it as a parameter"
        )
    };
    assert_eq!(texts(&stack), [expected("Resources/Letters/Properties", line), expected("Resources/Stamps", line + 1)]);
}

#[test]
fn setting_something_on_a_handle_of_another_stack_changes_nothing_and_is_reported() {
    let mut other = Stack::new("other");
    let foreign = other.add("Mails", Topic::new());
    let mut stack = Stack::new("test");
    stack.add("Mails", Topic::new());
    stack.resource(&foreign).deletion_policy(DeletionPolicy::Retain);
    assert_eq!(stack.diagnostics().len(), 1);
    assert_eq!(resource(&stack, "Mails"), json!({"Type": "AWS::SNS::Topic"}));
}

#[test]
fn stacks_that_share_a_name_do_not_share_handles() {
    let name: std::sync::Arc<str> = "mail".into();
    let (mut one, mut two) = (Stack::new(name.clone()), Stack::new(name));
    let topic = one.add("Mails", Topic::new());
    two.add("Mails", Queue::new());
    two.output("Topic", topic.topic_arn());
    assert!(texts(&two)[0].starts_with("error[F1003]: `Mails` is a handle of another stack"), "{:?}", texts(&two));
}

#[test]
fn setting_something_on_a_resource_of_a_copy_is_reported() {
    let mut stack = Stack::new("mail");
    stack.add("Queue", Queue::new());
    let topic = stack.clone().add("Mails", Topic::new());
    let line = line!() + 1;
    stack.resource(&topic).deletion_policy(DeletionPolicy::Retain);
    assert_eq!(
        texts(&stack),
        [format!(
            "error[F1003]: the stack has no resource `Mails`; expected one of it\n  at   Resources/Mails\n  \
             from tests/stack.rs:{line}"
        )]
    );
}

#[test]
fn what_cannot_be_rendered_is_reported_where_it_is_set_after_the_declaration() {
    let mut stack = Stack::new("mail");
    let lines = line!();
    let topic = stack.add("Mails", Topic::new());
    stack.resource(&topic).metadata("Pairs", std::collections::BTreeMap::from([((1, 2), 3)]));
    let number = Value::<Number>::Literal(Number::Fraction(f64::NAN));
    stack.output("Topic", topic.topic_arn()).export(number.cast());
    let fault = |message: &str, path: &str, line: u32| {
        format!("error[F1004]: {message}\n  at   {path}\n  from tests/stack.rs:{line}")
    };
    assert_eq!(
        texts(&stack),
        [
            fault("`NaN` is not a number that JSON can hold", "Outputs/Topic", lines + 4),
            fault("key must be a string", "Resources/Mails", lines + 1),
        ]
    );
}

#[test]
fn a_condition_that_would_replace_another_is_reported() {
    let mut stack = Stack::new("mail");
    let publish = |second: &str| {
        let narrow = allow("sns:Publish").on("*").when(Operator::STRING_LIKE, "aws:SourceArn", "arn:one");
        Role::new(trust("lambda.amazonaws.com")).policy("Publish", [narrow.when(Operator::STRING_LIKE, second, "two")])
    };
    stack.add("Both", publish("aws:PrincipalArn"));
    assert_eq!(texts(&stack), [""; 0]);
    stack.add("Twice", publish("aws:sourcearn"));
    let found = texts(&stack);
    assert!(
        found[0].starts_with("error[F1004]: the condition `StringLike` compares `aws:sourcearn` twice"),
        "{found:?}"
    );
}

#[test]
fn statements_of_a_policy_that_is_json_are_not_dropped_in_silence() {
    let mut stack = Stack::new("mail");
    let json = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]});
    let statements = [allow("sns:Publish").on("*")].into_iter().chain(Policy::document(json));
    stack.add("Role", Role::new(trust("lambda.amazonaws.com")).policy("Publish", statements));
    let found = texts(&stack);
    assert!(found[0].starts_with("error[F1004]: a policy that was given as JSON has no statements"), "{found:?}");
}

#[test]
fn what_is_wrong_with_a_workflow_is_told_with_its_states_and_what_is_beside_them_with_the_machine() {
    let mut stack = Stack::new("mail");
    let topic = stack.add("Mails", Topic::new());
    let foreign = Stack::new("other").add("Mails", Topic::new());
    let start = line!() + 1;
    let workflow = Workflow::new()
        .state("Own", Task::sns_publish(&topic).next("Foreign"))
        .state("Foreign", Task::sns_publish(&foreign).message("${Token}").end())
        .substitution("Token", "one")
        .substitution("Token", "two");
    let line = line!() + 1;
    stack.add("Machine", StateMachine::new("arn:aws:iam::123456789012:role/Run").workflow(&workflow));
    let found = stack.diagnostics();
    let found: Vec<_> = found.iter().map(|fault| (fault.code, fault.declared_at.as_ref().unwrap().line)).collect();
    assert_eq!(found, [("F2003", line), ("F1003", start + 2)]);
}

#[test]
fn what_a_call_does_not_take_is_told_with_its_state() {
    let mut stack = Stack::new("reports");
    let line = line!() + 2;
    let read = Task::aws_sdk("s3", "getObject").argument("Bucket", "b").argument("Colour", "k");
    let workflow = Workflow::new().state("Read", read.end());
    stack.add("Machine", StateMachine::new("arn:aws:iam::123456789012:role/Run").workflow(&workflow));
    let [missing, unknown] = &stack.diagnostics()[..] else { panic!("two faults: {:?}", texts(&stack)) };
    let path = "Resources/Machine/Properties/Definition/States/Read/Arguments";
    assert_eq!(unknown.path.to_string(), format!("{path}/Colour"));
    assert_eq!(missing.message, "`Key` is missing; expected it, which `aws-sdk:s3:getObject` requires");
    for fault in [missing, unknown] {
        assert_eq!(
            fault.declared_at.as_ref().map(|source| (&*source.file, source.line)),
            Some(("tests/stack.rs", line))
        );
    }
}

#[test]
fn a_name_in_a_text_that_nothing_declares_is_reported_at_the_resource() {
    let mut stack = Stack::new("test");
    stack.add("ReportTopic", Topic::new());
    let line = line!() + 1;
    stack.add("Letters", Queue::new().queue_name(sub("${ReportTopik.TopicName}-letters")));
    assert_eq!(
        texts(&stack),
        [format!(
            "error[E1019]: `Fn::Sub` names `ReportTopik`, which the stack does not declare; expected a resource of it\n  \
             at   Resources/Letters/Properties/QueueName\n  \
             from tests/stack.rs:{line}\n  \
             help did you mean `ReportTopic`? a `${{ReportTopik.TopicName}}` that is to stay in the text is written \
             `${{!ReportTopik.TopicName}}`\n  \
             docs https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html"
        )]
    );
}

#[test]
fn a_number_that_json_cannot_hold_is_reported() {
    let mut stack = Stack::new("test");
    let line = line!() + 1;
    stack.add("High", Alarm::new().threshold(f64::INFINITY));
    assert_eq!(
        texts(&stack),
        [format!(
            "error[F1004]: `inf` is not a number that JSON can hold\n  \
             at   Resources/High/Properties\n  \
             from tests/stack.rs:{line}"
        )]
    );
}

#[test]
fn a_property_that_is_not_generated_can_be_set_at_any_place_of_the_chain_and_at_any_depth() {
    let mut stack = Stack::new("test");
    let topic = stack.add("Mails", Topic::new());
    stack.add(
        "Render",
        Function::new(Code::new().property("NewInCode", 1), "arn:aws:iam::123456789012:role/r")
            .property("NewThing", json!({"Topic": topic.topic_arn()}))
            .runtime(Runtime::other("python3.99"))
            .environment(Environment::new().variables([("TOPIC", topic.topic_arn())])),
    );
    assert_eq!(
        resource(&stack, "Render")["Properties"],
        json!({
            "Code": {"NewInCode": 1},
            "Environment": {"Variables": {"TOPIC": {"Ref": "Mails"}}},
            "Role": "arn:aws:iam::123456789012:role/r",
            "Runtime": "python3.99",
            "NewThing": {"Topic": {"Ref": "Mails"}},
        })
    );
}

#[test]
fn a_resource_type_that_is_not_generated_can_be_added() {
    let mut stack = Stack::new("test");
    let raw = stack.add("Set", RawResource::new("Own::Mail::Set").property("Name", region()));
    let custom = stack.add("Tables", CustomResource::new("arn:aws:lambda:eu-central-1:123456789012:function:f"));
    stack.add("Mails", Topic::new().display_name(raw.get_att("Id")).topic_name(custom.get_att("Name")));
    assert_eq!(
        resource(&stack, "Set"),
        json!({"Type": "Own::Mail::Set", "Properties": {"Name": {"Ref": "AWS::Region"}}})
    );
    assert_eq!(
        resource(&stack, "Mails")["Properties"],
        json!({"DisplayName": {"Fn::GetAtt": ["Set", "Id"]}, "TopicName": {"Fn::GetAtt": ["Tables", "Name"]}})
    );
    assert_eq!(texts(&stack), [""; 0]);
}

#[test]
fn a_fingerprint_follows_the_properties_and_nothing_else() {
    let fingerprint = |name: &str, why: &str| {
        let mut stack = Stack::new(why);
        let topic = stack.add("Mails", Topic::new().display_name(name));
        stack.resource(&topic).metadata("Why", why).deletion_policy(DeletionPolicy::Retain);
        stack.fingerprint([topic.logical_id()])
    };
    assert_eq!(fingerprint("Mails", "once"), fingerprint("Mails", "twice"));
    assert_ne!(fingerprint("Mails", "once"), fingerprint("Letters", "once"));
    assert_eq!(fingerprint("Mails", "once"), "c5ae1ed8a41be53a", "the same on every machine and in every version");
}

#[test]
fn every_section_and_every_function_renders_as_cloudformation_has_it() {
    let mut stack = Stack::new("test");
    stack.description("Everything");
    stack.transform("AWS::LanguageExtensions");
    stack.metadata("Owner", "café");
    let stage = stack.parameter("Stage", Parameter::string().default("test").max_length(10).no_echo());
    let zones = stack.parameter("Zones", Parameter::comma_delimited_list());
    let share = stack.parameter("Share", Parameter::number().default(0.5).min_value(0.25).max_value(1));
    stack.rule(
        "Known",
        Rule::new([Assertion::new(RuleCondition::contains(["test", "live"], stage.reference()), "test or live")])
            .when(equals(region(), "eu-central-1")),
    );
    let names =
        stack.mapping("Names", Mapping::new().entry("eu", "Long", "Europe").entry("eu", "Codes", ["de"].as_slice()));
    let live = stack.condition("Live", equals(stage.reference(), "live"));
    let test = stack.condition("Test", not(&live));
    stack.condition("Either", or([&live, &test]));
    stack.condition("Both", and([&live, &test]));
    let functions = RawResource::new("Custom::Functions")
        .property("Sub", sub("${Stage}-${!kept}"))
        .property("SubWith", sub_with("${A}", Entries::new().entry("A", stack_name())))
        .property("Join", join(",", zones.reference()))
        .property("Select", select::<String>(1, split("|", "a|b")))
        .property("If", if_::<String>(&live, "a", no_value()))
        .property("Find", find_in_map::<String>(&names, "eu", "Long"))
        .property("FindOr", find_in_map_or::<String>(&names, region(), "Long", "World"))
        .property("Azs", get_azs(region()))
        .property("Cidr", cidr("10.0.0.0/16", 2, 8))
        .property("Base64", base64(sub("echo ${Stage}")))
        .property("Import", import_value::<String>("shared-vpc"))
        .property("Transform", transform::<String>("Macro", [("Key", json!(1))]))
        .property("Text", to_json_string(json!({"a": [region()]})))
        .property("Length", length::<String>(List::new().item("a").item(region())))
        .property("Share", share.reference())
        .property("Secret", dynamic::secretsmanager("coffee", "password"))
        .property("Secure", dynamic::ssm_secure_version("pin", 3));
    let functions = stack.add("Functions", functions);
    stack
        .resource(&functions)
        .condition(&live)
        .deletion_policy(DeletionPolicy::RetainExceptOnCreate)
        .update_replace_policy(DeletionPolicy::Retain)
        .creation_policy(CreationPolicy {
            resource_signal: Some(ResourceSignal { count: Some(1), timeout: Some("PT5M".into()) }),
            ..CreationPolicy::default()
        })
        .update_policy(UpdatePolicy {
            code_deploy_lambda_alias_update: Some(CodeDeployLambdaAliasUpdate {
                application_name: "a".into(),
                deployment_group_name: "g".into(),
                before_allow_traffic_hook: None,
                after_allow_traffic_hook: None,
            }),
            ..UpdatePolicy::default()
        })
        .metadata("Why", "test");
    let topic = stack.add("Mails", Topic::new());
    stack.resource(&topic).depends_on(&functions);
    stack
        .output("Arn", topic.topic_arn())
        .description("The topic")
        .export(sub("${AWS::StackName}-arn"))
        .condition(&live);
    assert_eq!(texts(&stack), [""; 0]);
    assert_eq!(
        serde_json::to_string_pretty(stack.template().as_json()).unwrap(),
        serde_json::to_string_pretty(&json!({
            "AWSTemplateFormatVersion": "2010-09-09",
            "Description": "Everything",
            "Transform": "AWS::LanguageExtensions",
            "Metadata": {"Owner": "café"},
            "Parameters": {
                "Stage": {"Type": "String", "Default": "test", "MaxLength": 10, "NoEcho": true},
                "Zones": {"Type": "CommaDelimitedList"},
                "Share": {"Type": "Number", "Default": 0.5, "MinValue": 0.25, "MaxValue": 1},
            },
            "Rules": {"Known": {
                "RuleCondition": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-central-1"]},
                "Assertions": [{
                    "Assert": {"Fn::Contains": [["test", "live"], {"Ref": "Stage"}]},
                    "AssertDescription": "test or live",
                }],
            }},
            "Mappings": {"Names": {"eu": {"Long": "Europe", "Codes": ["de"]}}},
            "Conditions": {
                "Live": {"Fn::Equals": [{"Ref": "Stage"}, "live"]},
                "Test": {"Fn::Not": [{"Condition": "Live"}]},
                "Either": {"Fn::Or": [{"Condition": "Live"}, {"Condition": "Test"}]},
                "Both": {"Fn::And": [{"Condition": "Live"}, {"Condition": "Test"}]},
            },
            "Resources": {
                "Functions": {
                    "Type": "Custom::Functions",
                    "Condition": "Live",
                    "CreationPolicy": {"ResourceSignal": {"Count": 1, "Timeout": "PT5M"}},
                    "UpdatePolicy": {
                        "CodeDeployLambdaAliasUpdate": {"ApplicationName": "a", "DeploymentGroupName": "g"},
                    },
                    "DeletionPolicy": "RetainExceptOnCreate",
                    "UpdateReplacePolicy": "Retain",
                    "Metadata": {"Why": "test"},
                    "Properties": {
                        "Sub": {"Fn::Sub": "${Stage}-${!kept}"},
                        "SubWith": {"Fn::Sub": ["${A}", {"A": {"Ref": "AWS::StackName"}}]},
                        "Join": {"Fn::Join": [",", {"Ref": "Zones"}]},
                        "Select": {"Fn::Select": [1, {"Fn::Split": ["|", "a|b"]}]},
                        "If": {"Fn::If": ["Live", "a", {"Ref": "AWS::NoValue"}]},
                        "Find": {"Fn::FindInMap": ["Names", "eu", "Long"]},
                        "FindOr": {"Fn::FindInMap": ["Names", {"Ref": "AWS::Region"}, "Long", {"DefaultValue": "World"}]},
                        "Azs": {"Fn::GetAZs": {"Ref": "AWS::Region"}},
                        "Cidr": {"Fn::Cidr": ["10.0.0.0/16", 2, 8]},
                        "Base64": {"Fn::Base64": {"Fn::Sub": "echo ${Stage}"}},
                        "Import": {"Fn::ImportValue": "shared-vpc"},
                        "Transform": {"Fn::Transform": {"Name": "Macro", "Parameters": {"Key": 1}}},
                        "Text": {"Fn::ToJsonString": {"a": [{"Ref": "AWS::Region"}]}},
                        "Length": {"Fn::Length": ["a", {"Ref": "AWS::Region"}]},
                        "Share": {"Ref": "Share"},
                        "Secret": "{{resolve:secretsmanager:coffee:SecretString:password}}",
                        "Secure": "{{resolve:ssm-secure:pin:3}}",
                    },
                },
                "Mails": {"Type": "AWS::SNS::Topic", "DependsOn": ["Functions"]},
            },
            "Outputs": {"Arn": {
                "Condition": "Live",
                "Description": "The topic",
                "Value": {"Ref": "Mails"},
                "Export": {"Name": {"Fn::Sub": "${AWS::StackName}-arn"}},
            }},
        }))
        .unwrap()
    );
}

#[test]
fn what_is_acknowledged_is_not_reported_and_not_in_the_template() {
    let compose = |code: &str, reason: &str| {
        let mut stack = Stack::new("mail");
        let role = stack.add("Role", Role::new(Policy::new([])));
        let line = line!() + 1;
        stack.resource(&role).acknowledge(code, reason);
        (stack, line)
    };
    let (sound, _) = compose("F1012", "A macro adds the statements");
    sound.assert_clean();
    assert!(!sound.template().to_yaml().contains("macro") && !sound.template().to_yaml().contains("F1012"));
    let found = |code: &str, reason: &str| {
        let (stack, line) = compose(code, reason);
        let of_acknowledgement: Vec<(&str, bool)> = stack
            .diagnostics()
            .iter()
            .map(|fault| (fault.code, fault.declared_at.as_ref().is_some_and(|source| source.line == line)))
            .collect();
        of_acknowledgement
    };
    assert_eq!(found("F1012", ""), [("F0004", true)]);
    assert_eq!(found("F1013", "It is null"), [("F0003", true), ("F1012", false)]);
}

#[test]
fn a_state_keeps_a_fault_that_is_acknowledged_there() {
    let of = |reason: &str| {
        let call =
            || Task::integration("arn:aws:states:::sqs:sendMessage.waitForTaskToken").argument("MessageBody", "m");
        let workflow =
            Workflow::new().state("Ask", call().acknowledge("F2005", reason).next("Tell")).state("Tell", call().end());
        let mut stack = Stack::new("mail");
        stack.add("Machine", StateMachine::new("arn:aws:iam::123456789012:role/Run").workflow(&workflow));
        let places = |found: Vec<formwork::diagnostic::Diagnostic>| -> Vec<String> {
            found.iter().map(|fault| format!("{} {}", fault.code, fault.path)).collect()
        };
        assert!(!stack.template().to_yaml().contains("F2005"));
        (places(workflow.validate()), places(stack.diagnostics()))
    };
    let definition = "Resources/Machine/Properties/Definition/States";
    let told = |found: &[String], place: &str| found.iter().any(|fault| fault.starts_with(place));
    let (workflow, stack) = of("Whoever is asked finds the token in the console");
    assert!(!told(&workflow, "F2005 /States/Ask") && told(&workflow, "F2005 /States/Tell"), "{workflow:?}");
    assert!(!told(&stack, &format!("F2005 {definition}/Ask")), "{stack:?}");
    assert!(told(&stack, &format!("F2005 {definition}/Tell")), "{stack:?}");
    assert!(told(&of("").1, &format!("F0004 {definition}/Ask")));
}
