//! F4003 and E3019: two outputs with one name of export, two resources with one name.

use std::collections::{BTreeSet, HashMap};

use crate::{
    check::{
        subject::{Check, Entry, Subject},
        world::World,
    },
    diagnostic::{Diagnostic, Severity},
    json::Json,
    rule::Rule,
    schema,
};

static EXPORT: Rule = Rule {
    code: "F4003",
    severity: Severity::Error,
    title: "an export that two outputs have",
    why: "\
Two outputs are exported under one name, which is unique in an account and region. CloudFormation
refuses the template (\"Duplicate Export names\").",
    fails: "\
Resources:
  Orders:
    Type: AWS::SQS::Queue
Outputs:
  Arn: {Value: !GetAtt Orders.Arn, Export: {Name: orders}}
  Url: {Value: !Ref Orders, Export: {Name: orders}}",
    passes: "\
Resources:
  Orders:
    Type: AWS::SQS::Queue
Outputs:
  Arn: {Value: !GetAtt Orders.Arn, Export: {Name: orders-arn}}
  Url: {Value: !Ref Orders, Export: {Name: orders-url}}",
    docs: Some("https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html"),
};

static IDENTIFIER: Rule = Rule {
    code: "E3019",
    severity: Severity::Error,
    title: "two resources of a type with one name",
    why: "\
Two resources of a type have the same values of the properties that identify one, so that the second
one cannot be made (\"already exists\").",
    fails: "\
Resources:
  Orders:
    Type: AWS::SQS::QueueInlinePolicy
    Properties: {Queue: q, PolicyDocument: {Statement: []}} # and another one like it",
    passes: "\
Resources:
  Orders:
    Type: AWS::SQS::QueueInlinePolicy
    Properties: {Queue: q, PolicyDocument: {Statement: []}}",
    docs: Some("https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-resource-name.html"),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&EXPORT, &IDENTIFIER], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    exports(subject, found);
    if !subject.is_open() {
        identifiers(subject, found);
    }
}

/// The condition of an entry, if it has one.
fn condition(entry: &Json) -> Option<&str> {
    entry.get("Condition").and_then(Json::as_str)
}

/// Whether one of two entries is never there without the other, as far as their conditions tell.
fn are_together(subject: &Subject<'_>, a: &Json, b: &Json) -> bool {
    let names: BTreeSet<&str> = condition(a).into_iter().chain(condition(b)).collect();
    let is_there =
        |world: &World<'_>, entry: &Json| condition(entry).is_none_or(|name| world.holds(name) == Some(true));
    let worlds = subject.conditions.worlds(&names, &[]);
    let any = |first: bool, second: bool| {
        worlds.iter().any(|world| is_there(world, a) == first && is_there(world, b) == second)
    };
    any(true, true) && !(any(true, false) && any(false, true))
}

fn exports(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let mut named: HashMap<String, Vec<(&str, &Json)>> = HashMap::new();
    for (id, output) in subject.template.section("Outputs") {
        let Some(name) = output.get("Export").and_then(|export| export.get("Name")) else { continue };
        let others = named.entry(name.to_string()).or_default();
        if let Some((first, _)) = others.iter().find(|(_, other)| are_together(subject, other, output)) {
            let message = format!("`{id}` is exported under the name of `{first}`; expected each name once");
            found.push(EXPORT.at(format!("Outputs/{id}/Export/Name"), message));
        }
        others.push((id, output));
    }
}

fn identifiers(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let mut named: HashMap<(&str, String), Vec<&Entry<'_>>> = HashMap::new();
    // Methods that are the same are F6010.
    for entry in subject.resources.iter().filter(|entry| entry.kind != "AWS::ApiGateway::Method") {
        let Some(schema) = schema::of(entry.kind) else { continue };
        let Some(identifier) = literals(entry, &schema.primary_identifier) else { continue };
        let others = named.entry((entry.kind, identifier)).or_default();
        if let Some(first) = others.iter().find(|other| are_together(subject, other.json, entry.json)) {
            let names: Vec<String> = schema
                .primary_identifier
                .iter()
                .filter_map(|path| path.strip_prefix("/properties/"))
                .map(|name| format!("`{name}`"))
                .collect();
            let (id, other, names) = (entry.name, first.name, names.join(" and "));
            let message = format!("`{id}` has the {names} of `{other}`; expected them to differ");
            let at = schema.primary_identifier.first().and_then(|path| path.strip_prefix("/properties/"));
            found.push(IDENTIFIER.at(format!("{}/Properties/{}", entry.path, at.unwrap_or_default()), message));
        }
        others.push(entry);
    }
}

/// The values of the properties that identify a resource, where all of them are given and are the same in every world.
fn literals(entry: &Entry<'_>, identifier: &[String]) -> Option<String> {
    let properties = entry.json.get("Properties")?;
    if identifier.is_empty() || entry.path.contains("/Fn::ForEach::") {
        return None;
    }
    let mut values = Vec::new();
    for path in identifier {
        let value = properties.pointer(path.strip_prefix("/properties")?)?;
        let text = value.to_string();
        if text.contains("Fn::If") || text.contains("AWS::NoValue") || text.contains("Fn::Transform") {
            return None;
        }
        values.push(text);
    }
    Some(values.join(" "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::assert_finds;

    #[test]
    fn an_export_that_two_outputs_have_is_reported_unless_one_of_them_is_there() {
        let outputs = |first: &str, second: &str| {
            let name = json!({"Name": {"Fn::Sub": "${AWS::StackName}-arn"}});
            json!({
                "Conditions": {
                    "A": {"Fn::Equals": [{"Ref": "AWS::Region"}, "a"]},
                    "B": {"Fn::Not": [{"Condition": "A"}]},
                },
                "Outputs": {
                    "O": {"Condition": first, "Value": 1, "Export": name},
                    "P": {"Condition": second, "Value": 1, "Export": name},
                },
            })
        };
        assert_finds(check, outputs("A", "B"), &[]);
        assert_finds(
            check,
            outputs("A", "A"),
            &[&format!(
                "error[F4003]: `P` is exported under the name of `O`; expected each name once\n  \
                 at   Outputs/P/Export/Name\n  docs {}",
                EXPORT.docs.unwrap()
            )],
        );
    }

    #[test]
    fn two_resources_with_one_name_are_reported() {
        let named = |name: Json| json!({"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": name}});
        let two = |a: Json, b: Json| json!({"Resources": {"A": named(a), "B": named(b)}});
        assert_finds(check, two(json!("a"), json!("b")), &[]);
        assert_finds(
            check,
            two(json!("a"), json!("a")),
            &[&format!(
                "error[E3019]: `B` has the `TableName` of `A`; expected them to differ\n  \
                 at   Resources/B/Properties/TableName\n  docs {}",
                IDENTIFIER.docs.unwrap()
            )],
        );
    }
}
