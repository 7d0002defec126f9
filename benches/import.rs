//! How fast `import` is: `cargo bench --bench import`. A template of 500 resources takes 200 milliseconds at most.

use divan::{Bencher, counter::ItemsCount};
use formwork::{
    import::{Source, import},
    json,
    template::Template,
};
use serde_json::{Map, Value as Json};

fn main() {
    divan::main();
}

/// The text of a template of so many resources, each fifth of another type.
fn text(count: usize) -> String {
    let resource = |number: usize| -> Json {
        match number % 5 {
            0 => json!({"Type": "AWS::SQS::Queue", "Properties": {
                "DelaySeconds": 30, "Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": {"Ref": "AWS::StackName"}}],
                "KmsMasterKeyId": {"Fn::Sub": "arn:${AWS::Partition}:kms:key"},
            }}),
            1 => json!({"Type": "AWS::Lambda::Function", "DependsOn": format!("R{}", number - 1), "Properties": {
                "Role": {"Fn::GetAtt": [format!("R{}", number + 1), "Arn"]}, "Timeout": 900, "Runtime": "python3.13",
                "Code": {"ZipFile": format!("def handler(event, context):\n    return {number}\n")},
                "Environment": {"Variables": {"QUEUE": {"Ref": format!("R{}", number - 1)}, "STAGE": "live"}},
            }}),
            2 => json!({"Type": "AWS::IAM::Role", "Properties": {
                "Path": "/functions/",
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{
                    "Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole",
                }]},
                "Policies": [{"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": [{
                    "Effect": "Allow", "Action": ["sqs:SendMessage", "sqs:ReceiveMessage"],
                    "Resource": {"Fn::GetAtt": [format!("R{}", number - 2), "Arn"]},
                }]}}],
            }}),
            3 => json!({"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain", "Properties": {
                "BucketEncryption": {"ServerSideEncryptionConfiguration": [
                    {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}, "BucketKeyEnabled": true},
                ]},
                "LifecycleConfiguration": {"Rules": [{"Id": "old", "Status": "Enabled", "ExpirationInDays": 30}]},
            }}),
            _ => json!({"Type": "AWS::ECS::Service", "Properties": {
                "Cluster": {"Ref": "Cluster"}, "DesiredCount": 2,
                "NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": ["a", "b"], "SecurityGroups": ["c"]}},
            }}),
        }
    };
    let resources: Map<String, Json> = (0..count).map(|number| (format!("R{number}"), resource(number))).collect();
    Template::parse(&json!({"Resources": resources}).to_string()).expect("it is a template").to_yaml()
}

#[divan::bench(args = [50, 500])]
fn one_file(bencher: Bencher<'_, '_>, count: usize) {
    let text = text(count);
    bencher.counter(ItemsCount::new(count)).bench(|| {
        let template = Template::parse(&text).expect("it is a template");
        let source =
            Source { template: &template, text: Some(&text), name: "many", file: "many.yaml", with_features: false };
        import(&source).map(|imported| imported.file()).unwrap_or_default()
    });
}

#[divan::bench(args = [500])]
fn several_files(bencher: Bencher<'_, '_>, count: usize) {
    let text = text(count);
    bencher.counter(ItemsCount::new(count)).bench(|| {
        let template = Template::parse(&text).expect("it is a template");
        let source =
            Source { template: &template, text: Some(&text), name: "many", file: "many.yaml", with_features: false };
        import(&source).map(|imported| imported.files()).unwrap_or_default()
    });
}
