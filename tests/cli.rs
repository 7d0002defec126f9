//! The command line, run inside the test; and the real binary for its exit codes and streams.

use std::{fs, process::Command};

use formwork::{Stack, aws::sns::Topic, cli};

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

/// Exit code, stdout, stderr.
fn run(stacks: &[cli::Compose], words: &str) -> (u8, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let words = ["coffee-report"].into_iter().chain(words.split_whitespace());
    let code = cli::run(stacks, words, &mut out, &mut err);
    let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
    (code, text(out), text(err))
}

#[test]
fn list_prints_a_line_a_stack() {
    assert_eq!(
        run(&[mail, letters], "list"),
        (0, "mail              Sends mails\nletters-on-paper\n".into(), String::new())
    );
}

#[test]
fn synth_writes_yaml_by_default_and_json_when_asked() {
    let yaml = "AWSTemplateFormatVersion: '2010-09-09'\nDescription: Sends mails\nResources:\n  Mails:\n    Type: AWS::SNS::Topic\n";
    assert_eq!(run(&[mail], "synth"), (0, yaml.into(), String::new()));
    assert_eq!(run(&[mail, letters], "synth mail"), (0, yaml.into(), String::new()));
    let (code, json, _) = run(&[mail], "synth --format json");
    assert_eq!(code, 0);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["Resources"]["Mails"]["Type"], "AWS::SNS::Topic");
}

#[test]
fn a_stack_with_an_error_gives_code_1_and_nothing_on_stdout() {
    for words in ["synth", "asl"] {
        let (code, out, err) = run(&[broken], words);
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
    assert_eq!(run(&[broken], &words).0, 1);
    assert_eq!(fs::read_to_string(&file).unwrap(), "before");
    assert_eq!(run(&[mail], &words), (0, String::new(), String::new()));
    assert!(fs::read_to_string(&file).unwrap().contains("Type: AWS::SNS::Topic"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no part is left over");
}

#[test]
fn what_cannot_be_done_gives_code_2_and_says_what_was_expected() {
    let cases: [(&[cli::Compose], &str, &str); 4] = [
        (&[mail, letters], "synth", "error: no stack is named; expected one of `mail`, `letters-on-paper`\n"),
        (&[mail], "synth post", "error: there is no stack `post`; expected one of `mail`\n"),
        (&[], "synth", "error: this project has no stack; expected one in its `main`\n"),
        (&[mail], "asl", "error: stack `mail` has no state machine with a definition\n"),
    ];
    for (stacks, words, message) in cases {
        assert_eq!(run(stacks, words), (2, String::new(), message.into()));
    }
    let (code, _, err) = run(&[mail], "synth --output /nonexistent/folder/template.yaml");
    assert_eq!(code, 2);
    assert!(err.starts_with("error: `/nonexistent/folder/template.yaml` cannot be written: "), "{err}");
    let (code, _, err) = run(&[mail], "synth --format toml");
    assert_eq!(code, 2);
    assert!(err.contains("[possible values: yaml, json]"), "{err}");
}

#[test]
fn completions_name_the_program_and_its_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (code, script, err) = run(&[mail], &format!("completions {shell}"));
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(script.contains("coffee-report") && script.contains("synth"), "{shell}");
    }
}

fn binary(words: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_coffee-report")).args(words).output().expect("the binary was built")
}

#[test]
fn the_binary_keeps_artefacts_and_messages_apart() {
    let synthesized = binary(&["synth"]);
    assert!(synthesized.status.success());
    assert!(synthesized.stdout.starts_with(b"AWSTemplateFormatVersion"));
    assert_eq!(String::from_utf8_lossy(&synthesized.stderr), "");
    let refused = binary(&["synth", "tea-report"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(refused.stdout.is_empty());
    assert!(!refused.stderr.is_empty());
}

#[test]
fn two_runs_are_byte_identical() {
    for words in [["synth", "--format=yaml"], ["synth", "--format=json"], ["asl", "coffee-report"]] {
        let [first, second] = [binary(&words).stdout, binary(&words).stdout];
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
    assert_eq!(cli::run(&[broken], ["coffee-report", "synth"], &mut out, &mut Closed), 1);
    assert!(out.is_empty());
    assert_eq!(cli::run(&[mail], ["coffee-report", "synth"], &mut Closed, &mut Vec::new()), 0);
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
        assert_eq!(run(&[mail], &format!("synth --output {}", file.display())).0, 0);
        assert!(fs::symlink_metadata(file).unwrap().is_symlink(), "{}", file.display());
    }
    assert!(fs::read_to_string(&target).unwrap().contains("AWS::SNS::Topic"));
}

#[test]
fn the_examples_of_the_help_name_the_program() {
    let mut out = Vec::new();
    assert_eq!(cli::run(&[mail], ["/usr/bin/post", "synth", "--help"], &mut out, &mut Vec::new()), 0);
    let help = String::from_utf8(out).unwrap();
    assert!(help.contains("  post synth > template.yaml\n") && help.contains("Usage: post synth"), "{help}");
}
