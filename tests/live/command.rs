//! `run --live` on the command line: its output, many inputs, and its end.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Child, Output, Stdio},
    thread::sleep,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::{eventually, formwork, function, processes_with};

const MADE: &str = "a temporary folder can be made";

/// A folder with a template, whose machine invokes a Python function.
struct Folder(TempDir);

impl Folder {
    fn new(code: &str, properties: Json) -> Self {
        let folder = tempfile::tempdir().expect(MADE);
        let state = json!({
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "F", "Payload.$": "$"},
            "OutputPath": "$.Payload",
            "End": true,
        });
        let machine = json!({
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {
                "RoleArn": "arn:aws:iam::123456789012:role/m",
                "Definition": {"StartAt": "S", "States": {"S": state}},
            },
        });
        let template = json!({"Resources": {"F": function("python3.13", code, &properties), "M": machine}});
        fs::write(folder.path().join("template.json"), template.to_string()).expect(MADE);
        fs::create_dir(folder.path().join("tmp")).expect(MADE);
        Self(folder)
    }

    fn template(&self) -> PathBuf {
        self.0.path().join("template.json")
    }

    /// The temporary folder of the program.
    fn temporary(&self) -> PathBuf {
        self.0.path().join("tmp")
    }

    fn command(&self, words: &[&str]) -> std::process::Command {
        let mut command = formwork();
        command.args(["run", "--live", "--template"]).arg(self.template()).args(words);
        command.env("TMPDIR", self.temporary()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn start(&self, words: &[&str], input: &str) -> Child {
        let mut child = self.command(words).spawn().expect("the program is built");
        let written = child.stdin.take().map(|mut stdin| stdin.write_all(input.as_bytes()));
        // One that does not want its input has ended before.
        drop(written);
        child
    }

    fn run(&self, words: &[&str], input: &str) -> Output {
        self.start(words, input).wait_with_output().expect("the program ends")
    }

    /// Waits until nothing is left of the program but the folder.
    #[track_caller]
    fn is_left_clean(&self) {
        let temporary = self.temporary();
        let name = temporary.to_string_lossy().into_owned();
        eventually("the end of all processes", || processes_with(&name).is_empty());
        eventually("the end of all files", || fs::read_dir(&temporary).is_ok_and(|mut files| files.next().is_none()));
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

const ECHO: &str = "def handler(event, context):\n    print('got', event)\n    return event";

#[test]
fn the_trace_has_the_logs_and_nothing_is_left() {
    let folder = Folder::new(ECHO, json!({}));
    let output = folder.run(&["--input", "-"], "{\"n\": 1}");
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{out}{err}");
    assert!(out.contains("\u{2502} got {'n': 1}\n") && out.contains("\u{2502} REPORT RequestId: "), "{out}");
    assert!(out.ends_with("output {\n  \"n\": 1\n}\n"), "{out}");
    folder.is_left_clean();
}

#[test]
fn the_json_has_the_logs() {
    let folder = Folder::new(ECHO, json!({}));
    let output = folder.run(&["--input", "-", "--format", "json"], "7");
    let json: Json = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((json["status"].clone(), json["output"].clone()), (json!("SUCCEEDED"), json!(7)));
    assert!(json["logs"][0]["text"].as_str().unwrap().contains("got 7\n") && json["logs"][0]["state"] == "S", "{json}");
}

#[test]
fn many_inputs_are_many_executions_in_their_order() {
    let code = "
import time
def handler(event, context):
    if 'fail' in event: raise ValueError('no')
    time.sleep(event['n'] / 100)
    return event['n']
";
    let folder = Folder::new(code, json!({}));
    let inputs = "{\"n\": 30}\n{\"n\": 1}\n\n{\"fail\": 1}\n{\"n\": 2}\n{\"n\": 3}\n";
    let output = folder.run(&["--inputs", "-", "--jobs", "4"], inputs);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let lines: Vec<Json> = text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let outputs: Vec<&Json> = lines.iter().map(|line| &line["output"]).collect();
    assert_eq!(outputs, [&json!(30), &json!(1), &Json::Null, &json!(2), &json!(3)]);
    assert_eq!((lines[2]["status"].clone(), lines[2]["error"].clone()), (json!("FAILED"), json!("ValueError")));
    assert!(lines[0]["duration"].as_f64().unwrap() >= 0.3 && lines[0]["started"].as_str().unwrap().ends_with('Z'));
    assert!(text(&output.stderr).ends_with("1 of 5 executions did not succeed\n"), "{}", text(&output.stderr));
    folder.is_left_clean();
}

#[test]
fn wrong_options_and_inputs_are_told_before_anything_runs() {
    let folder = Folder::new(ECHO, json!({}));
    let output = folder.run(&["--inputs", "-"], "{}\n{\n");
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(said.starts_with("error: `stdin`: line 2 is not JSON: ") && output.stdout.is_empty(), "{said}");
    let output = folder.run(&["--code", "F"], "");
    assert!(text(&output.stderr).contains("expected the name of a function, `=` and a path"));
    let output = folder.run(&["--code", "F=nothing/there"], "");
    let said = text(&output.stderr);
    assert!(said.contains("the code of `F`: `nothing/there` cannot be read: "), "{said}");
    assert_eq!(output.status.code(), Some(1));
    let mut without = formwork();
    let output = without.args(["run", "--real-time", "--template"]).arg(folder.template()).output().unwrap();
    assert!(output.status.code() == Some(2) && text(&output.stderr).contains("--live"), "{}", text(&output.stderr));
}

#[test]
fn code_lies_beside_the_template() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    let code = "import os\ndef handler(event, context):\n    return os.environ['A'] + os.environ['B']";
    fs::write(folder.path().join("src/app.py"), code).unwrap();
    let template = "
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, CodeUri: src/, Environment: {Variables: {A: common, B: common}}}}
Resources:
  F: {Type: AWS::Serverless::Function, Properties: {Handler: app.handler, Environment: {Variables: {B: own}}}}
  M:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: S
        States: {S: {Type: Task, Resource: 'arn:aws:lambda:us-east-1:123456789012:function:F', End: true}}
";
    fs::write(folder.path().join("template.yaml"), template).unwrap();
    let file = folder.path().join("template.yaml");
    let output = formwork().args(["run", "--live", "--format", "json", "--template"]).arg(&file).output().unwrap();
    let json: Json = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["output"], "commonown", "{}", text(&output.stderr));
}

const SLEEP: &str = "
import pathlib, subprocess, time
def handler(event, context):
    subprocess.Popen(['sleep', '300'])
    subprocess.Popen(['sleep', '300'], start_new_session=True)
    pathlib.Path(event['file']).write_text('x')
    time.sleep(300)
";

/// A run that has come to its function.
fn running(folder: &Folder, words: &[&str]) -> Child {
    let file = folder.0.path().join("running");
    let child = folder.start(words, &format!("{}\n", json!({"file": file})));
    eventually("the call of the function", || Path::new(&file).exists());
    child
}

fn signal(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).expect("the program runs");
}

#[test]
fn control_c_ends_all_and_shows_what_was_done() {
    for how in [Signal::INT, Signal::TERM] {
        let folder = Folder::new(SLEEP, json!({"Timeout": 900}));
        let child = running(&folder, &["--input", "-"]);
        signal(&child, how);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130), "{}", text(&output.stderr));
        assert!(text(&output.stdout).contains("stopped after "), "{}", text(&output.stdout));
        folder.is_left_clean();
    }
}

#[test]
fn control_c_ends_many_inputs() {
    let folder = Folder::new(SLEEP, json!({"Timeout": 900}));
    let child = running(&folder, &["--inputs", "-"]);
    signal(&child, Signal::INT);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let line: Json = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(line["status"], "ABORTED");
    folder.is_left_clean();
}

#[test]
fn nothing_is_left_of_a_program_that_is_killed() {
    let folder = Folder::new(SLEEP, json!({"Timeout": 900}));
    let mut child = running(&folder, &["--input", "-"]);
    assert!(!processes_with(folder.temporary().to_str().unwrap()).is_empty());
    signal(&child, Signal::KILL);
    child.wait().unwrap();
    folder.is_left_clean();
}

#[test]
fn a_child_that_is_killed_is_a_failed_task() {
    let folder = Folder::new(SLEEP, json!({"Timeout": 900}));
    let child = running(&folder, &["--input", "-"]);
    sleep(Duration::from_millis(50));
    let name = folder.temporary().to_str().unwrap().to_owned();
    for process in processes_with(&format!("{name}/")) {
        let command = fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
        if text(&command).contains("bootstrap.py") {
            kill_process(Pid::from_raw(process as i32).unwrap(), Signal::KILL).unwrap();
        }
    }
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains("Runtime exited with error: signal: killed"), "{}", text(&output.stdout));
    folder.is_left_clean();
}
