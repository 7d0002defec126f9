//! The workflow.
use super::functions::Functions;
use formwork::{
    Handle, Stack,
    aws::{iam::Role, sns::Topic, stepfunctions::StateMachine},
    iam::trust,
};

/// Adds it.
pub fn add(stack: &mut Stack, functions: &Functions, topic: &Handle<Topic>) -> Handle<StateMachine> {
    let role = stack.add(
        "ReportStateMachineRole",
        Role::new(trust("states.amazonaws.com"))
            .policy("RunTasks", [topic.allow_publish(), functions.generate_html.allow_invoke()]),
    );
    stack.add("ReportStateMachine", StateMachine::new(role.arn()))
}
