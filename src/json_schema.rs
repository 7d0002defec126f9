//! JSON Schemas of Rust types, in the draft that an AWS service takes.

use schemars::{JsonSchema, generate::SchemaSettings, transform::RecursiveTransform};

use crate::json::Json;

/// The schema of `T` as draft 4 of JSON Schema, for the `Schema` of an API Gateway model.
///
/// Everything stands in one place (`$ref` to a `$defs` that API Gateway does not know is resolved), and an
/// optional field may be absent, not null.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html>
///
/// ```
/// #[derive(schemars::JsonSchema)]
/// struct Order {
///     #[schemars(length(max = 20))]
///     bean: String,
///     bags: Option<u8>,
/// }
/// assert_eq!(
///     formwork::json_schema::draft_4::<Order>(),
///     formwork::json!({
///         "$schema": "http://json-schema.org/draft-04/schema#",
///         "title": "Order",
///         "type": "object",
///         "properties": {
///             "bean": {"type": "string", "maxLength": 20},
///             "bags": {"type": "integer", "minimum": 0, "maximum": 255},
///         },
///         "required": ["bean"],
///     })
/// );
/// ```
pub fn draft_4<T: JsonSchema>() -> Json {
    let settings = SchemaSettings::draft07().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = Some("http://json-schema.org/draft-04/schema#".into());
    });
    let settings = settings.with_transform(RecursiveTransform(|schema: &mut schemars::Schema| {
        if let Some(keywords) = schema.as_object_mut() {
            to_draft_4(keywords);
        }
    }));
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    if let Some(keywords) = schema.as_object_mut()
        && let Some(draft) = keywords.shift_remove("$schema")
    {
        // Where people look for it.
        keywords.shift_insert(0, "$schema".to_owned(), draft);
    }
    schema
}

/// The schema of `T` in one place, for a reader of this crate.
pub(crate) fn inline<T: JsonSchema>() -> Json {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    settings.into_generator().into_root_schema_for::<T>().to_value()
}

/// Rewrites the keywords of one schema, not those of the schemas within it.
fn to_draft_4(keywords: &mut serde_json::Map<String, Json>) {
    for unknown in ["format", "default", "examples", "readOnly", "writeOnly", "deprecated"] {
        keywords.remove(unknown);
    }
    if let Some(value) = keywords.remove("const") {
        keywords.insert("enum".to_owned(), Json::Array(vec![value]));
    }
    for (exclusive, inclusive) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if let Some(limit) = keywords.remove(exclusive) {
            keywords.insert(inclusive.to_owned(), limit);
            keywords.insert(exclusive.to_owned(), true.into());
        }
    }
    if let Some(Json::Array(types)) = keywords.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            keywords.insert("type".to_owned(), only);
        }
    }
    if let Some(Json::Array(values)) = keywords.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
    if let Some(Json::Array(schemas)) = keywords.get_mut("anyOf") {
        schemas.retain(|schema| schema["type"] != "null");
        if let [Json::Object(only)] = schemas.as_slice() {
            let only = only.clone();
            keywords.remove("anyOf");
            keywords.extend(only);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only its schema is looked at")]
    struct Order {
        /// Where to.
        address: Option<Address>,
        #[schemars(range(max = 9.5), extend("exclusiveMinimum" = 0))]
        weight: f64,
        grind: Option<Grind>,
    }

    #[derive(JsonSchema)]
    #[schemars(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its schema is looked at")]
    struct Address {
        city: String,
    }

    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only its schema is looked at")]
    enum Grind {
        Fine,
        Coarse,
    }

    #[test]
    fn what_draft_4_does_not_know_is_rewritten() {
        assert_eq!(
            draft_4::<Order>(),
            json!({
                "$schema": "http://json-schema.org/draft-04/schema#",
                "title": "Order",
                "type": "object",
                "properties": {
                    "address": {
                        "description": "Where to.",
                        "type": "object",
                        "properties": {"city": {"type": "string"}},
                        "additionalProperties": false,
                        "required": ["city"],
                    },
                    "weight": {"type": "number", "minimum": 0, "exclusiveMinimum": true, "maximum": 9.5},
                    "grind": {"type": "string", "enum": ["Fine", "Coarse"]},
                },
                "required": ["weight"],
            })
        );
    }
}
