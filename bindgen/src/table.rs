//! The constraint tables: a service's schemas without prose, one property a line.

use std::fmt::Write;

use serde_json::{Map, Value as Json, json};

use crate::{
    attributes,
    keywords::clean,
    model::{Resource, Service},
    render,
};

/// `src/aws/<service>.json`.
pub fn service(service: &Service, provenance: &str) -> String {
    let mut out = String::from("{\n");
    let _ = writeln!(out, "\"//\": {},", Json::from(render::header("", provenance).trim()));
    for (i, resource) in service.resources.iter().enumerate() {
        let comma = if i + 1 < service.resources.len() { "," } else { "" };
        let _ = writeln!(out, "\"{}\": {}{comma}", resource.type_name, entry(resource));
    }
    out.push_str("}\n");
    out
}

fn entry(resource: &Resource) -> String {
    let schema = clean(&resource.schema);
    let mut lines = Vec::new();
    for (keyword, value) in schema.as_object().into_iter().flatten() {
        match keyword.as_str() {
            "properties" => lines.push(format!(" \"properties\": {}", by_line(value, 2))),
            "definitions" => lines.push(format!(" \"definitions\": {}", definitions(value))),
            _ => lines.push(format!(" \"{keyword}\": {value}")),
        }
    }
    lines.push(format!(" \"ref\": {}", json!(resource.reference.parts)));
    lines.push(format!(" \"refIsDocumented\": {}", resource.reference.method.is_some()));
    let attributes = resource.attributes.iter().map(|a| (a.name.clone(), kind(&a.ty))).collect::<Map<_, _>>();
    lines.push(format!(" \"attributes\": {}", Json::from(attributes)));
    if let Some(prefix) = attributes::open(&resource.type_name) {
        lines.push(format!(" \"openAttributes\": \"{prefix}\""));
    }
    let rules: Vec<String> = resource.rules.iter().map(|rule| format!("  {rule}")).collect();
    if !rules.is_empty() {
        lines.push(format!(" \"rules\": [\n{}\n ]", rules.join(",\n")));
    }
    format!("{{\n{}\n}}", lines.join(",\n"))
}

fn kind(ty: &crate::model::Type) -> Json {
    use crate::model::Type;
    match ty {
        Type::String => "string",
        Type::Integer => "integer",
        Type::Number => "number",
        Type::Boolean => "boolean",
        Type::List(_) => "array",
        _ => "object",
    }
    .into()
}

fn definitions(all: &Json) -> String {
    let mut lines = Vec::new();
    for (name, definition) in all.as_object().into_iter().flatten() {
        let mut keywords = definition.as_object().cloned().unwrap_or_default();
        let properties = keywords.shift_remove("properties");
        let mut line = format!("  \"{name}\": {}", Json::from(keywords));
        if let Some(properties) = properties {
            let comma = if line.ends_with("{}") { "" } else { ", " };
            line.truncate(line.len() - 1);
            let _ = write!(line, "{comma}\"properties\": {}}}", by_line(&properties, 3));
        }
        lines.push(line);
    }
    format!("{{\n{}\n }}", lines.join(",\n"))
}

fn by_line(properties: &Json, indent: usize) -> String {
    let properties = properties.as_object().into_iter().flatten();
    let lines: Vec<String> =
        properties.map(|(name, schema)| format!("{}\"{name}\": {schema}", " ".repeat(indent))).collect();
    if lines.is_empty() { "{}".to_owned() } else { format!("{{\n{}\n{}}}", lines.join(",\n"), " ".repeat(indent - 1)) }
}
