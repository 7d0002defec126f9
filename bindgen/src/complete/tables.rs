//! The proof that no property is missing in the tables: what the raw schemas hold, and what the lines of the text say.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

/// The properties by where they are: of the resource (nothing), or of a definition; what is nested in one has its name
/// before its own.
type Properties = BTreeSet<(String, String)>;

/// Compares the raw schemas with the texts of the tables; returns how many properties there are, and what is missing.
pub fn compare<'a>(
    schemas: impl Iterator<Item = (&'a String, &'a Json)>,
    texts: impl Iterator<Item = &'a str>,
) -> (usize, Vec<String>) {
    let mut written: BTreeMap<&str, Properties> = texts.flat_map(read).collect();
    let (mut count, mut faults) = (0, Vec::new());
    for (name, schema) in schemas {
        let Some(found) = written.remove(name.as_str()) else {
            faults.push(format!("{name} has no table"));
            continue;
        };
        let expected = raw(schema);
        count += expected.len();
        let line = |(owner, property): &(String, String)| format!("{name}: {owner} {property}");
        faults.extend(expected.difference(&found).map(|missing| format!("{} is missing in its table", line(missing))));
        faults.extend(found.difference(&expected).map(|extra| format!("{} is in no schema", line(extra))));
    }
    faults.extend(written.keys().map(|name| format!("{name} has a table and no schema")));
    (count, faults)
}

/// The properties of a raw schema.
fn raw(schema: &Json) -> Properties {
    let mut found = Properties::new();
    nested("", "", &without(schema, "definitions"), &mut found);
    for (name, definition) in schema["definitions"].as_object().into_iter().flatten() {
        nested(&format!("#{name}"), "", definition, &mut found);
    }
    found
}

fn without(schema: &Json, keyword: &str) -> Json {
    let mut schema = schema.clone();
    schema.as_object_mut().and_then(|keywords| keywords.shift_remove(keyword));
    schema
}

/// Everything that `properties` names at any depth; what is an example or a handler holds no schema.
fn nested(owner: &str, before: &str, schema: &Json, found: &mut Properties) {
    match schema {
        Json::Array(schemas) => schemas.iter().for_each(|schema| nested(owner, before, schema, found)),
        Json::Object(keywords) => {
            for (keyword, value) in keywords {
                match keyword.as_str() {
                    "properties" => {
                        for (name, property) in value.as_object().into_iter().flatten() {
                            let path = if before.is_empty() { name.clone() } else { format!("{before}.{name}") };
                            nested(owner, &path, property, found);
                            found.insert((owner.to_owned(), path));
                        }
                    }
                    "patternProperties" => {
                        value
                            .as_object()
                            .into_iter()
                            .flatten()
                            .for_each(|(_, values)| nested(owner, before, values, found));
                    }
                    "items"
                    | "prefixItems"
                    | "additionalProperties"
                    | "not"
                    | "if"
                    | "then"
                    | "else"
                    | "allOf"
                    | "anyOf"
                    | "oneOf" => nested(owner, before, value, found),
                    "dependencies" => {
                        value
                            .as_object()
                            .into_iter()
                            .flatten()
                            .for_each(|(_, schema)| nested(owner, before, schema, found));
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

/// The types of a text with their properties.
fn read(text: &str) -> Vec<(&str, Properties)> {
    let mut types: Vec<(&str, Properties)> = Vec::new();
    let mut owner = String::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if !line.starts_with(' ') {
            types.push((line, Properties::new()));
            continue;
        }
        let Some((_, found)) = types.last_mut() else { continue };
        let keywords = || line.find('{').and_then(|at| serde_json::from_str(&line[at..]).ok()).unwrap_or(Json::Null);
        if let Some(property) = line.strip_prefix("  ") {
            let name = property.split(' ').next().unwrap_or_default().trim_end_matches('!').to_owned();
            nested(&owner, &name, &keywords(), found);
            found.insert((owner.clone(), name));
        } else if line.starts_with(" properties ") || line.starts_with(" #") {
            let name = line.split(' ').nth(1).unwrap_or_default();
            name.strip_prefix("properties").unwrap_or(name).clone_into(&mut owner);
            nested(&owner, "", &keywords(), found);
        }
    }
    types
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_property_that_is_missing_is_named() {
        let schema = json!({
            "definitions": {"Tag": {"properties": {"Key": {"type": "string", "examples": [{"properties": {"No": 1}}]}}}},
            "properties": {"Name": {"type": "string"}, "In": {"items": {"properties": {"Deep": {"type": "string"}}}}},
            "anyOf": [{"properties": {"Other": {}}}],
        });
        let name = "AWS::T::Thing".to_owned();
        let faults = |text: &str| {
            let schemas = [(&name, &schema)];
            compare(schemas.into_iter(), std::iter::once(text)).1
        };
        let whole = "AWS::T::Thing\n ref Name\n properties - {\"anyOf\":[{\"properties\":{\"Other\":{}}}]}\n  Name! string\n  \
            In - {\"items\":{\"properties\":{\"Deep\":{\"type\":\"string\"}}}}\n #Tag -\n  Key string 1..2\n";
        assert_eq!(faults(whole), [""; 0]);
        assert_eq!(
            faults(&whole.replace("  Key string 1..2\n", "")),
            ["AWS::T::Thing: #Tag Key is missing in its table"]
        );
        assert_eq!(
            faults(&whole.replace("Deep", "Dip")),
            ["AWS::T::Thing:  In.Deep is missing in its table", "AWS::T::Thing:  In.Dip is in no schema",]
        );
        assert_eq!(faults(""), ["AWS::T::Thing has no table"]);
    }
}
