//! `graph`, and `run --graph`.

use std::fs;

use formwork::Project;
use serde_json::json;

use crate::project::run;

/// A definition in a file, with what is also there.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("a file can be written");
    }
    folder
}

fn machine(states: &serde_json::Value) -> String {
    json!({"StartAt": "Count", "States": states}).to_string()
}

fn definition() -> String {
    machine(&json!({
        "Count": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Retry": [{"ErrorEquals": ["Busy"], "MaxAttempts": 4}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Failed"}],
            "Next": "Any?",
        },
        "Any?": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.count", "NumericGreaterThan": 0, "Next": "Done"}],
            "Default": "Count",
        },
        "Done": {"Type": "Succeed"},
        "Failed": {"Type": "Fail", "Error": "<Bad>"},
    }))
}

#[test]
fn a_definition_of_anyone_is_drawn() {
    let folder = folder(&[("machine.asl.json", &definition())]);
    let path = folder.path().join("machine.asl.json");
    let (code, svg, err) = run(&Project::new(), &format!("graph --definition {}", path.display()));
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\"") && svg.ends_with("</svg>\n"), "{svg}");
    for text in [">Count<", ">Lambda: invoke<", ">↻ 4×<", ">$.count &gt; 0<", ">Default<", ">Fail: &lt;Bad&gt;<"] {
        assert!(svg.contains(text), "{text}: {svg}");
    }
    assert!(svg.contains("prefers-color-scheme:dark") && !svg.contains("http://localhost"), "{svg}");
}

#[test]
fn what_has_changed_is_in_the_picture() {
    let old = machine(&json!({
        "Count": {"Type": "Pass", "Next": "Gone"},
        "Gone": {"Type": "Wait", "Seconds": 5, "Next": "Done"},
        "Done": {"Type": "Succeed"},
    }));
    let folder = folder(&[("new.json", &definition()), ("old.json", &old)]);
    let words = format!("graph --definition {0}/new.json --against {0}/old.json", folder.path().display());
    let (code, svg, err) = run(&Project::new(), &words);
    assert_eq!((code, err.as_str()), (0, ""));
    for (class, id) in [("changed", "Count"), ("removed", "Gone"), ("added", "Failed")] {
        let node = format!("{class}\" data-id=\"/States/{id}\"");
        assert!(svg.contains(&node), "{node}: {svg}");
    }
    assert!(svg.contains("family-success\" data-id=\"/States/Done\""), "{svg}");
}

#[test]
fn a_run_is_drawn_with_the_way_that_it_took() {
    let mocks = json!({
        "StateMachines": {"Machine": {"TestCases": {"Once": {"Count": "Counts"}}}},
        "MockedResponses": {"Counts": {
            "0": {"Throw": {"Error": "Busy", "Cause": "later"}},
            "1": {"Return": {"count": 0}},
            "2": {"Return": {"count": 3}},
        }},
    });
    let folder = folder(&[("machine.json", &definition()), ("mocks.json", &mocks.to_string())]);
    let words = format!(
        "run --definition {0}/machine.json --mock-config {0}/mocks.json --graph {0}/run.svg",
        folder.path().display()
    );
    let (code, _, err) = run(&Project::new(), &words);
    assert_eq!((code, err.as_str()), (0, ""));
    let svg = fs::read_to_string(folder.path().join("run.svg")).unwrap();
    for text in [">2×<", ">3 attempts<", ">1 s<"] {
        assert!(svg.contains(text), "{text}: {svg}");
    }
    for (class, id) in [("succeeded", "Count"), ("succeeded", "Done"), ("not-reached", "Failed")] {
        let node = format!("{class}\" data-id=\"/States/{id}\"");
        assert!(svg.contains(&node), "{node}: {svg}");
    }
    assert!(svg.contains("edge choice succeeded\" data-from=\"/States/Any?\" data-to=\"/States/Count\""), "{svg}");
    assert!(svg.contains("edge catch not-reached\" data-from=\"/States/Count\""), "{svg}");
}

#[test]
fn what_cannot_be_drawn_is_said() {
    let folder =
        folder(&[("empty.json", r#"{"StartAt": "A", "States": {}}"#), ("template.json", r#"{"Resources": {}}"#)]);
    let path = folder.path().display();
    let cases = [
        ("graph", "error: there is no stack, since this program has none; expected `--definition FILE` or `--template FILE`\n".to_owned()),
        (&format!("graph --definition {path}/empty.json"), "error: the definition has no states that can be read; expected `States`\n".to_owned()),
        (&format!("graph --template {path}/template.json"), format!("error: `{path}/template.json` has no state machine with a definition\n")),
    ];
    for (words, message) in cases {
        assert_eq!(run(&Project::new(), words), (2, String::new(), message), "{words}");
    }
}

/// Nothing of a definition becomes a part of the document, and none ends the program.
#[test]
fn a_hostile_definition_is_drawn_as_text() {
    let name = "</text><script>alert(1)</script>\u{0}\u{202e}\"'&";
    let mut nested = json!({"Type": "Pass", "End": true});
    for depth in 0..18 {
        let inner = json!({"StartAt": format!("S{depth}"), "States": {format!("S{depth}"): nested}});
        nested = json!({"Type": "Parallel", "Branches": [inner], "End": true});
    }
    let definitions = [
        machine(
            &json!({"Count": {"Type": "Task", "Resource": name, "Next": name}, name: {"Type": "Fail", "Error": name}}),
        ),
        machine(
            &json!({"Count": {"Type": 5, "Next": [], "Catch": {}, "Retry": "x"}, "B": null, "": {"Type": "Pass", "Next": ""}}),
        ),
        machine(&json!({"Count": nested})),
        machine(&json!({"Count": {"Type": "Map", "ItemProcessor": {"StartAt": "?", "States": {}}, "Next": "Count"}})),
        machine(
            &json!({"Count": {"Type": "Parallel", "Branches": [], "Catch": [{"ErrorEquals": [], "Next": "Count"}]}}),
        ),
    ];
    for definition in definitions {
        let folder = folder(&[("machine.json", &definition)]);
        let path = folder.path().join("machine.json");
        let (code, svg, err) = run(&Project::new(), &format!("graph --definition {}", path.display()));
        assert_eq!((code, err.as_str()), (0, ""), "{definition}");
        assert!(!svg.contains("<script") && !svg.contains('\u{202e}') && !svg.contains("NaN"), "{svg}");
    }
}

#[cfg(unix)]
#[test]
fn a_page_is_opened_with_what_the_platform_has() {
    use std::{os::unix::fs::PermissionsExt, process::Command};

    let template = "Resources: {Orders: {Type: AWS::SQS::Queue, Properties: {QueueName: '</script><b>'}}}";
    let folder = folder(&[("any.yaml", template)]);
    let opened = folder.path().join("opened");
    for name in ["xdg-open", "open"] {
        let opener = folder.path().join(name);
        fs::write(&opener, format!("#!/bin/sh\necho \"$1\" > '{}'\n", opened.display())).expect("it can be written");
        fs::set_permissions(&opener, fs::Permissions::from_mode(0o755)).expect("it is ours");
    }
    let graph = |path: &std::path::Path| {
        Command::new(env!("CARGO_BIN_EXE_formwork"))
            .args(["graph", "--template", "any.yaml", "--open", "--output", "page.html"])
            .current_dir(folder.path())
            .env("PATH", path)
            .output()
            .expect("the program is built")
    };
    // The shell that runs the opener is found by its whole path.
    let output = graph(folder.path());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(fs::read_to_string(&opened).expect("it was opened").trim(), "page.html");
    let page = fs::read_to_string(folder.path().join("page.html")).expect("it was written");
    assert!(page.contains("Content-Security-Policy") && page.contains("Orders"));
    assert!(!page.contains("</script><b>"), "what a template has is text");
    let output = graph(std::path::Path::new("/nowhere"));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && said.contains("cannot be run"), "{said}");
}

#[test]
fn a_page_has_what_has_changed_and_no_flag_in_vain() {
    let old = "Resources: {Orders: {Type: AWS::SQS::Queue}}";
    let new = "Resources: {Orders: {Type: AWS::SQS::Queue}, Bills: {Type: AWS::SQS::Queue}}";
    let folder = folder(&[("old.yaml", old), ("new.yaml", new)]);
    let at = |name: &str| folder.path().join(name).display().to_string();
    let graph = |more: &str| {
        let words = format!("graph --template {} --output {} {more}", at("new.yaml"), at("page.html"));
        run(&Project::new(), &words)
    };
    assert_eq!(graph("").0, 0);
    let plain = fs::read_to_string(at("page.html")).expect("it was written");
    assert_eq!(graph(&format!("--against {}", at("old.yaml"))).0, 0);
    let marked = fs::read_to_string(at("page.html")).expect("it was written");
    let body = |page: &str| page.split("</style>").nth(1).expect("a page has a style").to_owned();
    assert!(!body(&plain).contains("added") && body(&marked).contains("added"));
    assert!(marked.contains(r#""place":"line 1""#), "a file has lines");
    let of_stack = format!("graph greetings --output {}", at("stack.html"));
    assert_eq!(run(&crate::project::of([crate::project::workflow]), &of_stack).0, 0);
    let page = fs::read_to_string(at("stack.html")).expect("it was written");
    assert!(page.contains(r#""place":"tests/cli/project.rs:"#), "a stack is written in Rust");
    let (code, _, said) = graph("--kind network");
    assert!(code == 2 && said.contains("`--kind` is for one picture"), "{said}");
}
