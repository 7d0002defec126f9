//! The bridge to the services, with a program in place of the AWS CLI: what it is called with, and what comes of its
//! answers. The tests with the real one and a service behind it are in `e2e/`.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Output},
};

use serde_json::{Value as Json, json};

/// Runs a definition where `aws` is that shell script; what it was called with is in `words` and `input.json`.
fn run(script: &str, definition: &Json, words: &[&str]) -> (Output, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("it is there");
    let program = folder.path().join("aws");
    let told = folder.path().display();
    let script = format!(
        "#!/bin/sh\nif test \"$1\" = --version; then echo aws-cli/2.0; exit; fi\necho \"$@\" >>{told}/words\nfor word; do case $word in \
         file://*) cp \"${{word#file://}}\" {told}/input.json;; esac; done\n{script}\n"
    );
    fs::write(&program, script).expect("it is there");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("it is there");
    (with(folder.path(), definition, words), folder)
}

/// Runs a definition where that folder is the first of the `PATH`.
fn with(folder: &Path, definition: &Json, words: &[&str]) -> Output {
    let file = folder.join("definition.json");
    fs::write(&file, definition.to_string()).expect("it is there");
    Command::new(env!("CARGO_BIN_EXE_formwork"))
        .args(["run", "--live", "--format", "json", "--definition"])
        .arg(&file)
        .args(words)
        .env("PATH", format!("{}:/usr/bin:/bin", folder.display()))
        .output()
        .expect("it is there")
}

fn task(resource: &str, arguments: Json) -> Json {
    json!({"StartAt": "S", "States": {"S": {
        "Type": "Task", "Resource": format!("arn:aws:states:::{resource}"), "Parameters": arguments, "End": true,
    }}})
}

fn outcome(output: &Output) -> Json {
    let err = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| json!(format!("{error}: {err}")))
}

fn input(folder: &tempfile::TempDir) -> Json {
    serde_json::from_str(&fs::read_to_string(folder.path().join("input.json")).expect("it is there"))
        .expect("it is there")
}

#[test]
fn a_call_is_a_command_whose_input_is_a_file() {
    let definition =
        task("aws-sdk:rdsdata:executeStatement", json!({"ResourceArn": "r", "SecretArn": "s", "Sql": "SELECT 1"}));
    let words = [
        "--endpoint-url",
        "http://127.0.0.1:1",
        "--endpoint-url",
        "rds-data=http://127.0.0.1:2",
        "--region",
        "eu-west-1",
    ];
    let (ran, folder) = run(r#"echo '{"records": [[{"longValue": 1}]]}'"#, &definition, &words);
    assert_eq!(outcome(&ran)["output"], json!({"Records": [[{"LongValue": 1}]]}));
    assert_eq!(input(&folder), json!({"resourceArn": "r", "secretArn": "s", "sql": "SELECT 1"}));
    let called = fs::read_to_string(folder.path().join("words")).unwrap();
    assert!(called.starts_with("rds-data execute-statement --output json --region eu-west-1"), "{called}");
    assert!(called.contains("--endpoint-url http://127.0.0.1:2") && !called.contains("SELECT"), "{called}");
}

#[test]
fn an_error_of_the_service_is_an_error_of_the_task() {
    let script =
        "echo 'An error occurred (NotFound) when calling the Publish operation: Topic does not exist' >&2; exit 254";
    let definition =
        task("sns:publish", json!({"TopicArn": "arn:aws:sns:us-east-1:123456789012:t", "Message": {"a": 1}}));
    let (ran, folder) = run(script, &definition, &[]);
    assert_eq!(outcome(&ran)["error"], "SNS.NotFoundException");
    assert_eq!(outcome(&ran)["cause"], "Topic does not exist");
    assert_eq!(input(&folder)["Message"], json!("{\"a\":1}"));
}

#[test]
fn a_program_that_is_no_cli_stops_the_run() {
    let definition = task("aws-sdk:s3:listBuckets", json!({}));
    for (script, said) in [
        ("echo beans", "the AWS CLI printed `beans`; expected JSON"),
        ("echo 'Unknown options' >&2; exit 252", "the AWS CLI could not make the call: Unknown options"),
        ("echo 'Unable to locate credentials' >&2; exit 253", "the AWS CLI finds no credentials"),
        ("kill -9 $$", "the AWS CLI could not make the call"),
    ] {
        let (ran, _) = run(script, &definition, &[]);
        let err = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!(ran.status.code(), Some(1), "{err}");
        assert!(err.contains(said), "{err}");
    }
}

#[test]
fn a_cli_that_is_not_there_is_said_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let ran = with(folder.path(), &task("aws-sdk:s3:listBuckets", json!({})), &[]);
    let err = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(
        err.contains("the AWS CLI is not there: no program `aws` in `PATH`") && err.contains("pip install awscli"),
        "{err}"
    );
}

#[test]
fn a_role_is_assumed_before_the_call() {
    let script = r#"case $1 in
        sts) echo '{"Credentials": {"AccessKeyId": "AKIA1", "SecretAccessKey": "hidden", "SessionToken": "t"}}';;
        *) echo "{\"Buckets\": [{\"Name\": \"$AWS_ACCESS_KEY_ID\"}]}";;
    esac"#;
    let mut definition = task("aws-sdk:s3:listBuckets", json!({}));
    definition["States"]["S"]["Credentials"] = json!({"RoleArn": "arn:aws:iam::123456789012:role/r"});
    let (ran, folder) = run(script, &definition, &[]);
    assert_eq!(outcome(&ran)["output"]["Buckets"][0]["Name"], "AKIA1", "{}", String::from_utf8_lossy(&ran.stderr));
    let called = fs::read_to_string(folder.path().join("words")).unwrap();
    assert!(called.starts_with("sts assume-role") && !called.contains("hidden"), "{called}");
    assert!(!String::from_utf8_lossy(&ran.stdout).contains("hidden"));
}

#[test]
fn a_job_is_waited_for() {
    let script = r#"case $2 in
        start-build) echo '{"build": {"id": "b:1"}}';;
        *) echo '{"builds": [{"id": "b:1", "buildStatus": "SUCCEEDED"}]}';;
    esac"#;
    let (ran, _) = run(script, &task("codebuild:startBuild.sync", json!({"ProjectName": "p"})), &[]);
    assert_eq!(outcome(&ran)["output"], json!({"Build": {"Id": "b:1", "BuildStatus": "SUCCEEDED"}}));
    let failing = script.replace("SUCCEEDED", "FAULT");
    let (ran, _) = run(&failing, &task("codebuild:startBuild.sync", json!({"ProjectName": "p"})), &[]);
    assert_eq!(outcome(&ran)["error"], "States.TaskFailed");
}

/// A `Map` that reads its items from S3.
fn reading(action: &str, arguments: Json) -> Json {
    json!({"StartAt": "M", "States": {"M": {
        "Type": "Map", "End": true,
        "ItemReader": {
            "Resource": format!("arn:aws:states:::s3:{action}"),
            "ReaderConfig": if action == "getObject" { json!({"InputType": "JSON"}) } else { json!({}) },
            "Parameters": arguments,
        },
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}},
        },
    }}})
}

#[test]
fn the_items_of_a_map_are_read_from_s3() {
    // The body of an object goes to the last word.
    let script = "for last; do :; done; echo '[1, 2]' >$last; echo '{}'";
    let (ran, folder) = run(script, &reading("getObject", json!({"Bucket": "b", "Key": "k"})), &[]);
    assert_eq!(outcome(&ran)["output"], json!([1, 2]), "{}", String::from_utf8_lossy(&ran.stderr));
    assert_eq!(input(&folder), json!({"Bucket": "b", "Key": "k"}));
    let script = "case $(cat $(echo \"$@\" | sed 's,.*file://\\([^ ]*\\).*,\\1,')) in
        *next*) echo '{\"Contents\": [{\"Key\": \"b\"}]}';;
        *) echo '{\"Contents\": [{\"Key\": \"a\"}], \"NextContinuationToken\": \"next\"}';;
    esac";
    let (ran, _) = run(script, &reading("listObjectsV2", json!({"Bucket": "b"})), &[]);
    assert_eq!(
        outcome(&ran)["output"],
        json!([{"Key": "a"}, {"Key": "b"}]),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    let script = "echo 'An error occurred (NoSuchKey) when calling the GetObject operation: no such key' >&2; exit 254";
    let (ran, _) = run(script, &reading("getObject", json!({"Bucket": "b", "Key": "k"})), &[]);
    assert_eq!(outcome(&ran)["error"], "States.ItemReaderFailed");
}
