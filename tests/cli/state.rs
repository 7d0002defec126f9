//! `run --state`, and mocks that no service could answer with.

use formwork::{Composition, Project, json};
use serde_json::Value as Json;

use crate::project::{MOCKS as GREETINGS, files, greetings, of, run_in, workflow};

const PUBLISH: &str = r#"{"QueryLanguage": "JSONata", "StartAt": "Publish", "States": {
  "Publish": {
    "Type": "Task", "Resource": "arn:aws:states:::sns:publish",
    "Arguments": {"TopicArn": "{% $topic %}", "Message": "{% $states.input.text %}"},
    "Output": "{% $states.result.MessageId %}",
    "Retry": [{"ErrorEquals": ["SNS.ThrottledException"], "IntervalSeconds": 2, "MaxAttempts": 2}],
    "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Sorry"}],
    "Next": "Each"
  },
  "Each": {
    "Type": "Map", "Items": [1, 2], "End": true,
    "ItemProcessor": {"StartAt": "Double", "States": {
      "Double": {"Type": "Pass", "Output": "{% 2 * $states.input %}", "End": true}
    }}
  },
  "Sorry": {"Type": "Fail"}
}}"#;

const MOCKS: &str = r#"{
  "StateMachines": {"M": {"TestCases": {"Busy": {"Publish": "Busy"}}}},
  "MockedResponses": {"Busy": {
    "0-1": {"Throw": {"Error": "SNS.ThrottledException", "Cause": "slow down"}},
    "2": {"Return": {"MessageId": 7}}
  }}
}"#;

#[test]
fn a_state_runs_alone() {
    let folder = files(&[
        ("d.json", PUBLISH),
        ("i.json", r#"{"text": "Hello"}"#),
        ("v.json", r#"{"topic": "arn"}"#),
        ("m.json", r#"{"result": "{\"MessageId\": \"7\"}"}"#),
        ("n.json", "21"),
    ]);
    let words =
        "run --definition DIR/d.json --state Publish --input DIR/i.json --variables DIR/v.json --mock DIR/m.json";
    let (code, out, err) = run_in(&folder, &of([]), words);
    assert_eq!((code, out.as_str(), err.as_str()), (0, "status  succeeded\nnext    Each\noutput  \"7\"\n", ""));
    let (_, out, _) = run_in(&folder, &of([]), &format!("{words} --inspection-level debug"));
    assert!(out.ends_with("\nvariables       {\"topic\":\"arn\"}\n"), "{out}");
    let (_, out, _) = run_in(&folder, &of([]), &format!("{words} --inspection-level trace --format json"));
    let json: Json = serde_json::from_str(&out).unwrap();
    assert_eq!(
        json,
        json!({"status": "SUCCEEDED", "output": "7", "nextState": "Each", "inspectionData": {
            "input": {"text": "Hello"},
            "afterArguments": {"TopicArn": "arn", "Message": "Hello"},
            "result": {"MessageId": "7"},
            "variables": {"topic": "arn"},
        }})
    );
    let (_, out, _) = run_in(&folder, &of([]), "run --definition DIR/d.json --state Double --input DIR/n.json");
    assert_eq!(out, "status  succeeded\noutput  42\n");
}

#[test]
fn a_file_may_hold_one_state() {
    let folder = files(&[
        ("s.json", "{\n  \"Type\": \"Pass\",\n  \"Result\": 1,\n  \"Next\": \"Elsewhere\"\n}"),
        ("no.json", "{\n  \"Type\": \"Pass\",\n  \"Reslt\": 1,\n  \"End\": true\n}"),
    ]);
    let (code, out, err) = run_in(&folder, &of([]), "run --definition DIR/s.json --state Any");
    assert_eq!((code, out.as_str(), err.as_str()), (0, "status  succeeded\nnext    Elsewhere\noutput  1\n", ""));
    let (code, out, err) = run_in(&folder, &of([]), "run --definition DIR/no.json --state Any");
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains("no.json:3:3\n") && err.contains("= at: /Reslt\n"), "{err}");
    let (code, _, err) = run_in(&folder, &of([]), "run --definition DIR/s.json");
    assert_eq!(code, 2);
    assert!(err.contains("s.json` is JSON with `Type`, `Result`, `Next`; expected"), "{err}");
}

#[test]
fn a_state_has_the_mocks_of_a_test_case_and_those_of_its_stack() {
    let folder = files(&[
        ("d.json", PUBLISH),
        ("i.json", r#"{"text": "Hello", "name": "Ada"}"#),
        ("v.json", r#"{"topic": "arn"}"#),
        ("m.json", MOCKS),
        ("two.json", r#"{"retrierRetryCount": 1}"#),
    ]);
    let words = "run --definition DIR/d.json --state Publish --input DIR/i.json --variables DIR/v.json \
                 --mock-config DIR/m.json";
    let (code, out, err) = run_in(&folder, &of([]), words);
    let told = "status  failed, is tried again\nerror   SNS.ThrottledException\ncause   slow down\n";
    assert_eq!((code, out.as_str(), err.as_str()), (1, told, ""));
    let words = format!("{words} --state-configuration DIR/two.json --inspection-level debug --format json");
    let (_, out, _) = run_in(&folder, &of([]), &words);
    let json: Json = serde_json::from_str(&out).unwrap();
    assert_eq!(json["inspectionData"]["errorDetails"], json!({"retryIndex": 0, "retryBackoffIntervalSeconds": 4}));
    let (code, out, err) = run_in(&folder, &greetings(), "run --state Greet --input DIR/i.json");
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(out.starts_with("status  succeeded\n") && out.contains("\"MessageId\": \"1\""), "{out}");
}

#[test]
fn a_whole_map_has_a_mock() {
    let folder = files(&[("d.json", PUBLISH), ("m.json", r#"{"result": [2, 4]}"#), ("no.json", r#"{"result": {}}"#)]);
    let words = "run --definition DIR/d.json --state Each";
    let (code, out, _) = run_in(&folder, &of([]), &format!("{words} --mock DIR/m.json --format json"));
    assert_eq!((code, serde_json::from_str(&out).unwrap()), (0, json!({"status": "SUCCEEDED", "output": [2, 4]})));
    for (more, fault) in [
        ("", "error[F3009]: TestState API does not support Map or Parallel states."),
        (" --mock DIR/no.json", "error[F3008]: Mocked result must be an array.\n"),
    ] {
        let (code, out, err) = run_in(&folder, &of([]), &format!("{words}{more}"));
        assert_eq!((code, out.as_str()), (1, ""));
        assert!(err.starts_with(fault), "{err}");
    }
}

#[test]
fn a_mock_that_the_service_could_not_answer_with_has_its_place_in_the_file() {
    let folder = files(&[
        ("d.json", PUBLISH),
        ("m.json", MOCKS),
        ("s.json", "{\n  \"result\": {\"MessageId\": 7}\n}"),
        ("v.json", r#"{"topic": "arn"}"#),
        ("i.json", r#"{"text": "Hello"}"#),
    ]);
    let execution = "run --definition DIR/d.json --mock-config DIR/m.json";
    let (code, out, err) = run_in(&folder, &of([]), execution);
    assert_eq!((code, out.as_str()), (1, ""));
    let file = folder.path().join("m.json");
    let fault = "error[F3008]: the mock of `Publish` is what the service could not answer: Field 'MessageId' must be a string\n";
    assert!(err.starts_with(&format!("{fault} --> {}:5:22\n", file.display())), "{err}");
    assert!(err.contains("= at: /MockedResponses/Busy/2/Return/MessageId\n"), "{err}");
    let (_, _, err) = run_in(&folder, &of([]), &format!("{execution} --validate-mocks none"));
    assert!(!err.contains("F3008"), "{err}");
    let alone =
        "run --definition DIR/d.json --state Publish --input DIR/i.json --variables DIR/v.json --mock DIR/s.json";
    let (code, _, err) = run_in(&folder, &of([]), alone);
    let file = folder.path().join("s.json");
    let fault = "error[F3008]: Mock result schema validation error: Field 'MessageId' must be a string\n";
    assert_eq!(code, 1);
    assert!(err.starts_with(&format!("{fault} --> {}:2:14\n", file.display())), "{err}");
    let (code, out, _) = run_in(&folder, &of([]), &format!("{alone} --validate-mocks none"));
    assert_eq!((code, out.as_str()), (0, "status  succeeded\nnext    Each\noutput  7\n"));
}

#[test]
fn the_mocks_of_a_stack_are_checked_strictly() {
    let folder = files(&[("i.json", r#"{"name": "Ada"}"#)]);
    let project = |mocks: &str| Project::new().stack(Composition::new(workflow).mocks(mocks.to_owned()));
    let wrong = GREETINGS.replace("SNS.NotFoundException", "SNS.NoTopic");
    let (code, out, err) = run_in(&folder, &project(&wrong), "run --input DIR/i.json --test-case Refused");
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(
        err.starts_with("error[F3008]: the mock of `Greet` is what the service could not answer: `sns:publish` never"),
        "{err}"
    );
    assert!(err.contains("\n--> the mocks of `greetings` (tests/cli/state.rs:"), "{err}");
    assert!(err.contains("):5:37\n") && err.contains("= at: /MockedResponses/Refused/0/Throw/Error\n"), "{err}");
    // An error is one that the call has only where it is strict.
    let (_, out, err) = run_in(&folder, &project(&wrong), "run --test-case Refused --validate-mocks present");
    assert!(err.is_empty() && out.contains("SNS.NoTopic"), "{err}");
}

#[test]
fn what_a_state_cannot_be_run_with_is_told() {
    let folder = files(&[
        ("d.json", PUBLISH),
        ("both.json", r#"{"result": "{}", "errorOutput": {}}"#),
        ("text.json", r#"{"result": "no JSON"}"#),
        ("list.json", "[]"),
        ("other.json", r#"{"retries": 1}"#),
    ]);
    let words = "run --definition DIR/d.json --state Publish";
    let only =
        "error: `DIR/both.json`: A test mock should have only one of the following fields: [result, errorOutput].\n";
    for (more, message) in [
        (" --mock DIR/both.json", only),
        (" --mock DIR/text.json", "error: `DIR/text.json`: Mocked result must be valid JSON\n"),
        (" --mock DIR/list.json", "error: `DIR/list.json`: invalid "),
        (" --variables DIR/list.json", "error: `DIR/list.json` holds no JSON object; expected one\n"),
        (" --state-configuration DIR/other.json", "error: `DIR/other.json`: unknown field `retries`"),
        (" --items Each=DIR/list.json", "error: `--items` is for `Each`, and `Publish` is run alone"),
        (" --express", "error: the argument '--state <NAME>' cannot be used with"),
    ] {
        let (code, out, err) = run_in(&folder, &of([]), &format!("{words}{more}"));
        let message = message.replace("DIR", &folder.path().display().to_string());
        assert_eq!((code, out.as_str()), (2, ""), "{more}: {err}");
        assert!(err.starts_with(&message), "{more}: {err}");
    }
    let (code, _, err) = run_in(&folder, &of([]), "run --definition DIR/d.json --state Publsh");
    assert_eq!(code, 1);
    assert!(
        err.starts_with("error[F3003]: there is no state `Publsh`") && err.contains("did you mean `Publish`?"),
        "{err}"
    );
}
