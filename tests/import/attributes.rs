//! The stack `attributes`, imported from `attributes.yaml`.

use formwork::{
    Stack,
    aws::{
        cloudformation::{WaitCondition, WaitConditionHandle},
        lambda::Alias,
        s3::Bucket,
        sns::Topic,
    },
    intrinsic::{equals, region},
    json,
    stack::{DeletionPolicy, RawResource},
};

/// Composes the stack.
pub fn stack() -> Stack {
    let mut stack = Stack::new("attributes");
    stack.transform("AWS::LanguageExtensions");

    let is_live = stack.condition("IsLive", equals(region(), "eu-central-1"));

    let mails = stack.add("Mails", Topic::new());
    let reports = stack.add("Reports", Bucket::new());
    stack
        .resource(&reports)
        .deletion_policy(DeletionPolicy::RetainExceptOnCreate)
        .update_replace_policy(DeletionPolicy::Retain)
        .condition(&is_live)
        .depends_on(&mails)
        .metadata("cfn_nag", json!({"rules_to_suppress": [{"id": "W35", "reason": "Nobody reads it"}]}))
        .metadata("Version", 1);
    let letters = stack.add("Letters", Bucket::new());
    stack
        .resource(&letters)
        .attribute("DeletionPolicy", json!({"Fn::If": ["IsLive", "Retain", "Delete"]}))
        .depends_on(&mails)
        .depends_on(&reports)
        .attribute("Metadata", json!({}));
    let group = stack.add(
        "Group",
        RawResource::new("AWS::AutoScaling::AutoScalingGroup")
            .property("MinSize", "1")
            .property("MaxSize", 3)
            .property("LaunchTemplate", json!({"LaunchTemplateId": "lt-1", "Version": 1})),
    );
    stack
        .resource(&group)
        .attribute("CreationPolicy", json!({"ResourceSignal": {"Count": 3, "Timeout": "PT15M"}}))
        .attribute(
            "UpdatePolicy",
            json!({"AutoScalingRollingUpdate": {"MinInstancesInService": "1", "MaxBatchSize": 1}}),
        );
    let alias = stack.add("Alias", Alias::new("render", "1", "live"));
    stack.resource(&alias).attribute(
        "UpdatePolicy",
        json!({"CodeDeployLambdaAliasUpdate": {"ApplicationName": "app", "DeploymentGroupName": "group"}}),
    );
    let waiting = stack.add("Waiting", WaitConditionHandle::new());
    let wait = stack.add("Wait", WaitCondition::new().handle(waiting.id()).timeout("300").count(1));
    stack.resource(&wait).attribute("DependsOn", "Nobody");
    stack
}
