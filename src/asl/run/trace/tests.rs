//! Whole rendered runs of small machines.

use std::time::Duration;

use serde_json::json;

use super::*;
use crate::asl::run::{
    Answer, Outcome, TaskError,
    session::{Machine, Run},
};

fn run(states: Json, input: Json) -> Run {
    let start = states.as_object().and_then(|states| states.keys().next().cloned()).unwrap();
    Machine::new(&json!({"StartAt": start, "States": states})).unwrap().run(input)
}

/// The tree alone, without how the run ended.
fn tree(outcome: &Outcome, width: usize, colour: bool) -> String {
    Tree { visits: &outcome.visits, width, colour }.to_string()
}

#[track_caller]
fn shows(run: Run, expected: &str) {
    assert_eq!(tree(&run.finish(), 100, false), expected.trim_start_matches('\n'));
}

fn task(end: Json) -> Json {
    let mut task = json!({
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": "render", "Payload.$": "$"},
        "OutputPath": "$.Payload",
    });
    task.as_object_mut().unwrap().extend(end.as_object().unwrap().clone());
    task
}

fn retry() -> Json {
    json!([{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "BackoffRate": 2, "MaxAttempts": 2}])
}

#[test]
fn states_stand_below_each_other_with_their_times() {
    let states = json!({
        "Prepare": {"Type": "Pass", "Result": 150, "ResultPath": "$.wait", "Next": "Is it long?"},
        "Is it long?": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.wait", "NumericGreaterThan": 100, "Next": "Wait a while"}],
            "Default": "Done",
        },
        "Wait a while": {"Type": "Wait", "SecondsPath": "$.wait", "Next": "Render"},
        "Render": task(json!({"Next": "Done"})),
        "Done": {"Type": "Succeed"},
    });
    let run = run(states, json!({"day": "Monday"}));
    shows(
        run.task("Render", |_| Ok(json!({"url": "https://a.b"}))),
        r#"
    0s  Prepare       Pass     {"day":"Monday"} → {"day":"Monday","wait":150}
    0s  Is it long?   Choice   {"day":"Monday","wait":150} → unchanged
    0s  Wait a while  Wait     {"day":"Monday","wait":150} → unchanged
2m 30s  Render        Task     {"day":"Monday","wait":150} → {"url":"https://a.b"}
2m 30s    sent {"FunctionName":"render","Payload":{"day… → {"Payload":{"url":"https://a.b"},"Execut…
2m 30s  Done          Succeed  {"url":"https://a.b"} → unchanged
"#,
    );
}

#[test]
fn attempts_are_listed_below_their_task() {
    let states = json!({"Render": task(json!({"Retry": retry(), "End": true}))});
    let run = run(states, json!({"n": 1})).task_with("Render", |call| match call.number() {
        1 => Answer::error("Lambda.TooManyRequestsException", "Rate Exceeded."),
        2 => Answer::error("Lambda.Unknown", "line 1\nline 2 \u{1b}[31m").after(Duration::from_millis(1_500)),
        _ => Answer::ok(json!({"url": "https://a.b"})),
    });
    shows(
        run,
        r#"
  0s  Render  Task  {"n":1} → {"url":"https://a.b"}
  0s    sent {"FunctionName":"render","Payload":{"n":1}}
  0s    attempt 1 failed Lambda.TooManyRequestsException: Rate Exceeded., again after 1s
  1s    attempt 2 failed Lambda.Unknown: line 1\nline 2 \u001b[31m, again after 2s
4.5s    attempt 3 → {"Payload":{"url":"https://a.b"},"ExecutedVersion":"$LATEST","SdkHttpMetadata":…
"#,
    );
}

#[test]
fn a_caught_error_says_where_it_went() {
    let states = json!({
        "Render": task(json!({
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Notify"}],
            "Next": "Notify",
        })),
        "Notify": task(json!({"Retry": retry(), "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Give up"}], "End": true})),
        "Give up": {"Type": "Fail", "Error": "GaveUp"},
    });
    let run = run(states, json!({"n": 1}))
        .task("Render", |_| Err(TaskError::new("TypeError", "x is undefined")))
        .task("Notify", |_| Err(TaskError::new("Sns.Throttled", "slow down")));
    shows(
        run,
        r#"
  0s  Render   Task  {"n":1} → {"n":1,"error":{"Error":"TypeError","Cause":"x is undefined"}}
  0s    sent {"FunctionName":"render","Payload":{"n":1}}
  0s  ↳ caught TypeError: x is undefined → Notify
  0s  Notify   Task  {"n":1,"error":{"Error":"TypeError","… → {"Error":"Sns.Throttled","Cause":"slo…
  0s    sent {"FunctionName":"render","Payload":{"n":1,"error":{"Error":"TypeError","Cause":"x is u…
  0s    attempt 1 failed Sns.Throttled: slow down, again after 1s
  1s    attempt 2 failed Sns.Throttled: slow down, again after 2s
  3s    attempt 3 failed Sns.Throttled: slow down
  3s  ↳ caught Sns.Throttled → Give up
  3s  Give up  Fail  {"Error":"Sns.Throttled","Cause":"slow down"} → failed GaveUp
"#,
    );
}

#[test]
fn branches_are_indented_and_those_cut_off_are_aborted() {
    let states = json!({
        "Both": {
            "Type": "Parallel",
            "Branches": [
                {"StartAt": "Slow", "States": {"Slow": {"Type": "Wait", "Seconds": 60, "End": true}}},
                {"StartAt": "Begin", "States": {
                    "Begin": {"Type": "Wait", "Seconds": 5, "Next": "Break"},
                    "Break": {"Type": "Fail", "Error": "Broken", "Cause": "on purpose"},
                }},
            ],
            "Retry": [{"ErrorEquals": ["Broken"], "MaxAttempts": 1}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Recover"}],
            "End": true,
        },
        "Recover": {"Type": "Pass", "End": true},
    });
    shows(
        run(states, json!({"n": 1})),
        r#"
  0s  Both     Parallel  {"n":1} → {"Error":"Broken","Cause":"on purpose"}
  0s  ┌ attempt 1 failed Broken: on purpose, again after 1s
      ├ branch 0
  0s  │ Slow   Wait      {"n":1} → aborted
      └ branch 1
  0s    Begin  Wait      {"n":1} → unchanged
  5s    Break  Fail      {"n":1} → failed Broken: on purpose
  6s  ┌ attempt 2 failed Broken: on purpose
      ├ branch 0
  6s  │ Slow   Wait      {"n":1} → aborted
      └ branch 1
  6s    Begin  Wait      {"n":1} → unchanged
 11s    Break  Fail      {"n":1} → failed Broken: on purpose
 11s  ↳ caught Broken → Recover
 11s  Recover  Pass      {"Error":"Broken","Cause":"on purpose"} → unchanged
"#,
    );
}

fn map(items: usize) -> Run {
    let states = json!({
        "Each": {
            "Type": "Map",
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "Halve",
                "States": {"Halve": {
                    "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:halve", "End": true,
                }},
            },
            "ToleratedFailurePercentage": 50,
            "ResultPath": null,
            "End": true,
        },
    });
    run(states, (0..items).collect()).task("Halve", |number| match number.as_u64() {
        Some(number) if number % 47 == 46 => Err(TaskError::new("Odd", "not today")),
        number => Ok(json!(number.map(|number| number * 2))),
    })
}

#[test]
fn iterations_are_indented() {
    shows(
        map(3),
        r#"
  0s  Each     Map   [0,1,2] → unchanged
      ├ item 0
  0s  │ Halve  Task  0 → unchanged
      ├ item 1
  0s  │ Halve  Task  1 → 2
      └ item 2
  0s    Halve  Task  2 → 4
"#,
    );
}

#[test]
fn of_many_iterations_the_first_the_last_and_those_that_failed_are_shown() {
    shows(
        map(100),
        r#"
  0s  Each     Map   [0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,… → unchanged
      ├ item 0
  0s  │ Halve  Task  0 → unchanged
      ├ item 1
  0s  │ Halve  Task  1 → 2
      ├ item 2
  0s  │ Halve  Task  2 → 4
      ├ item 3
  0s  │ Halve  Task  3 → 6
      ├ item 4
  0s  │ Halve  Task  4 → 8
      ├ item 5
  0s  │ Halve  Task  5 → 10
      ├ item 6
  0s  │ Halve  Task  6 → 12
      ├ item 7
  0s  │ Halve  Task  7 → 14
      ├ item 8
  0s  │ Halve  Task  8 → 16
      ├ item 9
  0s  │ Halve  Task  9 → 18
      ⋮ 36 items left out
      ├ item 46
  0s  │ Halve  Task  46 → failed Odd: not today
      ⋮ 46 items left out
      ├ item 93
  0s  │ Halve  Task  93 → failed Odd: not today
      ⋮ 5 items left out
      └ item 99
  0s    Halve  Task  99 → 198
"#,
    );
}

#[test]
fn a_parallel_in_a_map_keeps_its_lines() {
    let pass = |name: &str| json!({"StartAt": name, "States": {name: {"Type": "Pass", "End": true}}});
    let states = json!({
        "Each": {
            "Type": "Map",
            "ItemProcessor": {"StartAt": "Both", "States": {
                "Both": {"Type": "Parallel", "Branches": [pass("Left"), pass("Right")], "Next": "After"},
                "After": {"Type": "Succeed"},
            }},
            "End": true,
        },
    });
    shows(
        run(states, json!([1, 2])),
        r#"
  0s  Each       Map       [1,2] → [[1,1],[2,2]]
      ├ item 0
  0s  │ Both     Parallel  1 → [1,1]
      │ ├ branch 0
  0s  │ │ Left   Pass      1 → unchanged
      │ └ branch 1
  0s  │   Right  Pass      1 → unchanged
  0s  │ After    Succeed   [1,1] → unchanged
      └ item 1
  0s    Both     Parallel  2 → [2,2]
        ├ branch 0
  0s    │ Left   Pass      2 → unchanged
        └ branch 1
  0s      Right  Pass      2 → unchanged
  0s    After    Succeed   [2,2] → unchanged
"#,
    );
}

#[test]
fn long_payloads_are_cut_to_the_width() {
    let states = json!({
        "Übersetze die Überschrift": {"Type": "Pass", "Parameters": {"translated.$": "$.title"}, "Next": "Done"},
        "Done": {"Type": "Succeed"},
    });
    let outcome = run(states, json!({"title": "ÄÖÜ 日本語 ☕ ".repeat(20)})).finish();
    assert_eq!(
        tree(&outcome, 80, false),
        r#"
  0s  Übersetze die Überschrift  Pass    {"title":"ÄÖÜ 日… → {"translated":"ÄÖ…
  0s  Done                      Succeed  {"translated":"ÄÖÜ 日本語 … → unchanged
"#
        .trim_start_matches('\n')
    );
    for width in 0..200 {
        let text = tree(&outcome, width, false);
        assert!(text.lines().all(|line| columns(line) <= width.max(NARROWEST)), "{width}\n{text}");
    }
}

#[test]
fn colours_tell_how_a_state_ended() {
    let states = json!({
        "Try": {
            "Type": "Parallel",
            "Branches": [
                {"StartAt": "Slow", "States": {"Slow": {"Type": "Wait", "Seconds": 60, "End": true}}},
                {"StartAt": "Break", "States": {"Break": {"Type": "Fail", "Error": "Broken"}}},
            ],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Recover"}],
            "End": true,
        },
        "Recover": {"Type": "Pass", "End": true},
    });
    let text = tree(&run(states, json!(1)).finish(), 100, true);
    let codes = [("[2m", "<dim>"), ("[32m", "<green>"), ("[33m", "<yellow>"), ("[31m", "<red>"), ("[0m", "</>")];
    let text = codes.iter().fold(text, |text, (code, name)| text.replace(&format!("\u{1b}{code}"), name));
    assert_eq!(
        text,
        r#"
  <dim>0s</>  <yellow>Try</>      <dim>Parallel</>  1<dim> → </>{"Error":"Broken","Cause":null}
      <dim>├ </><dim>branch 0</>
  <dim>0s</>  <dim>│ </><yellow>Slow</>   <dim>Wait</>      1<dim> → </><yellow>aborted</>
      <dim>└ </><dim>branch 1</>
  <dim>0s</>    <red>Break</>  <dim>Fail</>      1<dim> → </><red>failed Broken</>
  <dim>0s</>  <dim>↳ </><yellow>caught Broken</><dim> → Recover</>
  <dim>0s</>  <green>Recover</>  <dim>Pass</>      {"Error":"Broken","Cause":null}<dim> → </><dim>unchanged</>
"#
        .trim_start_matches('\n')
    );
}

#[test]
fn a_long_run_is_cut_in_its_middle() {
    let states = json!({
        "Count": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input + 1 %}", "Next": "Enough?"},
        "Enough?": {
            "Type": "Choice", "QueryLanguage": "JSONata",
            "Choices": [{"Condition": "{% $states.input = 1000 %}", "Next": "Done"}], "Default": "Count",
        },
        "Done": {"Type": "Succeed"},
    });
    let outcome = run(states, json!(0)).finish();
    let text = tree(&outcome, 100, false);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 501);
    assert_eq!(
        lines[379..382].join("\n"),
        r#"
  0s  Enough?  Choice   190 → unchanged
      ⋮ 1501 lines left out
  0s  Enough?  Choice   941 → unchanged"#
            .trim_matches('\n')
    );
    assert!(lines[500].ends_with("Done     Succeed  1000 → unchanged"));
}

#[test]
fn a_state_that_the_execution_ended_in_is_unfinished() {
    let branch = |name: &str, state: Json| json!({"StartAt": name, "States": {name: state}});
    let resource = "arn:aws:lambda:us-east-1:123456789012:function:call";
    let mut call = json!({"Type": "Task", "Resource": resource, "Retry": retry(), "End": true});
    call["TimeoutSeconds"] = 60.into();
    let pick = json!({"Type": "Wait", "SecondsPath": "$.none", "End": true});
    let settle = json!({"Type": "Wait", "Seconds": 90, "Next": "Pick"});
    let late = json!({"StartAt": "Settle", "States": {"Settle": settle, "Pick": pick}});
    let states = json!({"Both": {"Type": "Parallel", "Branches": [branch("Call", call), late], "End": true}});
    shows(
        run(states, json!({})).task_with("Call", |_| Answer::never()),
        r#"
    0s  Both      Parallel  {} → unfinished
        ├ branch 0
    0s  │ Call    Task      {} → unfinished
    0s  │   attempt 1 failed States.Timeout, again after 1s
 1m 1s  │   attempt 2 unfinished
        └ branch 1
    0s    Settle  Wait      {} → unchanged
1m 30s    Pick    Wait      {} → failed States.Runtime: The SecondsPath parameter does not referenc…
"#,
    );
}

#[test]
fn what_was_sent_is_told_again_when_it_changes() {
    let states = json!({"Call": {
        "Type": "Task",
        "QueryLanguage": "JSONata",
        "Resource": "arn:aws:lambda:us-east-1:123456789012:function:call",
        "Arguments": {
            "left": "{% 2 - $states.context.State.RetryCount %}",
            "share": "{% $states.input.of[$states.context.State.RetryCount] %}",
        },
        "Retry": retry(),
        "End": true,
    }});
    let run = run(states, json!({"of": [1, 2]})).task("Call", |_| Err(TaskError::new("Busy", "")));
    shows(
        run,
        r#"
  0s  Call  Task  {"of":[1,2]} → failed States.QueryEvaluationError: The JSONata expression '$state…
  0s    sent {"left":2,"share":1}
  0s    attempt 1 failed Busy, again after 1s
  1s    sent {"left":1,"share":2}
  1s    attempt 2 failed Busy, again after 2s
  3s    attempt 3 failed States.QueryEvaluationError: The JSONata expression '$states.input.of[$sta…
"#,
    );
}

#[test]
fn what_nests_deep_still_fits() {
    let inner = json!({"StartAt": "Innermost", "States": {"Innermost": {"Type": "Pass", "End": true}}});
    let nested = (0..20).fold(inner, |branch, depth| {
        let name = format!("Level {depth}");
        json!({"StartAt": name, "States": {&name: {"Type": "Parallel", "Branches": [branch], "End": true}}})
    });
    let text = tree(&Machine::new(&nested).unwrap().run(json!(7)).finish(), 50, false);
    assert!(text.lines().all(|line| columns(line) <= 50), "{text}");
    assert!(text.contains("Innermost"), "{text}");
}
