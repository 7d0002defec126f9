//! The binary of the project, as it ships.

use std::process::{Command, Output};

/// Runs it with these arguments.
pub fn run(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_coffee-report")).args(words).output().expect("the binary was built for this test")
}

/// What it prints when all goes well.
#[track_caller]
pub fn prints(words: &[&str]) -> String {
    let output = run(words);
    let [printed, errors] =
        [output.stdout, output.stderr].map(|text| String::from_utf8(text).expect("output is UTF-8"));
    assert!(output.status.success(), "{errors}");
    assert_eq!(errors, "");
    printed
}
