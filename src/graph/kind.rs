//! What a type of resource looks like: its family, its glyph, its name.

use super::model::{Family, Glyph};

/// The looks of the types that begin so; the first that fits holds.
const LOOKS: &[(&str, Family, Glyph)] = &[
    ("AWS::Lambda::", Family::Compute, Glyph::Function),
    ("AWS::Serverless::Function", Family::Compute, Glyph::Function),
    ("AWS::Serverless::StateMachine", Family::Orchestration, Glyph::Machine),
    ("AWS::Serverless::SimpleTable", Family::Database, Glyph::Table),
    ("AWS::Serverless::", Family::Api, Glyph::Api),
    ("AWS::StepFunctions::", Family::Orchestration, Glyph::Machine),
    ("AWS::Pipes::", Family::Orchestration, Glyph::Stream),
    ("AWS::Scheduler::", Family::Messaging, Glyph::Clock),
    ("AWS::Events::EventBus", Family::Messaging, Glyph::Event),
    ("AWS::Events::", Family::Messaging, Glyph::Spark),
    ("AWS::SQS::", Family::Messaging, Glyph::Queue),
    ("AWS::SNS::", Family::Messaging, Glyph::Topic),
    ("AWS::SES::", Family::Messaging, Glyph::Topic),
    ("AWS::AmazonMQ::", Family::Messaging, Glyph::Queue),
    ("AWS::Kinesis", Family::Messaging, Glyph::Stream),
    ("AWS::MSK::", Family::Messaging, Glyph::Stream),
    ("AWS::S3", Family::Storage, Glyph::Bucket),
    ("AWS::EFS::", Family::Storage, Glyph::Files),
    ("AWS::FSx::", Family::Storage, Glyph::Files),
    ("AWS::Backup::", Family::Storage, Glyph::Files),
    ("AWS::ECR::", Family::Storage, Glyph::Container),
    ("AWS::DynamoDB::", Family::Database, Glyph::Table),
    ("AWS::RDS::", Family::Database, Glyph::Cylinder),
    ("AWS::DocDB", Family::Database, Glyph::Cylinder),
    ("AWS::Neptune", Family::Database, Glyph::Cylinder),
    ("AWS::ElastiCache::", Family::Database, Glyph::Cylinder),
    ("AWS::MemoryDB::", Family::Database, Glyph::Cylinder),
    ("AWS::DAX::", Family::Database, Glyph::Cylinder),
    ("AWS::DSQL::", Family::Database, Glyph::Cylinder),
    ("AWS::Timestream::", Family::Database, Glyph::Chart),
    ("AWS::ApiGateway", Family::Api, Glyph::Api),
    ("AWS::AppSync::", Family::Api, Glyph::Api),
    ("AWS::CloudFront::", Family::Api, Glyph::Globe),
    ("AWS::Route53", Family::Api, Glyph::Globe),
    ("AWS::ElasticLoadBalancing", Family::Api, Glyph::Branch),
    ("AWS::GlobalAccelerator::", Family::Api, Glyph::Globe),
    ("AWS::IAM::User", Family::Security, Glyph::Person),
    ("AWS::IAM::Group", Family::Security, Glyph::Person),
    ("AWS::IAM::", Family::Security, Glyph::Key),
    ("AWS::Cognito::", Family::Security, Glyph::Person),
    ("AWS::KMS::", Family::Security, Glyph::Key),
    ("AWS::SecretsManager::", Family::Security, Glyph::Key),
    ("AWS::CertificateManager::", Family::Security, Glyph::Shield),
    ("AWS::WAF", Family::Security, Glyph::Shield),
    ("AWS::GuardDuty::", Family::Security, Glyph::Shield),
    ("AWS::EC2::Instance", Family::Compute, Glyph::Server),
    ("AWS::EC2::LaunchTemplate", Family::Compute, Glyph::Server),
    ("AWS::EC2::Volume", Family::Storage, Glyph::Cylinder),
    ("AWS::EC2::SecurityGroup", Family::Security, Glyph::Shield),
    ("AWS::EC2::InternetGateway", Family::Network, Glyph::Globe),
    ("AWS::EC2::", Family::Network, Glyph::Network),
    ("AWS::AutoScaling::", Family::Compute, Glyph::Server),
    ("AWS::ECS::", Family::Compute, Glyph::Container),
    ("AWS::EKS::", Family::Compute, Glyph::Container),
    ("AWS::AppRunner::", Family::Compute, Glyph::Container),
    ("AWS::Batch::", Family::Compute, Glyph::Gear),
    ("AWS::CodeBuild::", Family::Compute, Glyph::Gear),
    ("AWS::ElasticBeanstalk::", Family::Compute, Glyph::Server),
    ("AWS::CodePipeline::", Family::Orchestration, Glyph::Parallel),
    ("AWS::CloudWatch::Alarm", Family::Management, Glyph::Alarm),
    ("AWS::CloudWatch::CompositeAlarm", Family::Management, Glyph::Alarm),
    ("AWS::CloudWatch::", Family::Management, Glyph::Chart),
    ("AWS::Logs::", Family::Management, Glyph::Document),
    ("AWS::SSM::", Family::Management, Glyph::Document),
    ("AWS::CloudTrail::", Family::Management, Glyph::Document),
    ("AWS::Config::", Family::Management, Glyph::Check),
    ("AWS::CloudFormation::Stack", Family::Management, Glyph::Stack),
    ("AWS::CloudFormation::", Family::Management, Glyph::Gear),
    ("AWS::AppConfig::", Family::Management, Glyph::Gear),
    ("AWS::Athena::", Family::Analytics, Glyph::Search),
    ("AWS::Glue::", Family::Analytics, Glyph::Gear),
    ("AWS::OpenSearch", Family::Analytics, Glyph::Search),
    ("AWS::Elasticsearch::", Family::Analytics, Glyph::Search),
    ("AWS::Redshift", Family::Analytics, Glyph::Chart),
    ("AWS::EMR", Family::Analytics, Glyph::Chart),
    ("AWS::SageMaker::", Family::Analytics, Glyph::Spark),
    ("AWS::Bedrock", Family::Analytics, Glyph::Spark),
    ("Custom::", Family::Other, Glyph::Gear),
];

/// The family and the glyph of a type.
pub(super) fn looks(type_name: &str) -> (Family, Glyph) {
    let found = LOOKS.iter().find(|(begins, ..)| type_name.starts_with(begins));
    found.map_or((Family::Other, Glyph::Gear), |(_, family, glyph)| (*family, *glyph))
}

/// The service of a type, such as `Lambda`; all of another type that is none of AWS.
pub(super) fn service(type_name: &str) -> &str {
    match type_name.strip_prefix("AWS::") {
        Some(rest) => rest.split("::").next().unwrap_or(rest),
        None => type_name.split("::").next().unwrap_or(type_name),
    }
}

/// A type without the beginning that all have: `AWS::Lambda::Function` is `Lambda Function`.
pub(super) fn short(type_name: &str) -> String {
    type_name.strip_prefix("AWS::").unwrap_or(type_name).replace("::", " ")
}
