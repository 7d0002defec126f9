//! Handlers that do what none should: each is a failed task, and nothing of it is left.

use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use super::{eventually, failed, invoke, logs, processes_with, python, returned};

/// The message of the error that a function ends with, without the id of the request.
#[track_caller]
fn error(code: &str, properties: Json) -> String {
    let live = python(code, properties);
    let (error, cause) = failed(&invoke(&live, json!({})));
    let message = cause["errorMessage"].as_str().unwrap_or_default();
    assert!(message.starts_with("RequestId: "), "{message}");
    format!("{error}: {}", message.get(48..).unwrap_or_default())
}

#[test]
fn a_process_that_ends_is_an_error() {
    let handler = |line: &str| format!("import ctypes, os, signal, sys\ndef handler(event, context):\n    {line}");
    let exit = |line: &str| error(&handler(line), json!({}));
    assert_eq!(exit("os._exit(3)"), "Runtime.ExitError: Error: Runtime exited with error: exit status 3");
    assert_eq!(exit("sys.exit(1)"), "Runtime.ExitError: Error: Runtime exited with error: exit status 1");
    assert_eq!(exit("sys.exit()"), "Runtime.ExitError: Error: Runtime exited without providing a reason");
    let killed = "Runtime.ExitError: Error: Runtime exited with error: signal: killed";
    assert_eq!(exit("os.kill(os.getpid(), signal.SIGKILL)"), killed);
    assert_eq!(
        exit("ctypes.string_at(0)"),
        "Runtime.ExitError: Error: Runtime exited with error: signal: segmentation fault"
    );
    assert_eq!(exit("os.abort()"), "Runtime.ExitError: Error: Runtime exited with error: signal: aborted");
    let loading = error("import os\nos._exit(7)", json!({}));
    assert_eq!(loading, "Runtime.ExitError: Error: Runtime exited with error: exit status 7");
}

#[test]
fn the_next_invocation_has_a_new_process() {
    let live = python(
        "import os\nn = 0\ndef handler(event, context):\n    global n\n    n += 1\n    if event.get('exit'): os._exit(1)\n    return n",
        json!({}),
    );
    assert_eq!(returned(&live, json!({})), 1);
    assert_eq!(returned(&live, json!({})), 2);
    failed(&invoke(&live, json!({"exit": true})));
    assert_eq!(returned(&live, json!({})), 1);
}

/// It ends once its result is taken, before anybody gives it another event.
#[test]
fn a_process_that_ends_between_two_events_is_nobodys_fault() {
    let code = "
import os, threading, time
def handler(event, context):
    threading.Thread(target=lambda: (time.sleep(0.05), os._exit(1))).start()
    return os.getpid()
";
    let live = python(code, json!({}));
    let first = returned(&live, json!({}));
    std::thread::sleep(Duration::from_millis(200));
    assert_ne!(returned(&live, json!({})), first);
}

#[test]
fn what_takes_too_long_is_killed() {
    let begin = Instant::now();
    let said = error("def handler(event, context):\n    while True: pass", json!({"Timeout": 1}));
    assert_eq!(said, "Sandbox.Timedout: Error: Task timed out after 1.00 seconds");
    assert!(begin.elapsed() < Duration::from_secs(4));
    let live = python("import time\ndef handler(event, context):\n    time.sleep(60)", json!({"Timeout": 1}));
    let outcome = invoke(&live, json!({}));
    assert!(logs(&outcome).contains(" Task timed out after 1.00 seconds\nEND RequestId: "), "{}", logs(&outcome));
}

#[test]
fn what_takes_too_much_memory_is_killed() {
    let bomb = "def handler(event, context):\n    x = []\n    while True: x.append(bytearray(5_000_000))";
    let killed = "Runtime.ExitError: Error: Runtime exited with error: signal: killed";
    assert_eq!(error(bomb, json!({"Timeout": 30})), killed);
    assert_eq!(error("x = []\nwhile True: x.append(bytearray(5_000_000))", json!({"Timeout": 30})), killed);
    let of_child = "
import subprocess, sys
def handler(event, context):
    subprocess.run([sys.executable, '-c', 'x = []\\nwhile len(x) < 400: x.append(bytearray(5_000_000))\\nimport time; time.sleep(20)'])
";
    assert_eq!(error(of_child, json!({"Timeout": 30})), killed);
}

#[test]
fn much_output_is_read_and_not_kept() {
    let code = "def handler(event, context):\n    for _ in range(10_000): print('x' * 1_000)\n    return 'done'";
    let live = python(code, json!({"Timeout": 30}));
    let outcome = invoke(&live, json!({}));
    assert_eq!(outcome.output(), "done");
    let logs = logs(&outcome);
    assert!(logs.len() < 300_000 && logs.contains(" bytes left out\n"), "{}", logs.len());
    assert!(logs.trim_end().lines().last().unwrap().starts_with("REPORT RequestId: "));
}

#[test]
fn a_result_that_is_too_large_is_an_error() {
    let returns =
        |bytes: u32| python(&format!("def handler(event, context):\n    return 'x' * {bytes}"), json!({"Timeout": 30}));
    let (error, cause) = failed(&invoke(&returns(7_000_000), json!({})));
    assert_eq!(error, "Function.ResponseSizeTooLarge");
    assert_eq!(cause["errorMessage"], "Response payload size exceeded maximum allowed payload size (6291556 bytes).");
    // Lambda takes it, and Step Functions does not.
    assert_eq!(invoke(&returns(300_000), json!({})).error(), Some("States.DataLimitExceeded"));
}

#[test]
fn closed_streams_harm_nobody() {
    let code = "
import os, sys
def handler(event, context):
    sys.stdout.close()
    os.close(2)
    return 'fine'
";
    let live = python(code, json!({}));
    assert_eq!(returned(&live, json!({})), "fine");
    let (error, _) = failed(&invoke(&live, json!({})));
    assert_eq!(error, "OSError");
}

#[test]
fn children_end_with_the_run() {
    let marker = format!("marker-{}", std::process::id());
    let code = format!(
        "
import os, subprocess
def handler(event, context):
    subprocess.Popen(['sh', '-c', 'sleep 300; : {marker}'])
    # One that leaves the group, as a daemon does.
    subprocess.Popen(['sh', '-c', 'sleep 300; : {marker}'], start_new_session=True)
    if os.fork() == 0:
        os.execvp('sh', ['sh', '-c', 'sleep 300; : {marker}'])
    return 'fine'
"
    );
    let live = python(&code, json!({}));
    assert_eq!(returned(&live, json!({})), "fine");
    eventually("the start of the children", || processes_with(&marker).len() == 3);
    live.close();
    eventually("the end of the children", || processes_with(&marker).is_empty());
}

#[test]
fn temporary_files_go_with_the_run() {
    let code = "
import os, tempfile
def handler(event, context):
    file = tempfile.NamedTemporaryFile(delete=False)
    return [file.name, os.environ['LAMBDA_TASK_ROOT']]
";
    let live = python(code, json!({}));
    let files = returned(&live, json!({}));
    let files: Vec<&std::path::Path> =
        files.as_array().unwrap().iter().map(|it| it.as_str().unwrap().as_ref()).collect();
    assert!(files.iter().all(|file| file.exists()));
    live.close();
    assert!(files.iter().all(|file| !file.exists()), "{files:?}");
    let said = invoke(&live, json!({})).diagnostics()[0].to_string();
    assert!(said.contains("the run is over"), "{said}");
}
