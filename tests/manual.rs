//! The coffee report's manual, `stacks/coffee_report/README.md`: what it shows compiles, what it names exists.

use formwork::{
    Stack,
    aws::{
        rds::DBCluster,
        stepfunctions::{StateMachine, state_machine::S3Location},
    },
};
use serde_json::Value;

#[path = "support/coffee_report.rs"]
mod coffee_report;
#[path = "manual/schedule.rs"]
mod schedule;

const MANUAL: &str = include_str!("../stacks/coffee_report/README.md");

fn template() -> Value {
    serde_json::from_str(&coffee_report::prints(&["synth", "--format", "json", "--compact"]))
        .expect("a template is JSON")
}

#[test]
fn its_schedule_is_the_one_that_compiles_here() {
    let shown =
        MANUAL.split("```rust\n").nth(1).and_then(|rest| rest.split("```").next()).expect("the manual shows Rust");
    assert_eq!(shown, include_str!("manual/schedule.rs"));
}

#[test]
fn its_schedule_starts_the_machine() {
    let mut stack = Stack::new("scheduled");
    let machine = stack.add(
        "Machine",
        StateMachine::new("arn:aws:iam::111122223333:role/machine")
            .definition_s3_location(S3Location::new("definitions", "report.json")),
    );
    schedule::add(&mut stack, &machine);
    let template = serde_json::from_str::<Value>(&stack.template().to_json()).expect("a template is JSON");
    let target = &template["Resources"]["ReportSchedule"]["Properties"]["Targets"][0];
    assert_eq!(target["Arn"], serde_json::json!({"Ref": "Machine"}));
    assert_eq!(target["RoleArn"], serde_json::json!({"Fn::GetAtt": ["ReportScheduleRole", "Arn"]}));
}

#[test]
fn it_explains_every_parameter_and_output() {
    let template = template();
    for section in ["Parameters", "Outputs"] {
        for name in template[section].as_object().expect("the template has this section").keys() {
            assert!(MANUAL.contains(&format!("`{name}`")), "{name} of {section} is missing in the manual");
        }
    }
}

#[test]
fn it_names_resources_that_exist() {
    let template = template();
    for name in MANUAL.split("$(group ").skip(1).map(|rest| rest.split(')').next().unwrap_or_default()) {
        assert_eq!(template["Resources"][name]["Type"], "AWS::Logs::LogGroup", "{name}");
    }
    for name in ["ApiFailsAlarm", "DatabaseTables", "ReportApiRole"] {
        assert!(MANUAL.contains(&format!("`{name}`")) || MANUAL.contains(&format!("*{name}*")), "{name}");
        assert!(template["Resources"][name].is_object(), "{name}");
    }
}

#[test]
fn its_test_cases_are_those_of_the_mocks() {
    let mocks: Value = serde_json::from_str(include_str!("../stacks/coffee_report/mock_config.json")).unwrap();
    let cases = mocks["StateMachines"]["ReportStateMachine"]["TestCases"].as_object().unwrap();
    let section = MANUAL.split("## Rehearsing\n").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    assert_eq!(rows.collect::<Vec<_>>(), cases.keys().collect::<Vec<_>>());
}

#[test]
fn what_it_says_of_restoring_fits_the_cluster() {
    let source = include_str!("../stacks/coffee_report/database.rs");
    for line in [r#".master_username("administrator")"#, ".storage_encrypted(true)"] {
        assert!(MANUAL.contains(&format!("`{line}`")), "{line}");
        assert_eq!(source.matches(line).count(), 1, "{line}");
    }
    // What is added exists, and compiles.
    let line =
        MANUAL.lines().find_map(|line| line.trim().strip_prefix(".snapshot_identifier(\"")).expect("it is shown");
    let name = line.trim_end_matches("\")");
    let cluster = serde_json::to_value(DBCluster::new().snapshot_identifier(name)).expect("it renders");
    assert_eq!(cluster["SnapshotIdentifier"], name);
    assert!(MANUAL.contains("Leave the line in"));
}

#[test]
fn it_names_what_an_account_needs() {
    let before = MANUAL.split("## Asking for a report").next().expect("the first deployment comes first");
    assert!(before.contains("**paid plan**"));
    assert!(before.contains("aws iam create-service-linked-role --aws-service-name rds.amazonaws.com"));
}

/// Its statuses are those that the API's method declares, and its limits those of the parameter.
#[test]
fn it_tells_every_status_of_the_api() {
    let template = template();
    for response in template["Resources"]["CreateReport"]["Properties"]["MethodResponses"].as_array().unwrap() {
        let status = response["StatusCode"].as_str().unwrap();
        assert!(MANUAL.contains(&format!("\n| {status} | ")), "{status}");
    }
    let format = &template["Resources"]["ReportApiStage"]["Properties"]["AccessLogSetting"]["Format"];
    let line: Value = serde_json::from_str(format.as_str().unwrap()).expect("a line of the access log is JSON");
    for field in ["integration", "error"] {
        assert!(line[field].is_string() && MANUAL.contains(&format!("`{field}` is")), "{field}");
    }
}
