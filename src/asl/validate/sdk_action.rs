//! SCHEMA_VALIDATION_FAILED: a task calls a service or an action through the AWS SDK that there is not.

use super::pages::SDK;
use crate::{
    asl::definition::{Definition, ResourceKind, StateKind, tokens_of},
    data::api,
    diagnostic::Diagnostic,
};

/// What the command line calls otherwise than Step Functions, and no nearness of the letters would tell.
const OTHER_NAMES: [(&str, &str); 12] = [
    ("ce", "costexplorer"),
    ("cognitoidp", "cognitoidentityprovider"),
    ("cur", "costandusagereport"),
    ("dms", "databasemigration"),
    ("ds", "directory"),
    ("elb", "elasticloadbalancing"),
    ("elbv2", "elasticloadbalancingv2"),
    ("es", "elasticsearch"),
    ("events", "eventbridge"),
    ("logs", "cloudwatchlogs"),
    ("states", "sfn"),
    ("stepfunctions", "sfn"),
];

pub(super) fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    for state in definition.states() {
        let StateKind::Task(task) = &state.kind else { continue };
        let ResourceKind::Integration { service, action } = &task.resource.kind else { continue };
        let Some(service) = service.strip_prefix("aws-sdk:") else { continue };
        if tokens_of(&task.resource.arn).next().is_some() {
            continue;
        }
        let action = action.split('.').next().unwrap_or_default();
        let fault = called(service, action);
        found.extend(fault.map(|(message, right)| {
            let pointer = format!("{}/Resource", state.pointer);
            let fault = Diagnostic::error("SCHEMA_VALIDATION_FAILED", pointer, message).docs(SDK);
            match right {
                Right::Is(name) => fault.help(format!("did you mean `{name}`?")),
                Right::Near(wrong, names) => fault.did_you_mean(wrong, names),
                Right::None => fault,
            }
        }));
    }
}

/// What was meant.
enum Right<'a> {
    Is(&'static str),
    Near(&'a str, Vec<&'static str>),
    None,
}

/// What is wrong with a service and its action.
fn called<'a>(name: &'a str, action: &'a str) -> Option<(String, Right<'a>)> {
    let source = api::archive().provenance();
    let Some(service) = api::service(name) else {
        let message =
            format!("the AWS SDK ({source}) has no service `{name}`; expected one as Step Functions names it");
        // A name with what Step Functions leaves out of it: `cognito-idp`, `S3`.
        let bare = name.replace(['-', '_', ' '], "").to_lowercase();
        let known = OTHER_NAMES.iter().find(|(other, _)| *other == bare).map(|(_, right)| *right);
        let known = known.or_else(|| api::service(&bare).map(api::Service::name));
        return Some((message, known.map_or_else(|| Right::Near(name, api::services().collect()), Right::Is)));
    };
    if !service.is_known() {
        return None;
    }
    let Some(operation) = service.operation(action) else {
        let message = format!("`aws-sdk:{name}` has no action `{action}` ({source}); expected one in camel case");
        return Some((
            message,
            Right::Near(action, service.operations().map(|operation| operation.action()).collect()),
        ));
    };
    let message =
        format!("Step Functions does not offer `aws-sdk:{name}:{action}`; expected another action or a function");
    (!operation.is_offered()).then_some((message, Right::None))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::asl::validate::assert_finds;

    #[test]
    fn a_service_and_an_action_that_there_are_pass() {
        for called in [
            "s3:listBuckets",
            "rds:describeDBInstances",
            "sfn:startExecution",
            "cloudwatchlogs:describeLogGroups",
            "sqs:sendMessage.waitForTaskToken",
            // A service whose models AWS has withdrawn: nobody can tell.
            "opsworks:describeStacks",
            "${Service}:listBuckets",
        ] {
            assert_finds(check, calling(called), &[]);
        }
    }

    #[test]
    fn what_there_is_not_is_found() {
        let source = api::archive().provenance();
        let service = |name: &str| {
            format!("the AWS SDK ({source}) has no service `{name}`; expected one as Step Functions names it")
        };
        for (called, message, help) in [
            ("s33:listBuckets", service("s33"), Some("s3")),
            ("stepfunctions:listStateMachines", service("stepfunctions"), Some("sfn")),
            ("cognito-idp:adminGetUser", service("cognito-idp"), Some("cognitoidentityprovider")),
            ("S3:listBuckets", service("S3"), Some("s3")),
            ("quantumcoffee:brew", service("quantumcoffee"), None),
            (
                "s3:listBucket",
                format!("`aws-sdk:s3` has no action `listBucket` ({source}); expected one in camel case"),
                Some("listBuckets"),
            ),
            (
                "rds:DescribeDBInstances.waitForTaskToken",
                format!("`aws-sdk:rds` has no action `DescribeDBInstances` ({source}); expected one in camel case"),
                Some("describeDBInstances"),
            ),
            (
                "sts:assumeRole",
                "Step Functions does not offer `aws-sdk:sts:assumeRole`; expected another action or a function"
                    .to_owned(),
                None,
            ),
        ] {
            let help = help.map(|name| format!("\n  help did you mean `{name}`?")).unwrap_or_default();
            let expected =
                format!("error[SCHEMA_VALIDATION_FAILED]: {message}\n  at   /States/A/Resource{help}\n  docs {SDK}");
            assert_finds(check, calling(called), &[&expected]);
        }
    }

    fn calling(called: &str) -> serde_json::Value {
        let resource = format!("arn:aws:states:::aws-sdk:{called}");
        json!({"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": resource, "End": true}}})
    }
}
