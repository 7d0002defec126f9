//! The workflow: data, then page and link side by side, then the mail; and a mail of another kind when any of it fails.

use formwork::{
    Handle, Stack,
    asl::jsonata::*,
    aws::{
        iam::Role,
        logs::LogGroup,
        sns::Topic,
        stepfunctions::{
            StateMachine,
            state_machine::{
                CloudWatchLogsLogGroup, LogDestination, LoggingConfiguration, LoggingConfigurationLevel,
                TracingConfiguration,
            },
        },
    },
    grants::{allow_log_delivery, allow_tracing},
    iam::{allow, trust},
    intrinsic::sub,
    json,
};

use super::{
    contract::{
        Request,
        results::{GenerateHtmlResult, GeneratePresignedUrlResult, GenerateReportDataResult},
    },
    functions::Functions,
    notifications::Notifications,
};

/// The mail with the link.
const SUCCESS: &str = r#"{% "The report \u201c" & $title & "\u201d is ready:\n\n" & $states.input.url & "\n\nThe link works until " & $states.input.expiresAt & "." %}"#;

/// The mail when there is no report: no link, and where to look.
const FAILURE: &str = r#"{% "No coffee report was made. What went wrong stands in the history of the execution\n\n" & $states.context.Execution.Id %}"#;

/// Faults of Lambda, not of a function.
const LAMBDA_IS_BUSY: [&str; 5] = [
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
];

/// Adds the state machine with its role and log group.
pub fn add(stack: &mut Stack, functions: &Functions, notifications: &Notifications) -> Handle<StateMachine> {
    let workflow = workflow(functions, &notifications.topic);
    let key = &notifications.key;
    let log = stack.add(
        "ReportStateMachineLog",
        LogGroup::new()
            // Step Functions delivers its logs only to groups with this prefix without a limit on their number.
            .log_group_name(sub("/aws/vendedlogs/states/${AWS::StackName}"))
            .retention_in_days(30),
    );
    let role = stack.add(
        "ReportStateMachineRole",
        Role::new(trust("states.amazonaws.com")).policy(
            "RunTasksAndTellOfThem",
            workflow.grants().into_iter().chain([
                allow(["kms:Decrypt", "kms:GenerateDataKey"]).on(key.arn()),
                allow_log_delivery(),
                allow_tracing(),
            ]),
        ),
    );
    stack.resource(&log).waive("CKV_AWS_158", "AWS encrypts it already");
    stack.resource(&role).waive("AwsSolutions-IAM5[Resource::*]", "These actions take no resource");
    stack.add(
        "ReportStateMachine",
        StateMachine::new(role.arn())
            .workflow(&workflow)
            .logging_configuration(
                LoggingConfiguration::new()
                    .level(LoggingConfigurationLevel::ALL)
                    // The data holds the link to the report, which is as good as a password while it works.
                    .include_execution_data(false)
                    .destinations([LogDestination::new()
                        .cloud_watch_logs_log_group(CloudWatchLogsLogGroup::new().log_group_arn(log.arn()))]),
            )
            .tracing_configuration(TracingConfiguration::new().enabled(true)),
    )
}

/// What the machine does. Its input is the request of `contract.rs`.
fn workflow(functions: &Functions, topic: &Handle<Topic>) -> Workflow {
    Workflow::new()
        .input::<Request>()
        .comment("Makes a report on the coffee inventory and mails a link to it")
        .state(
            "GetReportData",
            Task::lambda(&functions.generate_report_data)
                .returns::<GenerateReportDataResult>()
                .payload(json!({"execution": "{% $states.context.Execution.Name %}"}))
                .timeout_seconds(330)
                .retry(database_wakes_up())
                .catcher(to_failure())
                .assign("title", "{% $exists($states.input.title) ? $states.input.title : 'Coffee inventory' %}")
                .assign(
                    "lowStockBelow",
                    "{% $exists($states.input.lowStockBelow) ? $states.input.lowStockBelow : 10 %}",
                )
                .assign("inventoryKey", "{% $states.result.Payload.key %}")
                .assign("reportKey", "{% 'reports/' & $states.context.Execution.Name & '.html' %}")
                .output("{% $states.result.Payload %}")
                .next("ProcessReport"),
        )
        .state(
            "ProcessReport",
            Parallel::new([
                Branch::new().state(
                    "GenerateHtml",
                    Task::lambda(&functions.generate_html)
                        .returns::<GenerateHtmlResult>()
                        .payload(json!({
                            "inventoryKey": "{% $inventoryKey %}",
                            "reportKey": "{% $reportKey %}",
                            "title": "{% $title %}",
                            "lowStockBelow": "{% $lowStockBelow %}",
                        }))
                        .timeout_seconds(150)
                        .end(),
                ),
                Branch::new().state(
                    "GeneratePresignedUrl",
                    Task::lambda(&functions.generate_presigned_url)
                        .returns::<GeneratePresignedUrlResult>()
                        .payload(json!({"key": "{% $reportKey %}"}))
                        .timeout_seconds(30)
                        .output("{% $states.result.Payload %}")
                        .end(),
                ),
            ])
            .retry(lambda_is_busy())
            .catcher(to_failure())
            .output("{% $states.result[1] %}")
            .next("PublishReport"),
        )
        .state(
            "PublishReport",
            Task::sns_publish(topic)
                .subject("Your coffee report is ready")
                .message(SUCCESS)
                .timeout_seconds(60)
                .retry(topic_is_busy())
                .catcher(to_failure())
                .end(),
        )
        .state(
            "NotifyFailure",
            Task::sns_publish(topic)
                .subject("No coffee report was made")
                .message(FAILURE)
                .timeout_seconds(60)
                .retry(topic_is_busy())
                // The execution fails all the same, with the first error.
                .catch("States.ALL", "ReportFailed")
                .next("ReportFailed"),
        )
        .state("ReportFailed", Fail::new().error("ReportFailed").cause("{% $failure.Error & ': ' & $failure.Cause %}"))
}

/// Any error that is not retried, or no more, ends in a mail that says so.
fn to_failure() -> Catch {
    Catch::new("States.ALL", "NotifyFailure").assign("failure", "{% $states.errorOutput %}")
}

/// A database that sleeps takes some fifteen seconds to answer, longer after a day. Mostly it says that it resumes; what
/// else is heard meanwhile, and of a database in trouble, passes too. Lambda may be busy as well.
fn database_wakes_up() -> Retry {
    const DATABASE_WAKES_UP: [&str; 7] = [
        "DatabaseResumingException",
        "DatabaseUnavailableException",
        "HttpEndpointNotEnabledException",
        "InternalServerErrorException",
        "InvalidResourceStateException",
        "ServiceUnavailableError",
        "StatementTimeoutException",
    ];
    Retry::on([DATABASE_WAKES_UP.as_slice(), &LAMBDA_IS_BUSY].concat())
        .interval_seconds(5)
        .max_attempts(8)
        .backoff_rate(1.5)
        .max_delay_seconds(30)
        .jitter_strategy(JitterStrategy::Full)
}

fn lambda_is_busy() -> Retry {
    transient(LAMBDA_IS_BUSY)
}

fn topic_is_busy() -> Retry {
    transient([
        "SNS.ThrottledException",
        "SNS.InternalErrorException",
        "SNS.KMSThrottlingException",
        // No connection, or one that broke.
        "SNS.SdkClientException",
    ])
}

fn transient<const N: usize>(errors: [&str; N]) -> Retry {
    // After one second, then twice as many each time: a minute in all.
    Retry::on(errors).max_attempts(6)
}

#[cfg(test)]
mod tests;
