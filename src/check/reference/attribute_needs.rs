//! F4004: an attribute that the resource has only with a property which it has not.

use crate::{
    check::subject::{Check, Subject},
    diagnostic::{Diagnostic, Severity},
    rule::Rule,
};

/// Resource types, their attributes, and the properties without which a resource does not have them.
const NEEDS: [(&str, &str, &str); 3] = [
    ("AWS::DynamoDB::Table", "StreamArn", "StreamSpecification"),
    ("AWS::RDS::DBCluster", "MasterUserSecret.SecretArn", "ManageMasterUserPassword"),
    ("AWS::RDS::DBInstance", "MasterUserSecret.SecretArn", "ManageMasterUserPassword"),
];

static NEEDED: Rule = Rule {
    code: "F4004",
    severity: Severity::Error,
    title: "an attribute of something that the resource does not have",
    why: "\
The attribute is of a part that the resource has only when a property asks for it: the stream of a
table, the secret of a database. Without the property CloudFormation cannot read it, and the
deployment fails.",
    fails: "\
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
Outputs:
  Stream: {Value: !GetAtt Orders.StreamArn}",
    passes: "\
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      StreamSpecification: {StreamViewType: NEW_IMAGE}
Outputs:
  Stream: {Value: !GetAtt Orders.StreamArn}",
    docs: Some(
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html",
    ),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&NEEDED], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if subject.is_open() {
        return;
    }
    for reference in &subject.references {
        let Some(attribute) = reference.attribute else { continue };
        let Some((kind, _, needed)) = NEEDS.iter().find(|(kind, known, _)| {
            *known == attribute && subject.resources.iter().any(|it| it.name == reference.to && it.kind == *kind)
        }) else {
            continue;
        };
        let views = subject.views(reference.to);
        if !views.is_empty() && views.iter().all(|view| view.is_missing(needed)) {
            let (name, kind) = (reference.to, kind.rsplit("::").next().unwrap_or(kind));
            let message =
                format!("the {kind} `{name}` has `{attribute}` only with `{needed}`, which is missing; expected it");
            found.push(NEEDED.at(&reference.path, message));
        }
    }
}
