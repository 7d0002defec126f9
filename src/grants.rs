//! Named grants: what one commonly allows, as statements that a [`Handle`] makes of itself.
//!
//! Each is exact: the actions that the name says, on this resource, and nothing else. One file a service.
//! Actions that AWS does not tie to a resource are functions here, and stand on `"*"`.
//!
//! Action names, and which of them take a resource, are those of
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>.

mod apigateway;
#[cfg(feature = "appsync")]
mod appsync;
#[cfg(feature = "athena")]
mod athena;
#[cfg(feature = "backup")]
mod backup;
#[cfg(feature = "batch")]
mod batch;
mod cloudformation;
#[cfg(feature = "cloudfront")]
mod cloudfront;
#[cfg(feature = "codebuild")]
mod codebuild;
#[cfg(feature = "codecommit")]
mod codecommit;
#[cfg(feature = "codepipeline")]
mod codepipeline;
mod cognito;
mod dynamodb;
#[cfg(feature = "ecr")]
mod ecr;
#[cfg(feature = "ecs")]
mod ecs;
#[cfg(feature = "efs")]
mod efs;
#[cfg(feature = "elasticache")]
mod elasticache;
#[cfg(feature = "emr")]
mod emr;
#[cfg(feature = "emrserverless")]
mod emrserverless;
mod events;
#[cfg(feature = "glue")]
mod glue;
mod iam;
#[cfg(feature = "iot")]
mod iot;
#[cfg(feature = "kinesis")]
mod kinesis;
#[cfg(feature = "kinesisfirehose")]
mod kinesisfirehose;
mod kms;
mod lambda;
mod logs;
#[cfg(feature = "opensearchservice")]
mod opensearchservice;
mod rds;
mod s3;
#[cfg(feature = "sagemaker")]
mod sagemaker;
#[cfg(feature = "scheduler")]
mod scheduler;
mod secretsmanager;
mod sns;
mod sqs;
#[cfg(feature = "ssm")]
mod ssm;
mod stepfunctions;

use crate::{
    iam::{Operator, Statement, allow},
    stack::Handle,
    value::{Intrinsic, Value},
};

/// `cloudwatch:PutMetricData` in one namespace of metrics.
pub fn allow_put_metric_data(namespace: &str) -> Statement {
    allow("cloudwatch:PutMetricData").on("*").when(Operator::STRING_EQUALS, "cloudwatch:namespace", namespace)
}

/// `ecr:GetAuthorizationToken`, which AWS ties to no resource: what pulls or pushes images logs in by it.
///
/// <https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html>
pub fn allow_ecr_login() -> Statement {
    allow("ecr:GetAuthorizationToken").on("*")
}

/// `bedrock:InvokeModel` and `bedrock:InvokeModelWithResponseStream` of a foundation model in the region of the stack.
///
/// <https://docs.aws.amazon.com/bedrock/latest/userguide/security_iam_id-based-policy-examples.html>
pub fn allow_invoke_model(model: &str) -> Statement {
    let arn = format!("arn:${{AWS::Partition}}:bedrock:${{AWS::Region}}::foundation-model/{model}");
    allow(["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"])
        .on(Value::Intrinsic(Intrinsic::new("Fn::Sub", &arn)))
}

/// `dynamodb:ListStreams`, which AWS ties to no resource. A table's
/// [`allow_read_stream`](Handle#method.allow_read_stream) has it too.
///
/// <https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html>
pub fn allow_list_streams() -> Statement {
    allow("dynamodb:ListStreams").on("*")
}

/// What a state machine's role needs for its `LoggingConfiguration`. AWS ties none of it to a resource.
///
/// <https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html>
pub fn allow_log_delivery() -> Statement {
    allow([
        "logs:CreateLogDelivery",
        "logs:GetLogDelivery",
        "logs:UpdateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:DescribeResourcePolicies",
        "logs:DescribeLogGroups",
    ])
    .on("*")
}

/// What sends traces to X-Ray: a function's or a state machine's `TracingConfiguration`. AWS ties none of it to a
/// resource.
///
/// <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html>
pub fn allow_tracing() -> Statement {
    allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets"])
        .on("*")
}

/// `!Sub` of an attribute with plain text behind it, as people write the ARN of a part: `${Reports.Arn}/inventory/*`.
pub(crate) fn attribute_and<R>(handle: &Handle<R>, attribute: &str, rest: &str) -> Value<String> {
    sub(handle, &format!("${{.{attribute}}}"), rest)
}

/// `!Sub` of a text in which `${}` stands for the resource and `${.Name}` for an attribute of it; `rest` follows as
/// it is.
fn sub<R>(handle: &Handle<R>, text: &str, rest: &str) -> Value<String> {
    let id = handle.logical_id();
    let text = text.replace("${}", &format!("${{{id}}}")).replace("${.", &format!("${{{id}."));
    let text = text + &rest.replace("${", "${!");
    Value::Intrinsic(Intrinsic::new("Fn::Sub", &text).with(handle.referent().clone()))
}
