//! F2009: a retrier or catcher names an error that the task can never have.

use std::collections::HashMap;

use super::{optimized, pages::ERRORS};
use crate::{
    asl::definition::{Definition, Resource, ResourceKind, StateKind, tokens_of},
    data::api,
    diagnostic::{Diagnostic, nearest},
};

/// The errors of Step Functions itself; behind `States.Http.StatusCode.` a number follows.
const OF_THE_STATES: [&str; 17] = [
    "States.ALL",
    "States.BranchFailed",
    "States.DataLimitExceeded",
    "States.ExceedToleratedFailureThreshold",
    "States.HeartbeatTimeout",
    "States.Http.Socket",
    "States.IntrinsicFailure",
    "States.ItemReaderFailed",
    "States.NoChoiceMatched",
    "States.ParameterPathFailure",
    "States.Permissions",
    "States.QueryEvaluationError",
    "States.ResultPathMatchFailure",
    "States.ResultWriterFailed",
    "States.Runtime",
    "States.TaskFailed",
    "States.Timeout",
];

/// The optimized integrations of which is known how their errors begin.
const OPTIMIZED: [(&str, &str); 3] = [("dynamodb", "DynamoDB"), ("lambda", "Lambda"), ("sns", "SNS")];

/// Parts of the names of what any call may fail with: no model lists that. The service is busy, refuses the caller or
/// cannot read the call, or the client gives up.
const ALWAYS_POSSIBLE: [&str; 24] = [
    "Abort",
    "AccessDenied",
    "ClientError",
    "Expired",
    "IncompleteSignature",
    "InternalError",
    "InternalFailure",
    "InternalServ",
    "InvalidClientToken",
    "InvalidSignature",
    "MissingAuthentication",
    "NotAuthorized",
    "OptInRequired",
    "RateExceeded",
    "RequestLimitExceeded",
    "SdkClient",
    "ServiceException",
    "SlowDown",
    "Throttl",
    "Timeout",
    "TooManyRequests",
    "Unavailable",
    "Unknown",
    "Validation",
];

pub(super) fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    let mut calls = HashMap::new();
    for state in definition.states() {
        let retriers = state.retry.iter().map(|retrier| ("Retry", &retrier.errors)).enumerate();
        let catchers = state.catch.iter().map(|catcher| ("Catch", &catcher.errors)).enumerate();
        for (position, (field, names)) in retriers.chain(catchers) {
            for (index, name) in names.iter().enumerate() {
                if tokens_of(name).next().is_some() {
                    continue;
                }
                let fault = match (name.starts_with("States."), &state.kind) {
                    (true, _) => of_the_states(name),
                    (false, StateKind::Task(task)) if tokens_of(&task.resource.arn).next().is_none() => {
                        let called = called(&task.resource.kind);
                        called.and_then(|called| {
                            calls.entry(called).or_insert_with(|| raised(called)).as_ref()?.other(name)
                        })
                    }
                    _ => None,
                };
                let Some((message, meant)) = fault else { continue };
                let pointer = format!("{}/{field}/{position}/ErrorEquals/{index}", state.pointer);
                let fault = Diagnostic::warning("F2009", pointer, message).docs(ERRORS);
                found.push(match meant {
                    Some(name) => fault.help(format!("did you mean `{name}`?")),
                    None => fault,
                });
            }
        }
    }
}

/// What is wrong with the name of an error that a task is said to have had, and what was meant.
pub(super) fn impossible(resource: &Resource, name: &str) -> Option<(String, Option<String>)> {
    match name.starts_with("States.") {
        true => of_the_states(name),
        false => called(&resource.kind).and_then(raised)?.other(name),
    }
}

/// What is wrong with the name of an error of Step Functions itself, and what was meant.
fn of_the_states(name: &str) -> Option<(String, Option<String>)> {
    if OF_THE_STATES.contains(&name) || name.starts_with("States.Http.StatusCode.") {
        return None;
    }
    let message = format!("Step Functions has no error `{name}`; expected one that it has");
    Some((message, nearest(name, OF_THE_STATES).map(str::to_owned)))
}

/// The service and the action that a task calls; none where who answers may fail it with any error.
fn called(kind: &ResourceKind) -> Option<(&str, &str)> {
    match kind {
        ResourceKind::Lambda => Some(("lambda", "invoke")),
        ResourceKind::Integration { action, .. } if action.ends_with(".waitForTaskToken") => None,
        ResourceKind::Integration { service, action } => Some((service, action.split('.').next()?)),
        ResourceKind::Activity => None,
    }
}

/// What a call may fail with.
struct Raised {
    /// What is called.
    call: String,
    /// What stands before the names of its errors.
    prefix: &'static str,
    /// The errors that the API's model lists, without that.
    names: Vec<String>,
}

/// What a call may fail with; none where the model does not say.
fn raised((service, action): (&str, &str)) -> Option<Raised> {
    let (prefix, name, operation) = match service.strip_prefix("aws-sdk:") {
        Some(name) => (None, name, action),
        None => {
            let prefix = OPTIMIZED.iter().find(|(known, _)| *known == service)?.1;
            let (name, operation) = optimized::integration(service)?.action(action)?.operation?;
            (Some(prefix), name, operation)
        }
    };
    let service_of = api::service(name)?;
    let operation = service_of.operation(operation)?;
    // S3 fails any call with what it lists for others: a bucket that is not there.
    let names: Vec<String> = match name {
        "s3" => service_of.operations().flat_map(|operation| operation.errors()).collect(),
        _ => operation.errors().collect(),
    };
    let names: Vec<String> = names.iter().filter_map(|name| Some(name.split_once('.')?.1.to_owned())).collect();
    let prefix = prefix.unwrap_or(service_of.error_prefix());
    (!names.is_empty()).then(|| Raised { call: format!("{service}:{action}"), prefix, names })
}

impl Raised {
    /// What is wrong with a name that is one of the service and none of the call, and what was meant.
    fn other(&self, name: &str) -> Option<(String, Option<String>)> {
        let (prefix, error) = name.split_once('.')?;
        if !prefix.eq_ignore_ascii_case(self.prefix) {
            return None;
        }
        // The optimized integrations call with an older SDK, which writes `EC2Throttled…` and not `Ec2Throttled…`.
        let same = self.names.iter().find(|known| known.eq_ignore_ascii_case(error));
        let is_right = prefix == self.prefix;
        if is_right && (same.is_some() || self.is_always_possible(error)) {
            return None;
        }
        let without_ending = || self.names.iter().find(|known| known.strip_suffix("Exception") == Some(error));
        let meant = match same {
            Some(_) => Some(error),
            None if !is_right && self.is_always_possible(error) => Some(error),
            None => {
                without_ending().map(String::as_str).or_else(|| nearest(error, self.names.iter().map(String::as_str)))
            }
        };
        let source = api::archive().provenance();
        let message = format!("`{}` never fails with `{name}` ({source}); expected an error of it", self.call);
        Some((message, meant.map(|error| format!("{}.{error}", self.prefix))))
    }

    fn is_always_possible(&self, error: &str) -> bool {
        let of_the_service = error.strip_suffix("Exception").is_some_and(|name| {
            name.eq_ignore_ascii_case(self.prefix) || name.starts_with("Amazon") || name.starts_with("AWS")
        });
        of_the_service || ALWAYS_POSSIBLE.iter().any(|part| error.contains(part))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::asl::validate::assert_finds;

    fn catching(resource: &str, names: Json) -> Json {
        let catcher = json!({"ErrorEquals": names, "Next": "Sorry"});
        let task = json!({"Type": "Task", "Resource": resource, "Catch": [catcher], "End": true});
        json!({"StartAt": "Read", "States": {"Read": task, "Sorry": {"Type": "Succeed"}}})
    }

    #[test]
    fn a_task_is_ready_for_errors_that_it_may_have() {
        let source = api::archive().provenance();
        let read = "arn:aws:states:::aws-sdk:dynamodb:getItem";
        let sound = json!([
            "DynamoDb.ResourceNotFoundException",
            "DynamoDb.ThrottlingException",
            "DynamoDb.DynamoDbException",
            "States.TaskFailed",
            "States.Http.StatusCode.404",
            "My.Own",
            "${Token}",
        ]);
        assert_finds(check, catching(read, sound), &[]);
        assert_finds(check, catching("${Called}", json!(["DynamoDb.NoSuchThing"])), &[]);
        assert_finds(check, catching("arn:aws:states:::sqs:sendMessage", json!(["SQS.NoSuchThing"])), &[]);
        let callback = "arn:aws:states:::lambda:invoke.waitForTaskToken";
        assert_finds(check, catching(callback, json!(["Lambda.NoSuchThing"])), &[]);
        let fault = |name: &str, position: usize, help: &str| {
            format!(
                "warning[F2009]: `aws-sdk:dynamodb:getItem` never fails with `{name}` ({source}); expected an error of it\n  \
                 at   /States/Read/Catch/0/ErrorEquals/{position}{help}\n  docs {ERRORS}"
            )
        };
        assert_finds(
            check,
            catching(read, json!(["DynamoDB.ResourceNotFoundException", "DynamoDb.ConditionalCheckFailedException"])),
            &[
                &fault(
                    "DynamoDB.ResourceNotFoundException",
                    0,
                    "\n  help did you mean `DynamoDb.ResourceNotFoundException`?",
                ),
                &fault("DynamoDb.ConditionalCheckFailedException", 1, ""),
            ],
        );
        let function = "arn:aws:lambda:eu-west-1:123456789012:function:f";
        let sound = json!(["Lambda.EC2ThrottledException", "Lambda.AWSLambdaException", "Lambda.Unknown"]);
        assert_finds(check, catching(function, sound), &[]);
        let fault = format!(
            "warning[F2009]: Step Functions has no error `States.TimeOut`; expected one that it has\n  \
             at   /States/Read/Catch/0/ErrorEquals/0\n  help did you mean `States.Timeout`?\n  docs {ERRORS}"
        );
        assert_finds(check, catching(function, json!(["States.TimeOut"])), &[&fault]);
    }
}
