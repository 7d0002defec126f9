//! The rules about policy documents, each with its page.

use crate::{diagnostic::Severity, rule::Rule};

pub(super) static IDENTITY: Rule = Rule {
    code: "E3510",
    severity: Severity::Error,
    title: "a policy of a role, a user or a group that IAM refuses",
    why: "\
A policy document has something that IAM does not take: an element that there is not, no `Effect`,
a `Sid` with other characters than letters and digits or one that stands twice, a `Principal` (it
is for whom it is attached to), an action that is not `service:Action`, or a resource that is
neither `*` nor an ARN. `Ref` of a bucket, a queue or a table gives no ARN. IAM answers
`MalformedPolicyDocument`, and the stack is rolled back.",
    fails: "\
Resources:
  Reports:
    Type: AWS::S3::Bucket
  Read:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
        - Sid: ReadReports
          Effect: Allow
          Action: s3:ListBucket
          Resource: !Ref Reports",
    passes: "\
Resources:
  Reports:
    Type: AWS::S3::Bucket
  Read:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
        - Sid: ReadReports
          Effect: Allow
          Action: s3:ListBucket
          Resource: !GetAtt Reports.Arn",
    docs: Some("https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html"),
};

pub(super) static RESOURCE: Rule = Rule {
    code: "E3512",
    severity: Severity::Error,
    title: "a policy of a resource that its service refuses",
    why: "\
The policy document of a bucket, a queue, a topic, a key or a secret has something that the
service does not take: an element that there is not, no `Effect`, no `Principal`, or a resource
that is neither `*` nor an ARN. The stack is rolled back.",
    fails: "\
Resources:
  Letters:
    Type: AWS::SQS::Queue
  LettersPolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Letters]
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
        - Effect: Allow
          Action: sqs:SendMessage
          Resource: !GetAtt Letters.Arn",
    passes: "\
Resources:
  Letters:
    Type: AWS::SQS::Queue
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
          Resource: !GetAtt Letters.Arn",
    docs: Some("https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html"),
};

pub(super) static TRUST: Rule = Rule {
    code: "E3530",
    severity: Severity::Error,
    title: "a trust policy that IAM refuses",
    why: "\
An `AssumeRolePolicyDocument` has something that IAM does not take: an element that there is not,
no `Effect`, no `Principal`, or a `Resource` (it is for the role that it belongs to). IAM answers
`MalformedPolicyDocument`, and the stack is rolled back.",
    fails: "\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
        - Effect: Allow
          Principal:
            Service: lambda.amazonaws.com
          Action: sts:AssumeRole
          Resource: '*'",
    passes: "\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
        - Effect: Allow
          Principal:
            Service: lambda.amazonaws.com
          Action: sts:AssumeRole",
    docs: Some("https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html"),
};

pub(super) static SIZE: Rule = Rule {
    code: "F5007",
    severity: Severity::Error,
    title: "a policy that is longer than IAM takes",
    why: "\
White space aside, a managed policy has at most 6,144 characters, the inline policies of a user
2,048 together, those of a group 5,120, those of a role 10,240, and the policy of a bucket 20,480.
Beyond that, IAM answers `LimitExceeded`, and the stack is rolled back. What a function gives is
counted as nothing.",
    fails: "\
Resources:
  User:
    Type: AWS::IAM::User
    Properties:
      Policies:
      - PolicyName: Long
        PolicyDocument:
          Version: '2012-10-17'
          Statement:
          - Effect: Allow
            Action: s3:GetObject
            Resource:
            - arn:aws:s3:::reports-of-the-coffee-inventory-of-the-year-2001/written-by-the-workflow/for/everyone/*
            - arn:aws:s3:::reports-of-the-coffee-inventory-of-the-year-2002/written-by-the-workflow/for/everyone/*
            - arn:aws:s3:::reports-of-the-coffee-inventory-of-the-year-2003/written-by-the-workflow/for/everyone/*
            - arn:aws:s3:::reports-of-the-coffee-inventory-of-the-year-2004/written-by-the-workflow/for/everyone/*
            - arn:aws:s3:::reports-of-the-coffee-inventory-of-the-year-2005/written-by-the-workflow/for/everyone/*
            - arn:aws:s3:::reports-of-the-coffee-inventory-of-the-year-2006/written-by-the-workflow/for/everyone/*
            - arn:aws:s3:::reports-of-the-coffee-inventory-of-the-year-2007/written-by-the-workflow/for/everyone/*
            - arn:aws:s3:::reports-of-the-coffee-inventory-of-the-year-2008/written-by-the-workflow/for/everyone/*
            - arn:aws:s3:::reports-of-the-coffee-inventory-of-the-year-2009/written-by-the-workflow/for/everyone/*
            - arn:aws:s3:::reports-of-the-coffee-inventory-of-the-year-2010/written-by-the-workflow/for/everyone/*
            - arn:aws:s3:::reports-of-the-coffee-inventory-of-the-year-2011/written-by-the-workflow/for/everyone/*
            - arn:aws:s3:::reports-of-the-coffee-inventory-of-the-year-2012/written-by-the-workflow/for/everyone/*
            - arn:aws:s3:::reports-of-the-coffee-inventory-of-the-year-2013/written-by-the-workflow/for/everyone/*
            - arn:aws:s3:::reports-of-the-coffee-inventory-of-the-year-2014/written-by-the-workflow/for/everyone/*
            - arn:aws:s3:::reports-of-the-coffee-inventory-of-the-year-2015/written-by-the-workflow/for/everyone/*
            - arn:aws:s3:::reports-of-the-coffee-inventory-of-the-year-2016/written-by-the-workflow/for/everyone/*
            - arn:aws:s3:::reports-of-the-coffee-inventory-of-the-year-2017/written-by-the-workflow/for/everyone/*
            - arn:aws:s3:::reports-of-the-coffee-inventory-of-the-year-2018/written-by-the-workflow/for/everyone/*
            - arn:aws:s3:::reports-of-the-coffee-inventory-of-the-year-2019/written-by-the-workflow/for/everyone/*
            - arn:aws:s3:::reports-of-the-coffee-inventory-of-the-year-2020/written-by-the-workflow/for/everyone/*
            - arn:aws:s3:::reports-of-the-coffee-inventory-of-the-year-2021/written-by-the-workflow/for/everyone/*
            - arn:aws:s3:::reports-of-the-coffee-inventory-of-the-year-2022/written-by-the-workflow/for/everyone/*",
    passes: "\
Resources:
  User:
    Type: AWS::IAM::User
    Properties:
      Policies:
      - PolicyName: Short
        PolicyDocument:
          Version: '2012-10-17'
          Statement:
          - Effect: Allow
            Action: s3:GetObject
            Resource: arn:aws:s3:::reports/*",
    docs: Some("https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"),
};
