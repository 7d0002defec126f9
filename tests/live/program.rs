//! Programs that speak the runtime API: the example in Rust, and a shell script in a folder.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use formwork::live::Settings;
use serde_json::json;

use super::{failed, function, invoke, logs, returned, template};

/// The example that is a function, built if it is not.
fn example() -> PathBuf {
    let program = Path::new(env!("CARGO_BIN_EXE_formwork")).with_file_name("examples").join("lambda_function");
    if !program.exists() {
        let built = Command::new(env!("CARGO")).args(["build", "--quiet", "--example", "lambda_function"]).status();
        assert!(built.is_ok_and(|status| status.success()) && program.exists(), "expected {}", program.display());
    }
    program
}

#[test]
fn a_function_in_rust_runs_as_it_is() {
    let template = template(json!({"F": function("provided.al2023", "", &json!({}))}));
    let live = Settings::new().template(&template).code("F", example()).start().unwrap();
    for n in 0..3 {
        let outcome = invoke(&live, json!({"amounts": [1.5, n]}));
        assert_eq!(outcome.output(), json!({"amounts": [1.5, n], "total": 1.5 + f64::from(n)}));
        assert!(logs(&outcome).contains(" bytes\n"), "{}", logs(&outcome));
    }
    let (error, cause) = failed(&invoke(&live, json!({})));
    assert_eq!((error.as_str(), &cause["errorType"]), ("NoAmounts", &json!("NoAmounts")));
}

#[test]
fn a_folder_has_a_bootstrap() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bootstrap");
    fs::copy(example(), &file).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    let live = Settings::new().code("F", folder.path()).start().unwrap();
    assert_eq!(returned(&live, json!({"amounts": [2]})), json!({"amounts": [2], "total": 2.0}));
}

#[test]
fn a_program_that_does_not_speak_it_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bootstrap");
    fs::write(&file, "#!/bin/sh\necho what\nexit 2\n").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    let live = Settings::new().code("F", &file).start().unwrap();
    let outcome = invoke(&live, json!({}));
    let (error, cause) = failed(&outcome);
    assert_eq!(error, "Runtime.ExitError");
    let message = cause["errorMessage"].as_str().unwrap();
    assert!(message.ends_with("Runtime exited with error: exit status 2"), "{message}");
    assert!(logs(&outcome).starts_with("what\nSTART "), "{}", logs(&outcome));
}
