//! What `Ref` and the attributes of resource types give: a name, or a text of a form that is certain.

/// What a reference to a resource gives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Given {
    /// A name, which has no form of its own, and is no ARN.
    Name,
    /// A text like this one.
    Like(&'static str),
}

use Given::{Like, Name};

/// What `Ref`, or an attribute, of a resource type gives; none where that is not certain.
pub(super) fn given(kind: &str, attribute: Option<&str>) -> Option<Given> {
    let attribute = attribute.unwrap_or("Ref");
    rows(kind).find(|(_, known, _)| *known == attribute).map(|(_, _, given)| *given)
}

/// The rows of a resource type.
pub(super) fn rows(kind: &str) -> impl Iterator<Item = &'static (&'static str, &'static str, Given)> {
    let start = GIVEN.partition_point(|(known, ..)| *known < kind);
    GIVEN[start..].iter().take_while(move |(known, ..)| *known == kind)
}

/// Resource types, `Ref` or the attribute, and what it gives, sorted by type.
static GIVEN: &[(&str, &str, Given)] = &[
    ("AWS::ApiGateway::RestApi", "Ref", Name),
    ("AWS::ApiGateway::RestApi", "RestApiId", Name),
    ("AWS::ApiGateway::RestApi", "RootResourceId", Name),
    ("AWS::ApiGatewayV2::Api", "ApiEndpoint", Like("https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com")),
    ("AWS::ApiGatewayV2::Api", "ApiId", Name),
    ("AWS::ApiGatewayV2::Api", "Ref", Name),
    ("AWS::AutoScaling::AutoScalingGroup", "Ref", Name),
    (
        "AWS::CertificateManager::Certificate",
        "Ref",
        Like("arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"),
    ),
    ("AWS::CloudFront::Distribution", "DomainName", Like("d111111abcdef8.cloudfront.net")),
    ("AWS::CloudFront::Distribution", "Ref", Name),
    ("AWS::CloudWatch::Alarm", "Arn", Like("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:name")),
    ("AWS::CloudWatch::Alarm", "Ref", Name),
    ("AWS::CodeBuild::Project", "Arn", Like("arn:aws:codebuild:eu-west-1:123456789012:project/name")),
    ("AWS::CodeBuild::Project", "Ref", Name),
    ("AWS::CodePipeline::Pipeline", "Ref", Name),
    ("AWS::Cognito::UserPool", "Arn", Like("arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_AbCdEfGhI")),
    ("AWS::Cognito::UserPool", "ProviderName", Like("cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI")),
    ("AWS::Cognito::UserPool", "ProviderURL", Like("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI")),
    ("AWS::Cognito::UserPool", "Ref", Like("eu-west-1_AbCdEfGhI")),
    ("AWS::Cognito::UserPool", "UserPoolId", Like("eu-west-1_AbCdEfGhI")),
    ("AWS::Cognito::UserPoolClient", "Ref", Name),
    ("AWS::DynamoDB::Table", "Arn", Like("arn:aws:dynamodb:eu-west-1:123456789012:table/name")),
    ("AWS::DynamoDB::Table", "Ref", Name),
    (
        "AWS::DynamoDB::Table",
        "StreamArn",
        Like("arn:aws:dynamodb:eu-west-1:123456789012:table/name/stream/2026-01-01T00:00:00.000"),
    ),
    ("AWS::EC2::EIP", "AllocationId", Like("eipalloc-0123456789abcdef0")),
    ("AWS::EC2::EIP", "PublicIp", Like("203.0.113.1")),
    ("AWS::EC2::EIP", "Ref", Like("203.0.113.1")),
    ("AWS::EC2::Instance", "AvailabilityZone", Like("eu-west-1a")),
    ("AWS::EC2::Instance", "PrivateIp", Like("10.0.0.1")),
    ("AWS::EC2::Instance", "PublicIp", Like("203.0.113.1")),
    ("AWS::EC2::Instance", "Ref", Like("i-0123456789abcdef0")),
    ("AWS::EC2::InternetGateway", "InternetGatewayId", Like("igw-0123456789abcdef0")),
    ("AWS::EC2::InternetGateway", "Ref", Like("igw-0123456789abcdef0")),
    ("AWS::EC2::NatGateway", "NatGatewayId", Like("nat-0123456789abcdef0")),
    ("AWS::EC2::NatGateway", "Ref", Like("nat-0123456789abcdef0")),
    ("AWS::EC2::RouteTable", "Ref", Like("rtb-0123456789abcdef0")),
    ("AWS::EC2::RouteTable", "RouteTableId", Like("rtb-0123456789abcdef0")),
    ("AWS::EC2::SecurityGroup", "GroupId", Like("sg-0123456789abcdef0")),
    ("AWS::EC2::SecurityGroup", "Ref", Like("sg-0123456789abcdef0")),
    ("AWS::EC2::SecurityGroup", "VpcId", Like("vpc-0123456789abcdef0")),
    ("AWS::EC2::Subnet", "AvailabilityZone", Like("eu-west-1a")),
    ("AWS::EC2::Subnet", "CidrBlock", Like("10.0.0.0/24")),
    ("AWS::EC2::Subnet", "Ref", Like("subnet-0123456789abcdef0")),
    ("AWS::EC2::Subnet", "SubnetId", Like("subnet-0123456789abcdef0")),
    ("AWS::EC2::Subnet", "VpcId", Like("vpc-0123456789abcdef0")),
    ("AWS::EC2::VPC", "CidrBlock", Like("10.0.0.0/16")),
    ("AWS::EC2::VPC", "DefaultNetworkAcl", Like("acl-0123456789abcdef0")),
    ("AWS::EC2::VPC", "DefaultSecurityGroup", Like("sg-0123456789abcdef0")),
    ("AWS::EC2::VPC", "Ref", Like("vpc-0123456789abcdef0")),
    ("AWS::EC2::VPC", "VpcId", Like("vpc-0123456789abcdef0")),
    ("AWS::ECR::Repository", "Arn", Like("arn:aws:ecr:eu-west-1:123456789012:repository/name")),
    ("AWS::ECR::Repository", "Ref", Name),
    ("AWS::ECS::Cluster", "Arn", Like("arn:aws:ecs:eu-west-1:123456789012:cluster/name")),
    ("AWS::ECS::Cluster", "Ref", Name),
    ("AWS::EKS::Cluster", "Arn", Like("arn:aws:eks:eu-west-1:123456789012:cluster/name")),
    ("AWS::EKS::Cluster", "Ref", Name),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "DNSName", Name),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "LoadBalancerFullName", Name),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "LoadBalancerName", Name),
    (
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "Ref",
        Like("arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/name/0123456789abcdef"),
    ),
    (
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        "Ref",
        Like("arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/name/0123456789abcdef"),
    ),
    ("AWS::ElasticLoadBalancingV2::TargetGroup", "TargetGroupFullName", Name),
    ("AWS::ElasticLoadBalancingV2::TargetGroup", "TargetGroupName", Name),
    ("AWS::Events::EventBus", "Arn", Like("arn:aws:events:eu-west-1:123456789012:event-bus/name")),
    ("AWS::Events::EventBus", "Name", Name),
    ("AWS::Events::EventBus", "Ref", Name),
    ("AWS::Events::Rule", "Arn", Like("arn:aws:events:eu-west-1:123456789012:rule/name")),
    ("AWS::Events::Rule", "Ref", Name),
    ("AWS::IAM::Group", "Arn", Like("arn:aws:iam::123456789012:group/name")),
    ("AWS::IAM::Group", "Ref", Name),
    ("AWS::IAM::InstanceProfile", "Arn", Like("arn:aws:iam::123456789012:instance-profile/name")),
    ("AWS::IAM::InstanceProfile", "Ref", Name),
    ("AWS::IAM::ManagedPolicy", "Ref", Like("arn:aws:iam::123456789012:policy/name")),
    ("AWS::IAM::Role", "Arn", Like("arn:aws:iam::123456789012:role/name")),
    ("AWS::IAM::Role", "Ref", Name),
    ("AWS::IAM::Role", "RoleId", Name),
    ("AWS::IAM::User", "Arn", Like("arn:aws:iam::123456789012:user/name")),
    ("AWS::IAM::User", "Ref", Name),
    ("AWS::KMS::Alias", "Ref", Like("alias/name")),
    ("AWS::KMS::Key", "Arn", Like("arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-1234-1234-123456789012")),
    ("AWS::KMS::Key", "KeyId", Like("12345678-1234-1234-1234-123456789012")),
    ("AWS::KMS::Key", "Ref", Like("12345678-1234-1234-1234-123456789012")),
    ("AWS::Kinesis::Stream", "Arn", Like("arn:aws:kinesis:eu-west-1:123456789012:stream/name")),
    ("AWS::Kinesis::Stream", "Ref", Name),
    (
        "AWS::KinesisFirehose::DeliveryStream",
        "Arn",
        Like("arn:aws:firehose:eu-west-1:123456789012:deliverystream/name"),
    ),
    ("AWS::KinesisFirehose::DeliveryStream", "Ref", Name),
    ("AWS::Lambda::Alias", "Ref", Like("arn:aws:lambda:eu-west-1:123456789012:function:name:alias")),
    ("AWS::Lambda::Function", "Arn", Like("arn:aws:lambda:eu-west-1:123456789012:function:name")),
    ("AWS::Lambda::Function", "Ref", Name),
    ("AWS::Lambda::LayerVersion", "Ref", Like("arn:aws:lambda:eu-west-1:123456789012:layer:name:1")),
    ("AWS::Lambda::Version", "Ref", Like("arn:aws:lambda:eu-west-1:123456789012:function:name:1")),
    ("AWS::Logs::LogGroup", "Arn", Like("arn:aws:logs:eu-west-1:123456789012:log-group:name:*")),
    ("AWS::Logs::LogGroup", "Ref", Name),
    ("AWS::Route53::HostedZone", "Id", Name),
    ("AWS::Route53::HostedZone", "Ref", Name),
    ("AWS::S3::Bucket", "Arn", Like("arn:aws:s3:::name")),
    ("AWS::S3::Bucket", "DomainName", Like("name.s3.amazonaws.com")),
    ("AWS::S3::Bucket", "Ref", Name),
    ("AWS::S3::Bucket", "RegionalDomainName", Like("name.s3.eu-west-1.amazonaws.com")),
    ("AWS::S3::Bucket", "WebsiteURL", Like("http://name.s3-website-eu-west-1.amazonaws.com")),
    ("AWS::SNS::Topic", "Ref", Like("arn:aws:sns:eu-west-1:123456789012:name")),
    ("AWS::SNS::Topic", "TopicArn", Like("arn:aws:sns:eu-west-1:123456789012:name")),
    ("AWS::SNS::Topic", "TopicName", Name),
    ("AWS::SQS::Queue", "Arn", Like("arn:aws:sqs:eu-west-1:123456789012:name")),
    ("AWS::SQS::Queue", "QueueName", Name),
    ("AWS::SQS::Queue", "QueueUrl", Like("https://sqs.eu-west-1.amazonaws.com/123456789012/name")),
    ("AWS::SQS::Queue", "Ref", Like("https://sqs.eu-west-1.amazonaws.com/123456789012/name")),
    ("AWS::SecretsManager::Secret", "Ref", Like("arn:aws:secretsmanager:eu-west-1:123456789012:secret:name-AbCdEf")),
    ("AWS::StepFunctions::Activity", "Name", Name),
    ("AWS::StepFunctions::Activity", "Ref", Like("arn:aws:states:eu-west-1:123456789012:activity:name")),
    ("AWS::StepFunctions::StateMachine", "Arn", Like("arn:aws:states:eu-west-1:123456789012:stateMachine:name")),
    ("AWS::StepFunctions::StateMachine", "Name", Name),
    ("AWS::StepFunctions::StateMachine", "Ref", Like("arn:aws:states:eu-west-1:123456789012:stateMachine:name")),
    (
        "AWS::WAFv2::WebACL",
        "Arn",
        Like("arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/name/12345678-1234-1234-1234-123456789012"),
    ),
    ("AWS::WAFv2::WebACL", "Ref", Name),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;

    #[test]
    fn the_rows_are_sorted_and_of_types_and_attributes_that_are() {
        assert!(GIVEN.is_sorted_by(|before, after| (before.0, before.1) < (after.0, after.1)));
        for (kind, attribute, _) in GIVEN {
            let schema = schema::of(kind).unwrap_or_else(|| panic!("{kind} is not known"));
            assert!(*attribute == "Ref" || schema.attribute(attribute).is_some(), "{kind} has no {attribute}");
        }
    }
}
