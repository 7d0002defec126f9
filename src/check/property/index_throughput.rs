//! F4015: a secondary index whose throughput does not fit the billing of its table.

use crate::{
    check::{
        subject::{Check, Subject},
        view::each_view,
    },
    diagnostic::{Diagnostic, Severity},
    rule::Rule,
};

static THROUGHPUT: Rule = Rule {
    code: "F4015",
    severity: Severity::Error,
    title: "an index whose throughput does not fit the billing of its table",
    why: "\
A global secondary index has a throughput of its own where the table has one, and none where the
table is paid per request. DynamoDB refuses the table otherwise (\"ProvisionedThroughput must be
specified for index\").",
    fails: "\
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}, {AttributeName: day, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      ProvisionedThroughput: {ReadCapacityUnits: 1, WriteCapacityUnits: 1}
      GlobalSecondaryIndexes:
      - IndexName: by-day
        KeySchema: [{AttributeName: day, KeyType: HASH}]
        Projection: {ProjectionType: ALL}",
    passes: "\
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}, {AttributeName: day, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      ProvisionedThroughput: {ReadCapacityUnits: 1, WriteCapacityUnits: 1}
      GlobalSecondaryIndexes:
      - IndexName: by-day
        KeySchema: [{AttributeName: day, KeyType: HASH}]
        Projection: {ProjectionType: ALL}
        ProvisionedThroughput: {ReadCapacityUnits: 1, WriteCapacityUnits: 1}",
    docs: Some(
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html",
    ),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&THROUGHPUT], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    each_view(subject, &["AWS::DynamoDB::Table"], found, &mut |view, found| {
        let is_provisioned = match view.text("BillingMode").as_deref() {
            Some("PAY_PER_REQUEST") => false,
            Some("PROVISIONED") => true,
            None if view.is_missing("BillingMode") => true,
            _ => return,
        };
        let path = "GlobalSecondaryIndexes";
        for (position, index) in view.elements(path).unwrap_or_default().into_iter().enumerate() {
            let Some(members) = index.as_object().filter(|members| members.contains_key("IndexName")) else { continue };
            let at = format!("{}/{position}", view.at(path));
            match members.get("ProvisionedThroughput") {
                None if is_provisioned => {
                    let message = "the table has a provisioned throughput, and this index has no \
                                   `ProvisionedThroughput`; expected one";
                    found.push(THROUGHPUT.at(at, message));
                }
                Some(throughput) if !is_provisioned && throughput.get("ReadCapacityUnits").is_some() => {
                    let message = "the table is paid per request, and this index has a `ProvisionedThroughput`; \
                                   expected none";
                    found.push(THROUGHPUT.at(format!("{at}/ProvisionedThroughput"), message));
                }
                _ => {}
            }
        }
    });
}
