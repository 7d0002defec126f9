//! E3502 and F4009: queues and topics that are not both FIFO, or not named so.

use crate::{
    check::{
        subject::{Check, Subject},
        view::{View, each_view},
    },
    diagnostic::{Diagnostic, Severity},
    json::Json,
    rule::Rule,
    template::intrinsic::{Place, attribute, call},
};

const DOCS: Option<&str> =
    Some("https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html");

const SOUND: &str = "\
Resources:
  Failed: {Type: AWS::SQS::Queue, Properties: {QueueName: failed.fifo, FifoQueue: true}}
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      FifoQueue: true
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 3}";

static DEAD_LETTERS: Rule = Rule {
    code: "E3502",
    severity: Severity::Error,
    title: "a dead-letter queue of the other type",
    why: "\
The dead-letter queue of a FIFO queue is FIFO, and that of a standard queue is standard. SQS refuses
the other one.",
    fails: "\
Resources:
  Failed: {Type: AWS::SQS::Queue}
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      FifoQueue: true
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 3}",
    passes: SOUND,
    docs: DOCS,
};

static NAME: Rule = Rule {
    code: "F4009",
    severity: Severity::Error,
    title: "a name that ends in `.fifo` of what is not FIFO, or the other way",
    why: "\
The names of FIFO queues and topics end in `.fifo`, and no other name has a point. SQS and SNS
refuse the name.",
    fails: "\
Resources:
  Orders: {Type: AWS::SQS::Queue, Properties: {QueueName: orders.fifo}}",
    passes: SOUND,
    docs: DOCS,
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&DEAD_LETTERS, &NAME], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    each_view(subject, &["AWS::SQS::Queue"], found, &mut |view, found| {
        named(view, "QueueName", "FifoQueue", found);
        dead_letters(subject, view, found);
    });
    each_view(subject, &["AWS::SNS::Topic"], found, &mut |view, found| named(view, "TopicName", "FifoTopic", found));
}

fn named(view: &View<'_, '_>, name: &str, fifo: &str, found: &mut Vec<Diagnostic>) {
    let (Some(text), Some(is_fifo)) = (view.text(name), view.is_true(fifo)) else { return };
    let ends = text.ends_with(".fifo");
    // That of a FIFO queue is E3501.
    let message = match (ends, is_fifo) {
        (true, false) => format!("`{name}` is \"{text}\", and `{fifo}` is not true; expected both or neither"),
        (false, true) if name == "TopicName" => {
            format!("`{name}` is \"{text}\", and `{fifo}` is true; expected a name that ends in `.fifo`")
        }
        _ => return,
    };
    found.push(NAME.at(view.at(name), message));
}

fn dead_letters(subject: &Subject<'_>, view: &View<'_, '_>, found: &mut Vec<Diagnostic>) {
    let target = match call(view.raw("RedrivePolicy.deadLetterTargetArn").unwrap_or(&Json::Null), Place::Other) {
        Some(("Fn::GetAtt", argument)) => attribute(argument).map(|(id, _)| id),
        _ => None,
    };
    let queues = target.map(|id| subject.views(id)).unwrap_or_default();
    let Some(own) = view.is_true("FifoQueue") else { return };
    let is_other =
        |queue: &View<'_, '_>| queue.entry.kind == "AWS::SQS::Queue" && queue.is_true("FifoQueue") == Some(!own);
    if !queues.is_empty() && queues.iter().all(is_other) {
        let name = |fifo| if fifo { "FIFO" } else { "standard" };
        let message = format!(
            "the queue is {}, and its dead-letter queue is {}; expected both of one type",
            name(own),
            name(!own)
        );
        found.push(DEAD_LETTERS.at(view.at("RedrivePolicy.deadLetterTargetArn"), message));
    }
}
