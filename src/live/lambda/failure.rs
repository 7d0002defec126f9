//! What Lambda says of an invocation that did not succeed, and what Step Functions makes of it.

use std::{process::ExitStatus, time::Duration};

use serde_json::json;

use crate::{asl::run::Answer, json::Json};

/// The payload of an error that the function did not report itself.
fn payload(error_type: &str, message: String) -> Vec<u8> {
    json!({"errorMessage": message, "errorType": error_type}).to_string().into_bytes()
}

/// The process ended without a result.
pub(super) fn exited(request_id: &str, status: ExitStatus) -> Vec<u8> {
    let how = match how(status) {
        Some(how) => format!("Runtime exited with error: {how}"),
        None => "Runtime exited without providing a reason".to_owned(),
    };
    payload("Runtime.ExitError", format!("RequestId: {request_id} Error: {how}"))
}

/// The function needed more memory than its `MemorySize`.
pub(super) fn out_of_memory(request_id: &str) -> Vec<u8> {
    payload("Runtime.ExitError", format!("RequestId: {request_id} Error: Runtime exited with error: signal: killed"))
}

/// The function took longer than its `Timeout`.
pub(super) fn timed_out(request_id: &str, timeout: Duration) -> Vec<u8> {
    let text = format!("RequestId: {request_id} Error: Task timed out after {:.2} seconds", timeout.as_secs_f64());
    payload("Sandbox.Timedout", text)
}

/// The function returned more than may be returned.
pub(super) fn too_large(most: usize) -> Vec<u8> {
    let text = format!("Response payload size exceeded maximum allowed payload size ({most} bytes).");
    payload("Function.ResponseSizeTooLarge", text)
}

/// There is nothing to start in the code of the function.
pub(super) fn no_entrypoint(request_id: &str) -> Vec<u8> {
    let problem = "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]";
    payload("Runtime.InvalidEntrypoint", format!("RequestId: {request_id} Error: {problem}"))
}

/// The status of a process that failed, in Go's words.
fn how(status: ExitStatus) -> Option<String> {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        let name = match signal {
            1 => "hangup",
            2 => "interrupt",
            3 => "quit",
            4 => "illegal instruction",
            5 => "trace/breakpoint trap",
            6 => "aborted",
            7 => "bus error",
            8 => "floating point exception",
            9 => "killed",
            10 => "user defined signal 1",
            11 => "segmentation fault",
            12 => "user defined signal 2",
            13 => "broken pipe",
            14 => "alarm clock",
            15 => "terminated",
            other => return Some(format!("signal {other}")),
        };
        return Some(format!("signal: {name}"));
    }
    status.code().filter(|code| *code != 0).map(|code| format!("exit status {code}"))
}

/// The error of the task: the type of the function's error, and its payload as the cause. The cause is the one that
/// histories of the service have where there is no type.
///
/// Recorded: the integration `lambda:invoke` writes the payload anew, without spaces; a function that is the resource itself
/// has it as it is.
pub(super) fn answer(payload: &[u8], is_integration: bool) -> Answer {
    let error = serde_json::from_slice::<Json>(payload).ok();
    let text = match &error {
        Some(error) if is_integration => error.to_string(),
        _ => String::from_utf8_lossy(payload).into_owned(),
    };
    match error.as_ref().and_then(|error| error.get("errorType")).and_then(Json::as_str) {
        Some(name) if !name.is_empty() => Answer::error(name, text),
        _ => {
            let reason = "The cause could not be determined because Lambda did not return an error type.";
            Answer::error("Lambda.Unknown", format!("{reason} Returned payload: {text}"))
        }
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use super::*;

    fn message(payload: Vec<u8>) -> String {
        let payload: Json = serde_json::from_slice(&payload).unwrap();
        format!("{}: {}", payload["errorType"].as_str().unwrap(), payload["errorMessage"].as_str().unwrap())
    }

    #[test]
    fn an_end_without_a_result_says_how() {
        let exited = |raw: i32| message(exited("1", ExitStatus::from_raw(raw)));
        let begin = "Runtime.ExitError: RequestId: 1 Error: Runtime exited with";
        assert_eq!(exited(1 << 8), format!("{begin} error: exit status 1"));
        assert_eq!(exited(9), format!("{begin} error: signal: killed"));
        assert_eq!(exited(11), format!("{begin} error: signal: segmentation fault"));
        assert_eq!(exited(0), format!("{begin}out providing a reason"));
    }

    #[test]
    fn a_timeout_has_two_digits() {
        let text = message(timed_out("1", Duration::from_secs(3)));
        assert_eq!(text, "Sandbox.Timedout: RequestId: 1 Error: Task timed out after 3.00 seconds");
    }

    #[test]
    fn an_error_without_a_type_is_unknown() {
        let answer = format!("{:?}", answer(br#"{"errorMessage": "x"}"#, true));
        let cause = r#"did not return an error type. Returned payload: {\"errorMessage\":\"x\"}"#;
        assert!(answer.contains("Lambda.Unknown") && answer.contains(cause), "{answer}");
    }
}
