//! A stack with a function in Rust, `functions/src/bin/seal.rs`, and a workflow that calls it.
//!
//! ```sh
//! echo '{"letter": "Dear Ada"}' | cargo run -- run --live --input -
//! cargo run -- synth --output template.yaml
//! ```

use std::process::ExitCode;

use formwork::{
    Project, Stack,
    asl::jsonata::*,
    aws::{
        iam::Role,
        lambda::{
            Function,
            function::{Code, Runtime},
        },
        stepfunctions::StateMachine,
    },
    cli,
    iam::trust,
};

fn seals() -> Stack {
    let mut stack = Stack::new("seals");
    let role = stack.add(
        "SealRole",
        Role::new(trust("lambda.amazonaws.com"))
            .managed_policy_arns(["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]),
    );
    let seal = stack.add(
        "Seal",
        Function::new(Code::cargo("seal"), role.arn()).runtime(Runtime::PROVIDED_AL_2023).handler("bootstrap"),
    );
    let workflow = Workflow::new().state(
        "Seal",
        Task::lambda(&seal)
            .payload("{% $states.input %}")
            .output("{% $states.result.Payload %}")
            .retry(Retry::on("Lambda.TooManyRequestsException"))
            .end(),
    );
    let role = stack.add("WorkflowRole", Role::new(trust("states.amazonaws.com")).policy("Seal", workflow.grants()));
    stack.add("Workflow", StateMachine::new(role.arn()).workflow(&workflow));
    stack
}

fn main() -> ExitCode {
    cli::main(Project::new().stack(seals))
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_is_wrong_with_the_stack() {
        super::seals().assert_clean();
    }
}
