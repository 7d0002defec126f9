//! What a call takes, and what it fails with.

use crate::{asl::validate::pages, diagnostic::Severity, rule::Rule};

const ARGUMENTS: Option<&str> = Some("https://docs.aws.amazon.com/step-functions/latest/dg/connect-parameters.html");

pub(super) static ARGUMENT: Rule = Rule {
    code: "SCHEMA_VALIDATION_FAILED",
    severity: Severity::Error,
    title: "an argument that the call does not take, lacks, or takes as another type",
    why: "\
What a task sends is held against the model of the API, at every depth. The AWS SDK integrations
spell an argument as the AWS SDK for Java does, with a capital (`DbInstanceIdentifier`, `Acl`,
`RestApiId`), the optimized ones as the API does, with a capital. Those of Athena and DynamoDB want
the token of an idempotent call too (`ClientRequestToken`). What an expression gives is known only
when the state runs. Step Functions refuses the definition, or fails the state each time.",
    fails: r#"{"QueryLanguage": "JSONata", "StartAt": "Save", "States": {
  "Save": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:putObject", "End": true,
           "Arguments": {"Bucket": "reports", "ACL": "private", "MetaData": ["page"]}}
}}"#,
    passes: r#"{"QueryLanguage": "JSONata", "StartAt": "Save", "States": {
  "Save": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:putObject", "End": true,
           "Arguments": {"Bucket": "reports", "Key": "{% $states.input.key %}", "Acl": "private", "Metadata": {"page": "1"}}}
}}"#,
    docs: ARGUMENTS,
};

pub(super) static DOUBTFUL_ARGUMENT: Rule = Rule {
    code: "F2008",
    severity: Severity::Warning,
    title: "a call, or an argument of one, of which nobody knows whether there is such a thing",
    why: "\
An integration is none that is known, and may be newer than what is known here. A text is none of
the values that the API's model lists, a number or a truth value stands for a text or the other way
round, or a name is spelled neither as the AWS SDK nor as the API has it. It deploys, as far as was
measured, and most often fails when the state runs.",
    fails: r#"{"QueryLanguage": "JSONata", "StartAt": "Save", "States": {
  "Save": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:putObject", "End": true,
           "Arguments": {"Bucket": "reports", "Key": "page", "StorageClass": "GLACIR"}}
}}"#,
    passes: r#"{"QueryLanguage": "JSONata", "StartAt": "Save", "States": {
  "Save": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:putObject", "End": true,
           "Arguments": {"Bucket": "reports", "Key": "page", "StorageClass": "GLACIER"}}
}}"#,
    docs: ARGUMENTS,
};

pub(super) static ERROR_NAME: Rule = Rule {
    code: "F2009",
    severity: Severity::Warning,
    title: "a retrier or catcher names an error that the task can never have",
    why: "\
The name is one of the service that the task calls, and the API's model lists no such error for the
call, or it begins with `States.` and Step Functions has none of that name. It deploys, and the
retrier or catcher waits for what never comes. What any call may fail with, such as throttling, is
no fault. The AWS SDK integrations say `DynamoDb.…`, the optimized one `DynamoDB.…`.",
    fails: r#"{"StartAt": "Read", "States": {
  "Read": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:getItem", "End": true,
           "Retry": [{"ErrorEquals": ["DynamoDB.ProvisionedThroughputExceededException"]}]}
}}"#,
    passes: r#"{"StartAt": "Read", "States": {
  "Read": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:getItem", "End": true,
           "Retry": [{"ErrorEquals": ["DynamoDb.ProvisionedThroughputExceededException"]}]}
}}"#,
    docs: Some(pages::ERRORS),
};
