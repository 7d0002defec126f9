//! What ends a run that would not end by itself, and what bounds its data.

use std::{fs, time::Duration};

use formwork::asl::run::{Answer, Event, Machine, Outcome, Status, TaskError};
use serde_json::{Value as Json, json};

use crate::{again, definition, diagnostic, failure, finish, machine};

const FULL: &str = "The execution reached the maximum number of history events (25000).";

fn is_full(events: &[Event]) -> bool {
    let last = events.last().expect("a run has events");
    (last.id, last.previous_event_id, last.kind) == (25_000, 24_999, "ExecutionFailed")
}

#[test]
fn an_endless_loop_ends_with_the_event_25000() {
    let pass = machine("JSONPath", again("JSONPath", json!({"Type": "Pass"})));
    let publish = json!({"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"Message": "m"}});
    let task = machine("JSONPath", again("JSONPath", publish));
    for run in [pass.run(json!({})), task.run(json!({})).task("A", |_| Ok(json!(1)))] {
        let outcome = finish(run);
        assert_eq!(failure(&outcome), ("States.Runtime".to_owned(), FULL.to_owned()));
        assert!(is_full(outcome.events()));
    }
}

/// `rounds` of a loop with four events after six others, then three at the end.
fn counted(rounds: usize) -> Machine {
    machine(
        "JSONata",
        json!({
            "T": {
                "Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Arguments": {"Message": "m"}, "Assign": {"n": 0},
                "Next": "A",
            },
            "A": {"Type": "Pass", "Assign": {"n": "{% $n + 1 %}"}, "Next": "C"},
            "C": {
                "Type": "Choice", "Default": "A",
                "Choices": [{"Condition": format!("{{% $n = {rounds} %}}"), "Next": "Z"}],
            },
            "Z": {"Type": "Succeed"},
        }),
    )
}

#[test]
fn an_execution_that_ends_just_in_time_succeeds_and_one_event_later_it_fails() {
    let outcome = finish(counted(6_247).run(json!({})).task("T", |_| Ok(json!(1))));
    assert_eq!(outcome.status(), Status::Succeeded);
    assert_eq!(outcome.events().len(), 24_997);
    // Here the last state's exit would be event 25,000.
    let outcome = finish(counted(6_248).run(json!({})).task("T", |_| Ok(json!(1))));
    assert_eq!(failure(&outcome).1, FULL);
    assert!(is_full(outcome.events()));
}

#[test]
fn an_endless_express_workflow_times_out() {
    let pass = machine("JSONPath", again("JSONPath", json!({"Type": "Pass"})));
    assert_eq!(finish(pass.run(json!({})).express(true)).status(), Status::TimedOut);
    let wait = machine("JSONPath", again("JSONPath", json!({"Type": "Wait", "Seconds": 7})));
    let outcome = finish(wait.run(json!({})).express(true));
    assert_eq!(outcome.status(), Status::TimedOut);
    assert_eq!(outcome.elapsed(), Duration::from_secs(300));
}

#[test]
fn a_task_that_never_answers_ends_with_the_year() {
    let task =
        machine("JSONPath", json!({"A": {"Type": "Task", "Resource": "arn:aws:lambda:::function:f", "End": true}}));
    for answer in [Answer::never(), Answer::ok(json!(1)).after(Duration::MAX)] {
        let outcome = finish(task.run(json!({})).task_with("A", move |_| answer.clone()));
        assert_eq!(outcome.status(), Status::TimedOut);
        assert_eq!(outcome.elapsed(), Duration::from_secs(365 * 86_400));
    }
}

#[test]
fn a_payload_has_at_most_262144_bytes() {
    let large = "The state/task 'A' returned a result with a size exceeding the maximum number of bytes service limit.";
    let limit = ("States.DataLimitExceeded".to_owned(), large.to_owned());
    let pad = |length: usize| json!({"A": {"Type": "Pass", "Output": format!("{{% $pad('', {length}, 'x') %}}"), "End": true}});
    assert_eq!(finish(machine("JSONata", pad(262_142)).run(json!({}))).status(), Status::Succeeded);
    assert_eq!(failure(&finish(machine("JSONata", pad(262_143)).run(json!({})))), limit);

    let arn = "arn:aws:lambda:us-east-1:123456789012:function:f";
    let task = machine("JSONPath", json!({"A": {"Type": "Task", "Resource": arn, "End": true}}));
    let text = |length: usize| Json::String("é".repeat(length / 2 - 1));
    assert_eq!(finish(task.run(json!({})).task("A", move |_| Ok(text(262_144)))).status(), Status::Succeeded);
    let outcome = finish(task.run(json!({})).task("A", move |_| Ok(text(262_146))));
    assert_eq!(failure(&outcome), (limit.0.clone(), large.replace("'A'", &format!("'{arn}'"))));

    let pass = machine("JSONPath", json!({"A": {"Type": "Pass", "End": true}}));
    assert_eq!(finish(pass.run(text(262_144))).status(), Status::Succeeded);
    let refused = "the input is too large; expected at most 262144 bytes of JSON";
    assert_eq!(diagnostic(&finish(pass.run(text(262_146)))), ("F3004".to_owned(), refused.to_owned()));

    // What a state sends, and what it assigns.
    let send = json!({"A": {
        "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": true,
        "Arguments": {"QueueUrl": "q", "MessageBody": {"a": "{% $states.input %}", "b": "{% $states.input %}"}},
    }});
    let outcome = finish(machine("JSONata", send).run(text(200_000)).task("A", |_| Ok(json!(1))));
    assert_eq!(failure(&outcome).0, "States.DataLimitExceeded");
    let assign =
        json!({"A": {"Type": "Pass", "End": true, "Assign": {"a": "{% $states.input %}", "b": "{% $states.input %}"}}});
    assert_eq!(failure(&finish(machine("JSONata", assign).run(text(200_000)))).0, "States.DataLimitExceeded");
}

#[test]
fn what_doubles_ends_with_its_size() {
    let text = "x";
    for (language, state, input, rounds) in [
        ("JSONata", json!({"Type": "Pass", "Output": "{% $states.input & $states.input %}"}), json!(text), 18),
        ("JSONPath", json!({"Type": "Pass", "Parameters": {"a.$": "$", "b.$": "$"}}), json!(text), 15),
        (
            "JSONPath",
            json!({"Type": "Pass", "Parameters": {"a.$": "States.Format('{}{}', $.a, $.a)"}}),
            json!({"a": text}),
            18,
        ),
        ("JSONata", json!({"Type": "Pass", "Assign": {"v": "{% 'x' & ($exists($v) ? $v & $v) %}"}}), json!({}), 18),
    ] {
        let outcome = finish(machine(language, again(language, state)).run(input));
        assert_eq!(failure(&outcome).0, "States.DataLimitExceeded");
        assert_eq!(outcome.visited().iter().filter(|name| **name == "A").count(), rounds);
    }
}

#[test]
fn a_template_is_not_made_larger_than_any_payload() {
    let members: serde_json::Map<String, Json> = (0..2_000).map(|i| (format!("m{i}.$"), json!("$"))).collect();
    let pass = json!({"A": {"Type": "Pass", "Parameters": members, "End": true}});
    let outcome = finish(machine("JSONPath", pass).run(json!(vec![0; 100_000])));
    assert_eq!(failure(&outcome).0, "States.DataLimitExceeded");
    let call = format!("States.Array({})", vec!["$"; 2_000].join(", "));
    let pass = json!({"A": {"Type": "Pass", "Parameters": {"a.$": call}, "End": true}});
    let (error, cause) = failure(&finish(machine("JSONPath", pass).run(json!(vec![0; 100_000]))));
    assert_eq!(error, "States.Runtime");
    assert!(cause.ends_with("had the following error: its values are too large"), "{cause}");
}

#[test]
fn an_inline_map_over_a_hundred_thousand_items_ends_with_its_history() {
    let map = json!({"M": {
        "Type": "Map", "Items": "{% [1..100000] %}", "End": true,
        "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "Output": 1, "End": true}}},
    }});
    let outcome = finish(machine("JSONata", map).run(json!({})));
    assert_eq!(failure(&outcome).1, FULL);
    assert!(is_full(outcome.events()));
}

#[test]
fn maps_in_maps_end_with_their_history() {
    let inner = json!({"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": [1, 2], "End": true}}});
    let nested = (0..30).fold(inner, |inner, level| {
        let name = format!("M{level}");
        json!({"StartAt": name, "States": {name: {
            "Type": "Map", "ItemsPath": "$", "End": true, "ItemProcessor": inner,
            "ItemSelector": {"list": [1, 2, 3]}, "ResultSelector": {"n.$": "$[0]"},
        }}})
    });
    // Each iteration gets an object, so that the paths are those of the items.
    let text = nested.to_string().replace(r#""ItemsPath":"$""#, r#""ItemsPath":"$.list""#);
    let machine = Machine::new(&serde_json::from_str(&text).expect("it was JSON before")).expect("it is valid");
    let outcome = finish(machine.run(json!({"list": [1, 2, 3]})));
    assert_eq!(failure(&outcome).1, FULL);
    assert!(is_full(outcome.events()));
}

/// Seconds after a `Map`, in which whatever it left behind would wake.
const LATER: u64 = 100;

fn distributed(states: Json, express: bool) -> Machine {
    let mut processor = definition::of(states);
    let kind = if express { "EXPRESS" } else { "STANDARD" };
    processor["ProcessorConfig"] = json!({"Mode": "DISTRIBUTED", "ExecutionType": kind});
    machine(
        "JSONata",
        json!({"M": {
            "Type": "Map", "Items": "{% [1..$states.input] %}", "ToleratedFailurePercentage": 100, "Next": "L",
            "ItemProcessor": processor,
        }, "L": {"Type": "Wait", "Seconds": LATER, "End": true}}),
    )
}

/// The errors of the items of a distributed Map, all of which have failed.
fn errors(outcome: &Outcome) -> Vec<String> {
    let output = outcome.output();
    let failed = output.as_array().into_iter().flatten().filter(|item| item["Status"] == "FAILED");
    failed.map(|item| item["Error"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn the_executions_of_a_distributed_map_have_their_own_limits() {
    let endless = again("JSONata", json!({"Type": "Pass", "Output": 1}));
    let outcome = finish(distributed(endless.clone(), false).run(json!(2)));
    assert_eq!(errors(&outcome), ["States.Runtime"; 2]);
    let slow = json!({"W": {"Type": "Wait", "Seconds": 301, "End": true}});
    let outcome = finish(distributed(slow, true).run(json!(3)));
    assert_eq!(errors(&outcome), ["States.Timeout"; 3]);
    assert_eq!(outcome.elapsed(), Duration::from_secs(300 + LATER));
}

#[test]
fn an_execution_that_fails_takes_what_runs_in_it_along() {
    // The branch that fails does so for good; the one beside it must not come back to a parent that is gone.
    let states = json!({
        "P": {
            "Type": "Parallel", "End": true, "Branches": [
                {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 2, "End": true}}},
                {"StartAt": "I", "States": {"I": {
                    "Type": "Map", "MaxConcurrency": 1, "End": true,
                    "Items": [1, 2], "ItemSelector": "{% $states.context.Map.Item.Index = 1 ? $error('no') : 1 %}",
                    "ItemProcessor": {"StartAt": "V", "States": {"V": {"Type": "Wait", "Seconds": 1, "End": true}}},
                }}},
            ],
        },
    });
    let outcome = finish(distributed(states, false).run(json!(200)));
    assert_eq!(errors(&outcome), ["States.QueryEvaluationError"; 200]);
    // A history that is full while branches run, again and again in the place of the one before.
    let states = json!({
        "P": {
            "Type": "Parallel", "End": true, "Branches": [
                definition::of(again("JSONata", json!({"Type": "Pass"}))),
                {"StartAt": "C", "States": {"C": {"Type": "Wait", "Seconds": 1, "End": true}}},
            ],
        },
    });
    let outcome = finish(distributed(states, false).run(json!(3)));
    assert_eq!(errors(&outcome), ["States.Runtime"; 3]);
}

#[test]
fn failures_of_the_service_itself_take_inner_maps_along() {
    // In JSONPath a path that leads nowhere ends the whole execution, here that of an item while iterations run in it.
    let inner = json!({"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 1, "End": true}}});
    let map = json!({
        "Type": "Map", "ItemsPath": "$.list", "MaxConcurrency": 2, "End": true, "ItemProcessor": inner,
        "ItemSelector": {"x.$": "$$.Map.Item.Value.x"},
    });
    let definition = json!({"StartAt": "M", "States": {"M": {
        "Type": "Map", "ItemsPath": "$", "ToleratedFailurePercentage": 100, "MaxConcurrency": 2, "Next": "L",
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "I", "States": {"I": map},
        },
    }, "L": {"Type": "Wait", "Seconds": LATER, "End": true}}});
    let item = json!({"list": [{"x": 1}, {"x": 2}, {"x": 3}, {}]});
    let outcome = finish(Machine::new(&definition).expect("it is valid").run(json!(vec![item; 50])));
    assert_eq!(errors(&outcome), ["States.Runtime"; 50]);
}

#[test]
fn what_is_tried_again_in_silence_is_ended() {
    let retry = json!([{"ErrorEquals": ["States.ALL"], "MaxAttempts": 99_999_999, "BackoffRate": 1.0}]);
    let send = json!({"A": {
        "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Retry": retry, "End": true,
        "Arguments": {"QueueUrl": "q", "MessageBody": {"a": "{% $states.input %}", "b": "{% $states.input %}"}},
    }});
    let run = machine("JSONata", send).run(Json::String("x".repeat(140_000))).task("A", |_| Ok(json!(1)));
    let message = "`A` is tried again more than 100 times and tells nothing of it; expected an end";
    assert_eq!(diagnostic(&finish(run)), ("F3006".to_owned(), message.to_owned()));
}

#[test]
fn retriers_may_have_any_numbers_that_the_service_takes() {
    let run = |retrier: Json| {
        let mut state = json!({"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"Message": "m"}, "End": true});
        state["Retry"] = json!([retrier]);
        state["Retry"][0]["ErrorEquals"] = json!(["States.ALL"]);
        Machine::new(&json!({"StartAt": "A", "States": {"A": state}}))
            .map(|machine| finish(machine.run(json!({})).task("A", |_| Err(TaskError::new("E", "c")))))
    };
    for (field, value) in [
        ("BackoffRate", json!(0.5)),
        ("BackoffRate", json!(-1e308)),
        ("IntervalSeconds", json!(u64::MAX)),
        ("IntervalSeconds", json!(-1)),
        ("MaxAttempts", json!(1e18)),
        ("MaxAttempts", json!(i64::MIN)),
        ("MaxDelaySeconds", json!(0)),
    ] {
        assert!(run(json!({field: value})).is_err(), "{field} {value}");
    }
    let ended = |retrier: Json| *run(retrier).expect("the service takes these numbers").status();
    for jitter in ["NONE", "FULL"] {
        let most = 99_999_999;
        let extreme =
            json!({"BackoffRate": 1e308, "IntervalSeconds": most, "MaxAttempts": most, "JitterStrategy": jitter});
        assert_ne!(ended(extreme), Status::Succeeded);
    }
    assert_eq!(ended(json!({"BackoffRate": f64::MAX, "MaxAttempts": 99_999_999})), Status::TimedOut);
    assert_eq!(ended(json!({"BackoffRate": 1e308, "MaxDelaySeconds": 1, "MaxAttempts": 99_999_999})), Status::Failed);
    assert_eq!(ended(json!({"MaxAttempts": 0})), Status::Failed);
}

#[test]
fn waits_and_timeouts_may_have_any_numbers() {
    let wait = |fields: Json, input: Json| {
        let mut state = json!({"Type": "Wait", "End": true});
        state.as_object_mut().expect("it is an object").extend(fields.as_object().cloned().expect("it is an object"));
        finish(machine("JSONPath", json!({"W": state})).run(input))
    };
    let seconds = |value: Json| wait(json!({"SecondsPath": "$"}), value);
    assert_eq!(seconds(json!(0)).status(), Status::Succeeded);
    assert_eq!(seconds(json!(2_147_483_647)).status(), Status::TimedOut);
    let begin = "An error occurred while executing the state 'W' (entered at the event id #2). ";
    let cause = |outcome| failure(&outcome).1.strip_prefix(begin).map(str::to_owned).expect("it is a failure of W");
    assert_eq!(cause(seconds(json!(2_147_483_648_u64))), "Wait state delay is too long.");
    assert_eq!(cause(seconds(json!(i64::MAX))), "Wait state delay is too long.");
    assert_eq!(cause(seconds(json!(-1))), "The SecondsPath parameter references a negative value: $ == -1");
    for value in [json!(u64::MAX), json!(1e300), json!(0.5), json!("x"), json!(null), json!([])] {
        assert!(cause(seconds(value)).starts_with("The SecondsPath parameter cannot be parsed as a long value: $ == "));
    }
    let until = |text: &str| wait(json!({"TimestampPath": "$"}), json!(text));
    assert_eq!(until("0000-01-01T00:00:00Z").elapsed(), Duration::ZERO);
    assert_eq!(cause(until("9999-12-31T23:59:59Z")), "Wait state delay is too long.");
    for text in ["", "2026", "99999-01-01T00:00:00Z", "2026-13-01T00:00:00Z", "☕"] {
        assert!(cause(until(text)).starts_with("The TimestampPath parameter does not reference a valid ISO-8601"));
    }

    let arn = "arn:aws:lambda:us-east-1:123456789012:function:f";
    let task = json!({"T": {"Type": "Task", "Resource": arn, "TimeoutSecondsPath": "$.t", "HeartbeatSecondsPath": "$.h", "End": true}});
    let task = machine("JSONPath", task);
    for (t, h, expected) in [
        (json!(i64::MAX), json!(i64::MAX), Status::TimedOut),
        (json!(1), json!(i64::MAX), Status::Failed),
        (json!(0), json!(0), Status::Failed),
        (json!(-1), json!(1), Status::Failed),
        (json!(u64::MAX), json!(1e300), Status::Failed),
        (json!(f64::MIN), json!(1), Status::Failed),
    ] {
        let run = task.run(json!({"t": t, "h": h})).task_with("T", |_| Answer::never());
        assert_eq!(finish(run).status(), expected, "{t} {h}");
    }
}

#[test]
fn counts_of_a_map_may_have_any_numbers() {
    let map = json!({"M": {
        "Type": "Map", "ItemsPath": "$.items", "MaxConcurrencyPath": "$.n", "ToleratedFailureCountPath": "$.n",
        "ToleratedFailurePercentagePath": "$.n", "End": true,
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "F", "States": {"F": {"Type": "Fail"}},
        },
    }});
    let map = machine("JSONPath", map);
    for n in [
        json!(0),
        json!(1),
        json!(i64::MAX),
        json!(i64::MAX / 100),
        json!(-1),
        json!(u64::MAX),
        json!(1e308),
        json!("x"),
        json!([]),
    ] {
        finish(map.run(json!({"items": vec![1; 300], "n": n})));
    }
}

#[test]
fn what_a_batch_adds_to_each_item_is_bounded() {
    let folder = tempfile::tempdir().expect("there is a place for temporary files");
    let file = folder.path().join("items.jsonl");
    fs::write(&file, "1\n".repeat(20_000)).expect("it can be written");
    let map = json!({"M": {
        "Type": "Map", "End": true,
        "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "JSONL"},
            "Arguments": {"Bucket": "b", "Key": "k"}},
        "ItemBatcher": {"MaxItemsPerBatch": 1, "BatchInput": {"all": "{% $states.input %}"}},
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}},
        },
    }});
    let run = machine("JSONata", map).run(Json::String("x".repeat(250_000))).items("M", file);
    assert_eq!(diagnostic(&finish(run)).0, "F3006");
}
