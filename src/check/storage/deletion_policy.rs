//! I3011: a store whose data goes when its resource does.

use crate::{
    check::{
        read::boolean,
        subject::{Check, Entry, Subject},
    },
    diagnostic::{Diagnostic, Severity},
    json::Json,
    rule::Rule,
};

static NO_POLICY: Rule = Rule {
    code: "I3011",
    severity: Severity::Warning,
    title: "a store that says nothing of what becomes of its data",
    why: "\
The resource keeps data and has no `DeletionPolicy`: when it is taken out of the template, or the
stack is deleted, CloudFormation deletes it with all that it holds. `Retain`, or `Snapshot` where
the type has it, keeps the data; `Delete` says that it may go. What is replaced by an update follows
`UpdateReplacePolicy` in the same way. Left out are stores whose default is a snapshot (RDS), that
are not deleted while they hold anything (buckets), and those with a deletion protection of their
own.",
    fails: "\
Resources:
  Readers:
    Type: AWS::Cognito::UserPool",
    passes: "\
Resources:
  Readers:
    Type: AWS::Cognito::UserPool
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain",
    docs: Some(
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html",
    ),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&NO_POLICY], run: check };

/// The types that keep data, each with the property that protects one from deletion.
const STORES: [(&str, Option<&str>); 11] = [
    ("AWS::Cassandra::Table", None),
    ("AWS::Cognito::UserPool", Some("DeletionProtection")),
    ("AWS::DocDB::DBCluster", Some("DeletionProtection")),
    ("AWS::DynamoDB::GlobalTable", None),
    ("AWS::DynamoDB::Table", Some("DeletionProtectionEnabled")),
    ("AWS::EFS::FileSystem", None),
    ("AWS::Elasticsearch::Domain", None),
    ("AWS::Neptune::DBCluster", Some("DeletionProtection")),
    ("AWS::OpenSearchService::Domain", None),
    ("AWS::Redshift::Cluster", None),
    ("AWS::Timestream::Table", None),
];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if subject.is_open() {
        return;
    }
    for entry in &subject.resources {
        let Ok(row) = STORES.binary_search_by_key(&entry.kind, |(kind, _)| kind) else { continue };
        if entry.json.get("DeletionPolicy").is_none() && !may_be_protected(entry, STORES[row].1) {
            let message = format!(
                "`{}` has no `DeletionPolicy`, so that its data is deleted with it; expected Retain, or Delete where \
                 that is meant",
                entry.name
            );
            found.push(NO_POLICY.at(entry.path.clone(), message));
        }
    }
}

/// Whether its own property may keep it from being deleted.
fn may_be_protected(entry: &Entry<'_>, property: Option<&str>) -> bool {
    let Some(given) = entry.properties() else { return true };
    property.and_then(|name| given.get(name)).is_some_and(|value| match value {
        Json::String(text) if text == "INACTIVE" => false,
        value => boolean(value) != Some(false),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::assert_finds;

    #[test]
    fn the_types_are_in_order_so_that_they_are_found() {
        assert!(STORES.is_sorted());
    }

    #[test]
    fn a_store_that_is_protected_or_says_what_is_meant_is_not_reported() {
        let store = |kind: &str, members: Json| {
            let mut store = json!({"Type": kind});
            store.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
            json!({"Resources": {"S": store}})
        };
        assert_finds(check, store("AWS::DynamoDB::Table", json!({"DeletionPolicy": "Delete"})), &[]);
        let protected = json!({"Properties": {"DeletionProtectionEnabled": {"Ref": "IsLive"}}});
        assert_finds(check, store("AWS::DynamoDB::Table", protected), &[]);
        let protected = json!({"Properties": {"DeletionProtection": "ACTIVE"}});
        assert_finds(check, store("AWS::Cognito::UserPool", protected), &[]);
        assert_finds(check, store("AWS::RDS::DBCluster", json!({})), &[]);
        let open = json!({"Properties": {"DeletionProtection": "INACTIVE"}});
        assert_finds(
            check,
            store("AWS::Cognito::UserPool", open),
            &["warning[I3011]: `S` has no `DeletionPolicy`, so that its data is deleted with it; expected Retain, or \
               Delete where that is meant\n  \
               at   Resources/S\n  \
               docs https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html"],
        );
    }
}
