//! Answers in the background: they overlap, real time passes while they are under way, and only then.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::{self, sleep},
    time::{Duration, Instant},
};

use formwork::asl::run::{Answer, Outside, Status, TaskCall, Unavailable};
use serde_json::{Value as Json, json};

use super::{FUNCTION, alone, jsonpath, run, seconds};

/// Milliseconds that a call takes, and what it is answered with.
type Work = fn(Json) -> (u64, Result<Answer, Unavailable>);

/// Services that take their time in the background.
struct Slow(Work);

impl Outside for Slow {
    fn call(&mut self, call: &TaskCall<'_>) -> Result<Answer, Unavailable> {
        let (work, input) = (self.0, call.input().clone());
        Ok(Answer::background(move || {
            let (pause, answer) = work(input);
            sleep(Duration::from_millis(pause));
            answer
        }))
    }
}

fn task(fields: Json) -> Json {
    let mut state = json!({"Type": "Task", "Resource": FUNCTION});
    for (name, value) in fields.as_object().into_iter().flatten() {
        state[name] = value.clone();
    }
    state
}

fn ending(fields: Json) -> Json {
    let mut state = task(fields);
    state["End"] = true.into();
    state
}

fn map(concurrency: u64, state: Json) -> Json {
    alone(json!({
        "Type": "Map",
        "MaxConcurrency": concurrency,
        "ItemProcessor": {"StartAt": "I", "States": {"I": state}},
    }))
}

/// Answers with the input after a tenth of a second.
fn tenth(input: Json) -> (u64, Result<Answer, Unavailable>) {
    (100, Ok(Answer::ok(input)))
}

#[test]
fn iterations_overlap() {
    let items: Json = (0..20).collect::<Vec<u64>>().into();
    let begin = Instant::now();
    let outcome = run(map(0, ending(json!({}))), items.clone()).outside(Slow(tenth)).finish();
    let took = begin.elapsed();
    assert_eq!(outcome.output(), items);
    assert!(took < Duration::from_millis(1_000), "{took:?}");
    let virtually = *outcome.elapsed();
    assert!(virtually >= Duration::from_millis(95) && virtually <= took, "{virtually:?}");
}

#[test]
fn no_more_of_them_than_may_be() {
    static NOW: AtomicUsize = AtomicUsize::new(0);
    static MOST: AtomicUsize = AtomicUsize::new(0);
    struct Counting;
    impl Outside for Counting {
        fn call(&mut self, _: &TaskCall<'_>) -> Result<Answer, Unavailable> {
            Ok(Answer::background(|| {
                MOST.fetch_max(NOW.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                sleep(Duration::from_millis(20));
                NOW.fetch_sub(1, Ordering::SeqCst);
                Ok(Answer::ok(json!(1)))
            }))
        }
    }
    let items: Json = vec![0; 12].into();
    let outcome = run(map(3, ending(json!({}))), items).outside(Counting).finish();
    assert_eq!(outcome.status(), Status::Succeeded);
    assert_eq!(MOST.load(Ordering::SeqCst), 3);
}

#[test]
fn a_timeout_fires_in_real_time_and_the_late_answer_is_dropped() {
    let slow: Work = |input| (if input == json!("slow") { 1_500 } else { 0 }, Ok(Answer::ok(json!("answered"))));
    let states = json!({
        "S": task(json!({
            "TimeoutSeconds": 1,
            "Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "Wait"}],
            "Next": "Wait",
        })),
        "Wait": {"Type": "Wait", "Seconds": 3600, "Result": 1, "Next": "Again"},
        "Again": {"Type": "Pass", "Result": "late", "End": true},
    });
    let mut workflow = jsonpath(states);
    workflow["States"]["Wait"].as_object_mut().unwrap().remove("Result");
    let begin = Instant::now();
    let outcome = run(workflow, json!("slow")).outside(Slow(slow)).finish();
    let took = begin.elapsed();
    assert_eq!(outcome.output(), "late");
    assert!(took >= Duration::from_millis(990) && took < Duration::from_millis(1_450), "{took:?}");
    // The wait afterwards takes no time, though the call is still under way.
    assert_eq!(seconds(&outcome), 3601.0);
}

#[test]
fn waits_beside_a_call_pass_as_it_does() {
    let workflow = alone(json!({
        "Type": "Parallel",
        "Branches": [
            {"StartAt": "Call", "States": {"Call": ending(json!({}))}},
            {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 5, "End": true}}},
        ],
    }));
    let begin = Instant::now();
    let outcome = run(workflow, json!(1)).outside(Slow(tenth)).finish();
    // Once there is an answer, the rest of the wait is skipped.
    assert!(begin.elapsed() < Duration::from_secs(2));
    assert_eq!(outcome.output(), json!([1, 1]));
    assert_eq!(seconds(&outcome), 5.0);
}

#[test]
fn errors_delays_and_silence_are_answers_there_too() {
    let failing: Work = |_| (1, Ok(Answer::error("Busy", "later")));
    let retry = json!([{"ErrorEquals": ["Busy"], "IntervalSeconds": 60, "MaxAttempts": 2, "BackoffRate": 1}]);
    let outcome = run(alone(task(json!({"Retry": retry}))), json!(1)).outside(Slow(failing)).finish();
    assert_eq!(outcome.calls("S").len(), 3);
    assert_eq!(outcome.error(), Some("Busy"));
    assert!(*outcome.elapsed() >= Duration::from_secs(120));

    let late: Work = |input| (1, Ok(Answer::ok(input).after(Duration::from_secs(30))));
    let outcome = run(alone(task(json!({}))), json!(1)).outside(Slow(late)).finish();
    assert!(*outcome.elapsed() >= Duration::from_secs(30) && *outcome.output() == json!(1));
    let outcome = run(alone(task(json!({"TimeoutSeconds": 20}))), json!(1)).outside(Slow(late)).finish();
    assert_eq!(outcome.error(), Some("States.Timeout"));
    assert_eq!(seconds(&outcome), 20.0);

    let silent: Work = |_| (1, Ok(Answer::never()));
    let outcome = run(alone(task(json!({"HeartbeatSeconds": 600}))), json!(1)).outside(Slow(silent)).finish();
    assert_eq!(seconds(&outcome), 600.0);

    let within: Work =
        |input| (1, Ok(Answer::background(move || Ok(Answer::background(move || Ok(Answer::ok(input)))))));
    assert_eq!(run(alone(task(json!({}))), json!(5)).outside(Slow(within)).finish().output(), json!(5));
}

/// Three heartbeats, then silence.
#[test]
fn a_heartbeat_puts_the_timeout_off() {
    struct Beating;
    impl Outside for Beating {
        fn call(&mut self, _: &TaskCall<'_>) -> Result<Answer, Unavailable> {
            Ok(Answer::beating(|heartbeat| {
                for _ in 0..3 {
                    sleep(Duration::from_millis(500));
                    heartbeat.send();
                }
                sleep(Duration::from_millis(500));
                Ok(Answer::ok(json!("done")))
            }))
        }
    }
    let outcome = run(alone(task(json!({"HeartbeatSeconds": 1}))), json!(1)).outside(Beating).finish();
    assert_eq!(outcome.output(), "done");
    assert!(*outcome.elapsed() >= Duration::from_millis(1_900));
    // The task's own time goes on.
    let limits = json!({"HeartbeatSeconds": 1, "TimeoutSeconds": 2});
    let begin = Instant::now();
    let slow: Work = |_| (0, Ok(Answer::ok(json!(1)).after(Duration::from_secs(30))));
    let outcome = run(alone(task(limits)), json!(1)).outside(Slow(slow)).finish();
    assert_eq!((outcome.error().is_some(), seconds(&outcome)), (true, 1.0));
    assert!(begin.elapsed() < Duration::from_secs(1));
}

#[test]
fn the_work_of_an_answer_is_done_once() {
    struct Twice(Answer);
    impl Outside for Twice {
        fn call(&mut self, _: &TaskCall<'_>) -> Result<Answer, Unavailable> {
            Ok(self.0.clone())
        }
    }
    let outside = Twice(Answer::background(|| Ok(Answer::ok(json!(1)))));
    let outcome = run(map(1, ending(json!({}))), json!([1, 2])).outside(outside).finish();
    assert!(outcome.diagnostics()[0].to_string().contains("the work of an answer is done already"));
}

#[test]
fn what_cannot_be_done_stops_the_run() {
    let unable: Work = |_| (1, Err(Unavailable::new("there is no such thing; expected one")));
    let outcome = run(alone(task(json!({}))), json!(1)).outside(Slow(unable)).finish();
    let said = outcome.diagnostics()[0].to_string();
    assert_eq!(said, "error[F3001]: there is no such thing; expected one\n  at   /States/S");

    struct Panicking;
    impl Outside for Panicking {
        fn call(&mut self, _: &TaskCall<'_>) -> Result<Answer, Unavailable> {
            Ok(Answer::background(|| panic!("a fault of the outside")))
        }
    }
    let outcome = run(alone(task(json!({}))), json!(1)).outside(Panicking).finish();
    assert!(outcome.diagnostics()[0].to_string().contains("has panicked"));
}

#[test]
fn the_failure_of_one_branch_does_not_wait_for_the_others() {
    let mixed: Work = |input| match input == json!("fail") {
        true => (10, Ok(Answer::error("No", "never"))),
        false => (3_000, Ok(Answer::ok(input))),
    };
    let begin = Instant::now();
    let outcome = run(map(0, ending(json!({}))), json!(["slow", "fail", "slow"])).outside(Slow(mixed)).finish();
    assert_eq!(outcome.error(), Some("No"));
    assert!(begin.elapsed() < Duration::from_millis(2_000));
}

#[test]
fn what_was_logged_is_in_the_trace_and_in_the_json() {
    let logging: Work = |_| (0, Ok(Answer::ok(json!(1)).logs("one\ttwo\n\u{1b}[2Jthree\n")));
    let outcome = run(alone(task(json!({}))), json!(0)).outside(Slow(logging)).finish();
    assert_eq!(outcome.to_json()["logs"], json!([{"state": "S", "text": "one\ttwo\n\u{1b}[2Jthree\n"}]));
    let trace = outcome.trace(80, false).to_string();
    assert!(trace.contains("\u{2502} one  two\n") && trace.contains("\u{2502} \\u001b[2Jthree\n"), "{trace}");
}

#[test]
fn real_time_is_kept_where_it_is_asked_for() {
    let workflow = || alone(json!({"Type": "Wait", "Seconds": 1}));
    let begin = Instant::now();
    let outcome = run(workflow(), json!(1)).real_time(true).finish();
    assert!(begin.elapsed() >= Duration::from_millis(990), "{:?}", begin.elapsed());
    assert_eq!(seconds(&outcome), 1.0);
}

#[test]
fn a_run_ends_when_it_is_interrupted() {
    let flag = Arc::new(AtomicBool::new(false));
    let setter = Arc::clone(&flag);
    let slow: Work = |input| (5_000, Ok(Answer::ok(input)));
    let begin = Instant::now();
    thread::spawn(move || {
        sleep(Duration::from_millis(100));
        setter.store(true, Ordering::Relaxed);
    });
    let outcome = run(alone(task(json!({}))), json!(1)).outside(Slow(slow)).interrupt(flag).finish();
    assert!(begin.elapsed() < Duration::from_secs(2));
    assert_eq!((*outcome.status(), outcome.diagnostics().len()), (Status::Aborted, 0));
    assert_eq!(outcome.to_json()["events"].as_array().unwrap().last().unwrap()["type"], "ExecutionAborted");
    assert!(outcome.to_string().contains("stopped after "), "{outcome}");
}
