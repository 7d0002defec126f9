//! `run --replay`, `--events`, `--record` and `mock`: from an execution to a test, as the README has it.

use std::fs;

use crate::project::{files, greetings, mail, of, run, run_in};

/// The definition of a machine that greets, with another message.
const CHANGED: &str = r#"{
    "QueryLanguage": "JSONata", "StartAt": "Greet", "States": {
        "Greet": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Next": "Done",
            "Arguments": {"TopicArn": "arn:aws:sns:us-east-1:123456789012:Greetings", "Message": "{% 'Bye ' & $states.input.name %}"}},
        "Done": {"Type": "Succeed"}
    }
}"#;

#[test]
fn a_failure_becomes_a_test() {
    let folder = files(&[("input.json", "{\"name\": \"Ada\"}"), ("other.json", CHANGED)]);
    let project = greetings();
    let arn = "--substitute GreetingsTopicArn=arn:aws:sns:us-east-1:123456789012:Greetings";
    let failing = format!(
        "run --input DIR/input.json --test-case Refused --events DIR/history.json --record DIR/mocks.json {arn}"
    );
    let (code, _, err) = run_in(&folder, &project, &failing);
    assert_eq!(code, 1, "{err}");

    let (code, out, err) = run_in(&folder, &project, "run --replay DIR/history.json");
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.ends_with("The way is that of the recording.\n"), "{out}");

    let (code, out, _) = run_in(&folder, &project, "run --definition DIR/other.json --replay DIR/history.json");
    assert_eq!(code, 1);
    assert!(out.contains("1 difference from the recording:\n  `Greet` is sent "), "{out}");
    assert!(out.contains("Bye Ada") && out.contains("it was sent"), "{out}");
    let (_, out, _) =
        run_in(&folder, &project, "run --definition DIR/other.json --replay DIR/history.json --format json");
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&json["differences"][0]["place"], &json["differences"][0]["state"]), (&"sent".into(), &"Greet".into()));

    let (code, mocks, _) = run_in(&folder, &project, "mock --from DIR/history.json");
    assert_eq!(code, 0);
    assert_eq!(fs::read_to_string(folder.path().join("mocks.json")).unwrap(), mocks);
    let mocks: serde_json::Value = serde_json::from_str(&mocks).unwrap();
    assert_eq!(mocks["StateMachines"]["Greeter"]["TestCases"]["Recorded"]["Greet"], "RecordedGreet");
    assert_eq!(mocks["MockedResponses"]["RecordedGreet"]["0"]["Throw"]["Error"], "SNS.NotFoundException");
    let (code, out, _) = run_in(&folder, &project, "run --input DIR/input.json --mock-config DIR/mocks.json");
    assert_eq!(code, 1);
    assert!(out.contains("error SNS.NotFoundException"), "{out}");
}

#[test]
fn a_skeleton_has_a_mock_for_each_task() {
    let (code, out, _) = run(&greetings(), "mock --skeleton");
    assert_eq!(code, 0);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["StateMachines"]["Greeter"]["TestCases"]["Happy"]["Greet"], "HappyGreet");
    assert_eq!(json["MockedResponses"]["HappyGreet"]["0"]["Return"]["MessageId"], "text");
    let folder = files(&[("mocks.json", &out), ("any.json", CHANGED)]);
    let run = |words: &str| run_in(&folder, &greetings(), words);
    assert_eq!(run("run --mock-config DIR/mocks.json").0, 0);
    assert_eq!(run("mock --skeleton --definition DIR/any.json --machine M --test-case T --output DIR/out.json").0, 0);
    assert!(fs::read_to_string(folder.path().join("out.json")).unwrap().contains("\"TGreet\""));
}

#[test]
fn what_cannot_be_read_is_said() {
    let folder = files(&[("history.json", "{\"events\": []}"), ("broken.json", "{\"events\":")]);
    let run = |words: &str| run_in(&folder, &greetings(), words);
    for (words, said) in [
        ("mock --from DIR/history.json", "history.json`: the history has no `ExecutionStarted`"),
        ("run --replay DIR/history.json", "history.json`: the history has no `ExecutionStarted`"),
        ("mock --from DIR/broken.json", "broken.json`: EOF"),
        ("mock --from DIR/none.json", "none.json"),
        ("mock", "--from <HISTORY>"),
        ("mock --from DIR/history.json --skeleton", "cannot be used with"),
        ("run --replay DIR/history.json --input DIR/broken.json", "cannot be used with"),
    ] {
        let (code, out, err) = run(words);
        assert_eq!((code, out.as_str()), (2, ""), "{words}: {err}");
        assert!(err.contains(said), "{words}: {err}");
    }
    assert_eq!(run_in(&folder, &of([mail]), "mock --skeleton").0, 2);
}
