//! F4017: batches of a queue that are too large for their window.

use crate::{
    check::{
        subject::{Check, Subject},
        view::{View, each_view},
    },
    diagnostic::{Diagnostic, Severity},
    rule::Rule,
};

static WINDOW: Rule = Rule {
    code: "F4017",
    severity: Severity::Error,
    title: "large batches of a queue without the time to gather them",
    why: "\
Lambda gathers more than 10 messages of a queue only over some time:
`MaximumBatchingWindowInSeconds` is 1 at least. Lambda refuses the event source otherwise.",
    fails: "\
Resources:
  Orders: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 60}}
  Source:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: orders, EventSourceArn: !GetAtt Orders.Arn, BatchSize: 100}",
    passes: "\
Resources:
  Orders: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 60}}
  Source:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: orders
      EventSourceArn: !GetAtt Orders.Arn
      BatchSize: 100
      MaximumBatchingWindowInSeconds: 5",
    docs: Some("https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html"),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&WINDOW], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    each_view(subject, &["AWS::Lambda::EventSourceMapping"], found, &mut |view, found| {
        let Some(size) = view.number("BatchSize").filter(|size| *size > 10.0) else { return };
        if !is_of_queue(subject, view) {
            return;
        }
        let window = "MaximumBatchingWindowInSeconds";
        if view.is_missing(window) || view.number(window) == Some(0.0) {
            let message = format!("`BatchSize` is {size}, and `{window}` is 0; expected 1 at least for more than 10");
            found.push(WINDOW.at(view.at("BatchSize"), message));
        }
    });
}

/// Whether the source is a standard queue: a FIFO queue has no such batches at all, which is another rule.
fn is_of_queue(subject: &Subject<'_>, view: &View<'_, '_>) -> bool {
    let queues = view.target("EventSourceArn").map(|id| subject.views(id)).unwrap_or_default();
    let is_standard =
        |queue: &View<'_, '_>| queue.entry.kind == "AWS::SQS::Queue" && queue.is_true("FifoQueue") == Some(false);
    let is_literal = |arn: String| arn.split(':').nth(2) == Some("sqs") && !arn.ends_with(".fifo");
    view.text("EventSourceArn").is_some_and(is_literal) || !queues.is_empty() && queues.iter().all(is_standard)
}
