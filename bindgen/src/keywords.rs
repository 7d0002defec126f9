//! The keywords of a schema: which of them the tables keep, and which `src/schema.rs` understands.

use serde_json::{Map, Value as Json, json};

/// A keyword of ours: value → name of its constant, where the rule gives none or one that is taken.
pub const CONSTANTS: &str = "constants";

/// A keyword of ours: the values that AWS documents of a string that may be anything, as its schema says.
pub const KNOWN_VALUES: &str = "knownValues";

/// A keyword of ours: what is not among the properties is passed over, and neither used nor refused.
pub const IGNORES_OTHERS: &str = "ignoresOthers";

/// A keyword of ours: the reference leads to what holds it.
pub const RECURSIVE: &str = "recursive";

/// Keywords that say nothing about what a template may hold.
const DROPPED: &[&str] = &[
    "$comment",
    "$schema",
    "additionalIdentifiers",
    "arrayType",
    "default",
    "description",
    "examples",
    "handlers",
    "insertionOrder",
    "propertyTransform",
    "relationshipRef",
    "replacementStrategy",
    "resourceLink",
    "sourceUrl",
    "taggable",
    "title",
    "typeName",
    CONSTANTS,
    KNOWN_VALUES,
    RECURSIVE,
];

/// Keywords that `src/schema.rs` knows, beside those that hold schemas.
const KNOWN: &[&str] = &[
    "const",
    "dependentExcluded",
    "dependentRequired",
    "enum",
    "enumCaseInsensitive",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
    "required",
    "requiredOr",
    "requiredXor",
    "type",
    "uniqueItems",
];

/// Whether a rule has no keyword of cfn-lint's engine (`cfnGather`: other resources) that would be misread.
pub fn is_understood(schema: &Json) -> bool {
    schema.as_object().into_iter().flatten().all(|(keyword, value)| match (keyword.as_str(), value) {
        ("properties" | "patternProperties" | "definitions", Json::Object(named)) => named.values().all(is_understood),
        ("allOf" | "anyOf" | "oneOf" | "prefixItems", Json::Array(schemas)) => schemas.iter().all(is_understood),
        ("items" | "additionalProperties" | "not" | "if" | "then" | "else" | "propertyNames", schema) => {
            is_understood(schema)
        }
        (keyword, value) => KNOWN.contains(&keyword) && !value.to_string().contains("$data"),
    })
}

/// A schema without the keywords that are dropped; names of properties are not keywords.
pub fn clean(schema: &Json) -> Json {
    let Json::Object(keywords) = schema else { return schema.clone() };
    let mut kept = Map::new();
    for (keyword, value) in keywords.iter().filter(|(keyword, _)| !DROPPED.contains(&keyword.as_str())) {
        let value = match (keyword.as_str(), value) {
            ("properties" | "patternProperties" | "definitions", Json::Object(named)) => {
                named.iter().map(|(name, schema)| (name.clone(), clean(schema))).collect()
            }
            ("allOf" | "anyOf" | "oneOf" | "prefixItems", Json::Array(schemas)) => schemas.iter().map(clean).collect(),
            ("items" | "additionalProperties" | "not" | "if" | "then" | "else" | "propertyNames", schema) => {
                clean(schema)
            }
            // CloudFormation takes no `null`.
            ("type", Json::Array(types)) => types.iter().filter(|ty| *ty != "null").cloned().collect(),
            _ => value.clone(),
        };
        kept.insert(keyword.clone(), value);
    }
    conditions(&mut kept);
    kept.into()
}

/// Writes what a schema asks for where a property is there, beside lists of further properties, as `if` and `then`.
fn conditions(schema: &mut Map<String, Json>) {
    let Some(Json::Object(dependencies)) = schema.get_mut("dependencies") else { return };
    let (lists, schemas): (Vec<_>, Vec<_>) =
        std::mem::take(dependencies).into_iter().partition(|(_, dependency)| dependency.is_array());
    *dependencies = lists.into_iter().collect();
    if dependencies.is_empty() {
        schema.shift_remove("dependencies");
    }
    let conditions = schemas
        .into_iter()
        .map(|(name, dependency)| json!({"if": {"required": [name]}, "then": clean(&dependency)}))
        .collect::<Vec<_>>();
    if !conditions.is_empty()
        && let Json::Array(all) = schema.entry("allOf").or_insert_with(|| json!([]))
    {
        all.extend(conditions);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_that_is_a_schema_is_a_condition() {
        let dependencies = json!({"A": ["B"], "C": {"$comment": "Prose.", "oneOf": [{"required": ["D"]}, {}]}});
        assert_eq!(
            clean(&json!({"type": "object", "dependencies": dependencies})),
            json!({
                "type": "object",
                "dependencies": {"A": ["B"]},
                "allOf": [{"if": {"required": ["C"]}, "then": {"oneOf": [{"required": ["D"]}, {}]}}],
            })
        );
    }
}
