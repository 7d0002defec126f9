//! How fast pictures are drawn: `cargo bench --bench graph`.

use divan::{Bencher, black_box};
use formwork::{
    graph::{Arrangement, Direction, Edge, EdgeKind, Family, Graph, Node, Shape, pictures},
    json,
    template::Template,
};
use serde_json::{Map, Value};

fn main() {
    divan::main();
}

/// The definition of the coffee report, from there to the picture.
#[divan::bench]
fn coffee_report(bencher: Bencher) {
    let snapshot = include_str!("../snapshots/definition.asl.json.snap");
    let text = snapshot.splitn(3, "---\n").nth(2).expect("a snapshot has a head");
    let definition: Value = serde_json::from_str(text).expect("the snapshot is JSON");
    bencher.bench(|| Graph::of_workflow("State machine", black_box(&definition)).svg());
}

/// The template of the coffee report, from there to the pictures of all kinds.
#[divan::bench]
fn pictures_of_the_coffee_report(bencher: Bencher) {
    let snapshot = include_str!("../snapshots/template.yaml.snap");
    let text = snapshot.splitn(3, "---\n").nth(2).expect("a snapshot has a head");
    let template = Template::parse(text).expect("the snapshot is a template");
    let draw = |(_, graph): &(String, Graph)| graph.svg().len();
    bencher.bench(|| pictures("coffee-report", None, black_box(&template)).iter().map(draw).sum::<usize>());
}

/// A template of 500 resources, folded and with each on its own.
#[divan::bench(args = [false, true])]
fn template_of_500_resources(bencher: Bencher, all: bool) {
    let mut resources = Map::new();
    for number in 0..125 {
        let role = format!("Role{number}");
        let near = |name: &str, by: usize| format!("{name}{}", (number * 7 + by) % 125);
        let statement = json!([
            {"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:PutItem"],
                "Resource": {"Fn::GetAtt": [near("Table", 1), "Arn"]}},
            {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": {"Fn::GetAtt": [near("Queue", 2), "Arn"]}},
        ]);
        resources.insert(format!("Queue{number}"), json!({"Type": "AWS::SQS::Queue"}));
        resources.insert(format!("Table{number}"), json!({"Type": "AWS::DynamoDB::Table"}));
        resources.insert(
            format!("Function{number}"),
            json!({"Type": "AWS::Lambda::Function", "Properties": {"Role": {"Fn::GetAtt": [&role, "Arn"]}}}),
        );
        let policies = json!([{"PolicyName": "use", "PolicyDocument": {"Statement": statement}}]);
        resources.insert(role, json!({"Type": "AWS::IAM::Role", "Properties": {"Policies": policies}}));
    }
    let template = Template::parse(&json!({"Resources": resources}).to_string()).expect("it is a template");
    bencher.bench(|| Graph::of_resources("Many", black_box(&template), all).svg());
}

/// A workflow of 500 states with choices, loops and catchers.
#[divan::bench]
fn workflow_of_500_states(bencher: Bencher) {
    let mut states = Map::new();
    for number in 0..500 {
        let name = |number: usize| format!("State {}", number.min(499));
        let state = match number {
            499 => json!({"Type": "Succeed"}),
            _ if number % 7 == 3 => json!({
                "Type": "Choice",
                "Choices": [{"Variable": "$.count", "NumericGreaterThan": number, "Next": name(number + 4)}],
                "Default": if number % 2 == 0 { name(number + 1) } else { name(number - 3) },
            }),
            _ => json!({
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke",
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Failed"}],
                "Next": name(number + 1),
            }),
        };
        states.insert(name(number), state);
    }
    states.insert("Failed".to_owned(), json!({"Type": "Fail"}));
    let definition = json!({"StartAt": "State 0", "States": states});
    bencher.bench(|| Graph::of_workflow("State machine", black_box(&definition)).svg());
}

/// An architecture of 500 resources in boxes, with edges between these.
#[divan::bench]
fn architecture_of_500_resources(bencher: Bencher) {
    let mut graph = Graph::new("Architecture", Direction::Right);
    graph.arrangement = Arrangement::Rows;
    let mut cards = Vec::new();
    for group in 0..25 {
        let label = format!("Group {group}");
        let mut around = Node::new(&label, &label);
        (around.shape, around.arrangement) = (Shape::Box, Arrangement::Rows);
        let around = graph.add(around);
        for number in 0..19 {
            let label = format!("Function{group}Number{number}");
            let mut node = Node::new(&label, &label);
            (node.parent, node.family) = (Some(around), Family::Compute);
            cards.push(graph.add(node));
        }
    }
    for number in 0..700 {
        let (from, to) = (number * 7 % cards.len(), (number * number * 13 + 5) % cards.len());
        let kind = [EdgeKind::Trigger, EdgeKind::Data, EdgeKind::Permission][number % 3];
        // Most stay in their group.
        let to = if number % 5 == 0 { to } else { from / 19 * 19 + to % 19 };
        graph.connect(Edge::new(cards[from], cards[to], kind));
    }
    bencher.bench(|| black_box(&graph).svg());
}
