//! `${Token}`s that have no value: a run goes on until it must know one.

use formwork::asl::run::{Status, TaskError};
use serde_json::{Value as Json, json};

use super::{FUNCTION, alone, jsonpath, run, value};

/// What a run stops at: paths and messages.
fn stops(definition: Json, input: Json) -> Vec<(String, String)> {
    let calls = definition.to_string().contains("\"Task\"");
    let mut run = run(definition, input);
    if calls {
        run = run.task("S", |_| Err(TaskError::new("E", "c")));
    }
    let outcome = run.finish();
    assert_eq!(outcome.status(), Status::Aborted);
    let found = outcome.diagnostics().iter();
    found.map(|fault| (format!("{} {}", fault.code, fault.path), fault.help.clone().unwrap_or_default())).collect()
}

#[test]
fn an_integration_is_one_in_every_partition() {
    for partition in ["aws", "aws-cn", "${AWS::Partition}", "${Partition}"] {
        let resource = format!("arn:{partition}:states:::sqs:sendMessage.waitForTaskToken");
        let state = json!({"Type": "Task", "Resource": resource, "Parameters": {"QueueUrl": "q", "MessageBody": {"t.$": "$$.Task.Token"}}});
        let outcome = run(alone(state), json!({})).task("S", |_| Ok(json!("done"))).finish();
        assert_eq!(value(&outcome), json!("done"), "{partition}");
        assert_eq!(outcome.to_json()["events"][2]["taskScheduledEventDetails"]["resourceType"], "sqs", "{partition}");
    }
}

#[test]
fn a_resource_that_is_not_known_may_wait_for_its_token() {
    let state = json!({"Type": "Task", "Resource": "${Send}", "Parameters": {"t.$": "$$.Task.Token"}});
    let outcome = run(alone(state.clone()), json!({})).task("S", |_| Ok(json!("done"))).finish();
    assert_eq!(value(&outcome), json!("done"));
    let outcome = run(alone(state), json!({})).finish();
    let help = outcome.diagnostics()[0].help.clone().unwrap_or_default();
    assert!(help.ends_with("; what it calls is not known before `--substitute Send=ARN` says it"), "{help}");
}

#[test]
fn a_run_stops_where_it_must_know_a_value() {
    let help = |token: &str| {
        format!(
            "give it one: `--substitute {token}=VALUE` on the command line, `.substitution(\"{token}\", …)` in Rust"
        )
    };
    let wait = json!({"Type": "Wait", "Seconds": "${N}", "InputPath": "${Path}", "Comment": "${Free}"});
    assert_eq!(
        stops(
            jsonpath(
                json!({"A": {"Type": "Pass", "Next": "W"}, "W": {"Type": "Wait", "Seconds": "${N}", "End": true}})
            ),
            json!({})
        ),
        [("F3007 /States/W/Seconds".to_owned(), help("N"))]
    );
    let mut found = stops(alone(wait), json!({}));
    found.sort();
    assert_eq!(
        found,
        [("F3007 /States/S/InputPath".to_owned(), help("Path")), ("F3007 /States/S/Seconds".to_owned(), help("N"))]
    );
}

#[test]
fn what_a_run_does_not_come_to_need_not_be_known() {
    let retry = json!({"Type": "Task", "Resource": FUNCTION, "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": "${N}"}]});
    let outcome = run(alone(retry.clone()), json!({})).task("S", |_| Ok(json!(1))).finish();
    assert_eq!(value(&outcome), json!(1));
    assert_eq!(stops(alone(retry), json!({}))[0].0, "F3007 /States/S/Retry/0/MaxAttempts");
    let inner = json!({"I": {"Type": "Pass", "InputPath": "${P}", "End": true}});
    let map = json!({"Type": "Map", "ItemProcessor": {"StartAt": "I", "States": inner}});
    assert_eq!(value(&run(alone(map.clone()), json!([])).finish()), json!([]));
    assert_eq!(stops(alone(map), json!([1]))[0].0, "F3007 /States/S/ItemProcessor/States/I/InputPath");
}
