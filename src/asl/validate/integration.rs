//! SCHEMA_VALIDATION_FAILED: a task calls an integration or an action that there is not, waits in a way that it does not
//! have, or sends a function what is no payload. F2008: it calls an integration that is not known.

use super::{optimized, pages::INTEGRATIONS};
use crate::{
    asl::definition::{Definition, Language, ResourceKind, StateKind, Task, tokens_of},
    data::api,
    diagnostic::{Diagnostic, Severity, nearest},
    json::Json,
};

pub(super) fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    for state in definition.states() {
        let StateKind::Task(task) = &state.kind else { continue };
        let ResourceKind::Integration { service, action } = &task.resource.kind else { continue };
        if tokens_of(&task.resource.arn).next().is_some() {
            continue;
        }
        found.extend(called(service, action).map(|(severity, message, meant)| {
            let pointer = format!("{}/Resource", state.pointer);
            let fault = match severity {
                Severity::Error => Diagnostic::error("SCHEMA_VALIDATION_FAILED", pointer, message),
                Severity::Warning => Diagnostic::warning("F2008", pointer, message),
            };
            let fault = fault.docs(INTEGRATIONS);
            match meant {
                Some(name) => fault.help(format!("did you mean `{name}`?")),
                None => fault,
            }
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

/// What is wrong with what a task calls, or with the way in which it waits; with what was meant, if that is clear.
fn called(service: &str, action: &str) -> Option<(Severity, String, Option<String>)> {
    let (name, pattern) = action.split_at(action.find('.').unwrap_or(action.len()));
    if service.starts_with("aws-sdk:") {
        return waiting(service, name, pattern, &[".waitForTaskToken"]);
    }
    let of_the_sdk = |service: &str| {
        let is_known = api::service(service).is_some_and(|service| service.operation(name).is_some());
        is_known.then(|| format!("aws-sdk:{service}:{name}"))
    };
    let Some(integration) = optimized::integration(service) else {
        let message = format!("`{service}` is no integration that is known; expected an optimized one, or `aws-sdk:…`");
        // What is no misspelt one may be newer than the list of those that are known.
        let of_the_sdk = of_the_sdk(service);
        let near = nearest(service, optimized::names()).filter(|_| of_the_sdk.is_none());
        let severity = if near.is_some() { Severity::Error } else { Severity::Warning };
        return Some((severity, message, of_the_sdk.or(near.map(|near| format!("{near}:{name}")))));
    };
    let Some(action) = integration.action(name) else {
        let names = || integration.actions.iter().map(|action| action.name);
        let listed: Vec<String> = names().map(|name| format!("`{name}`")).collect();
        let message = format!("`{service}` has no action `{name}`; expected {}", listed.join(", "));
        let of_its_service = || of_the_sdk(integration.actions.first()?.operation?.0);
        let meant = nearest(name, names()).map(str::to_owned).or_else(of_its_service);
        return Some((Severity::Error, message, meant));
    };
    waiting(service, name, pattern, action.patterns)
}

/// What is wrong with the way in which a task waits.
fn waiting(service: &str, name: &str, pattern: &str, patterns: &[&str]) -> Option<(Severity, String, Option<String>)> {
    if pattern.is_empty() || patterns.contains(&pattern) {
        return None;
    }
    let expected = match patterns {
        [] => "nothing after the action".to_owned(),
        patterns => {
            let patterns: Vec<String> = patterns.iter().map(|pattern| format!("`{pattern}`")).collect();
            format!("{}, or nothing", patterns.join(", "))
        }
    };
    Some((Severity::Error, format!("`{service}:{name}` has no `{pattern}`; expected {expected}"), None))
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
            "arn:aws:states:::codebuild:startBuild.sync",
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
            ("codebuild:stopBuild.sync", "`codebuild:stopBuild` has no `.sync`; expected nothing after the action"),
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
    fn an_integration_and_its_action_exist() {
        let unknown =
            |name: &str| format!("`{name}` is no integration that is known; expected an optimized one, or `aws-sdk:…`");
        let (error, warning) = ("error[SCHEMA_VALIDATION_FAILED]", "warning[F2008]");
        for (resource, kind, message, meant) in [
            ("s3:getObject", warning, unknown("s3"), Some("aws-sdk:s3:getObject")),
            ("lamda:invoke", error, unknown("lamda"), Some("lambda:invoke")),
            ("quantumcoffee:brew", warning, unknown("quantumcoffee"), None),
            (
                "sqs:sendMesage",
                error,
                "`sqs` has no action `sendMesage`; expected `sendMessage`".to_owned(),
                Some("sendMessage"),
            ),
            (
                "dynamodb:query",
                error,
                "`dynamodb` has no action `query`; expected `getItem`, `putItem`, `updateItem`, `deleteItem`"
                    .to_owned(),
                Some("aws-sdk:dynamodb:query"),
            ),
        ] {
            let help = meant.map(|name| format!("\n  help did you mean `{name}`?")).unwrap_or_default();
            let expected = format!("{kind}: {message}\n  at   /States/A/Resource{help}\n  docs {INTEGRATIONS}");
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
