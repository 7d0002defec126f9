//! `new`.

use std::{env, fs, path::Path, process::Command};

use formwork::Project;

use crate::project::run_in;

/// What the files of a test can.
const FILES: &str = "files can be written and read";

/// The files of a folder, by the way to them.
fn files(folder: &Path) -> Vec<String> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        for path in fs::read_dir(next).expect(FILES).map(|entry| entry.expect(FILES).path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path.strip_prefix(folder).expect(FILES).display().to_string());
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_project_has_all_that_it_needs_or_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out, err) = run_in(&folder, &Project::new(), "new DIR/coffee-orders");
    let shown = folder.path().join("coffee-orders").display().to_string();
    let next = format!("{shown}: 9 files\nNext:\n  cd {shown} && cargo test\n");
    assert_eq!((code, out, err), (0, String::new(), next));
    let expected = [
        ".github/workflows/ci.yml",
        ".github/workflows/diff.yml",
        ".gitignore",
        "Cargo.toml",
        "README.md",
        "rustfmt.toml",
        "snapshots/coffee-orders.yaml",
        "src/coffee_orders.rs",
        "src/main.rs",
    ];
    assert_eq!(files(&folder.path().join("coffee-orders")), expected);
    let manifest = fs::read_to_string(folder.path().join("coffee-orders/Cargo.toml")).unwrap();
    assert!(manifest.ends_with(&format!("\n[dependencies]\nformwork = \"{}\"\n", env!("CARGO_PKG_VERSION"))));
    // What is there stays as it is.
    let (code, _, err) = run_in(&folder, &Project::new(), "new DIR/coffee-orders");
    assert_eq!(
        (code, err),
        (2, format!("error: `{shown}` has something in it; expected a folder that is new or empty\n"))
    );
    for (words, expected) in [
        ("new DIR/Orders", "Orders` is no name of a project; expected 1 to 40 lowercase letters"),
        ("new DIR/..", "` is no name of a project"),
        (
            "new DIR/missing/../orders --formwork-path DIR",
            "is no checkout of formwork; expected a folder with its `Cargo.toml`",
        ),
        ("new DIR/coffee-orders/README.md/orders", "cannot be written: Not a directory"),
        ("new", "required arguments were not provided"),
    ] {
        let (code, out, err) = run_in(&folder, &Project::new(), words);
        assert!(code == 2 && out.is_empty() && err.contains(expected), "{words}: {err}");
    }
    assert_eq!(files(folder.path()).len(), expected.len(), "nothing is left of what failed");
    // An empty folder becomes the project.
    fs::create_dir(folder.path().join("post")).unwrap();
    assert_eq!(run_in(&folder, &Project::new(), "new DIR/post").0, 0);
    assert_eq!(files(&folder.path().join("post")).len(), expected.len());
}

/// The same crate that the README shows.
#[test]
fn the_sample_is_the_crate_of_the_readme() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run_in(&folder, &Project::new(), "new DIR/newsletter").0, 0);
    let readme = include_str!("../../README.md");
    for (file, original) in [
        (".github/workflows/diff.yml", ".github/workflows/diff.yml"),
        ("snapshots/newsletter.yaml", "tests/separate_crate/snapshots/newsletter.yaml"),
        ("src/main.rs", "tests/separate_crate/src/main.rs"),
    ] {
        let made = fs::read_to_string(folder.path().join("newsletter").join(file)).unwrap();
        let original = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(original)).unwrap();
        assert!(made == original, "{file} is not what this repository has; expected a copy in src/cli/new");
    }
    let main = fs::read_to_string(folder.path().join("newsletter/src/main.rs")).unwrap();
    assert!(readme.contains(&main));
    let shown = fs::read_to_string(folder.path().join("newsletter/src/newsletter.rs")).unwrap();
    let body = |text: &str| text.split_once('\n').map(|(_, body)| body.to_owned());
    assert!(readme.contains(&body(&shown).unwrap()), "{shown}");
}

/// Builds this library once more, which takes a minute: `.ci/run` asks for it.
#[test]
#[ignore = "it builds the library once more"]
fn a_new_project_is_tested_and_synthesized_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let root = env!("CARGO_MANIFEST_DIR");
    let (code, _, err) = run_in(&folder, &Project::new(), &format!("new DIR/coffee-orders --formwork-path {root}"));
    assert_eq!(code, 0, "{err}");
    let project = folder.path().join("coffee-orders");
    let cargo = |words: &[&str]| cargo(&project, words);
    assert!(cargo(&["test", "--quiet"]).contains("test result: ok. 4 passed"));
    let snapshot = fs::read_to_string(project.join("snapshots/coffee-orders.yaml")).unwrap();
    assert_eq!(cargo(&["run", "--quiet", "--", "synth"]), snapshot);
    assert!(cargo(&["run", "--quiet", "--", "run"]).contains("NoNews"));
    assert!(cargo(&["run", "--quiet", "--", "check", "--format", "github"]).is_empty());
    cargo(&["fmt", "--check"]);
    cargo(&["clippy", "--quiet", "--all-targets", "--", "-D", "warnings"]);
}

/// What cargo says in a project, with the same versions as here, without a network. It builds beside what is built here,
/// so that all crates that use this one from outside have one build of it.
fn cargo(project: &Path, words: &[&str]) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::copy(root.join("Cargo.lock"), project.join("Cargo.lock")).expect(FILES);
    let mut command = Command::new(env!("CARGO"));
    command.args(words).current_dir(project).env("CARGO_TARGET_DIR", root.join("target"));
    let output = command.env("CARGO_NET_OFFLINE", "true").output().expect("cargo runs");
    let [out, err] = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    assert!(output.status.success(), "cargo {}: {out}{err}", words.join(" "));
    out
}

const TEMPLATE: &str = "\
# Where containers run.
Resources:
  Cluster:
    Type: AWS::ECS::Cluster
    Properties: {ClusterName: orders}
  Letters:
    Type: AWS::SQS::Queue
Outputs:
  Cluster:
    Value: !GetAtt Cluster.Arn
";

#[test]
fn a_project_of_a_template_has_its_resources_and_features() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("template.yaml"), TEMPLATE).unwrap();
    let (code, _, err) = run_in(&folder, &Project::new(), "new DIR/orders --from DIR/template.yaml");
    assert_eq!(code, 0, "{err}");
    let read = |file: &str| fs::read_to_string(folder.path().join("orders").join(file)).unwrap();
    assert!(read("Cargo.toml").contains(", features = [\"ecs\"] }\n"), "{}", read("Cargo.toml"));
    assert_eq!(read("snapshots/orders.yaml"), TEMPLATE);
    assert!(read("src/orders/mod.rs").contains("Cluster::new().cluster_name(\"orders\")"));
    assert!(read("README.md").contains("`src/orders/` is the stack, made of a template"));
    // Nothing is there of a project whose template is none.
    fs::write(folder.path().join("none.yaml"), "Resources: [").unwrap();
    let (code, _, err) = run_in(&folder, &Project::new(), "new DIR/none --from DIR/none.yaml");
    assert!(code == 2 && err.contains("is no template"), "{err}");
    assert!(!folder.path().join("none").exists());
}

/// Builds this library twice, as above.
#[test]
#[ignore = "it builds the library once more"]
fn a_project_of_a_template_is_tested_at_once() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("template.yaml"), TEMPLATE).unwrap();
    let root = env!("CARGO_MANIFEST_DIR");
    let words = format!("new DIR/orders --from DIR/template.yaml --formwork-path {root}");
    let (code, _, err) = run_in(&folder, &Project::new(), &words);
    assert_eq!(code, 0, "{err}");
    let project = folder.path().join("orders");
    assert!(cargo(&project, &["test", "--quiet"]).contains("test result: ok. 1 passed"));
    assert_eq!(
        cargo(&project, &["run", "--quiet", "--", "diff", "--against", "snapshots/orders.yaml"]),
        "orders: nothing differs\n"
    );
    cargo(&project, &["fmt", "--check"]);
    cargo(&project, &["clippy", "--quiet", "--all-targets", "--", "-D", "warnings"]);
}
