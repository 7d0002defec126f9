use formwork::{Stack, aws::sqs::Queue};

fn main() {
    let mut stack = Stack::new("orders");
    let queue = stack.add("Orders", Queue::new());
    queue.topic_arn();
}
