//! How fast `diff` is: `cargo bench --bench diff`. Two templates of 500 resources take 50 milliseconds at most.

use divan::{Bencher, counter::ItemsCount};
use formwork::{diff::diff, json, template::Template};
use serde_json::{Map, Value as Json};

fn main() {
    divan::main();
}

/// A template of so many resources, each fifth of another type; what differs between two of them is in every resource.
fn template(count: usize, turn: u32) -> Template {
    let resource = |number: usize| -> Json {
        match number % 5 {
            0 => json!({"Type": "AWS::SQS::Queue", "Properties": {
                "DelaySeconds": turn, "Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}],
                "KmsMasterKeyId": {"Fn::Sub": format!("arn:${{AWS::Partition}}:kms:{turn}")},
            }}),
            1 => json!({"Type": "AWS::Lambda::Function", "Properties": {
                "Role": {"Fn::GetAtt": [format!("R{}", number + 1), "Arn"]}, "Timeout": turn,
                "Code": {"ZipFile": format!("def handler(event, context):\n    return {turn}\n")},
                "Environment": {"Variables": {"QUEUE": {"Ref": format!("R{}", number - 1)}}},
            }}),
            2 => json!({"Type": "AWS::IAM::Role", "Properties": {
                "Path": format!("/{turn}/"),
                "AssumeRolePolicyDocument": {"Statement": [{
                    "Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole",
                }]},
                "Policies": [{"PolicyName": "p", "PolicyDocument": {"Statement": [{
                    "Effect": "Allow", "Action": if turn == 0 { json!(["sqs:SendMessage", "sqs:ReceiveMessage"]) } else { json!("sqs:*") },
                    "Resource": {"Fn::GetAtt": [format!("R{}", number - 2), "Arn"]},
                }]}}],
            }}),
            3 => json!({"Type": "AWS::DynamoDB::Table", "Properties": {
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": if turn == 0 { "S" } else { "N" }}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            }}),
            _ => json!({"Type": "AWS::SNS::Subscription", "Properties": {
                "TopicArn": format!("arn:{turn}"), "Protocol": "sqs",
                "Endpoint": {"Fn::GetAtt": [format!("R{}", number - 4), "Arn"]},
            }}),
        }
    };
    let resources: Map<String, Json> = (0..count).map(|number| (format!("R{number}"), resource(number))).collect();
    Template::parse(&json!({"Resources": resources}).to_string()).expect("it is a template")
}

#[divan::bench(args = [50, 500])]
fn everything_differs(bencher: Bencher<'_, '_>, count: usize) {
    let templates = [template(count, 0), template(count, 1)];
    bencher.counter(ItemsCount::new(count)).bench(|| diff(&templates[0], &templates[1]));
}

#[divan::bench(args = [500])]
fn nothing_differs(bencher: Bencher<'_, '_>, count: usize) {
    let templates = [template(count, 0), template(count, 0)];
    bencher.counter(ItemsCount::new(count)).bench(|| diff(&templates[0], &templates[1]));
}
