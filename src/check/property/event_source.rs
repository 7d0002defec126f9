//! E3505, E3633, E3634 and E3705: an event source that its function, or its queue, does not go with.

use crate::{
    check::{
        subject::{Check, Subject},
        view::{View, each_view},
    },
    diagnostic::{Diagnostic, Severity},
    rule::Rule,
};

const DOCS: Option<&str> = Some(
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventsourcemapping.html",
);

/// What Lambda and SQS take where nothing is given, in seconds.
const FUNCTION_TIMEOUT: f64 = 3.0;
const VISIBILITY_TIMEOUT: f64 = 30.0;
/// The most messages of a FIFO queue that a function gets at once.
const FIFO_BATCH: f64 = 10.0;

const SOUND: &str = "\
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties: {VisibilityTimeout: 360}
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      Role: arn:aws:iam::111122223333:role/worker
      Code: {S3Bucket: code, S3Key: worker.zip}
      Runtime: python3.13
      Handler: worker.handle
      Timeout: 60
  Feed:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: !Ref Worker, EventSourceArn: !GetAtt Orders.Arn}";

static TIMEOUT: Rule = Rule {
    code: "E3505",
    severity: Severity::Error,
    title: "messages that are seen again while the function works on them",
    why: "\
The queue's visibility timeout (30 seconds where none is given) is less than the function's timeout,
and Lambda refuses the event source. AWS advises six times the function's timeout.",
    fails: "\
Resources:
  Orders:
    Type: AWS::SQS::Queue
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      Role: arn:aws:iam::111122223333:role/worker
      Code: {S3Bucket: code, S3Key: worker.zip}
      Runtime: python3.13
      Handler: worker.handle
      Timeout: 60
  Feed:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: !Ref Worker, EventSourceArn: !GetAtt Orders.Arn}",
    passes: SOUND,
    docs: DOCS,
};

static POSITION_NEEDED: Rule = Rule {
    code: "E3633",
    severity: Severity::Error,
    title: "a stream as event source without `StartingPosition`",
    why: "A stream can be read from several places, and Lambda refuses to choose one.",
    fails: "\
Resources:
  Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}
  Feed:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: worker, EventSourceArn: !GetAtt Clicks.Arn}",
    passes: "\
Resources:
  Clicks: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}
  Feed:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: worker, EventSourceArn: !GetAtt Clicks.Arn, StartingPosition: LATEST}",
    docs: DOCS,
};

static POSITION_OF_QUEUE: Rule = Rule {
    code: "E3634",
    severity: Severity::Error,
    title: "a queue as event source with `StartingPosition`",
    why: "A queue has no positions, and Lambda refuses one.",
    fails: "\
Resources:
  Orders: {Type: AWS::SQS::Queue}
  Feed:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: worker, EventSourceArn: !GetAtt Orders.Arn, StartingPosition: LATEST}",
    passes: "\
Resources:
  Orders: {Type: AWS::SQS::Queue}
  Feed:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: worker, EventSourceArn: !GetAtt Orders.Arn}",
    docs: DOCS,
};

static BATCH: Rule = Rule {
    code: "E3705",
    severity: Severity::Error,
    title: "more than 10 messages of a FIFO queue at once",
    why: "Lambda takes at most 10 messages at once from a FIFO queue, and refuses a larger `BatchSize`.",
    fails: "\
Resources:
  Orders: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}
  Feed:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: worker, EventSourceArn: !GetAtt Orders.Arn, BatchSize: 100}",
    passes: "\
Resources:
  Orders: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}
  Feed:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: worker, EventSourceArn: !GetAtt Orders.Arn, BatchSize: 10}",
    docs: DOCS,
};

pub(in crate::check) static CHECK: Check =
    Check { rules: &[&TIMEOUT, &POSITION_NEEDED, &POSITION_OF_QUEUE, &BATCH], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    each_view(subject, &["AWS::Lambda::EventSourceMapping"], found, &mut |view, found| {
        let Some(source) = view.target("EventSourceArn") else { return };
        let views = subject.views(source);
        let Some(first) = views.first() else { return };
        match first.entry.kind {
            "AWS::SQS::Queue" => queue(subject, view, &views, found),
            "AWS::Kinesis::Stream" | "AWS::DynamoDB::Table" | "AWS::MSK::Cluster"
                if view.is_missing("StartingPosition") =>
            {
                let message = "the event source is a stream, and `StartingPosition` is missing; expected one";
                found.push(POSITION_NEEDED.at(format!("{}/Properties", view.entry.path), message));
            }
            _ => {}
        }
    });
}

fn queue(subject: &Subject<'_>, view: &View<'_, '_>, queues: &[View<'_, '_>], found: &mut Vec<Diagnostic>) {
    if view.is_there("StartingPosition") {
        let message = "the event source is a queue, and `StartingPosition` is set; expected none";
        found.push(POSITION_OF_QUEUE.at(view.at("StartingPosition"), message));
    }
    if let Some(size) = view.number("BatchSize").filter(|size| *size > FIFO_BATCH)
        && queues.iter().all(|queue| queue.is_true("FifoQueue") == Some(true))
    {
        let message = format!("`BatchSize` is {size}, and the queue is FIFO; expected at most {FIFO_BATCH}");
        found.push(BATCH.at(view.at("BatchSize"), message));
    }
    let seconds = |view: &View<'_, '_>, name: &str, default: f64| {
        if view.is_missing(name) { Some(default) } else { view.number(name) }
    };
    let functions = view.target("FunctionName").map(|id| subject.views(id)).unwrap_or_default();
    let is_function = functions.iter().all(|function| function.entry.kind == "AWS::Lambda::Function");
    let least = functions.iter().map(|it| seconds(it, "Timeout", FUNCTION_TIMEOUT)).collect::<Option<Vec<_>>>();
    let most = queues.iter().map(|it| seconds(it, "VisibilityTimeout", VISIBILITY_TIMEOUT)).collect::<Option<Vec<_>>>();
    let (Some(timeouts), Some(visible)) = (least, most) else { return };
    let Some(timeout) = timeouts.into_iter().reduce(f64::min).filter(|_| is_function) else { return };
    if let Some(visible) = visible.into_iter().reduce(f64::max).filter(|visible| *visible < timeout) {
        let message = format!(
            "the queue hides a message for {visible} seconds, and the function runs for up to {timeout}; expected at \
             least as many"
        );
        found.push(TIMEOUT.at(view.at("EventSourceArn"), message).help("AWS advises six times the function's timeout"));
    }
}
