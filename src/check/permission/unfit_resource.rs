//! F5008: an action on resources of which none is of a kind that it has.

use std::collections::BTreeSet;

use super::{
    names::Names,
    statement::{Statement, each, statements},
    symbol::{Answer, Shape, Symbol},
};
use crate::{
    check::{
        permission::place::places,
        subject::{Check, Subject},
    },
    data::iam,
    diagnostic::{Diagnostic, Severity},
    json::Json,
    rule::Rule,
};

static UNFIT: Rule = Rule {
    code: "F5008",
    severity: Severity::Warning,
    title: "an action on resources of a kind that it does not have",
    why: "\
Each action of IAM is on certain kinds of resources: `s3:GetObject` on objects, `s3:ListBucket` on
buckets. A statement whose resources are all of other kinds is taken, and neither allows nor
denies the action anything.",
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
        - Effect: Allow
          Action: s3:GetObject
          Resource: !GetAtt Reports.Arn",
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
        - Effect: Allow
          Action: s3:GetObject
          Resource: !Sub ${Reports.Arn}/*",
    docs: Some(
        "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
    ),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&UNFIT], run: check };

/// The properties with policies of roles.
const POLICIES: [(&str, &str); 6] = [
    ("AWS::IAM::Group", "Policies/*/PolicyDocument"),
    ("AWS::IAM::ManagedPolicy", "PolicyDocument"),
    ("AWS::IAM::Policy", "PolicyDocument"),
    ("AWS::IAM::Role", "Policies/*/PolicyDocument"),
    ("AWS::IAM::RolePolicy", "PolicyDocument"),
    ("AWS::IAM::User", "Policies/*/PolicyDocument"),
];

/// Actions that are given out of habit beside others of the policy, on a table, stream or project: by the grants of
/// CDK, and by AWS's page on the builds that Step Functions waits for. They do nothing there, and nobody misses them.
const BESIDE: [&str; 5] = [
    "codebuild:BatchGetReports",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "kinesis:DescribeStreamConsumer",
    "kinesis:SubscribeToShard",
];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let names = Names::new(subject.template);
    for (kind, property) in POLICIES {
        for place in places(names, kind, property) {
            let statements: Vec<Statement<'_>> =
                statements(place.value, &place.path, names).into_iter().flatten().collect();
            let judged: Vec<Vec<Judged>> = statements.iter().map(judge).collect();
            let fitting: BTreeSet<&str> = judged
                .iter()
                .flatten()
                .filter(|judged| judged.fits)
                .map(|judged| judged.action.service().prefix())
                .collect();
            for (statement, judged) in statements.iter().zip(&judged) {
                found.extend(unfit(statement, judged, &fitting, names));
            }
        }
    }
}

/// An action of a statement, and whether one of the statement's resources is of a kind that it has.
struct Judged {
    number: usize,
    action: iam::Action,
    fits: bool,
}

/// Judges the actions of a statement that lists resources.
fn judge(statement: &Statement<'_>) -> Vec<Judged> {
    let patterns = statement.resources();
    let known = |(number, action): (usize, &Json)| {
        let action = iam::action(action.as_str()?)?;
        Some(Judged { number, action, fits: patterns.iter().any(|pattern| fits(pattern, &action)) })
    };
    let actions = each(&statement.json["Action"]).enumerate().filter(|_| !patterns.is_empty());
    actions.filter_map(known).collect()
}

fn unfit(statement: &Statement<'_>, judged: &[Judged], fitting: &BTreeSet<&str>, names: Names<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for Judged { number, action, .. } in judged.iter().filter(|judged| !judged.fits) {
        let kinds: Vec<String> =
            action.resources().flat_map(|kind| kind.arns()).map(|arn| format!("`{arn}`")).collect();
        let shown: Vec<String> =
            statement.resources().iter().map(|pattern| format!("`{}`", names.shown(pattern))).collect();
        let path = statement.path.join("Action");
        let path = if statement.json["Action"].is_array() { path.join(number.to_string()) } else { path };
        let name = format!("{}:{}", action.service().prefix(), action.name());
        if fitting.contains(action.service().prefix()) && BESIDE.contains(&name.as_str()) {
            continue;
        }
        let message = format!("`{name}` is on {}; expected {}", shown.join(", "), kinds.join(" or "));
        found.push(UNFIT.at(path, message));
    }
    found
}

/// Whether a pattern may be for a resource that an action has.
fn fits(pattern: &Symbol, action: &iam::Action) -> bool {
    // What is no ARN is refused anyway.
    if !pattern.prefix().starts_with("arn:") {
        return true;
    }
    let mut arns = action.resources().flat_map(|kind| kind.arns()).peekable();
    // Of some that have no kinds there, services look at the resource nevertheless.
    arns.peek().is_none() || arns.any(|arn| pattern.covers(&form(arn)) != Answer::No) || is_renamed(pattern, action)
}

/// Whether a pattern has the later name of an action's service: connections made since are `codeconnections`, and CDK lets
/// them be used by the action's former name.
fn is_renamed(pattern: &Symbol, action: &iam::Action) -> bool {
    action.service().prefix() == "codestar-connections" && pattern.prefix().contains(":codeconnections:")
}

/// The ARN of a kind of resources, as AWS documents it: `arn:${Partition}:s3:::${BucketName}`.
pub(super) fn form(arn: &str) -> Symbol {
    let mut parts = arn.split("${");
    let mut made = Symbol::text(parts.next().unwrap_or_default());
    for part in parts {
        let (name, after) = part.split_once('}').unwrap_or((part, ""));
        made = match name {
            "Partition" => made.with("aws"),
            // Names of buckets, tables and the like have no slash; what else may have some.
            "BucketName" | "TableName" | "Region" | "Account" => made.then(Symbol::hole(arn, Shape::Word)),
            _ => made.then(Symbol::hole(arn, Shape::Any)),
        };
        made = made.with(after);
    }
    made
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::assert_finds;

    #[test]
    fn an_action_fits_the_kinds_that_it_has() {
        for (action, pattern, expected) in [
            ("s3:GetObject", "arn:aws:s3:::reports/*", true),
            ("s3:GetObject", "arn:aws:s3:::reports", false),
            ("s3:GetObject", "arn:aws:s3:::reports*", true),
            ("s3:ListBucket", "arn:aws:s3:::reports", true),
            ("s3:ListBucket", "arn:aws:s3:::reports/*", false),
            ("sqs:SendMessage", "arn:aws:sns:eu-west-1:123456789012:a", false),
            ("sqs:SendMessage", "*", true),
            ("xray:PutTraceSegments", "*", true),
            ("codestar-connections:UseConnection", "arn:aws:codeconnections:eu-west-1:123456789012:connection/a", true),
            ("codestar-connections:UseConnection", "arn:aws:codepipeline:eu-west-1:123456789012:a", false),
            ("dynamodb:Query", "arn:aws:dynamodb:eu-west-1:123456789012:table/a/index/*", true),
        ] {
            let known = iam::action(action).unwrap();
            assert_eq!(fits(&Symbol::text(pattern), &known), expected, "{action} on {pattern}");
        }
    }

    #[test]
    fn what_a_grant_of_cdk_gives_beside_the_rest_is_not_reported() {
        let policy = |actions: &[&str], resource: &str| {
            let statement =
                json!({"Effect": "Allow", "Action": actions, "Resource": {"Fn::GetAtt": [resource, "Arn"]}});
            json!({"Resources": {
                "Orders": {"Type": "AWS::DynamoDB::Table"},
                "Events": {"Type": "AWS::Kinesis::Stream"},
                "Read": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": {"Statement": [statement]}}},
            }})
        };
        let read = ["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:Query"];
        assert_finds(check, policy(&read, "Orders"), &[]);
        assert_finds(check, policy(&["kinesis:GetRecords", "kinesis:SubscribeToShard"], "Events"), &[]);
        // Alone they were meant for what they are on.
        let expected = "warning[F5008]: `dynamodb:GetRecords` is on `${Orders.Arn}`; expected \
                        `arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}/stream/${StreamLabel}`\n  \
                        at   Resources/Read/Properties/PolicyDocument/Statement/0/Action/0\n  docs ";
        assert_finds(check, policy(&read[..1], "Orders"), &[&format!("{expected}{}", UNFIT.docs.unwrap_or_default())]);
    }
}
