//! What properties take, as far as it tells one kind of value from another: an ARN, an id, a name.

use super::given::Given;
use crate::{
    check::property::pattern::is_found,
    schema::{ResourceSchema, Schema},
};

/// A kind of value that a property takes.
#[derive(Clone, Copy)]
struct Taken {
    /// What it is called.
    is: &'static str,
    takes: fn(Given) -> bool,
}

const ARN: Taken = Taken { is: "an ARN", takes: |given| begins(given, "arn:") };
const ROLE: Taken = Taken { is: "the ARN of a role", takes: |given| begins(given, "arn:aws:iam::123456789012:role/") };
const TOPIC: Taken = Taken { is: "the ARN of a topic", takes: |given| begins(given, "arn:aws:sns:") };
const QUEUE: Taken = Taken { is: "the ARN of a queue", takes: |given| begins(given, "arn:aws:sqs:") };
const FUNCTION: Taken = Taken { is: "the ARN of a function", takes: |given| begins(given, "arn:aws:lambda:") };
const NAME: Taken = Taken { is: "a name", takes: |given| !begins(given, "arn:") && !begins(given, "http") };
const QUEUE_URL: Taken = Taken { is: "the URL of a queue", takes: |given| begins(given, "https://sqs.") };
const NETWORK: Taken =
    Taken { is: "a block of addresses", takes: |given| matches!(given, Given::Like(text) if is_network(text)) };
const VPC: Taken = Taken { is: "the id of a VPC", takes: |given| begins(given, "vpc-") };
const SUBNET: Taken = Taken { is: "the id of a subnet", takes: |given| begins(given, "subnet-") };
const GROUP: Taken = Taken { is: "the id of a security group", takes: |given| begins(given, "sg-") };
const ROUTE_TABLE: Taken = Taken { is: "the id of a route table", takes: |given| begins(given, "rtb-") };
const ADDRESS: Taken = Taken { is: "the id of an allocation", takes: |given| begins(given, "eipalloc-") };
const NAT: Taken = Taken { is: "the id of a NAT gateway", takes: |given| begins(given, "nat-") };
const USER_POOL: Taken = Taken { is: "the id of a user pool", takes: |given| begins(given, "eu-west-1_") };

fn begins(given: Given, beginning: &str) -> bool {
    matches!(given, Given::Like(text) if text.starts_with(beginning))
}

fn is_network(text: &str) -> bool {
    text.split_once('/').is_some_and(|(address, length)| address.contains('.') && length.parse::<u8>().is_ok())
}

/// The formats of the schemas that are certain.
const FORMATS: [(&str, Taken); 13] = [
    ("AWS::EC2::SecurityGroup.Id", GROUP),
    ("AWS::EC2::SecurityGroup.Ids", GROUP),
    ("AWS::EC2::Subnet.Id", SUBNET),
    ("AWS::EC2::Subnet.Ids", SUBNET),
    ("AWS::EC2::VPC.Id", VPC),
    ("AWS::IAM::Role.Arn", ROLE),
    ("AWS::KMS::Key.Arn", ARN),
    ("AWS::Lambda::Function.Arn", FUNCTION),
    ("AWS::Logs::LogGroup.Name", NAME),
    ("AWS::S3::Bucket.Name", NAME),
    ("AWS::SNS::Topic.Arn", TOPIC),
    ("AWS::SQS::Queue.Arn", QUEUE),
    ("ipv4-network", NETWORK),
];

/// Properties, by type and path, of which the schema does not say what AWS documents.
const PROPERTIES: [(&str, &str, Taken); 34] = [
    ("AWS::ApiGateway::Method", "Integration.Credentials", ARN),
    ("AWS::CloudFormation::CustomResource", "ServiceToken", ARN),
    ("AWS::CloudWatch::Alarm", "AlarmActions", ARN),
    ("AWS::CloudWatch::Alarm", "InsufficientDataActions", ARN),
    ("AWS::CloudWatch::Alarm", "OKActions", ARN),
    ("AWS::CloudWatch::CompositeAlarm", "AlarmActions", ARN),
    ("AWS::CloudWatch::CompositeAlarm", "InsufficientDataActions", ARN),
    ("AWS::CloudWatch::CompositeAlarm", "OKActions", ARN),
    ("AWS::EC2::EIPAssociation", "AllocationId", ADDRESS),
    ("AWS::EC2::Instance", "IamInstanceProfile", NAME),
    ("AWS::EC2::Instance", "SecurityGroupIds", GROUP),
    ("AWS::EC2::NatGateway", "AllocationId", ADDRESS),
    ("AWS::EC2::Route", "NatGatewayId", NAT),
    ("AWS::EC2::Route", "RouteTableId", ROUTE_TABLE),
    ("AWS::EC2::SubnetRouteTableAssociation", "RouteTableId", ROUTE_TABLE),
    ("AWS::EKS::Nodegroup", "NodeRole", ROLE),
    ("AWS::IAM::InstanceProfile", "Roles", NAME),
    ("AWS::IAM::ManagedPolicy", "Groups", NAME),
    ("AWS::IAM::ManagedPolicy", "Roles", NAME),
    ("AWS::IAM::ManagedPolicy", "Users", NAME),
    ("AWS::IAM::Policy", "Groups", NAME),
    ("AWS::IAM::Policy", "Roles", NAME),
    ("AWS::IAM::Policy", "Users", NAME),
    ("AWS::IAM::RolePolicy", "RoleName", NAME),
    ("AWS::IAM::UserToGroupAddition", "GroupName", NAME),
    ("AWS::IAM::UserToGroupAddition", "Users", NAME),
    ("AWS::Lambda::EventInvokeConfig", "DestinationConfig.OnFailure.Destination", ARN),
    ("AWS::Lambda::EventInvokeConfig", "DestinationConfig.OnSuccess.Destination", ARN),
    ("AWS::S3::Bucket", "NotificationConfiguration.LambdaConfigurations.Function", FUNCTION),
    ("AWS::S3::Bucket", "NotificationConfiguration.QueueConfigurations.Queue", QUEUE),
    ("AWS::S3::Bucket", "NotificationConfiguration.TopicConfigurations.Topic", TOPIC),
    ("AWS::S3::BucketPolicy", "Bucket", NAME),
    ("AWS::SQS::QueueInlinePolicy", "Queue", QUEUE_URL),
    ("AWS::SQS::QueuePolicy", "Queues", QUEUE_URL),
];

/// Properties whose name says ARN, and that take a name too, or something else.
const NOT_ONLY_ARNS: [(&str, &str); 4] = [
    ("AWS::ECS::TaskDefinition", "ExecutionRoleArn"),
    ("AWS::ECS::TaskDefinition", "TaskRoleArn"),
    ("AWS::SSM::MaintenanceWindowTask", "TaskArn"),
    ("AWS::Lambda::Url", "TargetFunctionArn"),
];

/// Names, of which a pattern of names takes one.
const NAMES: [&str; 5] = ["name", "Name", "n-1", "n_1", "0a1"];

/// What the property at a path takes, if that refuses what is given.
pub(super) fn refusal(
    kind: &str,
    schema: &ResourceSchema,
    property: &Schema,
    path: &str,
    given: Given,
) -> Option<&'static str> {
    if NOT_ONLY_ARNS.contains(&(kind, path)) {
        return None;
    }
    let of_path = PROPERTIES.iter().find(|(of, at, _)| (*of, *at) == (kind, path)).map(|(.., taken)| *taken);
    if let Some(taken) = of_path.or_else(|| by_name(path, property)) {
        return (!(taken.takes)(given)).then_some(taken.is);
    }
    let of_list = by_schema(property, given);
    of_list.or_else(|| by_schema(schema.resolve(property.items.as_deref()?), given))
}

/// What the kind of the property is by its name, where nothing else says it.
fn by_name(path: &str, property: &Schema) -> Option<Taken> {
    let says_nothing = property.pattern.is_none()
        && property.format.is_none()
        && property.any_of.is_empty()
        && property.one_of.is_empty()
        && property.all_of.is_empty();
    let name = path.rsplit('.').next()?;
    match name {
        "UserPoolId" => Some(USER_POOL),
        "SecurityGroupIds" | "VpcSecurityGroupIds" if says_nothing => Some(GROUP),
        "SubnetId" | "SubnetIds" if says_nothing => Some(SUBNET),
        "VpcId" if says_nothing => Some(VPC),
        _ if says_nothing && ["Arn", "ARN", "Arns", "ARNs"].iter().any(|end| name.ends_with(end)) => Some(ARN),
        _ => None,
    }
}

/// What a schema takes, if that refuses what is given.
fn by_schema(property: &Schema, given: Given) -> Option<&'static str> {
    // One of several schemas has to take it.
    let alternatives = property.any_of.iter().map(|alternative| by_schema(alternative, given));
    if let Some([first, ..]) = alternatives.collect::<Option<Vec<_>>>().as_deref() {
        return Some(first);
    }
    let refuses = |text: &str| property.pattern.as_deref().map(|pattern| is_found(pattern, text) == Some(false));
    let refuses_names = || NAMES.into_iter().all(|name| refuses(name) == Some(true));
    let format = FORMATS.iter().find(|(name, _)| property.format.as_deref() == Some(name)).map(|(_, taken)| taken);
    if let Some(taken) = format {
        // Some take a name as well, as their pattern says.
        let is_refused =
            !(taken.takes)(given) && (given != Given::Name || property.pattern.is_none() || refuses_names());
        return is_refused.then_some(taken.is);
    }
    let wants_arn = property.pattern.as_deref()?.contains("arn:");
    match given {
        // A name may be any: what a pattern of names refuses is not certain.
        Given::Name => (wants_arn && refuses_names()).then_some("an ARN"),
        Given::Like(text) => (refuses(text) == Some(true)).then_some(if wants_arn {
            "an ARN of its kind"
        } else {
            "a value of its pattern"
        }),
    }
}
