//! Task tokens, activities and nested executions.

use formwork::live::Settings;
use serde_json::{Value as Json, json};

use super::{function, machine, start, template};

/// Gives its token back by the API of Step Functions, as boto3 would.
const GIVES_IT_BACK: &str = "
import json, os, threading, time, urllib.request

def call(operation, body):
    headers = {'X-Amz-Target': 'AWSStepFunctions.' + operation, 'Content-Type': 'application/x-amz-json-1.0'}
    request = urllib.request.Request(os.environ['AWS_ENDPOINT_URL_SFN'], json.dumps(body).encode(), headers)
    return json.load(urllib.request.urlopen(request))

def handler(event, context):
    if event.get('fails'):
        call('SendTaskFailure', {'taskToken': event['token'], 'error': 'NoBeans', 'cause': 'sold out'})
    else:
        call('SendTaskHeartbeat', {'taskToken': event['token']})
        call('SendTaskSuccess', {'taskToken': event['token'], 'output': json.dumps({'cup': event['cup']})})
";

fn waiting(arguments: &Json) -> Json {
    let mut payload = json!({"token.$": "$$.Task.Token"});
    payload.as_object_mut().expect("it is there").extend(arguments.as_object().expect("it is there").clone());
    json!({
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Parameters": {"FunctionName": "F", "Payload": payload},
        "TimeoutSeconds": 60,
        "HeartbeatSeconds": 30,
        "End": true,
    })
}

#[test]
fn a_task_goes_on_with_what_its_token_is_given_back_with() {
    let live = start(&template(json!({"F": function("python3.13", GIVES_IT_BACK, &json!({}))})));
    let outcome =
        machine(json!({"S": waiting(&json!({"cup": "espresso"}))})).run(json!({})).outside(live.clone()).finish();
    assert_eq!(outcome.output(), json!({"cup": "espresso"}), "{outcome}");
    let outcome = machine(json!({"S": waiting(&json!({"fails": true}))})).run(json!({})).outside(live).finish();
    assert_eq!((outcome.error().unwrap(), outcome.cause().unwrap()), ("NoBeans", "sold out"));
}

#[test]
fn a_token_that_nobody_gives_back_is_a_timeout() {
    let live = start(&template(json!({"F": function("python3.13", "def handler(event, context): pass", &json!({}))})));
    let mut state = waiting(&json!({}));
    state["TimeoutSeconds"] = 2.into();
    state.as_object_mut().unwrap().remove("HeartbeatSeconds");
    let outcome = machine(json!({"S": state})).run(json!({})).outside(live).finish();
    assert_eq!(*outcome.error(), Some("States.Timeout"), "{outcome}");
}

/// A template with a machine that another starts: its definition, and what it is called.
fn nested(definition: &Json) -> formwork::template::Template {
    template(json!({"Inner": {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {"Definition": definition, "RoleArn": "arn:aws:iam::123456789012:role/r"},
    }}))
}

const INNER: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:Inner";

fn starting(pattern: &str) -> Json {
    json!({
        "Type": "Task",
        "Resource": format!("arn:aws:states:::states:startExecution{pattern}"),
        "Parameters": {"StateMachineArn": INNER, "Input": {"n": 1}, "Name": "inner-1"},
        "End": true,
    })
}

#[test]
fn a_machine_of_the_template_runs_here_when_another_starts_it() {
    let doubles = json!({"QueryLanguage": "JSONata", "StartAt": "D", "States": {
        "D": {"Type": "Pass", "Output": {"n": "{% $states.input.n * 2 %}", "id": "{% $states.context.Execution.Id %}"}, "End": true},
    }});
    let live = start(&nested(&doubles));
    let run = |pattern: &str| machine(json!({"S": starting(pattern)})).run(json!({})).outside(live.clone()).finish();
    let waited = run(".sync:2");
    let id = "arn:aws:states:us-east-1:123456789012:execution:Inner:inner-1";
    let output = waited.output();
    assert_eq!(output["Output"], json!({"n": 2, "id": id}), "{waited}");
    assert_eq!((output["Status"].clone(), output["ExecutionArn"].clone()), (json!("SUCCEEDED"), json!(id)));
    let output = run(".sync");
    assert_eq!(output.output()["Input"], json!("{\"n\":1}"));
    assert_eq!(run("").output()["ExecutionArn"], json!(id));
}

#[test]
fn a_nested_execution_that_fails_is_a_task_that_failed() {
    let fails = json!({"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "NoBeans", "Cause": "sold out"}}});
    let live = start(&nested(&fails));
    let outcome = machine(json!({"S": starting(".sync:2")})).run(json!({})).outside(live).finish();
    assert_eq!(*outcome.error(), Some("States.TaskFailed"));
    let cause: Json = serde_json::from_str(outcome.cause().unwrap()).unwrap();
    assert_eq!((&cause["Status"], &cause["Error"]), (&json!("FAILED"), &json!("NoBeans")));
}

#[test]
fn a_port_that_is_taken_is_said() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let problem = Settings::new().port(port).start().err().unwrap();
    assert!(problem.to_string().starts_with(&format!("the port {port} cannot be opened")), "{problem}");
}
