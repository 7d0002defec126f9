//! Prints a template of N times {topic, topic policy, queue, queue policy, subscription}, to measure growth:
//! `cargo run --release --example many -- 500`.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use formwork::{
    Stack,
    aws::{
        sns::{Subscription, Topic, TopicPolicy},
        sqs::{Queue, QueuePolicy},
    },
    iam::{Operator, Principal, allow, deny},
};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let Some(copies) = words.first().and_then(|word| word.parse().ok()) else {
        let _ = writeln!(io::stderr(), "error: expected the number of copies as the one argument");
        return ExitCode::from(2);
    };
    match io::stdout().write_all(stack(copies).into_template().to_json().as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let _ = writeln!(io::stderr(), "error: the template cannot be written: {error}");
            ExitCode::from(2)
        }
        _ => ExitCode::SUCCESS,
    }
}

/// Five resources a copy.
pub fn stack(copies: usize) -> Stack {
    let mut stack = Stack::new("many");
    for number in 1..=copies {
        let topic = stack.add(&format!("Topic{number}"), Topic::new().display_name(format!("Orders {number}")));
        stack.add(
            &format!("TopicPolicy{number}"),
            TopicPolicy::new(
                [deny("sns:Publish").on(topic.topic_arn()).to(Principal::anyone()).when(
                    Operator::BOOL,
                    "aws:SecureTransport",
                    "false",
                )],
                [topic.topic_arn()],
            ),
        );
        let queue =
            stack.add(&format!("Queue{number}"), Queue::new().visibility_timeout(60).sqs_managed_sse_enabled(true));
        stack.add(
            &format!("QueuePolicy{number}"),
            QueuePolicy::new(
                [allow("sqs:SendMessage").on(queue.arn()).to(Principal::service("sns.amazonaws.com")).when(
                    Operator::ARN_EQUALS,
                    "aws:SourceArn",
                    topic.topic_arn(),
                )],
                [queue.queue_url()],
            ),
        );
        stack.add(
            &format!("Subscription{number}"),
            Subscription::new("sqs", topic.topic_arn()).endpoint(queue.arn()).raw_message_delivery(true),
        );
    }
    stack
}
