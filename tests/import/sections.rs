//! The stack `sections`, imported from `sections.yaml`.
//!
//! Everything beside the resources.
//! In two paragraphs.

use formwork::{
    Stack,
    aws::sns::Topic,
    intrinsic::{and, equals, find_in_map, if_, join, no_value, not, or, region, sub},
    json,
    stack::{Assertion, Condition, Mapping, Parameter, Rule, RuleCondition},
};

const DESCRIPTION: &str = r"The sections
of a template
";

/// Composes the stack.
pub fn stack() -> Stack {
    let mut stack = Stack::new("sections");
    stack.description(DESCRIPTION);
    stack.metadata(
        "AWS::CloudFormation::Interface",
        json!({
            "ParameterGroups": [{"Label": {"default": "Network"}, "Parameters": ["Stage"]}]
        }),
    );
    stack.metadata("Version", 3);
    stack.metadata("Owner", "coffee");

    let stage = stack.parameter("Stage", Parameter::string());
    let vpc = stack.parameter("Vpc", Parameter::<String>::of_type("AWS::EC2::VPC::Id"));

    // Zones by region
    let zones = stack.mapping(
        "Zones",
        Mapping::new()
            .entry("eu-central-1", "Name", "Europe/Berlin")
            .entry("eu-central-1", "Hours", 1)
            .entry("eu-central-1", "All", json!(["a", "b"]))
            .entry("us-east-1", "Name", "America/New_York")
            .entry("us-east-1", "Hours", -5)
            .entry("us-east-1", "All", json!(["c"])),
    );

    let is_live = stack.condition("IsLive", equals(stage.reference(), "production"));
    // Refers to what stands below it.
    let is_loud = stack.condition(
        "IsLoud",
        and([Condition::from(&is_live), not(equals(find_in_map(&zones, region(), "Hours"), "1"))]),
    );
    let is_either = stack.condition("IsEither", or([&is_live, &is_loud]));
    let same = stack.condition("Same", &is_live);
    let stage_condition = stack.condition("Stage", equals("true", "true"));

    stack.rule(
        "KnownStage",
        Rule::new([Assertion::new(
            RuleCondition::contains(["test", "production"], stage.reference()),
            "Stage is test or production",
        )]),
    );
    stack.rule(
        "Production",
        Rule::new([
            Assertion::new(
                RuleCondition::each_member_in(
                    RuleCondition::value_of_all("AWS::EC2::VPC::Id", "Tags.Department"),
                    RuleCondition::ref_all("AWS::EC2::VPC::Id"),
                ),
                "They are ours",
            ),
            Assertion::new(
                RuleCondition::contains(["live"], RuleCondition::value_of(&vpc, "Tags.Stage")),
                "It is live",
            ),
        ])
        .when(equals(stage.reference(), "production")),
    );
    stack.raw(
        "Rules",
        "Odd",
        json!({
            "Assertions": [
                {
                    "Assert": {
                        "Fn::And": [
                            {"Fn::Contains": [["a"], stage.reference()]},
                            {
                                "Fn::Not": [
                                    {"Fn::Contains": [["b"], stage.reference()]}
                                ]
                            }
                        ]
                    }
                }
            ]
        }),
    );

    let mails = stack.add(
        "Mails",
        Topic::new()
            .display_name(if_(&is_loud, "Loud", no_value()))
            .topic_name(find_in_map(&zones, "us-east-1", "Name"))
            .kms_master_key_id(if_(&same, if_(&stage_condition, "a", "b"), "c")),
    );
    stack.resource(&mails).condition(&is_either);

    stack
        .output("Topic", mails.topic_arn())
        .description("The topic")
        .condition(&is_either)
        .export(sub("${AWS::StackName}-topic"));
    stack.raw("Outputs", "Odd", json!({"Value": "a", "Note": "nobody knows it"}));
    stack.output("List", join(",", find_in_map(&zones, "us-east-1", "All")));
    stack
}
