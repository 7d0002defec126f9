//! How fast definitions are validated: `cargo bench --bench validate`.

use divan::{Bencher, counter::ItemsCount};
use formwork::asl::validate;
use serde_json::{Map, Value as Json, json};

fn main() {
    divan::main();
}

/// A workflow of `states` states in groups of four: a task that is retried and caught, a choice, a pass, and a pass that
/// the choice or the catcher leads to.
fn workflow(language: &str, states: usize) -> Json {
    let groups = states / 4;
    let mut all = Map::new();
    for group in 0..groups {
        let next = if group + 1 < groups { format!("Read{}", group + 1) } else { "Done".to_owned() };
        let (arguments, rule, output) = match language {
            "JSONata" => (
                json!({"FunctionName": "read", "Payload": "{% $states.input %}"}),
                json!({"Condition": "{% $states.input.count > 3 %}", "Next": format!("Order{group}")}),
                ("Output", "{% $states.result.Payload %}"),
            ),
            _ => (
                json!({"FunctionName": "read", "Payload.$": "$"}),
                json!({"Variable": "$.count", "NumericGreaterThan": 3, "Next": format!("Order{group}")}),
                ("OutputPath", "$.Payload"),
            ),
        };
        let arguments_of = if language == "JSONata" { "Arguments" } else { "Parameters" };
        let read = json!({
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            arguments_of: arguments,
            output.0: output.1,
            "Retry": [{"ErrorEquals": ["Lambda.TooManyRequestsException"], "IntervalSeconds": 2, "MaxAttempts": 3}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": format!("Apologize{group}")}],
            "Next": format!("Enough{group}"),
        });
        let enough = json!({"Type": "Choice", "Choices": [rule], "Default": format!("Apologize{group}")});
        all.insert(format!("Read{group}"), read);
        all.insert(format!("Enough{group}"), enough);
        all.insert(format!("Order{group}"), json!({"Type": "Pass", "Next": next}));
        all.insert(format!("Apologize{group}"), json!({"Type": "Pass", "Next": next}));
    }
    all.insert("Done".to_owned(), json!({"Type": "Succeed"}));
    json!({"QueryLanguage": language, "StartAt": "Read0", "States": all})
}

/// A sound workflow in either language.
#[divan::bench(consts = [20, 200, 2_000], args = ["JSONPath", "JSONata"])]
fn definition<const STATES: usize>(bencher: Bencher, language: &str) {
    let definition = workflow(language, STATES);
    bencher.counter(ItemsCount::new(STATES)).bench_local(|| {
        let found = validate::definition(&definition);
        assert!(found.is_empty(), "{found:?}");
    });
}

/// A workflow in which every choice leads nowhere.
#[divan::bench(args = [20, 200, 2_000])]
fn definition_with_faults(bencher: Bencher, states: usize) {
    let mut definition = workflow("JSONata", states);
    for (name, state) in definition["States"].as_object_mut().expect("the states are an object") {
        if name.starts_with("Enough") {
            state["Default"] = json!("Apologise");
        }
    }
    bencher.counter(ItemsCount::new(states)).bench_local(|| {
        let found = validate::definition(&definition);
        assert!(found.len() >= states / 4, "{found:?}");
    });
}
