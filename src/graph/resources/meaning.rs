//! What it means that one resource names another: a trigger, a way of data, or a mere reference.

use super::content::{Content, Link};
use crate::graph::model::EdgeKind;

/// What a link means.
pub(super) struct Meaning {
    pub kind: EdgeKind,
    /// Whether the arrow leads from what is named to what names it.
    pub is_reversed: bool,
    pub label: Option<&'static str>,
}

const fn meaning(kind: EdgeKind, is_reversed: bool, label: Option<&'static str>) -> Meaning {
    Meaning { kind, is_reversed, label }
}

/// The beginnings of types and of paths below their properties, with what they mean; the first that fits holds.
const MEANINGS: &[(&str, &str, Meaning)] = &[
    ("", "RedrivePolicy", meaning(EdgeKind::Data, false, Some("dead letters"))),
    ("", "DeadLetterConfig", meaning(EdgeKind::Data, false, Some("dead letters"))),
    ("", "DeadLetterQueue", meaning(EdgeKind::Data, false, Some("dead letters"))),
    ("AWS::Lambda::Function", "LoggingConfig", meaning(EdgeKind::Data, false, Some("logs"))),
    ("AWS::Lambda::EventSourceMapping", "EventSourceArn", meaning(EdgeKind::Trigger, true, None)),
    ("AWS::Lambda::EventSourceMapping", "DestinationConfig", meaning(EdgeKind::Data, false, Some("failures"))),
    ("AWS::Lambda::EventInvokeConfig", "DestinationConfig", meaning(EdgeKind::Data, false, Some("results"))),
    ("AWS::Lambda::Permission", "SourceArn", meaning(EdgeKind::Trigger, true, None)),
    ("AWS::SNS::Subscription", "Endpoint", meaning(EdgeKind::Trigger, false, None)),
    ("AWS::SNS::Topic", "Subscription", meaning(EdgeKind::Trigger, false, None)),
    ("AWS::Events::Rule", "Targets", meaning(EdgeKind::Trigger, false, None)),
    ("AWS::Events::Rule", "EventBusName", meaning(EdgeKind::Trigger, true, None)),
    ("AWS::Events::Rule", "EventPattern", meaning(EdgeKind::Trigger, true, None)),
    ("AWS::Scheduler::Schedule", "Target", meaning(EdgeKind::Trigger, false, None)),
    ("AWS::Pipes::Pipe", "Source", meaning(EdgeKind::Data, true, None)),
    ("AWS::Pipes::Pipe", "Target", meaning(EdgeKind::Data, false, None)),
    ("AWS::Pipes::Pipe", "Enrichment", meaning(EdgeKind::Trigger, false, Some("enriches with"))),
    ("AWS::ApiGateway::Authorizer", "", meaning(EdgeKind::Trigger, false, Some("authorizer"))),
    ("AWS::ApiGatewayV2::Authorizer", "", meaning(EdgeKind::Trigger, false, Some("authorizer"))),
    ("AWS::ApiGateway::Method", "Integration", meaning(EdgeKind::Trigger, false, None)),
    ("AWS::ApiGateway::RestApi", "Body", meaning(EdgeKind::Trigger, false, None)),
    ("AWS::ApiGatewayV2::Integration", "IntegrationUri", meaning(EdgeKind::Trigger, false, None)),
    ("AWS::ApiGatewayV2::Api", "", meaning(EdgeKind::Trigger, false, None)),
    ("AWS::AppSync::DataSource", "", meaning(EdgeKind::Trigger, false, None)),
    ("AWS::S3::Bucket", "NotificationConfiguration", meaning(EdgeKind::Trigger, false, None)),
    ("AWS::S3::Bucket", "ReplicationConfiguration", meaning(EdgeKind::Data, false, Some("replicas"))),
    ("AWS::S3::Bucket", "LoggingConfiguration", meaning(EdgeKind::Data, false, Some("access logs"))),
    ("AWS::CloudWatch::", "AlarmActions", meaning(EdgeKind::Trigger, false, Some("alarm"))),
    ("AWS::CloudWatch::", "OKActions", meaning(EdgeKind::Trigger, false, Some("OK"))),
    ("AWS::CloudWatch::", "InsufficientDataActions", meaning(EdgeKind::Trigger, false, Some("no data"))),
    ("AWS::CloudWatch::", "Dimensions", meaning(EdgeKind::Data, true, Some("metrics"))),
    ("AWS::CloudWatch::", "Metrics", meaning(EdgeKind::Data, true, Some("metrics"))),
    ("AWS::StepFunctions::StateMachine", "Definition", meaning(EdgeKind::Trigger, false, None)),
    ("AWS::Serverless::StateMachine", "Definition", meaning(EdgeKind::Trigger, false, None)),
    ("AWS::Serverless::", "Events", meaning(EdgeKind::Trigger, true, None)),
    ("AWS::Serverless::", "Policies", meaning(EdgeKind::Permission, false, None)),
    ("AWS::KinesisFirehose::DeliveryStream", "KinesisStreamSource", meaning(EdgeKind::Data, true, None)),
    ("AWS::KinesisFirehose::DeliveryStream", "", meaning(EdgeKind::Data, false, None)),
    ("AWS::Logs::SubscriptionFilter", "DestinationArn", meaning(EdgeKind::Data, false, Some("logs"))),
    ("AWS::CloudFront::Distribution", "DistributionConfig/Origins", meaning(EdgeKind::Trigger, false, None)),
    (
        "AWS::CloudFront::Distribution",
        "DistributionConfig/Logging",
        meaning(EdgeKind::Data, false, Some("access logs")),
    ),
    ("AWS::CloudFront::Distribution", "DistributionConfig/DefaultCache", meaning(EdgeKind::Trigger, false, None)),
    ("AWS::Route53::RecordSet", "", meaning(EdgeKind::Trigger, false, None)),
    ("AWS::ElasticLoadBalancing", "LoadBalancerAttributes", meaning(EdgeKind::Data, false, Some("access logs"))),
    ("AWS::ElasticLoadBalancing", "DefaultActions", meaning(EdgeKind::Trigger, false, None)),
    ("AWS::ElasticLoadBalancing", "Actions", meaning(EdgeKind::Trigger, false, None)),
    ("AWS::ElasticLoadBalancing", "Targets", meaning(EdgeKind::Trigger, false, None)),
    ("AWS::ElasticLoadBalancing", "Instances", meaning(EdgeKind::Trigger, false, None)),
    ("AWS::ECS::Service", "LoadBalancers", meaning(EdgeKind::Trigger, true, None)),
    ("AWS::AutoScaling::AutoScalingGroup", "TargetGroupARNs", meaning(EdgeKind::Trigger, true, None)),
    ("AWS::AutoScaling::AutoScalingGroup", "LoadBalancerNames", meaning(EdgeKind::Trigger, true, None)),
    ("AWS::Cognito::UserPool", "LambdaConfig", meaning(EdgeKind::Trigger, false, None)),
    ("AWS::SecretsManager::RotationSchedule", "Rotation", meaning(EdgeKind::Trigger, false, Some("rotates with"))),
    ("AWS::SecretsManager::SecretTargetAttachment", "TargetId", meaning(EdgeKind::Reference, false, Some("login of"))),
    ("AWS::CodePipeline::Pipeline", "Stages", meaning(EdgeKind::Trigger, false, None)),
    ("AWS::CodePipeline::Pipeline", "ArtifactStore", meaning(EdgeKind::Data, false, Some("artifacts"))),
    ("AWS::CloudTrail::Trail", "S3BucketName", meaning(EdgeKind::Data, false, Some("logs"))),
    ("", "ServiceToken", meaning(EdgeKind::Trigger, false, None)),
];

const REFERENCE: Meaning = meaning(EdgeKind::Reference, false, None);

/// What a link means.
pub(super) fn of(content: &Content<'_>, link: &Link) -> &'static Meaning {
    let kind = content.resources[link.from].kind;
    let path = link.path.strip_prefix("Properties/").unwrap_or_default();
    // Dead letters are named inside of other properties.
    let fits = |(begins, property, _): &&(&str, &str, Meaning)| {
        kind.starts_with(begins)
            && (path.starts_with(property) || (begins.is_empty() && path.split('/').any(|step| step == *property)))
    };
    MEANINGS.iter().find(fits).map_or(&REFERENCE, |(.., meaning)| meaning)
}
