//! SCHEMA_VALIDATION_FAILED: a task waits in a way that its integration does not have, or sends a function what is no
//! payload.

use super::pages::INTEGRATIONS;
use crate::{
    asl::definition::{Definition, Language, ResourceKind, StateKind, Task, tokens_of},
    diagnostic::Diagnostic,
    json::Json,
};

/// The ways to wait that the optimized integrations have.
const PATTERNS: [(&str, &[&str]); 21] = [
    ("apigateway", TOKEN),
    ("athena", JOB),
    ("batch", JOB),
    ("bedrock", JOB_OR_TOKEN),
    ("codebuild", JOB),
    ("databrew", JOB),
    ("dynamodb", &[]),
    ("ecs", JOB_OR_TOKEN),
    ("eks", JOB_OR_TOKEN),
    ("elasticmapreduce", JOB),
    ("emr-containers", JOB),
    ("emr-serverless", JOB),
    ("events", TOKEN),
    ("glue", JOB),
    ("http", &[]),
    ("lambda", TOKEN),
    ("mediaconvert", JOB),
    ("sagemaker", JOB),
    ("sns", TOKEN),
    ("sqs", TOKEN),
    ("states", &[".sync", ".sync:2", ".waitForTaskToken"]),
];
const JOB: &[&str] = &[".sync"];
const JOB_OR_TOKEN: &[&str] = &[".sync", ".waitForTaskToken"];
const TOKEN: &[&str] = &[".waitForTaskToken"];

pub(super) fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    for state in definition.states() {
        let StateKind::Task(task) = &state.kind else { continue };
        let ResourceKind::Integration { service, action } = &task.resource.kind else { continue };
        if tokens_of(&task.resource.arn).next().is_some() {
            continue;
        }
        found.extend(waiting(service, action).map(|message| {
            Diagnostic::error("SCHEMA_VALIDATION_FAILED", format!("{}/Resource", state.pointer), message)
                .docs(INTEGRATIONS)
        }));
        if let Some(payload) = payload(task, service, action) {
            let arguments = if state.language == Language::Jsonata { "Arguments" } else { "Parameters" };
            let message = format!("`Payload` is {payload}; expected an object, a text or null");
            let pointer = format!("{}/{arguments}/Payload", state.pointer);
            found.push(
                Diagnostic::error("SCHEMA_VALIDATION_FAILED", pointer, message)
                    .docs("https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html"),
            );
        }
    }
}

/// What is wrong with the way in which a task waits.
fn waiting(service: &str, action: &str) -> Option<String> {
    let (name, pattern) = action.split_at(action.find('.')?);
    let patterns = match service.starts_with("aws-sdk:") {
        true => TOKEN,
        false => PATTERNS.iter().find(|(known, _)| *known == service)?.1,
    };
    if patterns.contains(&pattern) {
        return None;
    }
    let expected = match patterns {
        [] => "nothing after the action".to_owned(),
        patterns => {
            let patterns: Vec<String> = patterns.iter().map(|pattern| format!("`{pattern}`")).collect();
            format!("{}, or nothing", patterns.join(", "))
        }
    };
    Some(format!("`{service}:{name}` has no `{pattern}`; expected {expected}"))
}

/// What a function is sent that is none of what it takes.
fn payload<'a>(task: &'a Task, service: &str, action: &str) -> Option<&'a Json> {
    let invokes = service == "lambda" && action.split('.').next() == Some("invoke");
    let payload = task.sent.arguments.as_ref().filter(|_| invokes)?.literal("Payload")?;
    (payload.is_number() || payload.is_boolean()).then_some(payload)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::asl::validate::assert_finds;

    fn calling(resource: &str) -> Json {
        json!({"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": resource, "End": true}}})
    }

    #[test]
    fn an_integration_waits_as_it_can() {
        for resource in [
            "arn:aws:states:::sns:publish",
            "arn:aws:states:::lambda:invoke.waitForTaskToken",
            "arn:aws:states:::batch:submitJob.sync",
            "arn:aws:states:::states:startExecution.sync:2",
            "arn:aws:states:::ecs:runTask.sync",
            "arn:aws:states:::aws-sdk:sqs:sendMessage.waitForTaskToken",
            "arn:aws:states:::unknown:action.sync",
            "arn:aws:states:::lambda:invoke${Pattern}.sync",
            "arn:aws:lambda:eu-west-1:123456789012:function:a.sync",
            "${Called}",
        ] {
            assert_finds(check, calling(resource), &[]);
        }
        for (resource, message) in [
            ("lambda:invoke.sync", "`lambda:invoke` has no `.sync`; expected `.waitForTaskToken`, or nothing"),
            ("dynamodb:putItem.sync", "`dynamodb:putItem` has no `.sync`; expected nothing after the action"),
            (
                "dynamodb:putItem.waitForTaskToken",
                "`dynamodb:putItem` has no `.waitForTaskToken`; expected nothing after the action",
            ),
            ("glue:startJobRun.sync:2", "`glue:startJobRun` has no `.sync:2`; expected `.sync`, or nothing"),
            ("ecs:runTask.synch", "`ecs:runTask` has no `.synch`; expected `.sync`, `.waitForTaskToken`, or nothing"),
            (
                "aws-sdk:s3:getObject.sync",
                "`aws-sdk:s3:getObject` has no `.sync`; expected `.waitForTaskToken`, or nothing",
            ),
        ] {
            let expected =
                format!("error[SCHEMA_VALIDATION_FAILED]: {message}\n  at   /States/A/Resource\n  docs {INTEGRATIONS}");
            assert_finds(check, calling(&format!("arn:aws:states:::{resource}")), &[&expected]);
        }
    }

    #[test]
    fn a_function_is_sent_an_object_or_a_text() {
        let sent = |language: &str, field: &str, payload: Json| {
            let mut definition = calling("arn:aws:states:::lambda:invoke");
            definition["QueryLanguage"] = language.into();
            definition["States"]["A"][field] = json!({"FunctionName": "{% 'f' %}", "Payload": payload});
            definition
        };
        for payload in [json!("t"), json!({"a": 1}), json!(null), json!("{% 5 %}")] {
            assert_finds(check, sent("JSONata", "Arguments", payload), &[]);
        }
        for (language, field) in [("JSONata", "Arguments"), ("JSONPath", "Parameters")] {
            for payload in [json!(5), json!(1.5), json!(true)] {
                let expected = format!(
                    "error[SCHEMA_VALIDATION_FAILED]: `Payload` is {payload}; expected an object, a text or null\n  \
                     at   /States/A/{field}/Payload\n  \
                     docs https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html"
                );
                assert_finds(check, sent(language, field, payload), &[&expected]);
            }
        }
    }
}
