//! Everything that a reviewer must see, as it ships: the files of `snapshots/`.

use std::process::Command;

/// What the binary prints.
fn coffee_report(words: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_coffee-report")).args(words).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{errors}");
    assert_eq!(errors, "");
    String::from_utf8(output.stdout).unwrap()
}

fn review(name: &str, text: &str) {
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn the_template() {
    review("template.yaml", &coffee_report(&["synth"]));
}

#[test]
fn the_definition_of_the_state_machine() {
    review("definition.asl.json", &coffee_report(&["asl"]));
}

#[test]
fn the_help() {
    let pages =
        [&["--help"][..], &["list", "--help"], &["synth", "--help"], &["asl", "--help"], &["completions", "--help"]];
    let text: Vec<_> =
        pages.iter().map(|words| format!("$ coffee-report {}\n{}", words.join(" "), coffee_report(words))).collect();
    review("help", &text.join("\n"));
}
