//! The stack `forward`, imported from `forward.yaml`.

use formwork::{
    Stack,
    aws::{
        ec2::{SecurityGroup, security_group::Ingress},
        iam::Role,
        lambda::{
            EventSourceMapping, Function,
            function::{Code, Environment, Runtime},
        },
        sqs::{Queue, queue::RedrivePolicy},
    },
    iam::trust,
    intrinsic::sub,
    value::Entries,
};

/// Composes the stack.
pub fn stack() -> Stack {
    let mut stack = Stack::new("forward");

    let second = stack.add(
        "Second",
        SecurityGroup::new(sub("${First}")).security_group_ingress([Ingress::new("tcp")
            .from_port(1)
            .to_port(1)
            .source_security_group_id(sub("${First.GroupId}"))]),
    );
    // They refer to each other in a circle, through attributes.
    stack.add(
        "First",
        SecurityGroup::new("First").security_group_ingress([Ingress::new("tcp")
            .from_port(1)
            .to_port(1)
            .source_security_group_id(second.group_id())]),
    );
    let run_role = stack.add("RunRole", Role::new(trust("lambda.amazonaws.com")));
    let dead = stack.add("Dead", Queue::new());
    let orders = stack.add(
        "Orders",
        Queue::new().redrive_policy(RedrivePolicy::new().dead_letter_target_arn(dead.arn()).max_receive_count(3)),
    );
    let run = stack.add(
        "Run",
        Function::new(Code::new().zip_file("def handler(event, context): ..."), run_role.arn())
            .runtime(Runtime::PYTHON_3_13)
            .handler("index.handler")
            .environment(
                Environment::new().variables(
                    Entries::new()
                        .entry("QUEUE", orders.queue_url())
                        .entry("URL", sub("${Orders.QueueUrl}"))
                        .entry("NAME", "orders"),
                ),
            ),
    );
    stack.add("Consumer", EventSourceMapping::new(run.function_name()).event_source_arn(orders.arn()));
    stack
}
