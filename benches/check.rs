//! How fast `check` is, from the arguments to the report: `cargo bench --bench check`.

use std::{fmt::Write as _, fs, path::PathBuf};

use divan::{Bencher, counter::ItemsCount};
use formwork::cli;
use serde_json::{Map, json};

fn main() {
    divan::main();
}

/// A folder with one file, and what its check gives.
struct Subject {
    folder: tempfile::TempDir,
    code: u8,
}

impl Subject {
    fn new(files: &[(String, String)], code: u8) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        for (name, text) in files {
            fs::write(folder.path().join(name), text).expect("a file can be written");
        }
        Self { folder, code }
    }

    fn check(&self) {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let words = ["formwork", "check", "--template"].map(Into::into);
        let words = words.into_iter().chain([PathBuf::from(self.folder.path()).into_os_string()]);
        let code = cli::formwork::run(words, &mut out, &mut err);
        assert_eq!(code, self.code, "{}", String::from_utf8_lossy(&out));
    }
}

/// A template of queues, each of which has the name of the one before in its own.
fn queues(count: usize, name: &str) -> String {
    let mut text = "Resources:\n  Queue0:\n    Type: AWS::SQS::Queue\n".to_owned();
    for number in 1..count {
        let before = number - 1;
        let _ = write!(
            text,
            "  Queue{number}:\n    Type: AWS::SQS::Queue\n    Properties:\n      \
             QueueName: !Sub '${{{name}{before}.QueueName}}x'\n      Tags:\n        - {{Key: a, Value: b}}\n"
        );
    }
    text
}

/// The template that the coffee report ships.
#[divan::bench]
fn coffee_report(bencher: Bencher) {
    let snapshot = include_str!("../snapshots/template.yaml.snap");
    let text = snapshot.splitn(3, "---\n").nth(2).expect("a snapshot has a head");
    let subject = Subject::new(&[("template.yaml".to_owned(), text.to_owned())], 0);
    bencher.bench_local(|| subject.check());
}

/// As many resources as a template may have.
#[divan::bench(args = ["sound", "faulty"])]
fn resources_500(bencher: Bencher, state: &str) {
    let (name, code) = if state == "sound" { ("Queue", 0) } else { ("Quueue", 1) };
    let subject = Subject::new(&[("template.yaml".to_owned(), queues(500, name))], code);
    bencher.counter(ItemsCount::new(500_usize)).bench_local(|| subject.check());
}

/// A definition, each state of which goes to the next one.
#[divan::bench]
fn states_200(bencher: Bencher) {
    let mut states = Map::new();
    for number in 1..200 {
        let payload =
            json!({"FunctionName": "f", "Payload": "{% $merge([$states.input, {'n': $states.input.n + 1}]) %}"});
        let task = json!({
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Arguments": payload,
            "Next": format!("State{}", number + 1),
        });
        states.insert(format!("State{number}"), task);
    }
    states.insert("State200".to_owned(), json!({"Type": "Succeed"}));
    let definition = json!({"QueryLanguage": "JSONata", "StartAt": "State1", "States": states});
    let subject = Subject::new(&[("machine.asl.json".to_owned(), format!("{definition:#}"))], 0);
    bencher.counter(ItemsCount::new(200_usize)).bench_local(|| subject.check());
}

/// A folder of files, which share the cores.
#[divan::bench]
fn files_40(bencher: Bencher) {
    let files: Vec<_> = (0..40).map(|number| (format!("{number}.yaml"), queues(100, "Queue"))).collect();
    let subject = Subject::new(&files, 0);
    bencher.counter(ItemsCount::new(40_usize)).bench_local(|| subject.check());
}
