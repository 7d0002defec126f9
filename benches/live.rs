//! What a live run adds to the functions that it calls: `cargo bench --bench live`.
//!
//! The handlers do nothing, so that what is measured is the task's own time: the run, its thread, the runtime API, and the
//! runtime of the language. Python and Node.js are needed on the `PATH`.

use divan::{Bencher, counter::ItemsCount};
use formwork::{
    asl::run::{Machine, Status},
    live::{Live, Settings},
    template::Template,
};
use serde_json::{Value as Json, json};

fn main() {
    divan::main();
}

const CODE: [(&str, &str); 2] = [
    ("python3.13", "def handler(event, context):\n    return event"),
    ("nodejs22.x", "exports.handler = async (event) => event;"),
];

/// What runs the function of that runtime.
fn live(runtime: &str) -> Live {
    let code = CODE.iter().find(|(name, _)| *name == runtime).map_or("", |(_, code)| code);
    let function = json!({
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Runtime": runtime,
            "Handler": "index.handler",
            "Role": "arn:aws:iam::123456789012:role/f",
            "Code": {"ZipFile": code},
        },
    });
    let template = Template::parse(&json!({"Resources": {"F": function}}).to_string()).expect("it is a template");
    Settings::new().template(&template).start().expect("nothing is started yet")
}

fn task() -> Json {
    json!({
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": "F", "Payload.$": "$"},
        "OutputPath": "$.Payload",
        "End": true,
    })
}

/// An execution of one task, whose function is warm.
#[divan::bench(args = ["python3.13", "nodejs22.x"])]
fn warm_task(bencher: Bencher, runtime: &str) {
    let machine = Machine::new(&json!({"StartAt": "S", "States": {"S": task()}})).expect("the definition is right");
    let live = live(runtime);
    let run = || {
        let outcome = machine.run(json!({"n": 1})).outside(live.clone()).finish();
        assert_eq!(outcome.status(), Status::Succeeded);
    };
    run();
    bencher.counter(ItemsCount::new(1u32)).bench_local(run);
    live.close();
}

/// A `Map` of a hundred tasks, four at once.
#[divan::bench(args = ["python3.13", "nodejs22.x"])]
fn map_of_a_hundred(bencher: Bencher, runtime: &str) {
    let machine = Machine::new(&json!({"StartAt": "S", "States": {"S": {
        "Type": "Map",
        "MaxConcurrency": 4,
        "ItemProcessor": {"StartAt": "I", "States": {"I": task()}},
        "End": true,
    }}}))
    .expect("the definition is right");
    let live = live(runtime);
    let items: Json = (0..100).collect::<Vec<u32>>().into();
    let run = || {
        let outcome = machine.run(items.clone()).outside(live.clone()).finish();
        assert_eq!(outcome.status(), Status::Succeeded);
    };
    run();
    bencher.counter(ItemsCount::new(100u32)).bench_local(run);
    live.close();
}

/// The first invocation of a function, its process included.
#[divan::bench(args = ["python3.13", "nodejs22.x"], sample_count = 20)]
fn cold_task(bencher: Bencher, runtime: &str) {
    let machine = Machine::new(&json!({"StartAt": "S", "States": {"S": task()}})).expect("the definition is right");
    bencher.with_inputs(|| live(runtime)).bench_local_values(|live| {
        let outcome = machine.run(json!({"n": 1})).outside(live.clone()).finish();
        assert_eq!(outcome.status(), Status::Succeeded);
        live
    });
}
