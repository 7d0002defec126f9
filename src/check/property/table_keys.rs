//! E3039: a DynamoDB table whose keys and attribute definitions do not name the same attributes.

use std::collections::BTreeMap;

use crate::{
    check::{
        subject::{Check, Subject},
        view::{View, each_view},
    },
    diagnostic::{Diagnostic, Severity},
    rule::Rule,
};

static KEYS: Rule = Rule {
    code: "E3039",
    severity: Severity::Error,
    title: "keys and attribute definitions that differ",
    why: "\
`AttributeDefinitions` has each attribute that is in a key of the table or of an index, and no
other. DynamoDB refuses the table (\"Number of attributes in KeySchema does not exactly match
number of attributes defined in AttributeDefinitions\"). Attributes that are in no key are not
declared.",
    fails: "\
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema:
      - {AttributeName: id, KeyType: HASH}
      AttributeDefinitions:
      - {AttributeName: id, AttributeType: S}
      - {AttributeName: customer, AttributeType: S}",
    passes: "\
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema:
      - {AttributeName: id, KeyType: HASH}
      AttributeDefinitions:
      - {AttributeName: id, AttributeType: S}",
    docs: Some(
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html",
    ),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&KEYS], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    each_view(subject, &["AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"], found, &mut |view, found| {
        let Some(defined) = names(view, "AttributeDefinitions") else { return };
        let Some(used) = used(view) else { return };
        for (name, at) in used.iter().filter(|(name, _)| !defined.contains_key(*name)) {
            let message = format!("the key attribute `{name}` is not defined; expected it in `AttributeDefinitions`");
            found.push(KEYS.at(at.clone(), message).did_you_mean(name, defined.keys().map(String::as_str)));
        }
        for (name, at) in defined.iter().filter(|(name, _)| !used.contains_key(*name)) {
            let message = format!("the attribute `{name}` is in no key; expected none but those of keys");
            found.push(KEYS.at(at.clone(), message));
        }
    });
}

/// The attributes that a list names, each with its place; none where one of them is not known.
fn names(view: &View<'_, '_>, path: &str) -> Option<BTreeMap<String, String>> {
    let elements = view.elements(path)?;
    let named = elements.iter().enumerate().map(|(position, element)| {
        Some((view.text_of(element, "AttributeName")?, format!("{}/{position}/AttributeName", view.at(path))))
    });
    named.collect()
}

/// The attributes of all keys.
fn used(view: &View<'_, '_>) -> Option<BTreeMap<String, String>> {
    let mut used = names(view, "KeySchema")?;
    for indices in ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"] {
        if view.is_missing(indices) {
            continue;
        }
        for (position, index) in view.elements(indices)?.into_iter().enumerate() {
            for (nth, key) in index.get("KeySchema")?.as_array()?.iter().enumerate() {
                let at = format!("{}/{position}/KeySchema/{nth}/AttributeName", view.at(indices));
                used.entry(view.text_of(key, "AttributeName")?).or_insert(at);
            }
        }
    }
    Some(used)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::assert_finds;

    #[test]
    fn the_keys_of_indices_count_too() {
        let table = |index: &str| {
            let attribute = |name: &str| json!({"AttributeName": name, "AttributeType": "S"});
            let key = |name: &str| json!([{"AttributeName": name, "KeyType": "HASH"}]);
            json!({"Resources": {"T": {"Type": "AWS::DynamoDB::Table", "Properties": {
                "KeySchema": key("id"),
                "AttributeDefinitions": [attribute("id"), attribute("customer")],
                "GlobalSecondaryIndexes": [{"IndexName": "i", "KeySchema": key(index)}],
            }}}})
        };
        let docs = format!("docs {}", KEYS.docs.unwrap());
        assert_finds(check, table("customer"), &[]);
        assert_finds(
            check,
            table("custumer"),
            &[
                &format!(
                    "error[E3039]: the attribute `customer` is in no key; expected none but those of keys\n  \
                     at   Resources/T/Properties/AttributeDefinitions/1/AttributeName\n  {docs}"
                ),
                &format!(
                    "error[E3039]: the key attribute `custumer` is not defined; expected it in `AttributeDefinitions`\n  \
                     at   Resources/T/Properties/GlobalSecondaryIndexes/0/KeySchema/0/AttributeName\n  \
                     help did you mean `customer`?\n  {docs}"
                ),
            ],
        );
    }
}
