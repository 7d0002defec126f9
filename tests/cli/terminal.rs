//! The real binary on a terminal, which `script` of util-linux makes: colours, and what only a person is told.

use std::process::{Command, Output};

const PROGRAM: &str = env!("CARGO_BIN_EXE_coffee-report");

/// A command without the variables that say something of colours or of cargo, but these.
fn plain(program: &str, variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(program);
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CARGO"] {
        command.env_remove(name);
    }
    command.env("TERM", "xterm").envs(variables.iter().copied());
    command
}

/// What a command writes where both of its streams are a terminal, unless the line says otherwise, and its exit code.
fn on_terminal(words: &str, variables: &[(&str, &str)]) -> (Option<i32>, String) {
    let line = format!("stty rows 30 cols 100; '{PROGRAM}' {words}");
    let output =
        plain("script", variables).args(["-q", "-e", "-c", &line, "/dev/null"]).output().expect("util-linux is there");
    (output.status.code(), String::from_utf8_lossy(&output.stdout).replace("\r\n", "\n"))
}

fn in_pipe(words: &str, variables: &[(&str, &str)]) -> Output {
    plain(PROGRAM, variables).args(words.split_whitespace()).output().expect("the binary was built for this test")
}

const SUMMARY: &str = "of 51,200 bytes, no warnings\n";

const DEPLOYMENT: &str = "  aws cloudformation deploy --template-file template.yaml --stack-name coffee-report \\
    --capabilities CAPABILITY_IAM --parameter-overrides ReportEmail=...
";

#[test]
fn a_synthesis_ends_with_a_summary_and_the_command_to_type_next() {
    let (code, text) = on_terminal("synth", &[("NO_COLOR", "1")]);
    assert_eq!(code, Some(0));
    assert!(text.starts_with("AWSTemplateFormatVersion"), "{text}");
    let (_, summary) = text.rsplit_once("\ncoffee-report: ").unwrap();
    assert!(summary.contains(SUMMARY) && summary.contains("Lambda "), "{summary}");
    let next = format!("Next:\n  coffee-report synth --output template.yaml\n{DEPLOYMENT}");
    assert!(summary.ends_with(&next), "{summary}");
}

#[test]
fn who_has_written_the_template_to_a_file_need_not_write_it_again() {
    let (_, text) = on_terminal("synth >/dev/null", &[("NO_COLOR", "1")]);
    assert!(text.starts_with("coffee-report: ") && text.ends_with(&format!("Next:\n{DEPLOYMENT}")), "{text}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("my template.json");
    let (_, text) = on_terminal(&format!("synth --format json --compact --output '{}'", file.display()), &[]);
    let size = std::fs::metadata(&file).unwrap().len();
    let grouped = format!(" {},{:03} of 51,200 bytes", size / 1_000, size % 1_000);
    assert!(text.contains(&grouped), "{grouped}: {text}");
    assert!(text.contains(&format!("--template-file '{}'", file.display())) && !text.contains("--output"), "{text}");
}

#[test]
fn a_summary_is_for_a_terminal_and_for_who_wants_it() {
    assert_eq!(on_terminal("synth --quiet >/dev/null", &[]), (Some(0), String::new()));
    assert_eq!(on_terminal("synth 2>/dev/null", &[]).1, String::from_utf8_lossy(&in_pipe("synth", &[]).stdout));
}

/// Commands of which each writes something in colour, and in a pipe.
const COLOURED: [&str; 7] = [
    "--help",
    "synth --help",
    "synth --no-such-option",
    "list --resources",
    "check --template Cargo.toml",
    "run --test-case PageFails",
    "diff --against tests/cli/terminal/other.yaml",
];

#[test]
fn every_command_asks_the_same_variables_whether_it_has_colours() {
    let is_coloured = |words: &str, variables: &[(&str, &str)]| {
        let piped = in_pipe(words, variables);
        let piped = [piped.stdout, piped.stderr].concat();
        [on_terminal(words, variables).1.contains('\u{1b}'), piped.contains(&0x1b)]
    };
    for words in COLOURED {
        assert_eq!(is_coloured(words, &[]), [true, false], "{words}");
        assert_eq!(is_coloured(words, &[("NO_COLOR", "1")]), [false, false], "{words}");
        assert_eq!(is_coloured(words, &[("CLICOLOR", "0")]), [false, false], "{words}");
        assert_eq!(is_coloured(words, &[("CLICOLOR_FORCE", "1")]), [true, true], "{words}");
        assert_eq!(is_coloured(words, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]), [false, false], "{words}");
    }
}

#[test]
fn an_artefact_for_programs_never_has_colours() {
    for words in
        ["synth", "asl", "list", "list --data", "run --format json", "mock --skeleton", "man", "completions zsh"]
    {
        let output = in_pipe(words, &[("CLICOLOR_FORCE", "1")]);
        assert!(output.status.success() && !output.stdout.contains(&0x1b), "{words}");
    }
    let mut import = plain(env!("CARGO_BIN_EXE_formwork"), &[("CLICOLOR_FORCE", "1")]);
    let output =
        import.args(["import", "tests/import/queue.yaml"]).output().expect("the binary was built for this test");
    assert!(output.status.success() && !output.stdout.contains(&0x1b));
}
