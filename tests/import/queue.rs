//! The stack `queue`, imported from `queue.yaml`.
//!
//! The least that there is.

use formwork::{Stack, aws::sqs::Queue};

/// Composes the stack.
pub fn stack() -> Stack {
    let mut stack = Stack::new("queue");

    stack.add("Orders", Queue::new().visibility_timeout(30));
    stack
}
