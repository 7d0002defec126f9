//! Code beside a template: of a folder, of an archive, and what cargo builds.

use std::{env, fs, os::unix::fs::PermissionsExt, path::Path, process::Command};

use formwork::{
    Stack,
    asset::Asset,
    aws::lambda::{
        Function,
        function::{Architecture, Code, Runtime},
    },
    live::Settings,
};
use serde_json::json;

use super::{function as function_of, returned, template};

const PYTHON: &str = "def handler(event, context):\n    return 'Hello ' + event['name']\n";

fn function(code: impl Into<Asset>) -> Function {
    Function::new(Code::asset(code), "arn:aws:iam::111122223333:role/greet")
        .function_name("F")
        .runtime(Runtime::PYTHON_3_13)
        .handler("greet.handler")
}

/// The greeting of a function with that code.
fn greeting(code: &Path) -> formwork::value::Json {
    let mut stack = Stack::new("greetings");
    stack.add("Greet", function(code));
    returned(&Settings::of(&stack).start().expect("nothing is started yet"), json!({"name": "Ada"}))
}

#[test]
fn code_beside_the_template_runs_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let greet = folder.path().join("functions");
    fs::create_dir(&greet).unwrap();
    fs::write(greet.join("greet.py"), PYTHON).unwrap();
    assert_eq!(greeting(&greet), "Hello Ada");
    assert_eq!(greeting(&greet.join("greet.py")), "Hello Ada");
    // What `synth` writes is an archive that runs too.
    let mut stack = Stack::new("greetings");
    stack.add("Greet", function(greet.as_path()));
    let project = formwork::Project::new().stack(move || stack.clone());
    let out = folder.path().to_str().unwrap();
    let words = ["greetings", "synth", "--output", &format!("{out}/template.yaml")];
    assert_eq!(formwork::cli::run(&project, words, &mut Vec::new(), &mut Vec::new()), 0);
    let archive = fs::read_dir(folder.path().join("assets")).unwrap().next().unwrap().unwrap().path();
    assert_eq!(greeting(&archive), "Hello Ada");
}

#[test]
fn code_that_is_said_goes_before_what_the_stack_has() {
    let folder = tempfile::tempdir().unwrap();
    let [one, other] = ["one", "other"].map(|name| folder.path().join(name));
    for (folder, word) in [(&one, "Hello "), (&other, "Bye ")] {
        fs::create_dir(folder).unwrap();
        fs::write(folder.join("greet.py"), PYTHON.replace("Hello ", word)).unwrap();
    }
    let mut stack = Stack::new("greetings");
    stack.add("F", function(one.as_path()));
    let live = Settings::of(&stack).code("F", &other).start().unwrap();
    assert_eq!(returned(&live, json!({"name": "Ada"})), "Bye Ada");
}

#[test]
fn a_binary_that_is_not_there_is_told() {
    let mut stack = Stack::new("greetings");
    let function = Function::new(Code::cargo("gret"), "arn:aws:iam::111122223333:role/greet");
    stack.add("F", function.runtime(Runtime::PROVIDED_AL_2023).handler("bootstrap"));
    let problem = Settings::of(&stack).start().err().unwrap().to_string();
    assert!(problem.contains(" has no binary `gret`; expected one of that name"), "{problem}");
}

/// Names the test that this program is started again for, in the folder of another crate.
const AGAIN: &str = "FORMWORK_TEST_AGAIN";

/// The workspace of the example's function, away from this repository, whose lock file it would need.
fn workspace() -> tempfile::TempDir {
    const FILES: &str = "files can be copied";
    let folder = tempfile::tempdir().expect(FILES);
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/rust_function/functions");
    fs::create_dir_all(folder.path().join("src/bin")).expect(FILES);
    for file in ["Cargo.toml", "src/bin/seal.rs"] {
        fs::copy(source.join(file), folder.path().join(file)).expect(FILES);
    }
    folder
}

/// Runs a test in a program of its own, as cargo starts that of a workspace.
fn again(test: &str, folder: &Path, cargo: &Path) {
    let mut command = Command::new(env::current_exe().expect("this is a program"));
    command.args(["--exact", test]).current_dir(folder).env(AGAIN, test).env("CARGO", cargo);
    command.env("CARGO_MANIFEST_DIR", folder).env("CARGO_TARGET_DIR", folder.join("target"));
    let output = command.output().expect("it can be started");
    let [out, err] = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    assert!(output.status.success() && out.contains("1 passed"), "{out}{err}");
}

fn is_again(test: &str) -> bool {
    env::var_os(AGAIN).is_some_and(|it| it == test)
}

/// A stack with the function of the example.
fn seals(architecture: Architecture) -> Stack {
    let mut stack = Stack::new("seals");
    let function = Function::new(Code::cargo("seal"), "arn:aws:iam::111122223333:role/seal");
    let function = function.runtime(Runtime::PROVIDED_AL_2023).handler("bootstrap").architectures([architecture]);
    stack.add("F", function);
    stack
}

/// The exit code of a synthesis, and what is said then.
fn synthesis(stack: Stack, words: &str) -> (u8, String) {
    let project = formwork::Project::new().stack(move || stack.clone());
    let mut err = Vec::new();
    let words = ["seals", "synth"].into_iter().chain(words.split(' '));
    let code = formwork::cli::run(&project, words, &mut Vec::new(), &mut err);
    (code, String::from_utf8_lossy(&err).into_owned())
}

#[test]
fn cargo_builds_a_function_for_this_computer() {
    const NAME: &str = "asset::cargo_builds_a_function_for_this_computer";
    if !is_again(NAME) {
        return again(NAME, workspace().path(), Path::new(env!("CARGO")));
    }
    let here = if env::consts::ARCH == "aarch64" { Architecture::ARM64 } else { Architecture::X86_64 };
    let stack = seals(here);
    let sealed = returned(&Settings::of(&stack).start().unwrap(), json!({"letter": "Dear Ada"}));
    assert_eq!(sealed, json!({"event": {"letter": "Dear Ada"}, "seal": "185193491ea49a53"}));
    // The same becomes the archive that is deployed.
    let (code, err) = synthesis(stack, "--host-target --output template.yaml");
    assert_eq!(code, 0, "{err}");
    let template = template(json!({"F": function_of("provided.al2023", "", &json!({}))}));
    let live = Settings::new().template(&template).code("F", "assets/seal.zip").start().unwrap();
    assert_eq!(returned(&live, json!({}))["event"], json!({}));
}

/// A cargo that notes how it is called for Lambda.
const CARGO: &str = r#"#!/bin/sh
case "$*" in
"lambda --version") test ! -e no-lambda ;;
"lambda build"*)
    echo "$*" >>calls
    mkdir -p target/lambda/seal
    echo "for Lambda" >target/lambda/seal/bootstrap
    ;;
*) exec REAL "$@" ;;
esac
"#;

#[test]
fn cargo_lambda_builds_a_function_for_its_architecture() {
    const NAME: &str = "asset::cargo_lambda_builds_a_function_for_its_architecture";
    if !is_again(NAME) {
        let folder = workspace();
        let cargo = folder.path().join("cargo.sh");
        fs::write(&cargo, CARGO.replace("REAL", env!("CARGO"))).unwrap();
        fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();
        return again(NAME, folder.path(), &cargo);
    }
    // Nothing is built by who only looks.
    let stack = seals(Architecture::ARM64);
    stack.assert_clean();
    assert_eq!(synthesis(stack.clone(), "--no-assets").0, 0);
    assert!(!Path::new("calls").exists());
    assert_eq!(synthesis(stack, "--output template.yaml"), (0, String::new()));
    assert_eq!(fs::read_to_string("calls").unwrap(), "lambda build --release --arm64 --package functions --bin seal\n");
    let archive = fs::read("assets/seal.zip").unwrap();
    assert!(archive.windows(10).any(|part| part == b"for Lambda"), "{archive:?}");
    // The same program is the same archive, which stays.
    let written = || fs::metadata("assets/seal.zip").unwrap().modified().unwrap();
    let first = written();
    assert_eq!(synthesis(seals(Architecture::X86_64), "--output template.yaml").0, 0);
    assert_eq!(written(), first);
    assert!(
        fs::read_to_string("calls")
            .unwrap()
            .ends_with("lambda build --release --x86-64 --package functions --bin seal\n")
    );
    fs::write("no-lambda", "").unwrap();
    let (code, err) = synthesis(seals(Architecture::X86_64), "--output other.yaml");
    assert!(code == 2 && err.contains("is not there; expected it: `cargo install cargo-lambda`"), "{err}");
    assert!(!Path::new("other.yaml").exists());
    let other = if env::consts::ARCH == "aarch64" { Architecture::X86_64 } else { Architecture::ARM64 };
    let (code, err) = synthesis(seals(other), "--host-target");
    assert!(code == 2 && err.contains("and this computer is "), "{err}");
}
