//! The errors of calls, as Step Functions names them.
//!
//! The AWS SDK integrations call with the AWS SDK for Java 2, whose causes end `(Service: Sfn, Status Code: 400, Request
//! ID: …)`; the optimized ones with its older version, whose causes also have the code. An error that the model of the API
//! does not list has the name of the service's own exception: `SecretsManager.SecretsManagerException`.

use super::cli::Failure;
use crate::{asl::run::Answer, data::api};

/// The optimized integrations: what their errors begin with, and what the older SDK calls the service. What no recording
/// shows follows the rule of the others: `AWSGlueException` is an exception of `AWSGlue`.
const OPTIMIZED: [(&str, &str, &str); 14] = [
    ("athena", "Athena", "AmazonAthena"),
    ("batch", "Batch", "AWSBatch"),
    ("codebuild", "CodeBuild", "AWSCodeBuild"),
    ("dynamodb", "DynamoDB", "AmazonDynamoDBv2"),
    ("ecs", "ECS", "AmazonECS"),
    ("eks", "EKS", "AmazonEKS"),
    ("elasticmapreduce", "EMR", "AmazonElasticMapReduce"),
    ("events", "EventBridge", "AmazonEventBridge"),
    ("glue", "Glue", "AWSGlue"),
    ("lambda", "Lambda", "AWSLambda"),
    ("sagemaker", "SageMaker", "AmazonSageMaker"),
    ("sns", "SNS", "AmazonSNS"),
    ("sqs", "SQS", "AmazonSQS"),
    ("states", "StepFunctions", "AWSStepFunctions"),
];

/// The error that a task of an integration fails with: the optimized one of a name, or a service of the AWS SDK.
pub(super) fn answer(optimized: Option<&str>, service: &str, operation: &str, failure: &Failure) -> Answer {
    match optimized.and_then(|name| OPTIMIZED.iter().find(|(known, ..)| *known == name)) {
        Some((_, prefix, called)) => of_optimized(prefix, called, service, operation, failure),
        None => of_sdk(service, operation, failure),
    }
}

fn of_sdk(service: &str, operation: &str, failure: &Failure) -> Answer {
    let known = api::service(service);
    let prefix = known.map_or(service, |service| service.error_prefix());
    let error = match exception(service, operation, failure) {
        Some(name) => format!("{prefix}.{name}"),
        None => format!("{prefix}.{prefix}Exception"),
    };
    Answer::error(error, cause(failure, prefix))
}

fn of_optimized(prefix: &str, called: &str, service: &str, operation: &str, failure: &Failure) -> Answer {
    let error = match exception(service, operation, failure) {
        Some(name) => format!("{prefix}.{name}"),
        None => format!("{prefix}.{}Exception", called.trim_end_matches("v2")),
    };
    let Some(status) = failure.status else { return Answer::error(error, cause(failure, prefix)) };
    let request = failure.request.as_deref().unwrap_or("null");
    let (message, code) = (&failure.message, &failure.code);
    Answer::error(
        error,
        format!(
            "{message} (Service: {called}; Status Code: {status}; Error Code: {code}; Request ID: {request}; Proxy: null)"
        ),
    )
}

/// The name that the model of the API has for an error.
fn exception(service: &str, operation: &str, failure: &Failure) -> Option<String> {
    if failure.code == "SdkClientException" {
        return Some(failure.code.clone());
    }
    let full = |name: &str| format!("{}Exception", name.trim_end_matches("Exception"));
    if let Some(name) = &failure.exception {
        return Some(full(name));
    }
    // A CLI that says no more than the code: the model knows whether it is one of the operation.
    let listed = full(&failure.code);
    let operation = api::service(service)?.operation(operation)?;
    let is_listed = operation.errors().any(|error| error.rsplit('.').next() == Some(&listed));
    is_listed.then_some(listed)
}

fn cause(failure: &Failure, service: &str) -> String {
    let Some(status) = failure.status else { return failure.message.clone() };
    let request = failure.request.as_deref().unwrap_or("null");
    let extended = failure.extended.as_ref().map(|id| format!(", Extended Request ID: {id}")).unwrap_or_default();
    format!("{} (Service: {service}, Status Code: {status}, Request ID: {request}{extended})", failure.message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(code: &str, exception: Option<&str>, status: u64) -> Failure {
        Failure {
            code: code.to_owned(),
            message: "No".to_owned(),
            exception: exception.map(str::to_owned),
            status: Some(status),
            request: Some("r-1".to_owned()),
            extended: None,
        }
    }

    fn told(answer: &Answer) -> String {
        format!("{answer:?}")
    }

    /// Error and cause as AWS was recorded to give them.
    #[test]
    fn an_error_has_the_name_and_the_cause_that_step_functions_gives() {
        let cases = [
            (
                answer(Some("sns"), "sns", "publish", &failed("NotFound", Some("NotFoundException"), 404)),
                "SNS.NotFoundException",
                "No (Service: AmazonSNS; Status Code: 404; Error Code: NotFound; Request ID: r-1; Proxy: null)",
            ),
            (
                answer(Some("dynamodb"), "dynamodb", "putItem", &failed("ValidationException", None, 400)),
                "DynamoDB.AmazonDynamoDBException",
                "No (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ValidationException; Request ID: r-1; Proxy: null)",
            ),
            (
                answer(
                    Some("lambda"),
                    "lambda",
                    "invoke",
                    &failed("ResourceNotFoundException", Some("ResourceNotFoundException"), 404),
                ),
                "Lambda.ResourceNotFoundException",
                "No (Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; Request ID: r-1; Proxy: null)",
            ),
            (
                answer(None, "dynamodb", "putItem", &failed("ResourceNotFoundException", None, 400)),
                "DynamoDb.ResourceNotFoundException",
                "No (Service: DynamoDb, Status Code: 400, Request ID: r-1)",
            ),
            (
                answer(None, "secretsmanager", "createSecret", &failed("ValidationException", None, 400)),
                "SecretsManager.SecretsManagerException",
                "No (Service: SecretsManager, Status Code: 400, Request ID: r-1)",
            ),
            (
                answer(
                    None,
                    "s3",
                    "listObjects",
                    &Failure { extended: Some("x-1".to_owned()), ..failed("NoSuchBucket", Some("NoSuchBucket"), 404) },
                ),
                "S3.NoSuchBucketException",
                "No (Service: S3, Status Code: 404, Request ID: r-1, Extended Request ID: x-1)",
            ),
            (
                answer(None, "sfn", "sendTaskFailure", &failed("InvalidToken", Some("InvalidToken"), 400)),
                "Sfn.InvalidTokenException",
                "No (Service: Sfn, Status Code: 400, Request ID: r-1)",
            ),
        ];
        for (answer, error, cause) in cases {
            assert_eq!(told(&answer), told(&Answer::error(error, cause)));
        }
    }

    #[test]
    fn a_service_that_cannot_be_reached_is_an_error_of_the_client() {
        let failure = Failure { code: "SdkClientException".into(), message: "Unable".into(), ..Failure::default() };
        assert_eq!(
            told(&answer(Some("sns"), "sns", "publish", &failure)),
            told(&Answer::error("SNS.SdkClientException", "Unable"))
        );
        assert_eq!(
            told(&answer(None, "s3", "getObject", &failure)),
            told(&Answer::error("S3.SdkClientException", "Unable"))
        );
    }
}
