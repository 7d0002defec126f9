//! `diff`: its forms, what it takes, and its exit codes.

use std::{fs, path::Path, process::Command};

use formwork::{Project, Shared, Stack, aws::sns::Topic};
use serde_json::Value as Json;

use crate::project::{letters, mail, of, run};

const FILES: &str = "tests/cli/diff/old.yaml tests/cli/diff/new.yaml";

fn assert_form(form: &str) {
    let (code, out, err) = run(&Project::new(), &format!("diff {FILES} --format {form}"));
    assert_eq!((code, err.as_str()), (1, ""));
    insta::with_settings!({ snapshot_path => "diff", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(form, out);
    });
}

#[test]
fn as_text_the_loss_of_data_stands_first() {
    assert_form("text");
}

#[test]
fn as_json_it_has_every_value() {
    assert_form("json");
}

#[test]
fn as_markdown_it_is_a_comment() {
    assert_form("markdown");
}

#[test]
fn for_github_it_annotates() {
    assert_form("github");
}

#[test]
fn a_comment_has_room_in_github() {
    let folder = tempfile::tempdir().unwrap();
    let template = |turn: u32| {
        let queue = |number| {
            format!("  Queue{number}:\n    Type: AWS::SQS::Queue\n    Properties: {{QueueName: q{number}-{turn}}}\n")
        };
        let file = folder.path().join(format!("{turn}.yaml"));
        fs::write(&file, format!("Resources:\n{}", (0..600).map(queue).collect::<String>())).unwrap();
        file.display().to_string()
    };
    let (code, out, _) = run(&Project::new(), &format!("diff {} {} --format markdown", template(1), template(2)));
    assert_eq!(code, 1);
    assert!(out.chars().count() <= 65_536 && out.contains("parts are left out"), "{} characters", out.chars().count());
}

#[test]
fn exit_code_1_is_for_what_it_was_asked_to_fail_on() {
    let none = "diff tests/cli/diff/old.yaml tests/cli/diff/old.yaml";
    assert_eq!(run(&Project::new(), none), (0, "tests/cli/diff/old.yaml: nothing differs\n".into(), String::new()));
    for (alarm, code) in [("data-loss", 1), ("replacement", 1), ("broadening", 1), ("broadening,data-loss", 1)] {
        assert_eq!(run(&Project::new(), &format!("diff {FILES} --fail-on {alarm}")).0, code, "{alarm}");
    }
    let folder = tempfile::tempdir().unwrap();
    let [old, new] = [1, 2].map(|delay| {
        let file = folder.path().join(format!("{delay}.yaml"));
        let queue = format!("Resources:\n  Q: {{Type: AWS::SQS::Queue, Properties: {{DelaySeconds: {delay}}}}}\n");
        fs::write(&file, queue).unwrap();
        file.display().to_string()
    });
    assert_eq!(run(&Project::new(), &format!("diff {old} {new}")).0, 1);
    assert_eq!(run(&Project::new(), &format!("diff {old} {new} --fail-on data-loss,replacement,broadening")).0, 0);
}

#[test]
fn a_stack_is_compared_with_a_file_of_any_origin() {
    let folder = tempfile::tempdir().unwrap();
    let template = of([mail]).stack(letters);
    let (_, yaml, _) = run(&template, "synth mail");
    let (_, json, _) = run(&template, "synth mail --format json");
    let body = serde_json::to_string(&yaml).unwrap();
    let texts = [
        yaml.clone(),
        json.clone(),
        format!("{{\"TemplateBody\": {json}}}"),
        format!("{{\"TemplateBody\": {body}}}"),
        format!("---\nsource: tests/snapshots.rs\nexpression: text\n---\n{yaml}"),
    ];
    for text in texts {
        let file = folder.path().join("deployed");
        fs::write(&file, &text).unwrap();
        let found = run(&template, &format!("diff mail --against {}", file.display()));
        assert_eq!(found, (0, "mail: nothing differs\n".into(), String::new()), "{text}");
    }
}

#[test]
fn a_nested_stack_in_a_file_is_compared_too() {
    let folder = tempfile::tempdir().unwrap();
    let nested = |side: &str, delay: u32| {
        let inner = folder.path().join(side);
        fs::create_dir(&inner).unwrap();
        let queue = format!("Resources:\n  Q: {{Type: AWS::SQS::Queue, Properties: {{DelaySeconds: {delay}}}}}\n");
        fs::write(inner.join("inner.yaml"), queue).unwrap();
        let outer = "Resources:\n  Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: inner.yaml}}\n";
        fs::write(inner.join("outer.yaml"), outer).unwrap();
        inner.join("outer.yaml").display().to_string()
    };
    let (old, new) = (nested("old", 1), nested("new", 2));
    let (code, out, err) = run(&Project::new(), &format!("diff {old} {new}"));
    assert_eq!((code, err.as_str()), (1, ""));
    assert!(out.contains("outer.yaml > Inner: 1 updated") && out.contains("DelaySeconds: 1 → 2"), "{out}");
}

#[test]
fn what_cannot_be_compared_gives_code_2_and_says_what_was_expected() {
    let expected = "expected `--against FILE`, `--base REV`, or two files: `diff OLD NEW`\n";
    let cases = [
        ("diff".to_owned(), format!("error: nothing to compare with is named; {expected}")),
        ("diff mail".to_owned(), format!("error: `mail` alone is named; {expected}")),
        ("diff mail --against Cargo.lock".to_owned(), "error: `Cargo.lock`: line 3, column 1: `[` ".to_owned()),
        (
            "diff post --against tests/cli/diff/old.yaml".to_owned(),
            "error: there is no stack `post`; expected one of `mail`\n".to_owned(),
        ),
        (
            "diff mail --base no-such-revision".to_owned(),
            "error: git knows no revision `no-such-revision`; expected a branch, a tag or a commit\n".to_owned(),
        ),
    ];
    for (words, message) in cases {
        let (code, out, err) = run(&of([mail]), &words);
        assert_eq!((code, out.as_str()), (2, ""), "{words}");
        if words.contains("Cargo.lock") {
            assert!(err.starts_with("error: `Cargo.lock`"), "{err}");
        } else {
            assert_eq!(err, message, "{words}");
        }
    }
}

/// A repository with one commit, and what stands in for cargo: it prints what the program of that commit would.
#[cfg(unix)]
fn repository(folder: &Path, synth: &str) -> std::path::PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let git = |words: &[&str]| {
        let output = Command::new("git").args(words).current_dir(folder).output().expect("the test may do this");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    git(&["init", "--quiet", "."]);
    let author = ["-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "--quiet", "--allow-empty", "-m", "One"];
    git(&author);
    let cargo = folder.join("cargo");
    fs::write(&cargo, format!("#!/bin/sh\ncase \"$*\" in *list) echo 'coffee-report  Reports';; *) {synth};; esac\n"))
        .expect("the test may do this");
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).expect("the test may do this");
    cargo
}

#[cfg(unix)]
fn against_base(folder: &Path, cargo: &Path) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_coffee-report"))
        .args(["diff", "--base", "HEAD", "--format", "json"])
        .current_dir(folder)
        .env("CARGO", cargo)
        .output()
        .expect("the test may do this");
    let text = |bytes| String::from_utf8(bytes).expect("the test may do this");
    // The work tree is gone, whatever happened.
    assert_eq!(trees(folder), 1);
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// The number of work trees of a repository, its own among them.
#[cfg(unix)]
fn trees(folder: &Path) -> usize {
    let listed = Command::new("git").args(["worktree", "list"]).current_dir(folder).output();
    listed.expect("the test may do this").stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count()
}

#[test]
#[cfg(unix)]
fn a_diff_that_is_stopped_leaves_no_work_tree() {
    let folder = tempfile::tempdir().unwrap();
    let cargo = repository(folder.path(), "touch \"$CARGO_TARGET_DIR.begun\"; sleep 2");
    fs::create_dir(folder.path().join("target")).unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_coffee-report"))
        .args(["diff", "--base", "HEAD"])
        .current_dir(folder.path())
        .env("CARGO", cargo)
        .spawn()
        .unwrap();
    let waits = |holds: &dyn Fn() -> bool| {
        (0..200).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(50));
            holds()
        })
    };
    assert!(waits(&|| folder.path().join("target/diff.begun").exists()));
    assert_eq!(trees(folder.path()), 2);
    program.kill().unwrap();
    program.wait().unwrap();
    assert!(waits(&|| trees(folder.path()) == 1));
}

#[test]
#[cfg(unix)]
fn a_revision_is_synthesized_in_a_work_tree_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let synth = "echo '{\"Resources\": {\"Gone\": {\"Type\": \"AWS::SNS::Topic\"}}}'";
    let cargo = repository(folder.path(), synth);
    let (code, out, err) = against_base(folder.path(), &cargo);
    assert_eq!((code, err.as_str()), (Some(1), ""));
    let found: Json = serde_json::from_str(&out).unwrap();
    let gone = found["resources"].as_array().unwrap().iter().find(|change| change["id"] == "Gone");
    assert_eq!(gone.unwrap()["action"], "delete");
}

#[test]
#[cfg(unix)]
fn a_revision_that_does_not_build_leaves_no_work_tree() {
    let folder = tempfile::tempdir().unwrap();
    let cargo = repository(folder.path(), "echo 'error[E0425]: no such name' >&2; exit 101");
    let (code, out, err) = against_base(folder.path(), &cargo);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    let expected =
        "error: `coffee-report synth coffee-report --format json` of that revision fails: error[E0425]: no such name\n";
    assert_eq!(err, expected);
}

/// `network`, which exports its topic, and `service`, which imports it unless it no longer does.
fn connected(is_imported: bool) -> Project {
    let network = Shared::new(|| {
        let mut stack = Stack::new("network");
        let topic = stack.add("Mails", Topic::new());
        let name = stack.export(&topic.topic_name());
        (stack, name)
    });
    let service = {
        let network = network.clone();
        move || {
            let mut stack = Stack::new("service");
            let name = if is_imported { network.handed().clone() } else { "mails".into() };
            stack.add("Letters", Topic::new().display_name(name));
            stack
        }
    };
    Project::new().stack(&network).stack(service)
}

const CONNECTED_LINE: u32 = line!() - 7;

#[test]
fn the_stack_that_imports_what_changes_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("network.yaml");
    let deployed = "\
Resources: {Mails: {Type: AWS::SNS::Topic}}
Outputs:
  MailsTopicName: {Value: !Ref Mails, Export: {Name: network:MailsTopicName}}
  Old: {Value: !Ref Mails, Export: {Name: network:Old}}
";
    fs::write(&file, deployed).unwrap();
    let words = format!("diff network --against {}", file.display());
    let (code, out, err) = run(&connected(true), &words);
    assert_eq!((code, err.as_str()), (1, ""));
    let named = format!(
        "      the update fails while `service` (tests/cli/diff.rs:{CONNECTED_LINE}) imports the value that changes\n"
    );
    assert!(out.contains(&named), "{out}");
    // Nothing of the project imports this one; something else may.
    assert!(out.contains("      the update fails while another stack imports the export that is gone\n"), "{out}");
    let (_, json, _) = run(&connected(true), &format!("{words} --format json"));
    let json: Json = serde_json::from_str(&json).unwrap();
    let expected = serde_json::json!([{
        "stack": "service",
        "path": "Resources/Letters/Properties/DisplayName",
        "line": format!("tests/cli/diff.rs:{CONNECTED_LINE}"),
        "released": false,
    }]);
    assert_eq!(json["outputs"][0]["importers"], expected);
    assert_eq!(json["outputs"][1].get("importers"), None);
    let (_, github, _) = run(&connected(true), &format!("{words} --format github"));
    assert!(github.contains("::error title=fails::network: output MailsTopicName: the update fails while"), "{github}");
    let (_, out, _) = run(&connected(false), &words);
    assert!(!out.contains("service") && out.contains("another stack imports the value that changes"), "{out}");
}
