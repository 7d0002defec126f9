//! The forms of ARNs: what `Ref` and `Fn::GetAtt` give of the resource types that policies speak of.
//!
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>

/// What a type's resources are called.
pub(crate) struct Form {
    pub kind: &'static str,
    /// The property that names it; empty where AWS makes an id.
    pub name: &'static str,
    /// The ARN, with `{here}` for region and account, `{account}` for the account alone, `{name}` for the name.
    pub arn: &'static str,
    /// What `Ref` gives: one of these texts too.
    pub reference: &'static str,
    /// The attributes with what they give.
    pub attributes: &'static [(&'static str, &'static str)],
}

/// The form of a type; none where it is not known here.
pub(crate) fn of(kind: &str) -> Option<&'static Form> {
    FORMS.iter().find(|form| form.kind == kind)
}

/// A form of which `Arn` is the ARN, and `Ref` the name.
const fn named(kind: &'static str, name: &'static str, arn: &'static str) -> Form {
    Form { kind, name, arn, reference: NAME, attributes: &[("Arn", ARN)] }
}

/// A form of which `Ref` is the ARN.
const fn by_arn(
    kind: &'static str,
    name: &'static str,
    arn: &'static str,
    attributes: &'static [(&'static str, &'static str)],
) -> Form {
    Form { kind, name, arn, reference: ARN, attributes }
}

const NAME: &str = "{name}";
/// What gives the ARN.
pub(super) const ARN: &str = "{arn}";

static FORMS: [Form; 32] = [
    Form { attributes: &[], ..named("AWS::ApiGateway::RestApi", "", "arn:aws:apigateway:{region}::/restapis/{name}") },
    Form { attributes: &[], ..named("AWS::ApiGatewayV2::Api", "", "arn:aws:apigateway:{region}::/apis/{name}") },
    named("AWS::CloudWatch::Alarm", "AlarmName", "arn:aws:cloudwatch:{here}:alarm:{name}"),
    named("AWS::CodeBuild::Project", "Name", "arn:aws:codebuild:{here}:project/{name}"),
    named("AWS::Cognito::UserPool", "", "arn:aws:cognito-idp:{here}:userpool/{name}"),
    Form {
        attributes: &[("Arn", ARN), ("StreamArn", "{arn}/stream/{id}")],
        ..named("AWS::DynamoDB::GlobalTable", "TableName", "arn:aws:dynamodb:{here}:table/{name}")
    },
    Form {
        attributes: &[("Arn", ARN), ("StreamArn", "{arn}/stream/{id}")],
        ..named("AWS::DynamoDB::Table", "TableName", "arn:aws:dynamodb:{here}:table/{name}")
    },
    named("AWS::ECR::Repository", "RepositoryName", "arn:aws:ecr:{here}:repository/{name}"),
    named("AWS::ECS::Cluster", "ClusterName", "arn:aws:ecs:{here}:cluster/{name}"),
    by_arn(
        "AWS::ECS::TaskDefinition",
        "Family",
        "arn:aws:ecs:{here}:task-definition/{name}:{id}",
        &[("TaskDefinitionArn", ARN)],
    ),
    Form {
        attributes: &[("Arn", ARN), ("Name", NAME)],
        ..named("AWS::Events::EventBus", "Name", "arn:aws:events:{here}:event-bus/{name}")
    },
    named("AWS::Events::Rule", "Name", "arn:aws:events:{here}:rule/{bus}{name}"),
    named("AWS::IAM::Group", "GroupName", "arn:aws:iam::{account}:group{path}{name}"),
    by_arn(
        "AWS::IAM::ManagedPolicy",
        "ManagedPolicyName",
        "arn:aws:iam::{account}:policy{path}{name}",
        &[("PolicyArn", ARN)],
    ),
    named("AWS::IAM::Role", "RoleName", "arn:aws:iam::{account}:role{path}{name}"),
    named("AWS::IAM::User", "UserName", "arn:aws:iam::{account}:user{path}{name}"),
    Form {
        attributes: &[("Arn", ARN), ("KeyId", NAME)],
        ..named("AWS::KMS::Key", "", "arn:aws:kms:{here}:key/{name}")
    },
    named("AWS::Kinesis::Stream", "Name", "arn:aws:kinesis:{here}:stream/{name}"),
    named(
        "AWS::KinesisFirehose::DeliveryStream",
        "DeliveryStreamName",
        "arn:aws:firehose:{here}:deliverystream/{name}",
    ),
    by_arn("AWS::Lambda::Alias", "Name", "{function}:{name}", &[("AliasArn", ARN)]),
    named("AWS::Lambda::Function", "FunctionName", "arn:aws:lambda:{here}:function:{name}"),
    by_arn("AWS::Lambda::Version", "", "{function}:{name}", &[("FunctionArn", ARN), ("Version", NAME)]),
    named("AWS::Logs::LogGroup", "LogGroupName", "arn:aws:logs:{here}:log-group:{name}:*"),
    named("AWS::S3::Bucket", "BucketName", "arn:aws:s3:::{name}"),
    by_arn("AWS::SNS::Topic", "TopicName", "arn:aws:sns:{here}:{name}", &[("TopicArn", ARN), ("TopicName", NAME)]),
    Form {
        reference: "https://sqs.{region}.amazonaws.com/{account}/{name}",
        attributes: &[
            ("Arn", ARN),
            ("QueueName", NAME),
            ("QueueUrl", "https://sqs.{region}.amazonaws.com/{account}/{name}"),
        ],
        ..named("AWS::SQS::Queue", "QueueName", "arn:aws:sqs:{here}:{name}")
    },
    named("AWS::SSM::Parameter", "Name", "arn:aws:ssm:{here}:parameter/{name}"),
    by_arn(
        "AWS::SageMaker::Endpoint",
        "EndpointName",
        "arn:aws:sagemaker:{here}:endpoint/{name}",
        &[("EndpointName", NAME)],
    ),
    named("AWS::Scheduler::ScheduleGroup", "Name", "arn:aws:scheduler:{here}:schedule-group/{name}"),
    by_arn("AWS::SecretsManager::Secret", "Name", "arn:aws:secretsmanager:{here}:secret:{name}-??????", &[("Id", ARN)]),
    by_arn(
        "AWS::StepFunctions::Activity",
        "Name",
        "arn:aws:states:{here}:activity:{name}",
        &[("Arn", ARN), ("Name", NAME)],
    ),
    by_arn(
        "AWS::StepFunctions::StateMachine",
        "StateMachineName",
        "arn:aws:states:{here}:stateMachine:{name}",
        &[("Arn", ARN), ("Name", NAME)],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;

    #[test]
    fn the_forms_are_those_of_types_and_attributes_that_there_are() {
        for form in &FORMS {
            // Not every service has its tables here.
            let Some(schema) = schema::of(form.kind) else { continue };
            for (attribute, _) in form.attributes {
                assert!(schema.attribute(attribute).is_some(), "{}.{attribute}", form.kind);
            }
            assert!(form.name.is_empty() || schema.property(form.name).is_some(), "{}.{}", form.kind, form.name);
        }
    }
}
