//! Every path through the workflow, with what it sends.

use std::time::Duration;

use formwork::{
    Stack,
    asl::{
        jsonata::{Task, Workflow},
        run::{Answer, Outcome, Run, Status, TaskError, TaskResult},
    },
    aws::stepfunctions::StateMachine,
    json,
    stack::Parameter,
};
use serde_json::Value as Json;

use crate::coffee_report::{
    contract::{Request, results::GenerateReportDataResult},
    database, functions, network, notifications, storage,
};

const LINK: &str = "https://coffee-reports.example/reports/1.html?X-Amz-Signature=0";

fn workflow() -> Workflow {
    let mut stack = Stack::new("test");
    let email = stack.parameter("ReportEmail", Parameter::string());
    let lifetime = stack.parameter("LinkLifetimeMinutes", Parameter::string());
    let network = network::add(&mut stack);
    let database = database::add(&mut stack, &network);
    let bucket = storage::add(&mut stack);
    let notifications = notifications::add(&mut stack, &email);
    let functions = functions::add(&mut stack, &database, &bucket, &lifetime);
    super::workflow(&functions, &notifications.topic)
}

#[test]
fn nothing_is_wrong_with_the_workflow() {
    workflow().assert_clean();
}

#[test]
fn a_misspelled_path_is_told_with_its_line() {
    let mut stack = Stack::new("test");
    let email = stack.parameter("ReportEmail", Parameter::string());
    let lifetime = stack.parameter("LinkLifetimeMinutes", Parameter::string());
    let network = network::add(&mut stack);
    let database = database::add(&mut stack, &network);
    let bucket = storage::add(&mut stack);
    notifications::add(&mut stack, &email);
    let functions = functions::add(&mut stack, &database, &bucket, &lifetime);
    let data = Task::lambda(&functions.generate_report_data)
        .returns::<GenerateReportDataResult>()
        .payload(json!({"execution": "{% $states.input.titel %}"}))
        .output("{% $states.result.Payload %}")
        .next("GenerateHtml");
    let html = Task::lambda(&functions.generate_html).payload(json!({"inventoryKey": "{% $states.input.kee %}"})).end();
    let line = line!() + 1;
    let workflow = Workflow::new().input::<Request>().state("GetReportData", data).state("GenerateHtml", html);
    stack.add("Machine", StateMachine::new("arn:aws:iam::123456789012:role/Run").workflow(&workflow));

    let found = stack.diagnostics();
    let found = found.iter().filter(|fault| fault.code == "F2101");
    let found = found.map(|fault| (fault.message.as_str(), fault.help.as_deref(), fault.declared_at.as_ref()));
    let found: Vec<_> = found.map(|(message, help, at)| (message, help, at.map(|at| at.line))).collect();
    assert_eq!(
        found,
        [
            (
                "`GenerateHtml` reads `kee` of its input; `GetReportData` gives `key`, `suppliers`, `beans`",
                Some("did you mean `key`?"),
                Some(line)
            ),
            (
                "`GetReportData` reads `titel` of its input; the input of the execution gives `title`, `lowStockBelow`",
                Some("did you mean `title`?"),
                Some(line)
            ),
        ]
    );
    assert!(!workflow.definition().to_string().contains("suppliers"), "the types stay out of the definition");
}

fn busy(service: &str) -> TaskResult {
    Err(TaskError::new(service, "slow down"))
}

/// A run in which all goes well, but for what is mocked again.
fn run(input: Json) -> Run {
    workflow()
        .run(input)
        .task("GetReportData", |_| Ok(json!({"key": "inventory/1.json", "suppliers": 8, "beans": 40})))
        .task("GenerateHtml", |_| Ok(json!({"key": "reports/1.html", "suppliers": 8, "beans": 40, "lowStock": 2})))
        .task("GeneratePresignedUrl", |_| Ok(json!({"url": LINK, "expiresAt": "Thursday, 1 January 2026, 00:15 UTC"})))
        .task("PublishReport", |_| Ok(json!({"MessageId": "1"})))
        .task("NotifyFailure", |_| Ok(json!({"MessageId": "2"})))
}

/// The mails of a run: subject and text.
fn mails(outcome: &Outcome) -> Vec<(String, String)> {
    let text = |mail: &Json, field: &str| mail[field].as_str().unwrap_or_default().to_owned();
    let mails = ["PublishReport", "NotifyFailure"].map(|state| outcome.calls(state));
    mails.iter().flat_map(|calls| calls.iter()).map(|mail| (text(mail, "Subject"), text(mail, "Message"))).collect()
}

/// The execution has failed, and its only mail has no link and no detail of the error.
#[track_caller]
fn assert_failure_is_mailed(outcome: &Outcome, cause: &str) {
    assert_eq!(outcome.status(), Status::Failed);
    assert_eq!(outcome.error(), Some("ReportFailed"));
    assert_eq!(outcome.cause(), Some(cause));
    let mails = mails(outcome);
    let [(subject, text)] = mails.as_slice() else { panic!("{} mails\n{outcome}", mails.len()) };
    assert_eq!(subject, "No coffee report was made");
    let execution = text.split_once("\n\n").map(|(_, execution)| execution).unwrap_or_default();
    assert!(execution.starts_with("arn:aws:states:us-east-1:123456789012:execution:"), "{text}");
    assert!(!text.contains("https://") && !text.contains(cause), "{text}");
}

#[test]
fn a_report_is_made_and_its_link_is_mailed() {
    let outcome = run(json!({"title": "Monday", "lowStockBelow": 3})).finish();
    assert_eq!(outcome.status(), Status::Succeeded);
    assert_eq!(
        outcome.visited(),
        ["GetReportData", "ProcessReport", "GenerateHtml", "GeneratePresignedUrl", "PublishReport"]
    );
    assert_eq!(
        mails(&outcome),
        [(
            "Your coffee report is ready".to_owned(),
            format!(
                "The report “Monday” is ready:\n\n{LINK}\n\nThe link works until Thursday, 1 January 2026, 00:15 UTC."
            )
        )]
    );
    assert_eq!(outcome.calls("NotifyFailure").len(), 0);
}

#[test]
fn the_functions_get_what_the_request_says() {
    let context = json!({"Execution": {"Name": "monday"}});
    let outcome = run(json!({"title": "Monday", "lowStockBelow": 3})).context(context).finish();
    assert_eq!(outcome.calls("GetReportData")[0]["Payload"], json!({"execution": "monday"}));
    assert_eq!(
        outcome.calls("GenerateHtml")[0]["Payload"],
        json!({
            "inventoryKey": "inventory/1.json",
            "reportKey": "reports/monday.html",
            "title": "Monday",
            "lowStockBelow": 3,
        })
    );
    assert_eq!(outcome.calls("GeneratePresignedUrl")[0]["Payload"], json!({"key": "reports/monday.html"}));
}

#[test]
fn a_request_that_says_nothing_has_defaults() {
    let outcome = run(json!({})).finish();
    let payload = &outcome.calls("GenerateHtml")[0]["Payload"];
    assert_eq!((&payload["title"], &payload["lowStockBelow"]), (&json!("Coffee inventory"), &json!(10)));
    assert!(mails(&outcome)[0].1.starts_with("The report “Coffee inventory” is ready"));
    // 0 is a limit as good as any other.
    let outcome = run(json!({"lowStockBelow": 0})).finish();
    assert_eq!(outcome.calls("GenerateHtml")[0]["Payload"]["lowStockBelow"], 0);
}

#[test]
fn a_database_that_wakes_up_is_asked_again() {
    let outcome = run(json!({}))
        .task_with("GetReportData", |call| match call.number() {
            1 | 2 => Answer::error("DatabaseResumingException", "it sleeps"),
            _ => Answer::ok(json!({"key": "inventory/1.json", "suppliers": 8, "beans": 40})),
        })
        .finish();
    assert_eq!(outcome.status(), Status::Succeeded);
    assert_eq!(outcome.calls("GetReportData").len(), 3);
    // 5 and 7.5 seconds at the most: each is a random part of that.
    assert!(*outcome.elapsed() > Duration::ZERO && *outcome.elapsed() <= Duration::from_millis(12_500), "{outcome}");
}

#[test]
fn whatever_a_database_in_trouble_says_is_asked_again() {
    for error in [
        "DatabaseUnavailableException",
        "HttpEndpointNotEnabledException",
        "InternalServerErrorException",
        "InvalidResourceStateException",
        "ServiceUnavailableError",
        "StatementTimeoutException",
        "Lambda.SdkClientException",
    ] {
        let outcome = run(json!({}))
            .task_with("GetReportData", move |call| match call.number() {
                1 => Answer::error(error, "it sleeps"),
                _ => Answer::ok(json!({"key": "inventory/1.json", "suppliers": 8, "beans": 40})),
            })
            .finish();
        assert_eq!(outcome.status(), Status::Succeeded, "{error}");
        assert_eq!(outcome.calls("GetReportData").len(), 2, "{error}");
    }
}

#[test]
fn a_database_that_does_not_wake_up_is_given_up() {
    let outcome = run(json!({})).task("GetReportData", |_| busy("DatabaseResumingException")).finish();
    assert_eq!(outcome.calls("GetReportData").len(), 9);
    assert_eq!(outcome.visited(), ["GetReportData", "NotifyFailure", "ReportFailed"]);
    assert_failure_is_mailed(&outcome, "DatabaseResumingException: slow down");
}

#[test]
fn data_that_cannot_be_read_are_told_and_not_asked_for_again() {
    let outcome = run(json!({})).task("GetReportData", |_| busy("BadRequestException")).finish();
    assert_eq!(outcome.calls("GetReportData").len(), 1);
    assert_eq!(outcome.visited(), ["GetReportData", "NotifyFailure", "ReportFailed"]);
    assert_failure_is_mailed(&outcome, "BadRequestException: slow down");
}

#[test]
fn data_that_do_not_come_are_given_up_after_their_time() {
    let outcome = run(json!({})).task_with("GetReportData", |_| Answer::never()).finish();
    assert_eq!(outcome.elapsed(), Duration::from_secs(330));
    assert_failure_is_mailed(&outcome, "States.Timeout: ");
}

#[test]
fn a_page_that_cannot_be_made_is_told() {
    let outcome = run(json!({})).task("GenerateHtml", |_| Err(TaskError::new("Lambda.Unknown", "boom"))).finish();
    assert_eq!(outcome.visited(), ["GetReportData", "ProcessReport", "GenerateHtml", "NotifyFailure", "ReportFailed"]);
    assert_failure_is_mailed(&outcome, "Lambda.Unknown: boom");
}

#[test]
fn a_link_that_cannot_be_signed_is_told() {
    let outcome = run(json!({})).task("GeneratePresignedUrl", |_| busy("AccessDenied")).finish();
    assert_eq!(outcome.calls("PublishReport").len(), 0);
    assert_failure_is_mailed(&outcome, "AccessDenied: slow down");
}

#[test]
fn a_link_that_is_signed_before_the_page_fails_is_not_mailed() {
    let outcome = run(json!({}))
        .task_with("GenerateHtml", |_| Answer::error("Runtime.OutOfMemory", "killed").after(Duration::from_secs(9)))
        .finish();
    assert!(outcome.visited().contains(&"GeneratePresignedUrl"));
    assert_failure_is_mailed(&outcome, "Runtime.OutOfMemory: killed");
}

#[test]
fn a_page_that_takes_too_long_is_told() {
    let outcome = run(json!({})).task_with("GenerateHtml", |_| Answer::never()).finish();
    assert_eq!(outcome.elapsed(), Duration::from_secs(150));
    assert_failure_is_mailed(&outcome, "States.Timeout: ");
}

#[test]
fn when_lambda_is_busy_page_and_link_are_made_again() {
    let outcome = run(json!({}))
        .task_with("GenerateHtml", |call| match call.number() {
            1 => Answer::error("Lambda.TooManyRequestsException", "slow down"),
            _ => Answer::ok(json!({})),
        })
        .finish();
    assert_eq!(outcome.status(), Status::Succeeded);
    assert_eq!((outcome.calls("GenerateHtml").len(), outcome.calls("GeneratePresignedUrl").len()), (2, 2));
    assert_eq!(outcome.calls("PublishReport").len(), 1);
}

#[test]
fn when_lambda_stays_busy_it_is_given_up_after_six_or_eight_retries() {
    for (state, calls) in [("GetReportData", 9), ("GenerateHtml", 7), ("GeneratePresignedUrl", 7)] {
        let outcome = run(json!({})).task(state, |_| busy("Lambda.ServiceException")).finish();
        assert_eq!(outcome.calls(state).len(), calls);
        assert_failure_is_mailed(&outcome, "Lambda.ServiceException: slow down");
    }
}

#[test]
fn a_topic_that_is_busy_gets_the_mail_again() {
    let outcome = run(json!({}))
        .task_with("PublishReport", |call| match call.retry_count() {
            0 => Answer::error("SNS.ThrottledException", "slow down"),
            1 => Answer::error("SNS.SdkClientException", "Unable to execute HTTP request: Connection reset"),
            _ => Answer::ok(json!({"MessageId": "1"})),
        })
        .finish();
    assert_eq!(outcome.status(), Status::Succeeded);
    assert_eq!(outcome.calls("PublishReport").len(), 3);
}

#[test]
fn a_mail_that_cannot_be_sent_fails_the_execution() {
    let outcome = run(json!({})).task("PublishReport", |_| busy("SNS.NotFoundException")).finish();
    assert_eq!(outcome.calls("PublishReport").len(), 1);
    assert_eq!(outcome.calls("NotifyFailure").len(), 1);
    assert!(!outcome.calls("NotifyFailure")[0].to_string().contains(LINK));
    assert_eq!(outcome.cause(), Some("SNS.NotFoundException: slow down"));
}

#[test]
fn when_no_mail_can_be_sent_the_first_error_is_kept() {
    let outcome = run(json!({}))
        .task("GenerateHtml", |_| Err(TaskError::new("KeyError", "boom")))
        .task("NotifyFailure", |_| busy("SNS.ThrottledException"))
        .finish();
    assert_eq!(outcome.calls("NotifyFailure").len(), 7);
    assert_eq!(outcome.error(), Some("ReportFailed"));
    assert_eq!(outcome.cause(), Some("KeyError: boom"));
}
