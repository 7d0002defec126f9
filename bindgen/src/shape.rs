//! Reads the form of a single schema: its properties, its kind, its pointers.

use serde_json::{Map, Value as Json};

use crate::{keywords::KNOWN_VALUES, model::Type};

/// The pointers of a list of the schema, without `/properties`.
pub fn pointers(schema: &Json, list: &str) -> Vec<String> {
    let pointers = schema[list].as_array().into_iter().flatten().filter_map(Json::as_str);
    pointers.map(|pointer| pointer.trim_start_matches("/properties").to_owned()).collect()
}

/// The properties of an object; those of its alternatives too, where it is a union.
pub fn properties(schema: &Json) -> Map<String, Json> {
    let mut all = schema["properties"].as_object().cloned().unwrap_or_default();
    for alternative in schema["oneOf"].as_array().into_iter().flatten() {
        for (name, property) in alternative["properties"].as_object().into_iter().flatten() {
            if property.is_object() {
                all.entry(name).or_insert_with(|| property.clone());
            }
        }
    }
    all
}

/// The properties that must always be there; some schemas say so in one of the groups that must all hold.
pub fn required(schema: &Json) -> Vec<String> {
    let groups = schema["allOf"].as_array().into_iter().flatten();
    let lists = std::iter::once(schema).chain(groups).filter_map(|schema| schema["required"].as_array());
    lists.flatten().filter_map(Json::as_str).map(str::to_owned).collect()
}

/// Whether `{}` is all that it can be: its presence says everything.
pub fn is_empty_object(schema: &Json) -> bool {
    // Some say it of a string, where it means nothing.
    let may_be = types(schema).is_empty() || types(schema).iter().any(|ty| ty == "object");
    may_be && schema["additionalProperties"] == false && map_values(schema).is_none() && schema.get("items").is_none()
}

/// What the values of a map must be, if the schema is one.
pub fn map_values(schema: &Json) -> Option<&Json> {
    let by_pattern = schema["patternProperties"].as_object().and_then(|patterns| patterns.values().next());
    by_pattern.or_else(|| schema.get("additionalProperties").filter(|values| values.is_object()))
}

/// The values of an enumeration: those that the schema allows, or those that AWS documents.
pub fn listed(schema: &Json) -> Option<&Vec<Json>> {
    ["enum", "enumCaseInsensitive", KNOWN_VALUES].iter().find_map(|keyword| schema[keyword].as_array())
}

/// The types that a schema allows.
pub fn types(schema: &Json) -> Vec<String> {
    match &schema["type"] {
        Json::String(one) => vec![one.clone()],
        Json::Array(many) => many.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// The type of a schema that is neither a struct nor a collection.
pub fn scalar(schema: &Json, types: &[String]) -> Result<Type, String> {
    let types: Vec<&str> = types.iter().map(String::as_str).collect();
    Ok(match types.as_slice() {
        ["string"] => Type::String,
        ["integer"] => Type::Integer,
        ["number"] => Type::Number,
        ["boolean"] => Type::Boolean,
        // What may be an object or something else, or is not said.
        types if types.contains(&"object") => Type::Json,
        ["array"] => Type::List(Box::new(Type::Json)),
        ["integer", "number"] | ["number", "integer"] => Type::Number,
        [] if schema["format"].as_str().is_some_and(|format| format.starts_with("AWS::")) => Type::String,
        [] => Type::Json,
        _ => return Err(format!("no Rust type for {schema}; add a fixup")),
    })
}
