//! The command line, run inside the test; and the real binary for its exit codes and streams.

#[path = "support/coffee_report.rs"]
mod coffee_report;

use std::{fs, process::Command};

use formwork::{
    Composition, Project, Stack,
    asl::jsonata::{Succeed, Task, Workflow},
    aws::{sns::Topic, stepfunctions::StateMachine},
    cli, json,
};
use serde_json::Value as Json;

fn mail() -> Stack {
    let mut stack = Stack::new("mail");
    stack.description("Sends mails");
    stack.add("Mails", Topic::new());
    stack
}

fn letters() -> Stack {
    let mut stack = Stack::new("letters-on-paper");
    stack.add("Letters", Topic::new());
    stack
}

fn broken() -> Stack {
    let mut stack = Stack::new("broken");
    stack.add("Mails", Topic::new());
    stack.add("Mails", Topic::new());
    stack
}

fn of<const N: usize>(stacks: [fn() -> Stack; N]) -> Project {
    stacks.into_iter().fold(Project::new(), Project::stack)
}

/// Exit code, stdout, stderr.
fn run(project: &Project, words: &str) -> (u8, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let words = ["coffee-report"].into_iter().chain(words.split_whitespace());
    let code = cli::run(project, words, &mut out, &mut err);
    let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
    (code, text(out), text(err))
}

#[test]
fn list_prints_a_line_a_stack() {
    assert_eq!(
        run(&of([mail, letters]), "list"),
        (0, "mail              Sends mails\nletters-on-paper\n".into(), String::new())
    );
}

#[test]
fn synth_writes_yaml_by_default_and_json_when_asked() {
    let yaml = "AWSTemplateFormatVersion: '2010-09-09'\nDescription: Sends mails\nResources:\n  Mails:\n    Type: AWS::SNS::Topic\n";
    assert_eq!(run(&of([mail]), "synth"), (0, yaml.into(), String::new()));
    assert_eq!(run(&of([mail, letters]), "synth mail"), (0, yaml.into(), String::new()));
    let (code, json, _) = run(&of([mail]), "synth --format json");
    assert_eq!(code, 0);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["Resources"]["Mails"]["Type"], "AWS::SNS::Topic");
}

#[test]
fn a_stack_with_an_error_gives_code_1_and_nothing_on_stdout() {
    for words in ["synth", "asl"] {
        let (code, out, err) = run(&of([broken]), words);
        assert_eq!((code, out.as_str()), (1, ""));
        assert!(err.starts_with("error[F1001]: the logical id `Mails` is used twice"), "{err}");
        assert!(err.ends_with("broken: 1 error, nothing is synthesized\n"), "{err}");
    }
}

#[test]
fn output_replaces_a_file_only_when_the_stack_is_sound() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("template.yaml");
    fs::write(&file, "before").unwrap();
    let words = format!("synth --output {}", file.display());
    assert_eq!(run(&of([broken]), &words).0, 1);
    assert_eq!(fs::read_to_string(&file).unwrap(), "before");
    assert_eq!(run(&of([mail]), &words), (0, String::new(), String::new()));
    assert!(fs::read_to_string(&file).unwrap().contains("Type: AWS::SNS::Topic"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no part is left over");
}

#[test]
fn what_cannot_be_done_gives_code_2_and_says_what_was_expected() {
    let cases: [(&Project, &str, &str); 4] = [
        (&of([mail, letters]), "synth", "error: no stack is named; expected one of `mail`, `letters-on-paper`\n"),
        (&of([mail]), "synth post", "error: there is no stack `post`; expected one of `mail`\n"),
        (&of([]), "synth", "error: this project has no stack; expected one in its `main`\n"),
        (&of([mail]), "asl", "error: stack `mail` has no state machine with a definition\n"),
    ];
    for (project, words, message) in cases {
        assert_eq!(run(project, words), (2, String::new(), message.into()));
    }
    let (code, _, err) = run(&of([mail]), "synth --output /nonexistent/folder/template.yaml");
    assert_eq!(code, 2);
    assert!(err.starts_with("error: `/nonexistent/folder/template.yaml` cannot be written: "), "{err}");
    let (code, _, err) = run(&of([mail]), "synth --format toml");
    assert_eq!(code, 2);
    assert!(err.contains("[possible values: yaml, json]"), "{err}");
}

#[test]
fn completions_name_the_program_and_its_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (code, script, err) = run(&of([mail]), &format!("completions {shell}"));
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(script.contains("coffee-report") && script.contains("synth"), "{shell}");
    }
}

fn workflow() -> Stack {
    let mut stack = Stack::new("greetings");
    let topic = stack.add("Greetings", Topic::new());
    let workflow = Workflow::new()
        .state("Greet", Task::sns_publish(&topic).message("{% 'Hello ' & $states.input.name %}").next("Done"))
        .state("Done", Succeed::new());
    stack.add("Greeter", StateMachine::new("arn:aws:iam::123456789012:role/Greet").workflow(&workflow));
    stack
}

const MOCKS: &str = r#"{
    "StateMachines": {"Greeter": {"TestCases": {"Sent": {"Greet": "Sent"}, "Refused": {"Greet": "Refused"}}}},
    "MockedResponses": {
        "Sent": {"0": {"Return": {"MessageId": "1"}}},
        "Refused": {"0": {"Throw": {"Error": "SNS.NotFoundException", "Cause": "no topic"}}}
    }
}"#;

const GREETINGS_LINE: u32 = line!() + 3;

fn greetings() -> Project {
    Project::new().stack(Composition::new(workflow).mocks(MOCKS))
}

/// A folder with files: names and contents.
fn files(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (name, content) in files {
        fs::write(folder.path().join(name), content).expect("a file can be written");
    }
    folder
}

/// Runs the command in a folder of files, whose names it may use with `DIR/` before them.
fn run_in(folder: &tempfile::TempDir, project: &Project, words: &str) -> (u8, String, String) {
    run(project, &words.replace("DIR", &folder.path().display().to_string()))
}

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

/// Two stacks with a state machine each, and mocks that belong to one of them.
fn two_stacks() -> Project {
    let farewells = || {
        let mut stack = Stack::new("farewells");
        let topic = stack.add("Farewells", Topic::new());
        let workflow = Workflow::new().state("Part", Task::sns_publish(&topic).message("Bye").end());
        stack.add("Parter", StateMachine::new("arn:aws:iam::123456789012:role/Part").workflow(&workflow));
        stack
    };
    let mocks = r#"{
        "StateMachines": {"Parter": {"TestCases": {"Sent": {"Part": "Sent"}}}},
        "MockedResponses": {"Sent": {"0": {"Return": {"MessageId": "2"}}}}
    }"#;
    greetings().stack(Composition::new(farewells).mocks(mocks)).stack(mail)
}

#[test]
fn each_stack_of_a_project_has_its_own_template_machine_and_mocks() {
    let project = two_stacks();
    project.assert_clean();
    assert_eq!(run(&project, "list").1, "greetings\nfarewells\nmail       Sends mails\n");
    for (stack, resource) in [("greetings", "GreetingsTopicArn"), ("farewells", "FarewellsTopicArn")] {
        for verb in ["synth", "asl"] {
            let (code, out, err) = run(&project, &format!("{verb} {stack}"));
            assert_eq!((code, err.as_str()), (0, ""));
            assert!(out.contains(resource), "{verb} {stack}: {out}");
        }
    }
    let (code, out, err) = run(&project, "run farewells --format json");
    assert_eq!((code, err.as_str()), (0, ""));
    let json: Json = serde_json::from_str(&out).unwrap();
    assert_eq!(json["output"], json!({"MessageId": "2"}));
    assert_eq!(run(&project, "run greetings --test-case Refused").0, 1, "the execution fails as that test case says");
    let message = "error: no stack is named; expected one of `greetings`, `farewells`, `mail`\n";
    assert_eq!(run(&project, "run"), (2, String::new(), message.into()));
}

#[test]
fn a_project_that_is_wrong_gives_code_2_and_says_where() {
    let line = line!() + 1;
    let twice = Project::new().stack(mail).stack(letters).stack(mail);
    let message = format!(
        "error: two stacks are named `mail` (tests/cli.rs:{line} and tests/cli.rs:{line}); expected a name for each\n"
    );
    for words in ["list", "synth letters-on-paper", "asl mail", "run"] {
        assert_eq!(run(&twice, words), (2, String::new(), message.clone()), "{words}");
    }
    assert_eq!(run(&twice, "completions bash").0, 0, "no stack matters to it");
    let message = "error: this project has no stack; expected one in its `main`\n";
    for words in ["list", "synth", "synth mail", "asl", "run"] {
        assert_eq!(run(&Project::new(), words), (2, String::new(), message.into()), "{words}");
    }
    let line = line!() + 1;
    let unread = Project::new().stack(Composition::new(workflow).mocks(MOCKS.replace("\"0\"", "\"first\"")));
    let message = format!(
        "error: the mocks of `greetings` (tests/cli.rs:{line}): `MockedResponses/Sent/first` is not a number; expected \
         one such as `0`, or a range such as `1-3`\n"
    );
    assert_eq!(run(&unread, "run"), (2, String::new(), message));
    assert_eq!(run(&unread, "asl").0, 0, "the mocks matter to `run` alone");
}

#[test]
fn list_keeps_a_description_of_several_lines_on_one() {
    let stack = || {
        let mut stack = mail();
        stack.description("Sends mails.\n\n  Also letters.\n");
        stack
    };
    assert_eq!(run(&Project::new().stack(stack), "list").1, "mail  Sends mails. Also letters.\n");
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
            "error[F3001]: the task `Greet` is called and has no mock; expected one\n  \
             at   /States/Greet\n  \
             from {}:1:33\n  \
             help give it one: `.task(\"Greet\", |input| Ok(…))` in a test, a mocked response on the command line\n\n",
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
            "error: the mocks of `greetings` (tests/cli.rs:LINE): `Greeter` has no test case `Snet`; expected one of `Sent`, `Refused`\n",
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
    assert!(err.contains("error[MISSING_TRANSITION_TARGET]") && err.contains("at   /States/A/Next"), "{err}");
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
        let place = format!("\n  at   /States/A/Next\n  from {}:{place}\n", folder.path().join(file).display());
        assert!(err.contains(&place), "{err}");
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

#[test]
fn explain_prints_the_page_of_a_code_in_capitals_or_not() {
    let page = "error[E3005]: `DependsOn` names a resource that does not exist\n\n\
        `DependsOn` takes logical ids of resources of the same template, no parameters and nothing of\n\
        another stack. CloudFormation refuses the template where there is no such resource.\n\n\
        This fails:\n\n    Resources:\n      Orders:\n        Type: AWS::SQS::Queue\n      Letters:\n        \
        Type: AWS::SQS::Queue\n        DependsOn: Order\n\n\
        This passes:\n\n    Resources:\n      Orders:\n        Type: AWS::SQS::Queue\n      Letters:\n        \
        Type: AWS::SQS::Queue\n        DependsOn: Orders\n\n\
        docs https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html\n";
    for words in ["explain E3005", "explain e3005"] {
        assert_eq!(run(&Project::new(), words), (0, page.into(), String::new()));
    }
    let (code, pages, err) = run(&Project::new(), "explain missing_Transition_target");
    assert_eq!((code, err.as_str()), (0, ""));
    let titles: Vec<_> = pages.lines().filter(|line| line.starts_with("error[")).collect();
    assert_eq!(
        titles,
        [
            "error[MISSING_TRANSITION_TARGET]: a state goes to one that does not exist",
            "error[MISSING_TRANSITION_TARGET]: no way leads to a state",
        ]
    );
}

#[test]
fn explain_without_a_code_lists_them() {
    let (code, list, err) = run(&Project::new(), "explain");
    assert_eq!((code, err.as_str()), (0, ""));
    let lines: Vec<_> = list.lines().collect();
    assert_eq!(lines[0], "E1001                      error    no resource");
    assert!(lines.contains(&"F2002                      warning  a substitution that nothing uses"), "{list}");
    assert!(lines.last().unwrap().starts_with("TOO_DEEPLY_NESTED          error    "), "{list}");
}

#[test]
fn a_code_that_does_not_exist_gives_code_2_and_the_nearest() {
    let said = |message: &str| (2, String::new(), message.to_owned());
    assert_eq!(run(&Project::new(), "explain E3006"), said("error: there is no code `E3006`; did you mean `E3001`?\n"));
    assert_eq!(
        run(&Project::new(), "explain missing_end"),
        said("error: there is no code `missing_end`; expected one of those that `explain` lists\n")
    );
}

#[test]
fn a_definition_that_functions_put_together_is_shown_and_run() {
    fn joined() -> Stack {
        let mut stack = Stack::new("joined");
        let parts = json!(["", [
            r#"{"StartAt":"Greet","States":{"Greet":{"Type":"Pass","Result":"arn:"#,
            {"Ref": "AWS::Partition"},
            r#":x","End":true}}}"#,
        ]]);
        let machine = StateMachine::new("arn:aws:iam::123456789012:role/Greet");
        stack.add("Greeter", machine.property("DefinitionString", json!({"Fn::Join": parts})));
        stack
    }
    let (code, definition, err) = run(&Project::new().stack(joined), "asl");
    assert_eq!((code, err.as_str()), (0, ""));
    let definition: Json = serde_json::from_str(&definition).unwrap();
    assert_eq!(definition["States"]["Greet"]["Result"], "arn:${AWSPartition}:x");
    let (code, out, _) = run(&Project::new().stack(joined), "run --format json");
    let outcome: Json = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &outcome["output"]), (0, &json!("arn:${AWSPartition}:x")));
}

#[test]
fn the_binary_keeps_artefacts_and_messages_apart() {
    let synthesized = coffee_report::run(&["synth"]);
    assert!(synthesized.status.success());
    assert!(synthesized.stdout.starts_with(b"AWSTemplateFormatVersion"));
    assert_eq!(String::from_utf8_lossy(&synthesized.stderr), "");
    let refused = coffee_report::run(&["synth", "tea-report"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(refused.stdout.is_empty());
    assert!(!refused.stderr.is_empty());
}

#[test]
fn the_readme_shows_what_a_run_prints() {
    let run = coffee_report::run(&["run", "--test-case", "PageFails"]);
    assert_eq!(run.status.code(), Some(1));
    let shown = format!("```text\n{}```\n", String::from_utf8_lossy(&run.stdout));
    assert!(include_str!("../README.md").contains(&shown), "{shown}");
}

#[test]
fn two_runs_are_byte_identical() {
    for words in
        [["synth", "--format=yaml"], ["synth", "--format=json"], ["asl", "coffee-report"], ["run", "--format=json"]]
    {
        let [first, second] = [coffee_report::prints(&words), coffee_report::prints(&words)];
        assert!(first.len() > 1_000 && first == second, "{words:?}");
    }
}

#[test]
#[cfg(unix)]
fn a_reader_that_has_gone_is_no_error() {
    let script = format!("'{}' synth | true; echo ${{PIPESTATUS[0]}}", env!("CARGO_BIN_EXE_coffee-report"));
    let output = Command::new("bash").args(["-c", &script]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "0\n");
}

/// Takes nothing, as a pipe that nobody reads.
struct Closed;

impl std::io::Write for Closed {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(std::io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_stack_with_an_error_gives_code_1_when_nobody_reads_why() {
    let mut out = Vec::new();
    assert_eq!(cli::run(&of([broken]), ["coffee-report", "synth"], &mut out, &mut Closed), 1);
    assert!(out.is_empty());
    assert_eq!(cli::run(&of([mail]), ["coffee-report", "synth"], &mut Closed, &mut Vec::new()), 0);
}

#[cfg(unix)]
#[test]
fn a_link_or_a_device_stays_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let (target, link, device) = (folder.path().join("a.yaml"), folder.path().join("b"), folder.path().join("null"));
    fs::write(&target, "old").unwrap();
    std::os::unix::fs::symlink(&target, &link).unwrap();
    std::os::unix::fs::symlink("/dev/null", &device).unwrap();
    for file in [&link, &device] {
        assert_eq!(run(&of([mail]), &format!("synth --output {}", file.display())).0, 0);
        assert!(fs::symlink_metadata(file).unwrap().is_symlink(), "{}", file.display());
    }
    assert!(fs::read_to_string(&target).unwrap().contains("AWS::SNS::Topic"));
}

#[test]
fn the_examples_of_the_help_name_the_program() {
    let mut out = Vec::new();
    assert_eq!(cli::run(&of([mail]), ["/usr/bin/post", "synth", "--help"], &mut out, &mut Vec::new()), 0);
    let help = String::from_utf8(out).unwrap();
    assert!(help.contains("  post synth > template.yaml\n") && help.contains("Usage: post synth"), "{help}");
}
