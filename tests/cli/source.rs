//! What `run` takes a state machine from: files, and the values of their tokens.

use formwork::Project;
use serde_json::{Value as Json, json};

use crate::project::{files, greetings, of, run, run_in};

const DEFINITION: &str = r#"{"StartAt": "Wait", "States": {
  "Wait": {"Type": "Wait", "Seconds": ${Seconds}, "Next": "Say"},
  "Say": {"Type": "Pass", "Parameters": {"text": "to ${Who}", "n": ${N}}, "End": true}}}"#;

/// The output of a run that succeeds, and what is said of it.
fn output(folder: &tempfile::TempDir, words: &str) -> (Json, String) {
    let (code, out, err) = run_in(folder, &of([]), &format!("{words} --format json"));
    assert_eq!(code, 0, "{words}: {err}{out}");
    let json: Json = serde_json::from_str(&out).expect("the output is JSON");
    assert_eq!(json["status"], "SUCCEEDED");
    (json["output"].clone(), err.replace(&folder.path().display().to_string(), "DIR"))
}

#[test]
fn tokens_get_values_in_texts_and_in_place_of_whole_values() {
    let folder = files(&[
        ("d.json", DEFINITION),
        ("s.json", r#"{"Who": "Bob", "Seconds": 5, "N": [1, {"a": null}]}"#),
        ("s.yaml", "Who: Eve\nSeconds: 7\nN: 1.5\n"),
    ]);
    let words = "run --definition DIR/d.json --substitute Seconds=3 --substitute Who=Ada --substitute N=true";
    assert_eq!(output(&folder, words), (json!({"text": "to Ada", "n": true}), String::new()));
    let words = "run --definition DIR/d.json --substitutions DIR/s.json --substitute Who=Ada";
    assert_eq!(output(&folder, words).0, json!({"text": "to Ada", "n": [1, {"a": null}]}));
    let words = "run --definition DIR/d.json --substitutions DIR/s.yaml";
    assert_eq!(output(&folder, words).0, json!({"text": "to Eve", "n": 1.5}));
    // What is not given stays, and is a text.
    let words = "run --definition DIR/d.json --substitute Seconds=0";
    assert_eq!(output(&folder, words).0, json!({"text": "to ${Who}", "n": "${N}"}));
}

#[test]
fn a_token_without_a_value_is_told_where_it_is_needed() {
    let folder = files(&[("d.json", DEFINITION)]);
    let (code, out, err) = run_in(&folder, &of([]), "run --definition DIR/d.json --substitute N=1");
    assert_eq!(code, 1);
    assert!(out.contains("stopped after 0s"), "{out}");
    assert!(
        err.starts_with(&format!(
            "error[F3007]: the value of `${{Seconds}}` is not known; expected one to run the definition with\n \
             --> {}:2:28\n  \
               |\n\
             2 |   \"Wait\": {{\"Type\": \"Wait\", \"Seconds\": ${{Seconds}}, \"Next\": \"Say\"}},\n  \
               |                            ^^^^^^^^^\n  \
               |\n  \
               = at: /States/Wait/Seconds\n  \
               = help: give it one: `--substitute Seconds=VALUE` on the command line, `.substitution(\"Seconds\", …)` in Rust\n",
            folder.path().join("d.json").display()
        )),
        "{err}"
    );
}

#[test]
fn a_substitution_that_nothing_uses_is_told_with_the_nearest_token() {
    let folder = files(&[("d.json", DEFINITION)]);
    let words = "run --definition DIR/d.json --substitute Seconds=1 --substitute Whoo=Ada --substitute Elsewhere=1";
    let (_, err) = output(&folder, words);
    assert_eq!(
        err,
        "warning: nothing uses the substitution `Whoo`; did you mean `Who`?\n\
         warning: nothing uses the substitution `Elsewhere`; expected `${Elsewhere}` in the definition\n"
    );
}

const FLOW: &str = "
StartAt: Say
States:
  Say:
    Type: Pass
    Parameters: {from: '${Table}', n: '${Count}'}
    End: true
";

const SAM: &str = "
Transform: AWS::Serverless-2016-10-31
Parameters:
  Count: {Type: Number, Default: 4}
Resources:
  Beans: {Type: 'AWS::DynamoDB::Table'}
  InFile:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: flow.asl.yaml
      DefinitionSubstitutions:
        Table: !Ref Beans
        Count: !Ref Count
  Inline:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: EXPRESS
      Definition:
        StartAt: A
        States: {A: {Type: Pass, Result: inline, End: true}}
  Joined:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionString: !Sub |-
        {\"StartAt\": \"W\", \"States\": {\"W\": {\"Type\": \"Wait\", \"Seconds\": ${Count}, \"Next\": \"T\"},
         \"T\": {\"Type\": \"Task\", \"Resource\": \"arn:${AWS::Partition}:states:::sns:publish\",
                 \"Parameters\": {\"TopicArn\": \"${Topic}\", \"Message\": \"m\"}, \"End\": true}}}
  Gone:
    Type: AWS::StepFunctions::StateMachine
    Properties: {DefinitionS3Location: {Bucket: b, Key: k}}
";

#[test]
fn a_template_has_its_machine_wherever_the_definition_is() {
    let mocks = r#"{"StateMachines": {"Old": {"TestCases": {"T": {"T": "r"}}}},
                    "MockedResponses": {"r": {"0": {"Return": {"MessageId": "1"}}}}}"#;
    let folder = files(&[("t.yaml", SAM), ("flow.asl.yaml", FLOW), ("m.json", mocks)]);
    let words = |rest: &str| format!("run --template DIR/t.yaml --machine {rest}");
    assert_eq!(output(&folder, &words("InFile")).0, json!({"from": "${Table}", "n": "4"}));
    let rest = "InFile --substitute Beans=beans-1 --substitute Count=9";
    assert_eq!(output(&folder, &words(rest)), (json!({"from": "beans-1", "n": "9"}), String::new()));
    assert_eq!(output(&folder, &words("Inline")).0, json!("inline"));
    let (_, out, _) = run_in(&folder, &of([]), &words("Joined --mock-config DIR/m.json --substitute Topic=arn:x"));
    assert!(out.contains("succeeded after 4s") && out.contains("arn:x"), "{out}");
    let cases = [
        (
            "Gone",
            "error: `DIR/t.yaml`: the definition of `Gone` is not in the template; expected `Definition`, \
                  `DefinitionString`, or `DefinitionUri` with a local file\n",
        ),
        (
            "Inlin",
            "error: `DIR/t.yaml` has no state machine `Inlin`; expected one of `InFile`, `Inline`, `Joined`, `Gone`\n",
        ),
    ];
    for (rest, message) in cases {
        let (code, _, err) = run_in(&folder, &of([]), &words(rest));
        assert_eq!((code, err), (2, message.replace("DIR", &folder.path().display().to_string())));
    }
    let (code, _, err) = run_in(&folder, &of([]), "run --template DIR/t.yaml");
    assert_eq!(code, 2);
    assert!(err.starts_with("error: no state machine is named; expected `--machine` with one of `InFile`"), "{err}");
}

#[test]
fn a_fault_in_a_template_is_located_in_it() {
    let text = "Resources:\n  M:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n      Definition:\n        \
                StartAt: A\n        States:\n          A: {Type: Pass, Next: B}\n";
    let folder = files(&[("t.yaml", text)]);
    let (code, _, err) = run_in(&folder, &of([]), "run --template DIR/t.yaml");
    assert_eq!(code, 1);
    let place = format!(" --> {}:8:27\n", folder.path().join("t.yaml").display());
    assert!(err.contains("= at: Resources/M/Properties/Definition/States/A/Next\n") && err.contains(&place), "{err}");
}

#[test]
fn a_file_says_what_it_looks_like() {
    let template = r#"{"Resources": {"M": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString":
        {"Fn::Join": ["", ["{\"StartAt\":\"E\",\"States\":{\"E\":{\"Type\":\"Pass\",\"Result\":\"", {"Ref": "AWS::Partition"}, "\",\"End\":true}}}"]]}}}}}"#;
    let folder = files(&[
        ("t.json", template),
        ("d.yaml", FLOW),
        ("compose.yaml", "version: 3\nservices: {}\n"),
        ("package.json", r#"{"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6}"#),
        ("list.json", "[1]"),
        ("page.html", "<html></html>"),
        ("none.json", "{}"),
        ("empty.json", ""),
    ]);
    // What is meant is there, and is run.
    assert_eq!(
        output(&folder, "run --definition DIR/t.json"),
        (
            json!("aws"),
            "note: `DIR/t.json` is a CloudFormation template, which `--template` takes; it is run all the same\n"
                .to_owned()
        )
    );
    assert_eq!(
        output(&folder, "run --template DIR/d.yaml").1,
        "note: `DIR/d.yaml` is a definition of a state machine, which `--definition` takes; it is run all the same\n"
    );
    for (file, looks) in [
        ("compose.yaml", "YAML with `version`, `services`"),
        ("package.json", "JSON with `a`, `b`, `c`, `d`, `e` and 1 more"),
        ("list.json", "JSON with a list"),
        ("page.html", "plain text"),
        ("none.json", "JSON without members"),
        ("empty.json", "empty"),
    ] {
        for option in ["--definition", "--template"] {
            let (code, out, err) = run_in(&folder, &of([]), &format!("run {option} DIR/{file}"));
            let expected = format!(
                "error: `{}` is {looks}; expected a definition of the Amazon States Language, with `StartAt` and `States`, \
                 or a CloudFormation template, with `Resources`\n",
                folder.path().join(file).display()
            );
            assert_eq!((code, out.as_str(), err), (2, "", expected));
        }
    }
}

#[test]
fn a_machine_that_is_named_is_used_or_refused() {
    let mocks = r#"{"StateMachines": {"A": {"TestCases": {"T": {}}}, "B": {"TestCases": {"T": {}}}}}"#;
    let folder = files(&[("d.json", DEFINITION), ("m.json", mocks)]);
    let words = "run --definition DIR/d.json --substitute Seconds=1 --machine";
    assert_eq!(run_in(&folder, &of([]), &format!("{words} B --mock-config DIR/m.json")).0, 0);
    let (code, _, err) = run_in(&folder, &of([]), &format!("{words} C --mock-config DIR/m.json"));
    assert!(code == 2 && err.contains("there is no state machine `C`"), "{err}");
    let (code, _, err) = run_in(&folder, &of([]), &format!("{words} B"));
    assert!(code == 2 && err.starts_with("error: `--machine` names a state machine of a mock file"), "{err}");
}

#[test]
fn values_that_cannot_be_taken_give_code_2() {
    let folder = files(&[("d.json", DEFINITION), ("null.json", r#"{"N": null}"#), ("list.json", "[]")]);
    let cases = [
        ("--substitute N", "error: invalid value 'N' for '--substitute <KEY=VALUE>': expected the name of a token"),
        (
            "--substitutions DIR/null.json",
            "error: `DIR/null.json`: the value of `N` is null; expected a text or a number\n",
        ),
        ("--substitutions DIR/list.json", "error: `DIR/list.json`: the file holds no object; expected one"),
        ("--substitutions DIR/gone.json", "error: `DIR/gone.json` cannot be read: "),
        // No value is JSON where it would stand.
        ("--substitute Seconds=five", "error: `DIR/d.json` is not JSON: expected "),
    ];
    for (words, message) in cases {
        let (code, out, err) = run_in(&folder, &of([]), &format!("run --definition DIR/d.json {words}"));
        assert_eq!((code, out.as_str()), (2, ""), "{words}: {err}");
        let message = message.replace("DIR", &folder.path().display().to_string());
        assert!(err.starts_with(&message), "{words}: {err}");
    }
}

#[test]
fn a_task_of_a_stack_that_is_called_without_a_mock_names_its_line() {
    let mocks = r#"{"StateMachines": {"Greeter": {"TestCases": {"None": {}}}}}"#;
    let folder = files(&[("m.json", mocks), ("i.json", r#"{"name": "Ada"}"#)]);
    let (code, _, err) = run_in(&folder, &greetings(), "run --mock-config DIR/m.json --input DIR/i.json");
    assert_eq!(code, 1);
    assert!(err.contains("error[F3001]: the task `Greet` is called") && err.contains("= at: /States/Greet\n"), "{err}");
    assert!(err.contains(" --> tests/cli/project.rs:"), "{err}");
}

#[test]
fn no_help_speaks_of_a_stack_that_the_program_does_not_have() {
    let project = Project::new();
    for verb in ["", "list", "synth", "asl", "check", "run", "explain", "completions"] {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let words = ["letters"].into_iter().chain(verb.split_whitespace()).chain(["--help"]);
        assert_eq!(formwork::cli::formwork::run(words, &mut out, &mut err), 0);
        let text = String::from_utf8(out).unwrap();
        assert!(!text.to_lowercase().contains("coffee"), "{text}");
        if ["asl", "check", "run"].contains(&verb) {
            assert!(!text.contains("[STACK]"), "{text}");
            let call = format!("letters {verb} ");
            let mut calls = text.lines().filter(|line| line.contains(&call) && !line.contains("Usage:"));
            assert!(calls.all(|line| line.contains("--template") || line.contains("--definition")), "{text}");
        }
    }
    let overview = run(&project, "--help").1;
    assert!(!overview.contains("synth") && overview.contains("check") && overview.contains("explain"), "{overview}");
    assert_eq!(run(&project, "--version").0, 0);
}

#[test]
fn a_program_without_stacks_says_what_to_give_in_their_place() {
    let said = |instead: &str, name: &str| {
        let message = format!("error: there is no stack{name}, since this program has none; expected {instead}\n");
        (2, String::new(), message)
    };
    let files = "`--definition FILE` or `--template FILE`";
    assert_eq!(run(&of([]), "run"), said(files, ""));
    assert_eq!(run(&of([]), "run mail"), said(files, " `mail`"));
    assert_eq!(run(&of([]), "asl"), said("`--template FILE`", ""));
}

#[test]
fn asl_writes_the_definition_of_a_template() {
    let template = "Resources:\n  Greeter:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      Definition:\n        \
                    StartAt: Greet\n        States:\n          Greet: {Type: Pass, Comment: !Sub '${Stage} ${Other}', End: true}\n\
                    Parameters:\n  Stage: {Type: String, Default: live}\n";
    let folder = files(&[("t.yaml", template)]);
    let (code, out, err) = run_in(&folder, &of([]), "asl --template DIR/t.yaml");
    assert_eq!((code, err.as_str()), (0, ""));
    let definition: Json = serde_json::from_str(&out).unwrap();
    assert_eq!(definition["States"]["Greet"]["Comment"], "live ${Other}");
    let (code, _, err) = run_in(&folder, &of([]), "asl --template DIR/t.yaml --machine Gretter");
    assert!(code == 2 && err.contains("expected one of `Greeter`"), "{err}");
}
