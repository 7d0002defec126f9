//! `mock_config.json`, which `coffee-report run` uses: what the functions would answer, made of the contract's types.

use formwork::asl::run::{FieldValidation, Machine, MockConfig, Status};
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::payloads::{GenerateHtmlResult, GeneratePresignedUrlResult, GenerateReportDataResult};

/// The response of `lambda:invoke`.
fn invoked(result: impl Serialize) -> Json {
    json!({"Return": {"Payload": result, "ExecutedVersion": "$LATEST", "StatusCode": 200}})
}

fn throws(error: &str, cause: &str) -> Json {
    json!({"Throw": {"Error": error, "Cause": cause}})
}

/// An exception of a function's own, as Lambda tells it.
fn raises(class: &str, message: &str) -> Json {
    throws(class, &json!({"errorMessage": message, "errorType": class}).to_string())
}

/// The name that an execution has unless it is given one.
fn execution() -> String {
    let machine = Machine::new(&json!({
        "StartAt": "Name",
        "QueryLanguage": "JSONata",
        "States": {"Name": {"Type": "Succeed", "Output": "{% $states.context.Execution.Name %}"}},
    }));
    let outcome = machine.expect("the definition is right").run(json!({})).finish();
    outcome.output().as_str().expect("a name is a text").to_owned()
}

/// The whole file. Each test case is the first one with something that goes wrong.
pub fn mock_config() -> Json {
    let execution = execution();
    let page = format!("reports/{execution}.html");
    let data =
        invoked(GenerateReportDataResult { key: format!("inventory/{execution}.json"), suppliers: 8, beans: 40 });
    let html = invoked(GenerateHtmlResult { key: page.clone(), suppliers: 8, beans: 40, low_stock: 3 });
    let url = invoked(GeneratePresignedUrlResult {
        url: format!("https://coffee-reports.s3.us-east-1.amazonaws.com/{page}?X-Amz-Expires=900&X-Amz-Signature=0"),
        expires_at: "2026-01-01T00:15:00Z".to_owned(),
    });
    let sent = json!({"Return": {"MessageId": "94f6d5a8-4c3f-5d0e-9f0b-8f3f0a1c2b4d"}});
    let all_goes_well = json!({
        "GetReportData": "Data",
        "GenerateHtml": "Page",
        "GeneratePresignedUrl": "Link",
        "PublishReport": "Sent",
        "NotifyFailure": "Sent",
    });
    let case = |state: &str, responses: &str| {
        let mut case = all_goes_well.clone();
        case[state] = responses.into();
        case
    };
    json!({
        "StateMachines": {
            "ReportStateMachine": {
                "TestCases": {
                    "Report": all_goes_well,
                    "DatabaseWakesUp": case("GetReportData", "DataAfterTwoRetries"),
                    "DatabaseStaysAsleep": case("GetReportData", "DatabaseIsAsleep"),
                    "PageFails": case("GenerateHtml", "NoMemory"),
                    "LinkFails": case("GeneratePresignedUrl", "NoCredentials"),
                    "MailFails": case("PublishReport", "NoTopic"),
                },
            },
        },
        "MockedResponses": {
            "Data": {"0": data},
            "DataAfterTwoRetries": {
                "0-1": raises("DatabaseResumingException", "The Aurora DB instance is resuming."),
                "2": data,
            },
            "DatabaseIsAsleep": {"0-8": raises("DatabaseResumingException", "The Aurora DB instance is resuming.")},
            "Page": {"0": html},
            "NoMemory": {"0": raises("Runtime.OutOfMemory", "RequestId: 1 Error: Runtime exited")},
            "Link": {"0": url},
            "NoCredentials": {"0": raises("NoCredentialsError", "Unable to locate credentials")},
            "Sent": {"0": sent},
            "NoTopic": {"0": throws("SNS.NotFoundException", "Topic does not exist")},
        },
    })
}

#[test]
fn every_test_case_ends_as_its_name_says() {
    let config = MockConfig::parse(&mock_config().to_string()).expect("the file is right");
    let template = crate::coffee_report::stack().template();
    let definition = &template.as_json()["Resources"]["ReportStateMachine"]["Properties"]["Definition"];
    let machine = Machine::new(definition).expect("the definition is right");
    for name in config.test_cases("ReportStateMachine") {
        let case = config.test_case("ReportStateMachine", name).expect("the name is that of a test case");
        // No function or service could answer otherwise.
        let run = machine.run(json!({})).test_case(case).validate_mocks(FieldValidation::Strict);
        let outcome = run.finish();
        let expected = match name {
            "Report" | "DatabaseWakesUp" => Status::Succeeded,
            _ => Status::Failed,
        };
        assert_eq!(outcome.status(), expected, "{name}");
    }
}
