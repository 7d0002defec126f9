//! What a task calls, as a picture shows it.

use crate::{
    asl::definition::{ResourceKind, Task},
    graph::model::{Family, Glyph},
};

/// A service by its name in the ARN of an integration, or in that of the AWS SDK.
struct Service {
    names: &'static [&'static str],
    title: &'static str,
    family: Family,
    glyph: Glyph,
}

const fn service(names: &'static [&'static str], title: &'static str, family: Family, glyph: Glyph) -> Service {
    Service { names, title, family, glyph }
}

/// Services that workflows often call.
const SERVICES: [Service; 36] = [
    service(&["lambda"], "Lambda", Family::Compute, Glyph::Function),
    service(&["ecs"], "ECS", Family::Compute, Glyph::Container),
    service(&["eks"], "EKS", Family::Compute, Glyph::Container),
    service(&["ecr"], "ECR", Family::Compute, Glyph::Container),
    service(&["batch"], "Batch", Family::Compute, Glyph::Server),
    service(&["ec2"], "EC2", Family::Compute, Glyph::Server),
    service(&["codebuild"], "CodeBuild", Family::Compute, Glyph::Gear),
    service(&["s3"], "S3", Family::Storage, Glyph::Bucket),
    service(&["efs", "fsx"], "file system", Family::Storage, Glyph::Files),
    service(&["dynamodb"], "DynamoDB", Family::Database, Glyph::Table),
    service(&["rds"], "RDS", Family::Database, Glyph::Cylinder),
    service(&["rdsdata"], "RDS Data API", Family::Database, Glyph::Cylinder),
    service(&["redshiftdata", "redshift"], "Redshift", Family::Database, Glyph::Cylinder),
    service(&["sns"], "SNS", Family::Messaging, Glyph::Topic),
    service(&["sqs"], "SQS", Family::Messaging, Glyph::Queue),
    service(&["events", "eventbridge"], "EventBridge", Family::Messaging, Glyph::Event),
    service(&["scheduler"], "EventBridge Scheduler", Family::Messaging, Glyph::Clock),
    service(&["kinesis", "firehose"], "Kinesis", Family::Messaging, Glyph::Stream),
    service(&["ses", "sesv2"], "SES", Family::Messaging, Glyph::Topic),
    service(&["apigateway", "apigatewaymanagementapi"], "API Gateway", Family::Api, Glyph::Api),
    service(&["http"], "HTTP endpoint", Family::Api, Glyph::Globe),
    service(&["states", "sfn"], "Step Functions", Family::Orchestration, Glyph::Machine),
    service(&["ssm"], "Systems Manager", Family::Management, Glyph::Gear),
    service(&["cloudformation"], "CloudFormation", Family::Management, Glyph::Stack),
    service(&["cloudwatch", "cloudwatchlogs"], "CloudWatch", Family::Management, Glyph::Alarm),
    service(&["organizations"], "Organizations", Family::Management, Glyph::Stack),
    service(&["secretsmanager"], "Secrets Manager", Family::Security, Glyph::Key),
    service(&["kms"], "KMS", Family::Security, Glyph::Key),
    service(&["iam", "sts"], "IAM", Family::Security, Glyph::Shield),
    service(&["cognitoidentityprovider"], "Cognito", Family::Security, Glyph::Person),
    service(&["athena"], "Athena", Family::Analytics, Glyph::Search),
    service(&["glue", "databrew"], "Glue", Family::Analytics, Glyph::Gear),
    service(&["elasticmapreduce", "emr", "emrcontainers", "emrserverless"], "EMR", Family::Analytics, Glyph::Chart),
    service(&["sagemaker"], "SageMaker", Family::Analytics, Glyph::Spark),
    service(&["bedrock", "bedrockruntime"], "Bedrock", Family::Analytics, Glyph::Spark),
    service(
        &["comprehend", "rekognition", "textract", "translate", "transcribe", "polly"],
        "AI service",
        Family::Analytics,
        Glyph::Spark,
    ),
];

/// How a task looks: its family, its glyph, and what it calls.
pub(super) fn looks(task: &Task) -> (Family, Glyph, Vec<String>) {
    let resource = &task.resource;
    match &resource.kind {
        _ if resource.hidden => (Family::Compute, Glyph::Gear, vec!["Task".to_owned(), resource.arn.clone()]),
        ResourceKind::Lambda => {
            let name = resource.arn.split(":function:").nth(1).unwrap_or(&resource.arn);
            (Family::Compute, Glyph::Function, vec![format!("Lambda: {name}")])
        }
        ResourceKind::Activity => {
            let name = resource.arn.rsplit(':').next().unwrap_or_default();
            (Family::Compute, Glyph::Person, vec![format!("Activity: {name}")])
        }
        ResourceKind::Integration { service, action } => {
            let name = service.strip_prefix("aws-sdk:").unwrap_or(service);
            let known = SERVICES.iter().find(|service| service.names.contains(&name));
            // Of a name that stands for several, the picture says which.
            let title = known.filter(|known| known.title.starts_with(char::is_uppercase) && known.names.len() < 5);
            let title = title.map_or(name, |known| known.title);
            let (action, pattern) = action.split_once('.').unwrap_or((action, ""));
            let mut details = vec![format!("{title}: {action}")];
            details.extend(match pattern {
                "" => None,
                "waitForTaskToken" => Some("waits for its token".to_owned()),
                _ => Some("waits for the job".to_owned()),
            });
            let (family, glyph) = known.map_or((Family::Other, Glyph::Gear), |known| (known.family, known.glyph));
            (family, glyph, details)
        }
    }
}
