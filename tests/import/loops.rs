//! The stack `loops`, imported from `loops.yaml`.

use formwork::{
    Stack,
    aws::sqs::Queue,
    intrinsic::{region, sub},
    json,
    stack::Mapping,
};

/// Composes the stack.
pub fn stack() -> Stack {
    let mut stack = Stack::new("loops");
    stack.transform("AWS::LanguageExtensions");
    stack.transform(json!({"Name": "AWS::Include", "Parameters": {"Location": "s3://bucket/include.yaml"}}));

    stack.raw(
        "Mappings",
        "Fn::Transform",
        json!({"Name": "AWS::Include", "Parameters": {"Location": "s3://bucket/map.yaml"}}),
    );
    stack.mapping("Sizes", Mapping::new().entry("a", "b", "c"));

    stack.raw(
        "Conditions",
        "Fn::ForEach::Lives",
        json!([
            "Name",
            ["One", "Two"],
            {
                "Is${Name}": {"Fn::Equals": [region(), {"Ref": "Name"}]}
            }
        ]),
    );
    stack.raw("Conditions", "UsesLoop", json!({"Condition": "IsOne"}));

    stack.raw(
        "Resources",
        "Fn::ForEach::Topics",
        json!([
            "Name",
            ["One", "Two"],
            {
                "Topic${Name}": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Ref": "Name"}}}
            }
        ]),
    );
    let queue = stack.add(
        "Queue",
        Queue::new()
            .queue_name(sub("${TopicOne.TopicName}"))
            .property("DelaySeconds", json!({"Fn::FindInMap": ["Included", "a", "b"]})),
    );
    stack.resource(&queue).attribute("Condition", "IsOne");

    stack.raw(
        "Outputs",
        "Fn::ForEach::Names",
        json!([
            "Name",
            ["One", "Two"],
            {"Name${Name}": {"Value": {"Ref": "Name"}}}
        ]),
    );
    stack.raw("Outputs", "Queue", json!({"Value": queue.queue_url(), "Condition": "UsesLoop"}));
    stack
}
