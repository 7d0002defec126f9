//! Real functions and the virtual clock.

use std::time::{Duration, Instant};

use formwork::asl::run::Status;
use serde_json::json;

use super::{machine, python, task};

const SLEEP: &str = "import time\ndef handler(event, context):\n    time.sleep(event['seconds'])\n    return event";

#[test]
fn iterations_have_processes_of_their_own_and_overlap() {
    let live =
        python("import os, time\ndef handler(event, context):\n    time.sleep(0.5)\n    return os.getpid()", json!({}));
    let each = json!({"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:F", "End": true});
    let machine = machine(json!({"S": {
        "Type": "Map",
        "ItemProcessor": {"StartAt": "I", "States": {"I": each}},
        "End": true,
    }}));
    let outcome = machine.run(json!([0, 1, 2, 3])).outside(live.clone()).finish();
    let mut processes: Vec<u64> = outcome.output().as_array().unwrap().iter().filter_map(|it| it.as_u64()).collect();
    let begin = Instant::now();
    let again = machine.run(json!([0, 1, 2, 3])).outside(live).finish();
    let took = begin.elapsed();
    processes.extend(again.output().as_array().unwrap().iter().filter_map(|it| it.as_u64()));
    processes.sort_unstable();
    processes.dedup();
    assert_eq!(processes.len(), 4, "warm processes are used again: {processes:?}");
    assert!(took < Duration::from_millis(1_500), "{took:?}");
}

#[test]
fn a_timeout_of_the_task_comes_before_that_of_the_function() {
    let live = python(SLEEP, json!({"Timeout": 30}));
    let begin = Instant::now();
    let outcome = task(json!({"seconds": 20}), json!({"TimeoutSeconds": 1})).outside(live.clone()).finish();
    assert_eq!(outcome.error(), Some("States.Timeout"));
    assert!(begin.elapsed() < Duration::from_secs(5));
    // The function goes on as it does there, and the next event finds another process.
    let outcome = task(json!({"seconds": 0}), json!({"TimeoutSeconds": 10})).outside(live).finish();
    assert_eq!(outcome.status(), Status::Succeeded);
}

#[test]
fn retries_are_not_waited_for() {
    let code = "n = 0\ndef handler(event, context):\n    global n\n    n += 1\n    if n < 3: raise RuntimeError('busy')\n    return n";
    let live = python(code, json!({}));
    let retry = json!([{"ErrorEquals": ["RuntimeError"], "IntervalSeconds": 600, "MaxAttempts": 2, "BackoffRate": 1}]);
    let begin = Instant::now();
    let outcome = task(json!({}), json!({"Retry": retry})).outside(live).finish();
    assert_eq!(outcome.output(), json!(3));
    assert!(begin.elapsed() < Duration::from_secs(10) && *outcome.elapsed() >= Duration::from_secs(1_200));
}
