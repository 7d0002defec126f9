//! The shape that a JSON Schema describes: that of a Rust type, as `schemars` writes it.

use std::rc::Rc;

use super::shape::{Member, Origin, Shape};
use crate::json::Json;

/// The shape of what fulfils a schema. A type has the members that it says, and others only where it collects them.
pub(super) fn shape(schema: &Json, from: &Origin) -> Shape {
    of(schema, from, 0)
}

fn of(schema: &Json, from: &Origin, depth: usize) -> Shape {
    let Some(keywords) = schema.as_object().filter(|_| depth < 16) else { return Shape::Unknown };
    let inner = |schema: &Json| of(schema, from, depth + 1);
    for choice in ["anyOf", "oneOf"] {
        if let Some(schemas) = keywords.get(choice).and_then(Json::as_array) {
            let shapes = schemas.iter().map(inner);
            let joined = shapes.reduce(|a, b| a.join(&b).without_lacks());
            return if keywords.contains_key("properties") { Shape::Unknown } else { joined.unwrap_or(Shape::Unknown) };
        }
    }
    if ["$ref", "allOf", "not", "if", "patternProperties"].iter().any(|unread| keywords.contains_key(*unread)) {
        return Shape::Unknown;
    }
    let types: Vec<&str> = match keywords.get("type") {
        Some(Json::String(name)) => vec![name],
        Some(Json::Array(names)) => names.iter().filter_map(Json::as_str).collect(),
        _ => match keywords.get("enum").and_then(Json::as_array) {
            Some(values) if values.iter().all(|value| !value.is_object() && !value.is_array()) => vec!["string"],
            _ => Vec::new(),
        },
    };
    let shapes = types.into_iter().map(|name| match name {
        "object" => object(keywords, from, &inner),
        "array" => Shape::list(keywords.get("items").map_or(Shape::Unknown, inner)),
        "string" => Shape::TEXT,
        "number" | "integer" => Shape::NUMBER,
        "boolean" => Shape::BOOLEAN,
        "null" => Shape::Scalar("null"),
        _ => Shape::Unknown,
    });
    shapes.reduce(|a, b| a.join(&b)).unwrap_or(Shape::Unknown)
}

fn object(keywords: &serde_json::Map<String, Json>, from: &Origin, inner: &dyn Fn(&Json) -> Shape) -> Shape {
    let properties = keywords.get("properties").and_then(Json::as_object);
    let more = keywords.get("additionalProperties");
    // A type without members of its own says nothing of them.
    let open = more.map_or(properties.is_none(), |more| *more != Json::Bool(false));
    let members =
        properties.into_iter().flatten().map(|(name, schema)| (Rc::from(name.as_str()), Member::new(inner(schema))));
    Shape::object(members.collect(), open, from.clone()).declared()
}
