//! `check`.

use std::{fs, path::Path, process::Command};

use formwork::{Project, json};
use serde_json::Value as Json;

use crate::project::{broken, circle, connected, files, letters, mail, of, run, run_in};

const SOUND: &str = "Resources:\n  Letters:\n    Type: AWS::SQS::Queue\n";
const FAULTY: &str =
    "Resources:\n  Letters:\n    Type: AWS::SQS::Queue\n    Properties:\n      QueueName: !Ref Stage\n";
const DEFINITION: &str = r#"{"StartAt": "A", "States": {
  "A": {"Type": "Pass", "Next": "B"},
  "C": {"Type": "Succeed"}
}}"#;
const WARNED: &str = r#"{"StartAt": "A", "States": {
  "A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "End": true,
        "Parameters": {"QueueUrl": "q", "MessageBody": "m"}}
}}"#;

/// A program without stacks.
fn none() -> Project {
    of([])
}

/// The code and place of each fault, as JSON has them.
fn found(out: &str) -> Vec<(String, String)> {
    let all: Vec<Json> = serde_json::from_str(out).expect("it is an array");
    let place = |fault: &Json| {
        let file = Path::new(fault["file"].as_str().unwrap_or_default()).file_name().unwrap_or_default();
        format!("{}:{}:{}", file.to_string_lossy(), fault["line"], fault["column"])
    };
    all.iter().map(|fault| (fault["code"].as_str().expect("a code is a text").to_owned(), place(fault))).collect()
}

fn pairs<const N: usize>(expected: [(&str, &str); N]) -> Vec<(String, String)> {
    expected.map(|(code, place)| (code.to_owned(), place.to_owned())).into()
}

#[test]
fn the_readme_shows_what_check_prints() {
    let readme = include_str!("../../README.md");
    let section = readme.split("\n## Check any template\n").nth(1).expect("the README has the section");
    let fenced = |language: &str| {
        let text = section.split(&format!("```{language}\n")).nth(1).and_then(|rest| rest.split("```").next());
        text.expect("the section shows one")
    };
    let folder = files(&[("letters.yaml", fenced("yaml"))]);
    let output = Command::new(env!("CARGO_BIN_EXE_coffee-report"))
        .args(["check", "--template", "letters.yaml"])
        .current_dir(folder.path())
        .output()
        .expect("it runs");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(format!("{out}{err}"), fenced("text"), "{out}{err}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn stacks_are_checked_by_name_or_all_of_them() {
    let project = of([mail, broken, letters]);
    let (code, out, err) = run(&project, "check");
    assert_eq!((code, err.as_str()), (1, "3 stacks checked: 1 error, 0 warnings\n"));
    assert!(
        out.starts_with("error[F1001]: the logical id `Mails` is used twice; expected each to be unique\n"),
        "{out}"
    );
    assert!(
        out.contains("--> tests/cli/project.rs:") && out.contains("stack.add(\"Mails\", Topic::new());\n"),
        "{out}"
    );
    let clean = |count: &str| (0, String::new(), format!("{count} checked: 0 errors, 0 warnings\n"));
    assert_eq!(run(&project, "check mail"), clean("1 stack"));
    assert_eq!(run(&project, "check mail letters-on-paper mail"), clean("2 stacks"));
    let message = "error: there is no stack `post`; expected one of `mail`, `broken`, `letters-on-paper`\n";
    assert_eq!(run(&project, "check post"), (2, String::new(), message.to_owned()));
    assert_eq!(run(&of([mail]), "check --format json").1, "[]\n");
}

#[test]
fn a_program_without_stacks_says_what_to_give() {
    let message =
        "error: there is no stack, since this program has none; expected `--template FILE` or `--definition FILE`\n";
    assert_eq!(run(&none(), "check"), (2, String::new(), message.to_owned()));
    let message = "error: there is no stack `a.yaml`, since this program has none; expected `--template a.yaml` or \
                   `--definition a.yaml`\n";
    assert_eq!(run(&none(), "check a.yaml"), (2, String::new(), message.to_owned()));
    let err = run(&of([mail]), "check Cargo.toml").2;
    assert!(err.ends_with("expected one of `mail`; a file is given with `--template`\n"), "{err}");
}

#[test]
fn files_are_checked_beside_a_stack_or_without_one() {
    let folder = files(&[("a.yaml", SOUND)]);
    let (code, out, err) = run_in(&folder, &of([broken]), "check --template DIR/a.yaml");
    assert_eq!((code, out.as_str(), err.as_str()), (0, "", "1 file checked: 0 errors, 0 warnings\n"));
    let (code, _, err) = run_in(&folder, &of([broken]), "check broken --template DIR/a.yaml");
    assert_eq!((code, err.as_str()), (1, "1 stack and 1 file checked: 1 error, 0 warnings\n"));
}

#[test]
fn a_file_is_checked_as_what_it_is() {
    let yaml = "StartAt: A\nStates:\n  A: {Type: Pass, Next: B}\n  C: {Type: Succeed}\n";
    let resource = "arn:aws:states:::aws-sdk:ec2:deleteTags";
    let named = json!({"StartAt": "A", "States": {"A": {
        "Type": "Task", "Resource": resource, "Parameters": {"Resources": ["i-1"]}, "Next": "B",
    }}});
    let folder = files(&[
        ("a.yaml", FAULTY),
        ("b.json", r#"{"Resources": {"A": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Ref": "B"}}}}}"#),
        ("c.asl.json", DEFINITION),
        ("d.yml", yaml),
        ("e.json", &named.to_string()),
        ("f.asl.json", r#"{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": ${Wait}, "Next": "B"}}}"#),
        ("g.template", "\u{feff}{\"Resources\": {\"A\": {\"Type\": \"AWS::SNS::Topic\", \"DependsOn\": \"B\"}}}"),
        ("h.yaml", &FAULTY.replace('\n', "\r\n")),
    ]);
    let expected = pairs([
        ("E1020", "a.yaml:5:7"),
        ("E1020", "b.json:1:64"),
        ("MISSING_TRANSITION_TARGET", "c.asl.json:2:25"),
        ("MISSING_TRANSITION_TARGET", "d.yml:3:19"),
        ("MISSING_END_STATE", "e.json:1:16"),
        ("MISSING_TRANSITION_TARGET", "e.json:1:133"),
        ("MISSING_END_STATE", "f.asl.json:1:18"),
        ("MISSING_TRANSITION_TARGET", "f.asl.json:1:71"),
        ("E3005", "g.template:1:49"),
        ("E1020", "h.yaml:5:7"),
    ]);
    let names = "DIR/a.yaml DIR/b.json DIR/c.asl.json DIR/d.yml DIR/e.json DIR/f.asl.json DIR/g.template DIR/h.yaml";
    for words in [format!("--template {names}"), format!("--definition {names}"), "--template DIR".to_owned()] {
        let (code, out, err) = run_in(&folder, &none(), &format!("check {words} --format json"));
        assert_eq!((code, err.as_str()), (1, "8 files checked: 10 errors, 0 warnings\n"), "{words}");
        assert_eq!(found(&out), expected, "{words}");
    }
}

#[test]
fn folders_and_patterns_hold_what_is_checked_and_other_things() {
    let folder = files(&[
        ("package.json", r#"{"name": "a", "description": "StartAt and Resources"}"#),
        ("pods.yaml", "kind: Pod\n---\nkind: Pod\n# Resources\n"),
        ("broken.yaml", "Resources:\n  A:\n    Type: AWS::SNS::Topic\n    Type: AWS::SNS::Topic\n"),
        ("notes.txt", FAULTY),
    ]);
    let inner = folder.path().join("a/b");
    fs::create_dir_all(&inner).expect("a folder can be made");
    fs::write(inner.join("faulty.yml"), FAULTY).expect("a file can be written");
    for hidden in [".git", "node_modules"] {
        fs::create_dir(folder.path().join(hidden)).expect("a folder can be made");
        fs::write(folder.path().join(hidden).join("x.yaml"), FAULTY).expect("a file can be written");
    }
    let all = pairs([("E1020", "faulty.yml:5:7"), ("E0000", "broken.yaml:4:5")]);
    for (words, expected) in [
        ("--template DIR", &all[..]),
        ("--definition DIR DIR/a DIR/a/b/faulty.yml", &all[..]),
        ("--template DIR/**/*.yml", &all[..1]),
        ("--template DIR/*", &[all[1].clone(), ("E1020".to_owned(), "notes.txt:5:7".to_owned())]),
    ] {
        let (code, out, _) = run_in(&folder, &none(), &format!("check {words} --format json"));
        assert_eq!((code, &found(&out)[..]), (1, expected), "{words}");
    }
}

#[test]
fn a_file_that_is_named_has_to_be_one_that_can_be_checked() {
    let folder = files(&[
        ("package.json", r#"{"name": "a"}"#),
        ("empty.yaml", ""),
        ("twice.yaml", "Resources: {}\nResources: {}\n"),
        ("good.yaml", SOUND),
    ]);
    let cases = [
        ("--template DIR/package.json", 2, "F0002", "package.json:1:1"),
        ("--template DIR/missing.yaml", 2, "F0001", "missing.yaml:1:1"),
        ("--template DIR/*.yml", 2, "F0002", "*.yml:1:1"),
        ("--template DIR/[.yml", 2, "F0001", "[.yml:1:1"),
        // What cannot be parsed was checked, and is wrong.
        ("--template DIR/empty.yaml", 1, "E0000", "empty.yaml:1:1"),
        ("--template DIR/twice.yaml", 1, "E0000", "twice.yaml:2:1"),
        ("--template DIR/missing.yaml DIR/good.yaml", 1, "F0001", "missing.yaml:1:1"),
    ];
    for (words, expected, fault, place) in cases {
        let (code, out, _) = run_in(&folder, &none(), &format!("check {words} --format json"));
        assert_eq!((code, found(&out)), (expected, pairs([(fault, place)])), "{words}");
    }
    let none_in = tempfile::tempdir().expect("a folder can be made");
    let (code, out, err) = run_in(&none_in, &none(), "check --template DIR");
    assert_eq!((code, err.as_str()), (2, "0 files checked: 1 error, 0 warnings\n"));
    assert!(out.contains("stands for no file to check; expected some of *.yaml, *.yml, *.json or *.template"), "{out}");
}

#[test]
fn warnings_are_no_errors() {
    let folder = files(&[("a.asl.json", WARNED)]);
    let (code, out, err) = run_in(&folder, &none(), "check --definition DIR/a.asl.json");
    assert_eq!((code, err.as_str()), (0, "1 file checked: 0 errors, 1 warning\n"));
    assert!(out.starts_with("warning[F2005]"), "{out}");
}

#[test]
fn a_person_is_told_two_hundred_faults_of_a_file_and_a_program_all_of_them() {
    let faulty = |count: usize| {
        let topic = |number| format!("  T{number}: {{Type: AWS::SNS::Topic, DependsOn: Nope}}\n");
        format!("Resources:\n{}", (0..count).map(topic).collect::<String>())
    };
    let folder = files(&[("a.yaml", &faulty(203)), ("b.yaml", &faulty(201)), ("c.yaml", &faulty(200))]);
    let (code, out, err) = run_in(&folder, &none(), "check --template DIR");
    assert_eq!((code, err.as_str()), (1, "3 files checked: 604 errors, 0 warnings\n"));
    assert_eq!(out.matches("error[E3005]").count(), 600);
    let more: Vec<&str> = out.lines().filter(|line| line.starts_with("and ")).collect();
    assert_eq!(more.len(), 2, "{more:?}");
    assert!(more[0].starts_with("and 3 more faults of `") && more[1].starts_with("and 1 more fault of `"), "{more:?}");
    assert!(more[0].ends_with("a.yaml`; `--format json` tells all of them"), "{more:?}");
    for format in ["json", "sarif", "github"] {
        let (_, out, _) = run_in(&folder, &none(), &format!("check --template DIR --format {format}"));
        assert_eq!(out.matches("names `Nope`").count(), 604, "{format}");
    }
}

#[test]
fn github_gets_a_command_for_each_fault() {
    let folder = files(&[("a.yaml", FAULTY), ("b.asl.json", WARNED)]);
    let (_, out, _) = run_in(&folder, &none(), "check --template DIR --format github");
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 2, "{out}");
    assert!(
        lines[0].starts_with("::error file=")
            && lines[0].contains("a.yaml,line=5,col=7,endColumn=16,title=E1020::`Ref` names `Stage`"),
        "{out}"
    );
    assert!(lines[1].starts_with("::warning file=") && lines[1].contains("title=F2005::"), "{out}");
}

/// The members that the schema of SARIF 2.1.0 requires, with what GitHub's code scanning wants beside them:
/// <https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json>
#[test]
fn sarif_has_the_members_that_its_schema_requires() {
    let folder = files(&[("a b.yaml", FAULTY), ("b.asl.json", WARNED), ("c.yaml", "Resources: [")]);
    let (_, out, _) = run_in(&folder, &of([broken]), "check broken --template DIR --format sarif");
    let log: Json = serde_json::from_str(&out).expect("it is JSON");
    assert_eq!(log["version"], "2.1.0");
    let runs = log["runs"].as_array().expect("`runs` is required");
    assert_eq!(runs.len(), 1);
    let driver = &runs[0]["tool"]["driver"];
    assert_eq!(driver["name"], "formwork");
    let rules = driver["rules"].as_array().expect("rules are a list");
    let ids: Vec<&str> = rules.iter().map(|rule| rule["id"].as_str().expect("`id` is required")).collect();
    assert_eq!(ids, ["E1020", "F1001", "F2005"]);
    for rule in rules {
        for text in ["shortDescription", "fullDescription", "help"] {
            assert!(rule[text]["text"].as_str().is_some_and(|text| !text.is_empty()), "{rule}");
        }
        assert!(["error", "warning"].iter().any(|level| rule["defaultConfiguration"]["level"] == *level), "{rule}");
        assert!(rule["helpUri"].as_str().is_none_or(|page| page.starts_with("https://")), "{rule}");
    }
    assert!(rules.iter().filter(|rule| rule.get("helpUri").is_some()).count() >= 2);
    let results = runs[0]["results"].as_array().expect("results are a list");
    assert_eq!(results.len(), 3);
    for result in results {
        assert!(result["message"]["text"].is_string(), "`message` is required: {result}");
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("it is a number")).expect("it is small");
        assert_eq!(result["ruleId"], ids[index]);
        let place = &result["locations"][0]["physicalLocation"];
        assert!(place["artifactLocation"]["uri"].is_string(), "{result}");
        let [line, from, to] = ["startLine", "startColumn", "endColumn"].map(|name| place["region"][name].as_u64());
        assert!(line >= Some(1) && from.is_none_or(|from| from >= 1 && to > Some(from)), "{result}");
    }
    let uri = results[1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str();
    assert!(uri.is_some_and(|uri| uri.starts_with("file:///") && uri.ends_with("/a%20b.yaml")), "{uri:?}");
    assert_eq!(results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uriBaseId"], "%SRCROOT%");
}

#[test]
fn stdin_is_a_file_too() {
    use std::{io::Write, process::Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_coffee-report"))
        .args(["check", "--template", "-", "--format", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it runs");
    child.stdin.take().expect("it is piped").write_all(FAULTY.as_bytes()).expect("it is read");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(found(&String::from_utf8_lossy(&output.stdout)), pairs([("E1020", "stdin:5:7")]));
}

#[test]
fn what_a_template_acknowledges_is_not_reported() {
    let metadata = "    Metadata:\n      Formwork:\n        Acknowledge:\n          - Code: E1020\n            Reason: The parameter comes later\n";
    let folder = files(&[("a.yaml", &format!("{FAULTY}{metadata}")), ("b.yaml", &format!("{SOUND}{metadata}"))]);
    let (code, out, _) = run_in(&folder, &none(), "check --template DIR --format json");
    assert_eq!((code, found(&out)), (0, pairs([("F0003", "b.yaml:7:13")])));
}

#[test]
fn what_roles_need_is_told_where_it_is_wanted() {
    let template = "Resources:
  Letters:
    Type: AWS::SQS::Queue
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Principal: {Service: scheduler.amazonaws.com}, Action: sts:AssumeRole}
      Policies:
      - PolicyName: Send
        PolicyDocument:
          Statement: {Effect: Allow, Action: sqs:*, Resource: !GetAtt Letters.Arn}
  Nightly:
    Type: AWS::Scheduler::Schedule
    Properties:
      ScheduleExpression: rate(1 day)
      FlexibleTimeWindow: {Mode: 'OFF'}
      Target: {Arn: !GetAtt Letters.Arn, RoleArn: !GetAtt Role.Arn}
";
    let folder = files(&[("letters.yaml", template)]);
    let output = Command::new(env!("CARGO_BIN_EXE_formwork"))
        .args(["check", "--template", "letters.yaml", "--permissions"])
        .current_dir(folder.path())
        .output()
        .expect("it runs");
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "permissions of `letters.yaml`
needed: 1
  allowed  Role  sqs:SendMessage  ${Letters.Arn}  the target of the schedule `Nightly`
allowed in excess: 1
  Role  sqs:*  ${Letters.Arn}  needed of it: sqs:SendMessage
undecided: 0

"
    );
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn the_policy_to_deploy_with_is_printed_for_one_template() {
    let folder = files(&[("letters.yaml", SOUND), ("other.yaml", "Resources: {Own: {Type: 'Some::Other::Thing'}}")]);
    let run = |names: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_formwork"))
            .args(["check", "--deploy-policy", "--template"])
            .args(names)
            .current_dir(folder.path())
            .output()
            .expect("it runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let (code, out, _) = run(&["letters.yaml"]);
    let policy: Json = serde_json::from_str(&out).expect("it is JSON");
    assert_eq!(
        (code, policy["Statement"][0]["Resource"].to_string()),
        (Some(0), r#"["arn:*:sqs:*:*:*-Letters-*"]"#.into())
    );
    let (code, _, err) = run(&["other.yaml"]);
    assert_eq!(code, Some(0));
    assert!(err.contains("not covered: `Some::Other::Thing`, whose actions the registry does not list"), "{err}");
    let (code, _, err) = run(&["letters.yaml", "other.yaml"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("there are 2 stacks and templates; expected one for `--deploy-policy`"), "{err}");
}

#[test]
fn a_definition_beside_the_template_is_checked_in_its_place() {
    let machine = |id: &str, file: &str| {
        format!(
            "  {id}:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      Role: arn:aws:iam::111122223333:role/r\n      \
             DefinitionUri: {file}\n"
        )
    };
    let template = format!(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n{}{}{}",
        machine("One", "flow.asl.json"),
        machine("Two", "./flow.asl.json"),
        machine("Three", "s3://definitions/flow.asl.json"),
    );
    let folder = files(&[("template.yaml", &template), ("flow.asl.json", DEFINITION)]);
    let (code, out, err) = run_in(&folder, &none(), "check --template DIR/template.yaml --format json");
    assert_eq!(code, 1, "{err}");
    // Once, for all that the file is that of two machines.
    let expected = pairs([("MISSING_TRANSITION_TARGET", "flow.asl.json:2:25")]);
    assert_eq!(found(&out), expected, "{out}");
}

#[test]
fn a_file_of_a_template_that_is_not_there_is_a_warning() {
    let template =
        "Resources:\n  Api:\n    Type: AWS::ApiGateway::RestApi\n    Properties: {BodyS3Location: api.yaml}\n";
    let folder = files(&[("template.yaml", template)]);
    let words = "check --template DIR/template.yaml --format json";
    let (code, out, err) = run_in(&folder, &none(), words);
    assert_eq!((code, found(&out)), (0, pairs([("F0006", "template.yaml:4:18")])), "{out}{err}");
    fs::write(folder.path().join("api.yaml"), "openapi: 2.9\ninfo: {title: a, version: '1'}\npaths: {}\n")
        .expect("it is written");
    let (code, out, err) = run_in(&folder, &none(), words);
    assert_eq!((code, found(&out)), (1, pairs([("F6016", "api.yaml:1:1")])), "{out}{err}");
}

#[test]
fn a_stack_is_checked_among_the_others() {
    let (code, out, _) = run(&circle(), "check left");
    assert_eq!(code, 1);
    assert!(out.contains("error[F1032]: `left` imports `right:Of` of `right`"), "{out}");
    assert_eq!(run(&connected(), "check").0, 0, "{}", run(&connected(), "check").1);
}
