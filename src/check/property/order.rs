//! E3706: a smallest number that is larger than the largest, and others that are not in their order.

use crate::{
    check::{
        subject::{Check, Subject},
        view::{View, each_view},
    },
    diagnostic::{Diagnostic, Severity},
    rule::Rule,
};

static ORDER: Rule = Rule {
    code: "E3706",
    severity: Severity::Error,
    title: "two numbers that are not in their order",
    why: "\
One of the properties is at most as large as the other: a least size and a greatest one, the size
to begin with between them, points of an alarm and periods. AWS refuses the resource.",
    fails: "\
Resources:
  Fleet:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      MinSize: 3
      MaxSize: 2
      VPCZoneIdentifier: [subnet-0123456789abcdef0]
      LaunchTemplate: {LaunchTemplateId: lt-0123456789abcdef0, Version: 1}",
    passes: "\
Resources:
  Fleet:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      MinSize: 2
      MaxSize: 3
      VPCZoneIdentifier: [subnet-0123456789abcdef0]
      LaunchTemplate: {LaunchTemplateId: lt-0123456789abcdef0, Version: 1}",
    docs: Some(
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-autoscaling-autoscalinggroup.html",
    ),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&ORDER], run: check };

/// Types, where the properties stand in them, and the properties, of which none is larger than the next that is there.
const ORDERS: [(&str, &str, &[&str]); 11] = [
    ("AWS::ApplicationAutoScaling::ScalableTarget", "", &["MinCapacity", "MaxCapacity"]),
    ("AWS::AutoScaling::AutoScalingGroup", "", &["MinSize", "DesiredCapacity", "MaxSize"]),
    ("AWS::Batch::ComputeEnvironment", "ComputeResources.", &["MinvCpus", "DesiredvCpus", "MaxvCpus"]),
    ("AWS::CloudWatch::Alarm", "", &["DatapointsToAlarm", "EvaluationPeriods"]),
    ("AWS::EKS::Nodegroup", "ScalingConfig.", &["MinSize", "DesiredSize", "MaxSize"]),
    ("AWS::ElasticLoadBalancing::LoadBalancer", "HealthCheck.", &["Timeout", "Interval"]),
    ("AWS::ElasticLoadBalancingV2::TargetGroup", "", &["HealthCheckTimeoutSeconds", "HealthCheckIntervalSeconds"]),
    ("AWS::Lambda::EventSourceMapping", "ProvisionedPollerConfig.", &["MinimumPollers", "MaximumPollers"]),
    ("AWS::RDS::DBCluster", "ScalingConfiguration.", &["MinCapacity", "MaxCapacity"]),
    ("AWS::RDS::DBCluster", "ServerlessV2ScalingConfiguration.", &["MinCapacity", "MaxCapacity"]),
    ("AWS::RDS::DBInstance", "", &["AllocatedStorage", "MaxAllocatedStorage"]),
];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (kind, holder, names) in ORDERS {
        each_view(subject, &[kind], found, &mut |view, found| in_order(view, holder, names, found));
    }
}

fn in_order(view: &View<'_, '_>, holder: &str, names: &[&str], found: &mut Vec<Diagnostic>) {
    let number = |name| {
        let path: String = [holder, name].concat();
        view.number(&path).map(|number| (name, path, number))
    };
    let numbers: Vec<_> = names.iter().copied().filter_map(number).collect();
    for pair in numbers.windows(2) {
        let [(smaller, path, small), (larger, _, large)] = pair else { continue };
        if small > large {
            let message =
                format!("`{smaller}` is {small} and `{larger}` is {large}; expected it to be at most {large}");
            found.push(ORDER.at(view.at(path), message));
        }
    }
}
