//! The stack `names`, imported from `names.yaml`.

use formwork::{
    Stack,
    aws::{
        cloudformation,
        events::{Rule, rule::RuleState},
        lambda::{
            Function,
            function::{self, Code},
        },
        sns::{Topic, topic},
        sqs::{Queue, queue},
    },
    intrinsic::{equals, find_in_map, sub},
    stack::{Mapping, Parameter},
};

/// Composes the stack.
pub fn stack() -> Stack {
    let mut stack = Stack::new("names");

    let queue = stack.parameter("Queue", Parameter::string());
    let match_parameter = stack.parameter("Match", Parameter::string());

    let queue_mapping = stack.mapping("Queue", Mapping::new().entry("a", "b", "c"));

    let queue_condition = stack.condition("Queue", equals(queue.reference(), match_parameter.reference()));

    let queue_resource =
        stack.add("queue", Queue::new().queue_name(queue.reference()).tags([queue::Tag::new("a", "b")]));
    stack.resource(&queue_resource).condition(&queue_condition);
    let queue_resource_2 = stack.add(
        "QUEUE",
        Topic::new()
            .topic_name(find_in_map(&queue_mapping, "a", "b"))
            .tags([topic::Tag::new("a", queue_resource.arn())]),
    );
    stack.resource(&queue_resource_2).depends_on(&queue_resource);
    stack.add(
        "Stack",
        cloudformation::Stack::new("https://example.com/a.yaml").parameters([("Topic", queue_resource_2.topic_arn())]),
    );
    let stack_resource_2 = stack.add("stack", Queue::new());
    let resource_1st = stack.add("1st", Queue::new());
    stack.resource(&resource_1st).depends_on(&stack_resource_2);
    let sub_resource = stack.add("Sub", Queue::new());
    stack.resource(&sub_resource).depends_on(&resource_1st);
    let rule = stack.add("Rule", Rule::new().schedule_expression("rate(1 day)").state(RuleState::ENABLED));
    stack.resource(&rule).depends_on(&sub_resource);
    let my_function = stack.add(
        "MyFunction70F1223E",
        Function::new(Code::new().s3_bucket(sub("${Stack.Outputs.Bucket}")).s3_key("k"), "a")
            .tags([function::Tag::new("a").value(rule.name())]),
    );

    stack.output("Function", my_function.function_name());
    stack.output("Type", rule.arn());
    stack
}
