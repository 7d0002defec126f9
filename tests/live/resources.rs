//! What the references of a template give a function and a definition.

use formwork::{live::Settings, template::Template};
use serde_json::{Value as Json, json};

use super::{function, returned};

const SHOWS: &str = "
import os
def handler(event, context):
    return {name: os.environ[name] for name in event['names']}
";

fn shown(settings: Settings, variables: &Json, others: &Json) -> Json {
    let mut resources = json!({"F": function("python3.13", SHOWS, &json!({"Environment": {"Variables": variables}}))});
    let names: Vec<&String> = variables.as_object().expect("it is there").keys().collect();
    let mut template = json!({"Resources": {}});
    for (name, value) in others.as_object().expect("it is there") {
        match value.get("Type").and_then(Json::as_str).is_some_and(|kind| kind.starts_with("AWS::")) {
            true => resources[name] = value.clone(),
            false => template[name] = value.clone(),
        }
    }
    template["Resources"] = resources;
    let template = Template::parse(&template.to_string()).expect("it is there");
    returned(&settings.template(&template).start().expect("it is there"), json!({"names": names}))
}

#[test]
fn references_are_what_would_be_deployed() {
    let others = json!({
        "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "mails"}},
        "Queue": {"Type": "AWS::SQS::Queue"},
        "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::Sub": "beans-${AWS::AccountId}"}}},
        "Role": {"Type": "AWS::IAM::Role"},
        "Parameters": {"Stage": {"Type": "String", "Default": "test"}, "Sizes": {"Type": "CommaDelimitedList", "Default": "a, b"}},
        "Conditions": {"IsLive": {"Fn::Equals": [{"Ref": "Stage"}, "live"]}, "IsTest": {"Fn::Not": [{"Condition": "IsLive"}]}},
        "Mappings": {"Names": {"test": {"Table": "beans-test"}, "live": {"Table": "beans"}}},
    });
    let variables = json!({
        "TOPIC": {"Ref": "Topic"},
        "NAME": {"Fn::GetAtt": ["Topic", "TopicName"]},
        "QUEUE": {"Ref": "Queue"},
        "QUEUE_ARN": {"Fn::GetAtt": "Queue.Arn"},
        "BUCKET": {"Ref": "Bucket"},
        "BUCKET_ARN": {"Fn::GetAtt": ["Bucket", "Arn"]},
        "ROLE": {"Fn::GetAtt": ["Role", "Arn"]},
        "TABLE": {"Fn::FindInMap": ["Names", {"Ref": "Stage"}, "Table"]},
        "WHICH": {"Fn::If": ["IsTest", {"Fn::Join": ["/", [{"Ref": "AWS::Region"}, "x"]]}, "no"]},
        "SIZE": {"Fn::Select": [1, {"Ref": "Sizes"}]},
        "GONE": {"Fn::Sub": ["${A}-${!B}", {"A": {"Fn::Base64": "x"}}]},
    });
    assert_eq!(
        shown(Settings::new().region("eu-west-1"), &variables, &others),
        json!({
            "TOPIC": "arn:aws:sns:eu-west-1:123456789012:mails",
            "NAME": "mails",
            "QUEUE": "https://sqs.eu-west-1.amazonaws.com/123456789012/Queue",
            "QUEUE_ARN": "arn:aws:sqs:eu-west-1:123456789012:Queue",
            "BUCKET": "beans-123456789012",
            "BUCKET_ARN": "arn:aws:s3:::beans-123456789012",
            "ROLE": "arn:aws:iam::123456789012:role/Role",
            "TABLE": "beans-test",
            "WHICH": "eu-west-1/x",
            "SIZE": "b",
            "GONE": "eA==-${B}",
        })
    );
    let live = Settings::new().region("eu-west-1").parameter("Stage", "live");
    assert_eq!(
        shown(live, &json!({"TABLE": variables["TABLE"], "WHICH": variables["WHICH"]}), &others),
        json!({"TABLE": "beans", "WHICH": "no"})
    );
}

#[test]
fn what_is_deployed_has_its_physical_id() {
    let others = json!({
        "Topic": {"Type": "AWS::SNS::Topic"},
        "Queue": {"Type": "AWS::SQS::Queue"},
        "Cluster": {"Type": "AWS::RDS::DBCluster"},
    });
    let variables = json!({
        "TOPIC": {"Ref": "Topic"},
        "NAME": {"Fn::GetAtt": ["Topic", "TopicName"]},
        "QUEUE": {"Ref": "Queue"},
        "QUEUE_ARN": {"Fn::GetAtt": ["Queue", "Arn"]},
        "CLUSTER": {"Fn::GetAtt": ["Cluster", "DBClusterArn"]},
        "SECRET": {"Fn::GetAtt": ["Cluster", "MasterUserSecret.SecretArn"]},
    });
    let given = json!({
        "F": "shop-F-1",
        "Topic": "arn:aws:sns:us-east-1:123456789012:shop-Topic-1",
        "Queue": "http://127.0.0.1:5000/123456789012/shop-Queue-1",
        "Cluster": {"PhysicalResourceId": "shop-cluster", "Attributes": {"MasterUserSecret.SecretArn": "arn:secret"}},
    });
    let settings = Settings::new().resources(&given).unwrap();
    assert_eq!(
        shown(settings, &variables, &others),
        json!({
            "TOPIC": "arn:aws:sns:us-east-1:123456789012:shop-Topic-1",
            "NAME": "shop-Topic-1",
            "QUEUE": "http://127.0.0.1:5000/123456789012/shop-Queue-1",
            "QUEUE_ARN": "arn:aws:sqs:us-east-1:123456789012:shop-Queue-1",
            "CLUSTER": "arn:aws:rds:us-east-1:123456789012:cluster:shop-cluster",
            "SECRET": "arn:secret",
        })
    );
}

#[test]
fn what_is_not_known_is_said() {
    let variables =
        |value: Json| json!({"F": function("python3.13", SHOWS, &json!({"Environment": {"Variables": {"X": value}}}))});
    let problem = |resources: Json, settings: Settings| {
        let template =
            Template::parse(&json!({"Resources": resources, "Parameters": {"P": {"Type": "String"}}}).to_string())
                .unwrap();
        let live = settings.template(&template).start().unwrap();
        super::invoke(&live, json!({"names": []})).diagnostics()[0].message.clone()
    };
    let with = |value: Json, name: &str, kind: &str| {
        let mut resources = variables(value);
        resources[name] = json!({"Type": kind});
        resources
    };
    let unknown = with(json!({"Fn::GetAtt": ["Instance", "Endpoint.Address"]}), "Instance", "AWS::RDS::DBInstance");
    assert!(
        problem(unknown, Settings::new())
            .contains("`Endpoint.Address` of the AWS::RDS::DBInstance `Instance` is not known")
    );
    assert!(problem(variables(json!({"Ref": "P"})), Settings::new()).contains("the parameter `P` has no value"));
    assert!(problem(variables(json!({"Ref": "Nothing"})), Settings::new()).contains("the template has no `Nothing`"));
    assert!(
        problem(variables(json!({"Fn::Transform": {}})), Settings::new())
            .contains("`Fn::Transform` cannot be resolved here")
    );
    let missing = with(json!({"Ref": "Queue"}), "Queue", "AWS::SQS::Queue");
    let given = Settings::new().resources(&json!({"F": "f-1"})).unwrap();
    assert!(problem(missing, given).contains("the resource `Queue` has no physical id"));
    // Names that are made of each other.
    let mut circle = with(json!({"Ref": "A"}), "A", "AWS::S3::Bucket");
    circle["A"]["Properties"] = json!({"BucketName": {"Fn::Sub": "${B}-a"}});
    circle["B"] = json!({"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::Sub": "${A}-b"}}});
    assert!(problem(circle, Settings::new()).contains("is made of itself"));
}
