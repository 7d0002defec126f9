//! Code beside a template: of a folder, of an archive, and what cargo builds.

use std::{fs, path::Path};

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
    returned(&Settings::of(&stack).start().unwrap(), json!({"name": "Ada"}))
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
