//! The stack `comments`, imported from `comments.yaml`.
//!
//! Orders of the coffee bar.
//! Kept by the bar.

use formwork::{
    Stack,
    aws::{
        lambda::{
            Function,
            function::{Code, Runtime},
        },
        sqs::Queue,
    },
    intrinsic::sub,
    stack::Parameter,
};

const READ_ZIP_FILE: &str = include_str!("read.js");

/// Composes the stack.
pub fn stack() -> Stack {
    let mut stack = Stack::new("comments");
    stack.description("Orders");

    // Who may be asked.
    // Type: an address
    stack.parameter("Email", Parameter::string());

    // The queue: letters wait in it
    // until somebody reads them.
    // VisibilityTimeout: As long as a function may run.
    let orders = stack.add("Orders", Queue::new().visibility_timeout(900).queue_name("orders # no comment"));
    // Functions
    // reads
    stack.add(
        "Read",
        Function::new(Code::new().zip_file(READ_ZIP_FILE), sub("arn:aws:iam::${AWS::AccountId}:role/read"))
            .runtime(Runtime::NODEJS_22_X)
            .handler("index.handler"),
    );

    // Where orders go
    stack.output("Url", orders.queue_url());
    stack
}
