//! The stack `raw`, imported from `raw.yaml`.

use formwork::{
    Stack,
    aws::cloudformation::CustomResource,
    intrinsic::{join, stack_name, sub},
    json,
    stack::RawResource,
};

/// Composes the stack.
pub fn stack() -> Stack {
    let mut stack = Stack::new("raw");

    let cluster = stack.add(
        "Cluster",
        RawResource::new("AWS::ECS::Cluster")
            .property("ClusterSettings", json!([{"Name": "containerInsights", "Value": "enabled"}])),
    );
    let task = stack.add(
        "Task",
        RawResource::new("AWS::ECS::TaskDefinition")
            .property("Family", join("-", ["a".into(), stack_name()]))
            .property("Tags", json!([])),
    );
    stack.add(
        "Service",
        RawResource::new("AWS::ECS::Service")
            .property("Cluster", cluster.get_att::<String>("Arn"))
            .property("DesiredCount", json!(5000000000_i64))
            .property("TaskDefinition", task.reference())
            .property("Enabled", true)
            .property("Nothing", json!(null))
            .property("Share", json!(0.25))
            .property(
                "LoadBalancers",
                json!([{"ContainerPort": 80, "TargetGroupArn": sub("arn:${AWS::Partition}:x")}]),
            ),
    );
    let certificate = stack.add(
        "Certificate",
        RawResource::new("Custom::Certificate")
            .property("ServiceToken", json!({"Fn::ImportValue": "certificates"}))
            .property("Domain", "example.com")
            .property("Ttl", 300),
    );
    stack.add(
        "Provided",
        CustomResource::new(certificate.get_att("Arn")).property("Other", json!({"Deep": [1, "two", null]})),
    );
    stack.add("Module", RawResource::new("My::Org::Thing::MODULE"));

    stack.output("Cluster", cluster.reference());
    stack.output("Arn", certificate.get_att("Arn"));
    stack.output("Data", sub("${Provided.Data}"));
    stack.output("Number", "5");
    stack
}
