//! The real binary: its exit codes, its streams, and that it repeats itself to the byte.

use std::process::Command;

use crate::coffee_report;

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
    assert!(include_str!("../../README.md").contains(&shown), "{shown}");
}

#[test]
fn who_has_no_stack_has_a_program_too() {
    let run = |words: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_formwork")).args(words).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (code, help) = run(&["--help"]);
    assert!(code == Some(0) && help.starts_with("Checks and runs CloudFormation templates"), "{help}");
    let (code, script) = run(&["completions", "bash"]);
    assert!(code == Some(0) && script.contains("_formwork()"), "{script}");
    assert_eq!(run(&["check", "--template", "Cargo.toml"]).0, Some(1));
    assert_eq!(run(&["check", "mail"]).0, Some(2));
    assert_eq!(run(&["list"]).0, Some(2));
    // A project's own program does not carry what only makes code and projects.
    for verb in ["import", "new"] {
        let (code, help) = run(&[verb, "--help"]);
        assert!(code == Some(0) && help.contains(&format!("Usage: formwork {verb} ")), "{help}");
        assert_eq!(coffee_report::run(&[verb, "--help"]).status.code(), Some(2));
    }
}

#[test]
fn two_runs_are_byte_identical() {
    for words in [
        &["synth", "--format=yaml"][..],
        &["synth", "--format=json", "--compact"],
        &["asl", "coffee-report"],
        &["run", "--format=json"],
    ] {
        let [first, second] = [coffee_report::prints(words), coffee_report::prints(words)];
        assert!(first.len() > 1_000 && first == second, "{words:?}");
    }
}

/// The program that has a command: what only `formwork` has, or else that of the project.
#[cfg(target_os = "linux")]
fn program_of(words: &str) -> &'static str {
    match words.starts_with("import") {
        true => env!("CARGO_BIN_EXE_formwork"),
        false => env!("CARGO_BIN_EXE_coffee-report"),
    }
}

/// Commands of which each writes something to stdout.
#[cfg(target_os = "linux")]
const EACH_VERB: [&str; 18] = [
    "--help",
    "--version",
    "list",
    "list --resources",
    "list --data",
    "synth",
    "synth --format json --compact",
    "asl",
    "check --template Cargo.toml",
    "check --permissions",
    "run",
    "mock --skeleton",
    "diff --against tests/cli/terminal/other.yaml",
    "graph",
    "import tests/import/queue.yaml",
    "explain",
    "completions bash",
    "man synth",
];

#[test]
#[cfg(target_os = "linux")]
fn a_reader_that_has_gone_is_no_error_of_any_command() {
    for words in EACH_VERB {
        for reader in ["true", "head -1 >/dev/null"] {
            let program = program_of(words);
            let script = format!("'{program}' {words} | {reader}; echo ${{PIPESTATUS[0]}}");
            let output = Command::new("bash").args(["-c", &script]).output().unwrap();
            let (code, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            // What is wrong stays wrong where all of it was written before the reader went.
            let may_find = words.starts_with("check --template") || words.starts_with("diff");
            assert!(code == "0\n" || may_find && code == "1\n", "{words}: {code}");
            // How much was checked is told to who reads stderr.
            let is_quiet = errors.lines().all(|line| line.contains(" checked: "));
            assert!(is_quiet, "{words}: {errors}");
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_disk_that_is_full_is_told_by_every_command() {
    for words in EACH_VERB.into_iter().filter(|words| !words.starts_with("--")) {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut command = Command::new(program_of(words));
        let output = command.args(words.split_whitespace()).stdout(full).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{words}: {errors}");
        assert!(errors.contains("error: the output cannot be written: No space left on device"), "{words}: {errors}");
    }
}
