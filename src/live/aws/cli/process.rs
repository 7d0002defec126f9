//! The CLI as a process for each call: for one that is not made of Python scripts.

use std::{
    fs,
    io::Read,
    path::Path,
    process::{Command, Stdio},
    sync::{Arc, OnceLock},
};

use super::{
    super::super::guard::Guard,
    call::{Call, Credentials, Failure, Reply, without_credentials},
};
use crate::{asl::run::Unavailable, json::Json};

/// The services that the CLI has under other names than its library.
const COMMANDS: [(&str, &str); 3] = [("codedeploy", "deploy"), ("config", "configservice"), ("s3", "s3api")];

/// Calls an operation: the input is in a file that nobody else may read, the output is JSON.
pub(super) fn call(program: &Path, guard: &Arc<Guard>, call: &Call<'_>) -> Result<Reply, Unavailable> {
    let failed = |error: std::io::Error| Unavailable::new(format!("the AWS CLI cannot be called: {error}"));
    let folder = guard.new_folder("call").map_err(failed)?;
    let mut input = call.input.clone();
    let mut command = command(program, call);
    // What is streamed has no place in the JSON.
    let operation = kebab(call.operation);
    let body = folder.join("body");
    if let ("s3", "put-object", Some(members)) = (call.service, operation.as_str(), input.as_object_mut())
        && let Some(content) = members.remove("Body")
    {
        fs::write(&body, content.as_str().map_or_else(|| content.to_string(), str::to_owned)).map_err(failed)?;
        command.arg("--body").arg(&body);
    }
    let file = folder.join("input.json");
    fs::write(&file, input.to_string()).map_err(failed)?;
    command.arg("--cli-input-json").arg(format!("file://{}", file.display()));
    let is_streamed = matches!((call.service, operation.as_str()), ("s3", "get-object") | ("lambda", "invoke"));
    if is_streamed {
        command.arg(&body);
    }
    let ran = run(guard, &mut command).map_err(failed)?;
    let read = is_streamed.then(|| fs::read(&body).unwrap_or_default());
    let _ = fs::remove_dir_all(&folder);
    if !ran.succeeded {
        return failure(&ran.err).map(Reply::Failure);
    }
    let mut output: Json = match ran.out.trim() {
        "" => Json::Object(serde_json::Map::new()),
        text => serde_json::from_str(text).map_err(|_| {
            let first: String = text.chars().take(200).collect();
            Unavailable::new(format!("the AWS CLI printed `{first}`; expected JSON"))
        })?,
    };
    if let Some(bytes) = read {
        let name = if call.service == "s3" { "Body" } else { "Payload" };
        output[name] = String::from_utf8_lossy(&bytes).into();
    }
    Ok(Reply::Output { output, metadata: Json::Null })
}

/// The credentials that the CLI finds.
pub(super) fn credentials(program: &Path, guard: &Arc<Guard>) -> Result<Credentials, Unavailable> {
    let mut command = Command::new(program);
    command.args(["configure", "export-credentials", "--format", "process"]);
    let ran = run(guard, &mut command).map_err(|_| without_credentials())?;
    let json: Json = serde_json::from_str(&ran.out).unwrap_or_default();
    let text = |name: &str| json[name].as_str().map(str::to_owned);
    let (Some(key), Some(secret)) = (text("AccessKeyId"), text("SecretAccessKey")) else {
        return Err(without_credentials());
    };
    Ok(Credentials { key, secret, token: text("SessionToken") })
}

fn command(program: &Path, call: &Call<'_>) -> Command {
    let name = COMMANDS.iter().find(|(known, _)| *known == call.service).map_or(call.service, |(_, name)| name);
    let mut command = Command::new(program);
    command.arg(name).arg(kebab(call.operation)).args(["--output", "json", "--region", call.region]);
    if is_second(program) {
        // The first version takes bytes as they are.
        command.args(["--cli-binary-format", "raw-in-base64-out"]);
    }
    command.env("AWS_PAGER", "").env("AWS_MAX_ATTEMPTS", "1");
    if let Some(endpoint) = call.endpoint {
        command.args(["--endpoint-url", endpoint]);
    }
    if let Some(credentials) = call.credentials {
        command.env("AWS_ACCESS_KEY_ID", &credentials.key).env("AWS_SECRET_ACCESS_KEY", &credentials.secret);
        match &credentials.token {
            Some(token) => command.env("AWS_SESSION_TOKEN", token),
            None => command.env_remove("AWS_SESSION_TOKEN"),
        };
        command.env_remove("AWS_PROFILE");
    }
    command
}

/// Whether it is of version 2.
fn is_second(program: &Path) -> bool {
    static ANSWER: OnceLock<bool> = OnceLock::new();
    *ANSWER.get_or_init(|| {
        let told = Command::new(program).arg("--version").stdin(Stdio::null()).output();
        told.is_ok_and(|told| String::from_utf8_lossy(&told.stdout).starts_with("aws-cli/2"))
    })
}

/// The name of an operation as a command: `list-objects-v2`.
fn kebab(operation: &str) -> String {
    let letters: Vec<char> = operation.chars().collect();
    let mut name = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let after_small = at > 0 && (letters[at - 1].is_ascii_lowercase() || letters[at - 1].is_ascii_digit());
        let before_small = letters.get(at + 1).is_some_and(char::is_ascii_lowercase);
        if letter.is_ascii_uppercase() && at > 0 && (after_small || before_small) {
            name.push('-');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

struct Ran {
    succeeded: bool,
    out: String,
    err: String,
}

fn run(guard: &Arc<Guard>, command: &mut Command) -> std::io::Result<Ran> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = guard.spawn(command)?;
    let mut stderr = child.stderr.take();
    let reader = std::thread::spawn(move || {
        let mut err = Vec::new();
        let _ = stderr.as_mut().map(|it| it.read_to_end(&mut err));
        err
    });
    let mut out = Vec::new();
    let read = child.stdout.take().map_or(Ok(0), |mut stdout| stdout.read_to_end(&mut out));
    let status = child.wait();
    guard.release(child.id());
    read?;
    let err = reader.join().unwrap_or_default();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(Ran { succeeded: status?.success(), out: text(&out), err: text(&err) })
}

/// The error that the CLI tells of.
fn failure(err: &str) -> Result<Failure, Unavailable> {
    let told = err.split_once("An error occurred (").and_then(|(_, rest)| rest.split_once(')'));
    if let Some((code, rest)) = told {
        let message = rest.split_once(": ").map_or(rest, |(_, message)| message).trim().to_owned();
        return Ok(Failure { code: code.to_owned(), message, ..Failure::default() });
    }
    let last = err.trim().lines().last().unwrap_or_default().trim();
    if last.contains("Unable to locate credentials") || last.contains("could not be found") && last.contains("profile")
    {
        return Err(without_credentials());
    }
    if last.contains("endpoint") || last.contains("onnect") {
        let message = format!("Unable to execute HTTP request: {last}");
        return Ok(Failure { code: "SdkClientException".to_owned(), message, ..Failure::default() });
    }
    Err(Unavailable::new(format!("the AWS CLI could not make the call: {last}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_a_command() {
        let operations =
            ["putItem", "PutItem", "listObjectsV2", "describeDBClusters", "createAPIKey", "sendTaskSuccess"];
        assert_eq!(
            operations.map(kebab),
            ["put-item", "put-item", "list-objects-v2", "describe-db-clusters", "create-api-key", "send-task-success"]
        );
    }

    #[test]
    fn an_error_has_its_code_and_its_message() {
        let told = "\nAn error occurred (NotFound) when calling the Publish operation: Topic does not exist\n";
        let failure = failure(told).unwrap();
        assert_eq!((failure.code.as_str(), failure.message.as_str()), ("NotFound", "Topic does not exist"));
        assert!(
            super::failure("Unable to locate credentials. You can configure them")
                .unwrap_err()
                .to_string()
                .contains("no credentials")
        );
        let none = super::failure("Could not connect to the endpoint URL: \"http://127.0.0.1:1/\"").unwrap();
        assert_eq!(none.code, "SdkClientException");
        assert!(
            super::failure("aws: error: argument operation: Invalid choice")
                .unwrap_err()
                .to_string()
                .contains("Invalid choice")
        );
    }
}
