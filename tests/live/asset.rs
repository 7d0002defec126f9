//! Code beside a template: of a folder, of an archive, and what cargo builds.

use std::{env, fs, path::Path, process::Command};

use formwork::{
    Stack,
    asset::Asset,
    aws::lambda::{
        Function,
        function::{Code, Runtime},
    },
    live::Settings,
};
use serde_json::json;

use super::returned;

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

/// The folder of the crate that this test's program is to be of, where it runs a second time.
const CRATE: &str = "FORMWORK_TEST_CRATE";

/// The example's function is built by a program of its workspace: this one, started by itself.
#[test]
fn cargo_builds_a_function_for_this_computer() {
    if env::var_os(CRATE).is_some() {
        let mut stack = Stack::new("seals");
        let function = Function::new(Code::cargo("seal"), "arn:aws:iam::111122223333:role/seal");
        stack.add("F", function.runtime(Runtime::PROVIDED_AL_2023).handler("bootstrap"));
        let sealed = returned(&Settings::of(&stack).start().unwrap(), json!({"letter": "Dear Ada"}));
        assert_eq!(sealed, json!({"event": {"letter": "Dear Ada"}, "seal": "185193491ea49a53"}));
        // The same becomes the archive that is deployed.
        let template = env::current_dir().unwrap().join("template.yaml");
        let project = formwork::Project::new().stack(move || stack.clone());
        let mut err = Vec::new();
        let words = ["seals", "synth", "--host-target", "--output", template.to_str().unwrap()];
        assert_eq!(
            formwork::cli::run(&project, words, &mut Vec::new(), &mut err),
            0,
            "{}",
            String::from_utf8_lossy(&err)
        );
        let archive = Path::new("assets/seal.zip");
        let live = Settings::new()
            .template(&super::template(json!({"F": super::function("provided.al2023", "", &json!({}))})));
        let sealed = returned(&live.code("F", archive).start().unwrap(), json!({}));
        assert_eq!(sealed["event"], json!({}));
        return;
    }
    // Away from this repository, whose lock file it would need.
    let folder = tempfile::tempdir().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/rust_function/functions");
    fs::create_dir_all(folder.path().join("src/bin")).unwrap();
    for file in ["Cargo.toml", "src/bin/seal.rs"] {
        fs::copy(source.join(file), folder.path().join(file)).unwrap();
    }
    let mut again = Command::new(env::current_exe().unwrap());
    again.args(["--exact", "asset::cargo_builds_a_function_for_this_computer"]).current_dir(folder.path());
    again
        .env(CRATE, "1")
        .env("CARGO_MANIFEST_DIR", folder.path())
        .env("CARGO_TARGET_DIR", folder.path().join("target"));
    let output = again.output().unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    assert!(output.status.success() && out.contains("1 passed"), "{out}{err}");
}
