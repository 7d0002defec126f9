//! An outside that is no mock: what it knows of a call, and what its answers do.

use std::{cell::RefCell, rc::Rc, thread, time::Duration};

use formwork::asl::run::{Answer, Dataset, ItemReader, Outcome, Outside, Status, TaskCall, Unavailable};
use serde_json::{Value as Json, json};

use super::{FUNCTION, after, alone, failed, run, seconds};

/// Services whose answers a function makes.
struct Services<F>(F);

impl<F: FnMut(&TaskCall<'_>) -> Result<Answer, Unavailable>> Outside for Services<F> {
    fn call(&mut self, call: &TaskCall<'_>) -> Result<Answer, Unavailable> {
        (self.0)(call)
    }
}

/// A bucket whose datasets a function makes.
struct Bucket<F>(F);

impl<F: FnMut(&ItemReader<'_>) -> Result<Dataset, Unavailable>> Outside for Bucket<F> {
    fn call(&mut self, call: &TaskCall<'_>) -> Result<Answer, Unavailable> {
        Err(Unavailable::new(format!("a bucket takes no `{}`", call.resource())))
    }

    fn items(&mut self, reader: &ItemReader<'_>) -> Result<Dataset, Unavailable> {
        (self.0)(reader)
    }
}

/// A task with those fields, whose calls are answered so.
fn task(fields: Json, answer: impl FnMut(&TaskCall<'_>) -> Answer + 'static) -> Outcome {
    let mut answer = answer;
    let mut state = json!({"Type": "Task", "Resource": FUNCTION});
    for (name, value) in fields.as_object().into_iter().flatten() {
        state[name] = value.clone();
    }
    run(alone(state), json!({"n": 1})).outside(Services(move |call: &TaskCall<'_>| Ok(answer(call)))).finish()
}

/// A distributed `Map` with that configuration of its reader, whose dataset is made so.
fn map(
    config: Json,
    fields: Json,
    dataset: impl FnMut(&ItemReader<'_>) -> Result<Dataset, Unavailable> + 'static,
) -> Outcome {
    let mut state = json!({
        "Type": "Map",
        "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": config,
            "Parameters": {"Bucket": "beans", "Key.$": "$.key"},
        },
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "I",
            "States": {"I": {"Type": "Pass", "End": true}},
        },
    });
    for (name, value) in fields.as_object().into_iter().flatten() {
        state[name] = value.clone();
    }
    run(alone(state), json!({"key": "today"})).outside(Bucket(dataset)).finish()
}

/// The diagnostic that a run was stopped with.
#[track_caller]
fn stopped(outcome: &Outcome) -> String {
    assert_eq!(outcome.status(), Status::Aborted);
    outcome.diagnostics().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn an_answer_may_come_late() {
    let outcome = task(json!({}), |_| Answer::ok(json!("late")).after(after(90)));
    assert_eq!(outcome.output(), json!("late"));
    assert_eq!(seconds(&outcome), 90.0);
}

#[test]
fn an_answer_after_the_timeout_or_without_a_heartbeat_is_a_timeout() {
    for field in ["TimeoutSeconds", "HeartbeatSeconds"] {
        let outcome = task(json!({field: 30}), |_| Answer::ok(json!("too late")).after(after(31)));
        assert_eq!((*outcome.error(), seconds(&outcome)), (Some("States.Timeout"), 30.0), "{field}");
    }
}

#[test]
fn an_answer_that_never_comes_is_a_timeout() {
    let retry = json!([{"ErrorEquals": ["States.Timeout"], "IntervalSeconds": 5, "MaxAttempts": 1}]);
    let outcome = task(json!({"TimeoutSeconds": 60, "Retry": retry}), |_| Answer::never());
    assert_eq!((*outcome.error(), seconds(&outcome)), (Some("States.Timeout"), 125.0));
}

#[test]
fn a_service_that_fails_is_retried_and_caught() {
    let retry = json!([{"ErrorEquals": ["Busy"], "IntervalSeconds": 2, "MaxAttempts": 1}]);
    let outcome = task(json!({"Retry": retry}), |call| match call.number() {
        1 => Answer::error("Busy", "come back"),
        _ => Answer::error("Broken", "for good"),
    });
    failed(&outcome, "Broken", "for good");
    assert_eq!(seconds(&outcome), 2.0);
}

#[test]
fn the_real_time_of_a_call_is_its_virtual_time() {
    let pause = Duration::from_millis(30);
    let outcome = task(json!({}), move |_| {
        Answer::timed(|| {
            thread::sleep(pause);
            Answer::ok(json!("done")).after(after(10))
        })
    });
    assert_eq!(outcome.output(), json!("done"));
    let took = seconds(&outcome);
    assert!((10.03..60.0).contains(&took), "{took}");
}

#[test]
fn branches_overlap_whatever_time_their_calls_take() {
    let branch = |name: &str| {
        let task = json!({"Type": "Task", "Resource": FUNCTION, "End": true});
        json!({"StartAt": name, "States": {name: task}})
    };
    let parallel = json!({"Type": "Parallel", "Branches": [branch("A"), branch("B")]});
    let services = Services(|call: &TaskCall<'_>| {
        let seconds = if call.state() == "A" { 20 } else { 30 };
        Ok(Answer::ok(call.state().into()).after(after(seconds)))
    });
    let outcome = run(alone(parallel), json!({})).outside(services).finish();
    assert_eq!(outcome.output(), json!(["A", "B"]));
    assert_eq!(seconds(&outcome), 30.0);
}

#[test]
fn a_call_says_who_calls_and_how_long_it_waits() {
    let seen: Rc<RefCell<Vec<Json>>> = Rc::default();
    let calls = Rc::clone(&seen);
    let state = json!({
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Parameters": {"FunctionName": "f", "Payload": {"n.$": "$.n", "token.$": "$$.Task.Token"}},
        "Credentials": {"RoleArn": "arn:aws:iam::123456789012:role/other"},
        "TimeoutSeconds": 60,
        "HeartbeatSeconds": 10,
        "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 3, "MaxAttempts": 1}],
    });
    let services = Services(move |call: &TaskCall<'_>| {
        assert_eq!(call.arguments()["Payload"], *call.input());
        assert_eq!(call.input()["token"].as_str(), call.token());
        assert!(call.token().is_some_and(|token| token.starts_with("AQ")));
        calls.borrow_mut().push(json!([
            call.state(),
            call.resource(),
            call.input()["n"],
            call.number(),
            call.retry_count(),
            call.elapsed().as_secs(),
            call.execution_id(),
            call.execution_name(),
            call.region(),
            call.role(),
            call.timeout().map(|timeout| timeout.as_secs()),
            call.heartbeat().map(|heartbeat| heartbeat.as_secs()),
            call.item_index(),
        ]));
        Ok(if call.number() == 1 { Answer::error("Busy", "") } else { Answer::ok(json!("done")) })
    });
    let machine = "arn:aws:states:eu-central-1:123456789012:stateMachine:Reports";
    let context = json!({"Execution": {"Name": "monday"}, "StateMachine": {"Id": machine}});
    let outcome = run(alone(state), json!({"n": 1})).context(context).outside(services).finish();
    assert_eq!(outcome.output(), json!("done"));
    let call = |number: u32, retries: u32, elapsed: u64| {
        json!([
            "S",
            "arn:aws:states:::lambda:invoke.waitForTaskToken",
            1,
            number,
            retries,
            elapsed,
            "arn:aws:states:eu-central-1:123456789012:execution:Reports:monday",
            "monday",
            "eu-central-1",
            "arn:aws:iam::123456789012:role/other",
            60,
            10,
            null
        ])
    };
    assert_eq!(*seen.borrow(), [call(1, 0, 0), call(2, 1, 3)]);
}

#[test]
fn a_task_without_a_token_a_role_and_limits_has_none() {
    let outcome = task(json!({}), |call| {
        let none = call.token().is_none() && call.role().is_none();
        Answer::ok(json!(none && call.timeout().is_none() && call.heartbeat().is_none()))
    });
    assert_eq!(outcome.output(), json!(true));
}

#[test]
fn an_outside_that_cannot_answer_stops_the_run() {
    let state = json!({
        "Type": "Task",
        "Resource": FUNCTION,
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "N"}],
    });
    let services = Services(|_: &TaskCall<'_>| {
        Err(Unavailable::new("there is no interpreter `python3.13`; expected one on the path").help("install it"))
    });
    let outcome = run(alone(state), json!({})).outside(services).finish();
    assert_eq!(
        stopped(&outcome),
        "error[F3001]: there is no interpreter `python3.13`; expected one on the path\n  at   /States/S\n  \
         help install it"
    );
}

#[test]
fn mocks_answer_before_it() {
    let state = json!({"Type": "Task", "Resource": FUNCTION, "Next": "N"});
    let second = json!({"Type": "Task", "Resource": FUNCTION, "End": true});
    let definition = json!({"StartAt": "S", "States": {"S": state, "N": second}});
    let services = Services(|call: &TaskCall<'_>| Ok(Answer::ok(json!([call.input(), call.state()]))));
    let outcome = run(definition, json!({})).outside(services).task("S", |_| Ok(json!("mock"))).finish();
    assert_eq!(outcome.output(), json!(["mock", "N"]));
}

#[test]
fn items_may_come_from_memory() {
    let items = || (0..5).map(|item| json!({"item": item}));
    let outcome = map(json!({"MaxItems": 3}), json!({}), move |reader| {
        assert_eq!((reader.state(), reader.resource()), ("S", "arn:aws:states:::s3:getObject"));
        assert_eq!(*reader.arguments(), json!({"Bucket": "beans", "Key": "today"}));
        assert_eq!((reader.input_type(), reader.max_items()), (None, Some(3)));
        Ok(Dataset::items(items()))
    });
    assert_eq!(outcome.output(), items().take(3).collect::<Json>());
    let selector = json!({"ItemSelector": {"value.$": "$$.Map.Item.Value.item", "index.$": "$$.Map.Item.Index"}});
    let outcome = map(json!({}), selector, move |_| Ok(Dataset::items(items().skip(4))));
    assert_eq!(outcome.output(), json!([{"value": 4, "index": 0}]));
}

#[test]
fn a_file_of_items_is_read_as_its_type_says() {
    let outcome = map(json!({"InputType": "JSONL"}), json!({}), |reader| {
        assert_eq!(reader.input_type(), Some("JSONL"));
        Ok(Dataset::file("1\n2\n"))
    });
    assert_eq!(outcome.output(), json!([1, 2]));
    let outcome = map(json!({"InputType": "PARQUET"}), json!({}), |_| Ok(Dataset::file("PAR1")));
    assert_eq!(
        stopped(&outcome),
        "error[F3002]: the file of items is Parquet; expected its rows as JSON lines or CSV, which stand in for it\n  \
         at   /States/S/ItemReader"
    );
}

#[test]
fn a_reader_says_how_its_file_is_written() {
    let config = json!({
        "InputType": "CSV",
        "CSVDelimiter": "PIPE",
        "CSVHeaderLocation": "GIVEN",
        "CSVHeaders": ["bean", "grams"],
    });
    let outcome = map(config, json!({}), |reader| {
        assert_eq!((reader.csv_delimiter(), reader.items_pointer()), ('|', None));
        assert_eq!(reader.csv_headers(), Some(["bean".to_owned(), "grams".to_owned()].as_slice()));
        Ok(Dataset::file("robusta|250"))
    });
    assert_eq!(outcome.output(), json!([{"bean": "robusta", "grams": "250"}]));
    let outcome = map(json!({"InputType": "JSON", "ItemsPointer": "/beans"}), json!({}), |reader| {
        assert_eq!((reader.csv_delimiter(), reader.csv_headers()), (',', None));
        Ok(Dataset::items([json!(reader.items_pointer())]))
    });
    assert_eq!(outcome.output(), json!(["/beans"]));
}

#[test]
fn a_dataset_that_the_service_cannot_read_fails_the_state() {
    let outcome = map(json!({}), json!({}), |_| Ok(Dataset::failed("Access Denied")));
    failed(&outcome, "States.ItemReaderFailed", "Access Denied");
}

#[test]
fn a_dataset_that_cannot_be_had_stops_the_run() {
    let outcome = map(json!({}), json!({}), |_| Err(Unavailable::new("the bucket `beans` is on another machine")));
    assert_eq!(
        stopped(&outcome),
        "error[F3002]: the bucket `beans` is on another machine\n  at   /States/S/ItemReader"
    );
    let deep = (0..300).fold(json!(1), |inner, _| json!([inner]));
    let outcome = map(json!({}), json!({}), move |_| Ok(Dataset::items([deep.clone()])));
    assert_eq!(
        stopped(&outcome),
        "error[F3002]: an item of `S` has more than 256 levels of nesting; expected fewer\n  at   /States/S/ItemReader"
    );
}

#[test]
fn an_outside_of_tasks_alone_has_no_items() {
    let reader = json!({"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "k"}});
    let state = json!({
        "Type": "Map",
        "ItemReader": reader,
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "I",
            "States": {"I": {"Type": "Task", "Resource": FUNCTION, "End": true}},
        },
    });
    let services = || Services(|call: &TaskCall<'_>| Ok(Answer::ok(call.input().clone())));
    let outcome = run(alone(state), json!({})).outside(services()).finish();
    assert_eq!(
        stopped(&outcome),
        "error[F3002]: the dataset of `S` cannot be read; expected items\n  at   /States/S/ItemReader"
    );
}
