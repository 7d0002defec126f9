//! `run`.

use formwork::{Project, json};
use serde_json::Value as Json;

use crate::project::{GREETINGS_LINE, files, greetings, of, run_in};

const GREET: &str = r#"{"StartAt": "Greet", "States": {"Greet": {
    "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage",
    "Parameters": {"QueueUrl": "q", "MessageBody.$": "$.name"}, "End": true}}}"#;

#[test]
fn run_takes_the_mocks_of_the_stack_and_its_first_test_case() {
    let folder = files(&[("input.json", r#"{"name": "Ada"}"#)]);
    let (code, out, err) = run_in(&folder, &greetings(), "run --input DIR/input.json");
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("Greet") && out.contains("Hello Ada") && out.contains("succeeded after 0s"), "{out}");
    let (code, out, _) = run_in(&folder, &greetings(), "run --input DIR/input.json --test-case Refused");
    assert_eq!(code, 1, "an execution that fails is no success");
    assert!(out.contains("SNS.NotFoundException") && out.contains("failed after 0s"), "{out}");
}

#[test]
fn run_writes_what_programs_read() {
    let folder = files(&[("input.json", r#"{"name": "Ada"}"#)]);
    let (code, out, _) = run_in(&folder, &greetings(), "run --input DIR/input.json --format json");
    assert_eq!(code, 0);
    let json: Json = serde_json::from_str(&out).unwrap();
    assert_eq!(json["status"], "SUCCEEDED");
    assert_eq!(json["output"], json!({"MessageId": "1"}));
    let kinds: Vec<_> = json["events"].as_array().unwrap().iter().map(|event| &event["type"]).collect();
    assert_eq!(
        kinds,
        [
            "ExecutionStarted",
            "TaskStateEntered",
            "TaskScheduled",
            "TaskStarted",
            "TaskSucceeded",
            "TaskStateExited",
            "SucceedStateEntered",
            "SucceedStateExited",
            "ExecutionSucceeded"
        ]
    );
    assert_eq!(
        json["events"][2],
        json!({
            "timestamp": "2026-01-01T00:00:00.000+00:00",
            "type": "TaskScheduled",
            "id": 3,
            "previousEventId": 2,
            "taskScheduledEventDetails": {
                "resourceType": "sns",
                "resource": "publish",
                "region": "us-east-1",
                "parameters": r#"{"TopicArn":"${GreetingsTopicArn}","Message":"Hello Ada"}"#,
            },
        })
    );
}

#[test]
fn run_takes_a_definition_of_anyone_with_aws_s_mock_file_and_a_context() {
    let mocks = r#"{
        "StateMachines": {"Greeter": {"TestCases": {"Busy": {"Greet": "Busy"}}}},
        "MockedResponses": {"Busy": {"0": {"Throw": {"Error": "Sqs.OverLimit"}}}}
    }"#;
    let context = r#"{"Execution": {"Name": "monday", "StartTime": "2030-05-05T05:05:05.005Z"},
                      "StateMachine": {"Id": "arn:aws:states:eu-west-1:1:stateMachine:Greeter", "Name": "Greeter"}}"#;
    let folder = files(&[("d.json", GREET), ("i.json", r#"{"name": "Ada"}"#), ("m.json", mocks), ("c.json", context)]);
    let words = "run --definition DIR/d.json --input DIR/i.json --mock-config DIR/m.json --test-case Busy \
                 --context DIR/c.json --format json";
    let (code, out, err) = run_in(&folder, &of([]), words);
    assert_eq!((code, err.as_str()), (1, ""));
    let json: Json = serde_json::from_str(&out).unwrap();
    assert_eq!((&json["status"], &json["error"]), (&json!("FAILED"), &json!("Sqs.OverLimit")));
    assert_eq!(json["events"][0]["timestamp"], "2030-05-05T05:05:05.005+00:00");
    assert_eq!(json["events"][2]["taskScheduledEventDetails"]["region"], "eu-west-1");
    assert_eq!(run_in(&folder, &of([]), words), (code, out, err), "two runs are the same");
}

#[test]
fn a_task_without_a_mock_stops_the_run_with_its_place() {
    let folder = files(&[("d.json", GREET), ("i.json", r#"{"name": "Ada"}"#)]);
    let (code, out, err) = run_in(&folder, &of([]), "run --definition DIR/d.json --input DIR/i.json");
    assert_eq!(code, 1);
    assert!(out.contains("stopped after 0s"), "{out}");
    let file = folder.path().join("d.json");
    assert_eq!(
        err,
        format!(
            "error[F3001]: the task `Greet` is called and has no mock; expected one\n \
             --> {}:1:33\n  \
               |\n\
             1 | {{\"StartAt\": \"Greet\", \"States\": {{\"Greet\": {{\n  \
               |                                 ^^^^^^^\n  \
               |\n  \
               = at: /States/Greet\n  \
               = help: give it one: `.task(\"Greet\", |input| Ok(…))` in a test, a mocked response on the command line\n\n",
            file.display()
        )
    );
}

#[test]
fn what_run_cannot_use_gives_code_2_and_says_why() {
    let folder = files(&[
        ("d.json", GREET),
        ("no.json", "{"),
        ("twice.json", "{\"StartAt\": \"A\",\n \"StartAt\": \"B\"}"),
        ("list.json", "[]"),
        ("m.json", r#"{"StateMachines": {"A": {"TestCases": {}}, "B": {"TestCases": {}}}}"#),
    ]);
    let cases = [
        ("run --definition DIR/none.json", "error: `DIR/none.json` cannot be read: "),
        ("run --definition DIR/no.json", "error: `DIR/no.json` is not JSON: EOF while parsing"),
        (
            "run --definition DIR/twice.json",
            "error: `DIR/twice.json`: line 2, column 10: the key `StartAt` is written twice; expected each key of a map once\n",
        ),
        ("run --input DIR/no.json", "error: `DIR/no.json` is not JSON: EOF while parsing"),
        ("run --context DIR/list.json", "error: `DIR/list.json` holds no JSON object; expected one\n"),
        (
            "run --test-case Snet",
            "error: the mocks of `greetings` (tests/cli/project.rs:LINE): `Greeter` has no test case `Snet`; expected one of `Sent`, `Refused`\n",
        ),
        (
            "run --definition DIR/d.json --mock-config DIR/m.json",
            "error: `DIR/m.json`: no state machine is named; expected `--machine` with one of `A`, `B`\n",
        ),
        ("run --definition DIR/d.json --test-case x", "error: `--test-case` names a test case of no file"),
        ("run --machine Other", "error: stack `greetings` has no state machine `Other`; expected one of `Greeter`\n"),
        ("run --items x", "error: invalid value 'x' for '--items <STATE=FILE>'"),
        ("run greetings --definition DIR/d.json", "error: the argument '[STACK]' cannot be used with"),
    ];
    for (words, message) in cases {
        let (code, out, err) = run_in(&folder, &greetings(), words);
        let message = message.replace("DIR", &folder.path().display().to_string());
        let message = message.replace("LINE", &GREETINGS_LINE.to_string());
        assert_eq!((code, out.as_str()), (2, ""), "{words}: {err}");
        assert!(err.starts_with(&message), "{words}: {err}");
    }
}

#[test]
fn a_definition_with_an_error_is_not_run() {
    let folder = files(&[("d.json", r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}"#)]);
    let (code, out, err) = run_in(&folder, &of([]), "run --definition DIR/d.json");
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains("error[MISSING_TRANSITION_TARGET]") && err.contains("= at: /States/A/Next"), "{err}");
}

#[test]
fn faults_of_a_definition_are_located_in_its_file() {
    let folder = files(&[
        (
            "d.json",
            "{\"StartAt\": \"A\", \"States\": {\n  \"A\": {\n    \"Type\": \"Pass\",\n    \"Next\": \"B\"\n  }\n}}",
        ),
        ("d.asl.yaml", "StartAt: A\nStates:\n  A:\n    Type: Pass\n    Next: B\n"),
    ]);
    for (file, place) in [("d.json", "4:5"), ("d.asl.yaml", "5:5")] {
        let (code, out, err) = run_in(&folder, &Project::new(), &format!("run --definition DIR/{file}"));
        assert_eq!((code, out.as_str()), (1, ""), "{file}");
        let place = format!(" --> {}:{place}\n", folder.path().join(file).display());
        assert!(err.contains(&place) && err.contains("\n  = at: /States/A/Next\n"), "{err}");
    }
}

#[test]
fn items_come_from_a_file() {
    let definition = r#"{"StartAt": "Each", "States": {"Each": {
        "Type": "Map", "End": true,
        "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
                       "Parameters": {"Bucket": "b", "Key": "k"}},
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                          "StartAt": "One", "States": {"One": {"Type": "Pass", "End": true}}}}}}"#;
    let folder = files(&[("d.json", definition), ("beans.csv", "name,price\nHarbor,14.50\nMesa,19.99\n")]);
    let words = "run --definition DIR/d.json --items Each=DIR/beans.csv --format json";
    let (code, out, _) = run_in(&folder, &of([]), words);
    assert_eq!(code, 0);
    let json: Json = serde_json::from_str(&out).unwrap();
    assert_eq!(json["output"], json!([{"name": "Harbor", "price": "14.50"}, {"name": "Mesa", "price": "19.99"}]));
    let (code, _, err) = run_in(&folder, &of([]), "run --definition DIR/d.json");
    assert_eq!(code, 1);
    assert!(err.starts_with("error[F3002]: `Each` has an `ItemReader` and no items"), "{err}");
}
