//! How fast workflows run: `cargo bench`.

use std::fs;

use divan::{Bencher, counter::ItemsCount};
use formwork::asl::run::{Machine, Status};
use serde_json::{Value as Json, json};

fn main() {
    divan::main();
}

fn machine(definition: &Json) -> Machine {
    Machine::new(definition).expect("the definition is right")
}

/// Pass, then Choice, then Succeed.
fn three_states(language: &str) -> Json {
    let rule = match language {
        "JSONata" => json!({"Condition": "{% $states.input.n > 1 %}", "Next": "Done"}),
        _ => json!({"Variable": "$.n", "NumericGreaterThan": 1, "Next": "Done"}),
    };
    json!({
        "QueryLanguage": language,
        "StartAt": "Start",
        "States": {
            "Start": {"Type": "Pass", "Next": "Choose"},
            "Choose": {"Type": "Choice", "Choices": [rule], "Default": "Done"},
            "Done": {"Type": "Succeed"},
        },
    })
}

/// An execution of Pass, Choice, Succeed, of a definition that was read before.
#[divan::bench(args = ["JSONPath", "JSONata"])]
fn pass_choice_succeed(bencher: Bencher, language: &str) {
    let machine = machine(&three_states(language));
    bencher.counter(ItemsCount::new(1u32)).bench_local(|| {
        let outcome = machine.run(json!({"n": 2})).finish();
        assert_eq!(outcome.status(), Status::Succeeded);
    });
}

/// Reading the definition of those three states.
#[divan::bench(args = ["JSONPath", "JSONata"])]
fn read_a_definition(bencher: Bencher, language: &str) {
    let definition = three_states(language);
    bencher.bench_local(|| machine(&definition));
}

/// An express workflow with an inline `Map`, a `Pass` an item.
#[divan::bench(args = [10, 100, 1_000, 10_000])]
fn map_inline(bencher: Bencher, items: usize) {
    let machine = machine(&json!({
        "StartAt": "Each",
        "States": {"Each": {
            "Type": "Map",
            "ItemProcessor": {"StartAt": "One", "States": {"One": {"Type": "Pass", "End": true}}},
            "End": true,
        }},
    }));
    bencher.counter(ItemsCount::new(items)).bench_local(|| {
        let outcome = machine.run((0..items).collect()).express(true).finish();
        assert_eq!(outcome.status(), Status::Succeeded);
    });
}

/// A distributed `Map` over the lines of a file, an execution of one `Pass` an item.
#[divan::bench(args = [1_000, 10_000, 100_000], sample_count = 10, sample_size = 1)]
fn map_distributed(bencher: Bencher, items: usize) {
    let machine = machine(&json!({
        "StartAt": "Each",
        "States": {"Each": {
            "Type": "Map",
            "ItemReader": {
                "Resource": "arn:aws:states:::s3:getObject",
                "ReaderConfig": {"InputType": "JSONL"},
                "Parameters": {"Bucket": "beans", "Key": "beans.jsonl"},
            },
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "One",
                "States": {"One": {"Type": "Pass", "Result": 1, "End": true}},
            },
            "End": true,
        }},
    }));
    let folder = tempfile::tempdir().expect("a folder can be made");
    let file = folder.path().join("beans.jsonl");
    let lines: String = (0..items).map(|item| format!("{{\"bean\":{item}}}\n")).collect();
    fs::write(&file, lines).expect("the file can be written");
    bencher.counter(ItemsCount::new(items)).bench_local(|| {
        let outcome = machine.run(json!({})).items("Each", &file).finish();
        assert_eq!(outcome.status(), Status::Succeeded);
    });
}

/// A chain of `Pass` states.
#[divan::bench(args = [20, 200, 2_000])]
fn chain(bencher: Bencher, states: usize) {
    let chain = (0..states).map(|state| {
        let pass = json!({"Type": "Pass", "Next": format!("State{}", state + 1)});
        (format!("State{state}"), pass)
    });
    let last = (format!("State{states}"), json!({"Type": "Succeed"}));
    let machine =
        machine(&json!({"StartAt": "State0", "States": chain.chain([last]).collect::<serde_json::Map<_, _>>()}));
    bencher.counter(ItemsCount::new(states)).bench_local(|| {
        let outcome = machine.run(json!({"bean": "Arabica"})).finish();
        assert_eq!(outcome.status(), Status::Succeeded);
    });
}
