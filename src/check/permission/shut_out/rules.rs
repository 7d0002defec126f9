//! The rules about functions, queues, topics and keys that let nobody in, each with its page.

use crate::{diagnostic::Severity, rule::Rule};

pub(super) static FUNCTION: Rule = Rule {
    code: "F5004",
    severity: Severity::Error,
    title: "a function that does not let in the service which calls it",
    why: "\
A rule, a bucket, a topic, an API or another resource calls a function of the template, and no
`AWS::Lambda::Permission` of the template lets its service in on behalf of that resource. A role
of the function does not help: it is about what the function may do. Some services look at it
while the stack deploys, and refuse; the others call in vain, and often nobody hears of it.",
    fails: "\
Resources:
  Render:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler
      Runtime: python3.13
      Role: arn:aws:iam::123456789012:role/Render
      Code:
        ZipFile: 'def handler(event, context): return event'
  Nightly:
    Type: AWS::Events::Rule
    Properties:
      ScheduleExpression: rate(1 day)
      Targets:
      - Id: Render
        Arn: !GetAtt Render.Arn",
    passes: "\
Resources:
  Render:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler
      Runtime: python3.13
      Role: arn:aws:iam::123456789012:role/Render
      Code:
        ZipFile: 'def handler(event, context): return event'
  Nightly:
    Type: AWS::Events::Rule
    Properties:
      ScheduleExpression: rate(1 day)
      Targets:
      - Id: Render
        Arn: !GetAtt Render.Arn
  NightlyRenders:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Ref Render
      Action: lambda:InvokeFunction
      Principal: events.amazonaws.com
      SourceArn: !GetAtt Nightly.Arn",
    docs: Some("https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html"),
};

pub(super) static POLICY: Rule = Rule {
    code: "F5005",
    severity: Severity::Error,
    title: "a queue or a topic that does not let in the service which sends to it",
    why: "\
A rule, a bucket, a topic or an alarm sends to a queue or a topic of the template whose policy
does not let its service in, or that has no policy. A bucket is refused while the stack deploys;
the others send in vain. A topic without a policy lets in what belongs to the account, as alarms
do: one with a policy has nothing but that policy.",
    fails: "\
Resources:
  Letters:
    Type: AWS::SQS::Queue
  Nightly:
    Type: AWS::Events::Rule
    Properties:
      ScheduleExpression: rate(1 day)
      Targets:
      - Id: Letters
        Arn: !GetAtt Letters.Arn",
    passes: "\
Resources:
  Letters:
    Type: AWS::SQS::Queue
  Nightly:
    Type: AWS::Events::Rule
    Properties:
      ScheduleExpression: rate(1 day)
      Targets:
      - Id: Letters
        Arn: !GetAtt Letters.Arn
  LettersPolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Letters]
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
        - Effect: Allow
          Principal:
            Service: events.amazonaws.com
          Action: sqs:SendMessage
          Resource: !GetAtt Letters.Arn
          Condition:
            ArnEquals:
              aws:SourceArn: !GetAtt Nightly.Arn",
    docs: Some("https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html"),
};

pub(super) static KEY: Rule = Rule {
    code: "F5006",
    severity: Severity::Error,
    title: "an encrypted queue or topic whose key does not let in the service which sends to it",
    why: "\
A service that sends to an encrypted queue or topic uses its key. The policy of the keys
`alias/aws/sns` and `alias/aws/sqs` lets in no other service, and cannot be changed: an alarm, a
rule or a bucket needs a key of your own, whose policy allows the service `kms:GenerateDataKey*`
and `kms:Decrypt`. Without it, nothing arrives, and nobody hears of it.",
    fails: "\
Resources:
  Alarms:
    Type: AWS::SNS::Topic
    Properties:
      KmsMasterKeyId: alias/aws/sns
  Errors:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmActions: [!Ref Alarms]
      ComparisonOperator: GreaterThanThreshold
      EvaluationPeriods: 1
      MetricName: Errors
      Namespace: AWS/Lambda
      Period: 300
      Statistic: Sum
      Threshold: 0",
    passes: "\
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Version: '2012-10-17'
        Statement:
        - Effect: Allow
          Principal:
            AWS: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:root
          Action: kms:*
          Resource: '*'
        - Effect: Allow
          Principal:
            Service: cloudwatch.amazonaws.com
          Action: [kms:Decrypt, 'kms:GenerateDataKey*']
          Resource: '*'
  Alarms:
    Type: AWS::SNS::Topic
    Properties:
      KmsMasterKeyId: !Ref Key
  Errors:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmActions: [!Ref Alarms]
      ComparisonOperator: GreaterThanThreshold
      EvaluationPeriods: 1
      MetricName: Errors
      Namespace: AWS/Lambda
      Period: 300
      Statistic: Sum
      Threshold: 0",
    docs: Some("https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html"),
};
