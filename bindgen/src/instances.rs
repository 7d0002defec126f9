//! `tests/aws_instances/`: an instance of every struct with all setters called, the attributes of every handle, and
//! what they must become.

use std::fmt::Write;

use serde_json::{Value as Json, json};

use crate::{
    keywords::RECURSIVE,
    model::{Enum, Field, Place, Resource, Service, Struct, Type},
    names::snake,
    render, sample,
};

/// `tests/aws_instances/main.rs`.
pub fn root(services: &[Service], provenance: &str) -> String {
    let mut out = render::header("//", provenance);
    out.push_str(
        "\n//! Every generated struct writes what the schema says, in its order; every attribute names what it is; the\n\
         //! constraint tables know the same properties.\n\n",
    );
    out.push_str("#![allow(deprecated, reason = \"deprecated properties are written too\")]\n\n");
    for service in services {
        let _ = writeln!(out, "{}mod {};", render::gate(service), stem(service));
    }
    out.push_str(
        r#"
use formwork::{
    Handle, Stack,
    iam::Policy,
    intrinsic::sub,
    schema::{self, ResourceSchema, Schema, Type},
    stack::Resource,
    value::Value,
};
use serde::Serialize;
use serde_json::{Value as Json, json};

/// What holds itself ends somewhere.
#[allow(dead_code, reason = "of the types that are always there, none holds itself")]
fn recursive<T>(text: &str) -> Value<T> {
    sub(text).cast()
}

/// Any value will do for a policy document: its form is not the schema's.
fn policy(text: &str) -> Value<Policy> {
    sub(text).cast()
}

fn json(value: impl Serialize) -> Json {
    serde_json::to_value(value).expect("attributes are JSON")
}

fn check<R: Resource>(expected: &str, resource: R, attributes: impl FnOnce(&Handle<R>) -> Vec<Json>) {
    let expected: Json = serde_json::from_str(expected).expect("bindgen writes JSON");
    let expected = &expected[R::TYPE];
    let mut stack = Stack::new("instances");
    let handle = stack.add("Instance", resource);
    let entry = stack.template().as_json()["Resources"]["Instance"].clone();
    assert_eq!(entry["Type"], R::TYPE);
    let properties = entry.get("Properties").cloned().unwrap_or_else(|| json!({}));
    // As text: the order of properties counts, and so does `5` against `5.0`.
    assert_eq!(properties.to_string(), expected["properties"].to_string());
    assert_eq!(json!(attributes(&handle)).to_string(), expected["attributes"].to_string());
    let table = schema::of(R::TYPE).expect("every struct has a table");
    agree(table, table.root(), &properties, "/properties");
}

/// The table knows every property of the instance by its type, and the instance has all that can be set.
fn agree(table: &ResourceSchema, schema: &Schema, json: &Json, path: &str) {
    let schema = table.resolve(schema);
    // A policy document, and what would hold itself.
    if json.get("Fn::Sub").is_some() {
        return;
    }
    let ty = match json {
        Json::Array(_) => Type::Array,
        Json::Object(_) => Type::Object,
        Json::Bool(_) => Type::Boolean,
        Json::Number(number) if number.is_i64() => Type::Integer,
        Json::Number(_) => Type::Number,
        _ => Type::String,
    };
    let integer = ty == Type::Integer && schema.types.contains(&Type::Number);
    assert!(schema.types.is_empty() || schema.types.contains(&ty) || integer, "{path}: {json}");
    if let (Json::Array(elements), Some(items)) = (json, &schema.items) {
        elements.iter().for_each(|element| agree(table, items, element, &format!("{path}/*")));
    }
    let Json::Object(entries) = json else { return };
    for (name, value) in entries {
        if let Some(property) = schema.property(name) {
            agree(table, property, value, &format!("{path}/{name}"));
        } else if let Some(values) = schema.pattern_properties.values().next() {
            agree(table, values, value, &format!("{path}/*"));
        } else {
            assert!(!schema.is_closed(), "{path}/{name} is not in the table");
        }
    }
    for name in schema.properties.keys().filter(|name| !entries.contains_key(*name)) {
        let path = format!("{path}/{name}");
        let read_only = table.read_only_properties.iter().any(|pointer| pointer.starts_with(&path));
        assert!(read_only, "{path} is in the table but not in the struct");
    }
}
"#,
    );
    out
}

/// The stem of the files of a service, and the module.
pub fn stem(service: &Service) -> String {
    match service.place {
        Place::Rest => format!("{}_rest", service.module),
        Place::Always | Place::Feature => service.module.clone(),
    }
}

/// `tests/aws_instances/<service>.json`.
pub fn expected(service: &Service, provenance: &str) -> String {
    let mut out = format!("{{\n\"//\": {}", Json::from(render::header("", provenance).trim()));
    for resource in &service.resources {
        let properties = sample::resource(&resource.schema);
        let lines = properties.as_object().into_iter().flatten().map(|(name, value)| format!("  \"{name}\": {value}"));
        let lines: Vec<String> = lines.collect();
        let reference = resource.reference.method.iter().map(|_| json!({"Ref": "Instance"}));
        let methods = resource.attributes.iter().filter(|attribute| attribute.method.is_some());
        let methods = methods.map(|attribute| json!({"Fn::GetAtt": ["Instance", attribute.name]}));
        let attributes: Vec<Json> = reference.chain(methods).collect();
        let _ = write!(
            out,
            ",\n\"{}\": {{\n \"properties\": {{\n{}\n }},\n \"attributes\": {}\n}}",
            resource.type_name,
            lines.join(",\n"),
            Json::from(attributes)
        );
    }
    out.push_str("\n}\n");
    out
}

/// `tests/aws_instances/<service>.rs`.
pub fn service(service: &Service, provenance: &str) -> String {
    let mut out = render::header("//", provenance);
    let _ = writeln!(
        out,
        "\n#[allow(unused_imports, reason = \"not every service has all of it\")]\n\
         use crate::{{check, json, policy, recursive}};\nuse formwork::aws::{}::*;\n\nconst EXPECTED: &str = include_str!(\"{}.json\");",
        service.module,
        stem(service)
    );
    for resource in &service.resources {
        test(&mut out, resource);
        for item in &resource.structs {
            instance(&mut out, item, resource);
        }
    }
    out
}

fn test(out: &mut String, resource: &Resource) {
    let name = snake(&resource.structs[0].name);
    let reference = resource.reference.method.iter();
    let methods = reference.chain(resource.attributes.iter().filter_map(|attribute| attribute.method.as_ref()));
    let attributes: Vec<String> = methods.map(|method| format!("json(handle.{method}())")).collect();
    let handle = if attributes.is_empty() { "_" } else { "handle" };
    let _ = writeln!(
        out,
        "\n#[test]\nfn {name}_writes_what_the_schema_says() {{\ncheck(EXPECTED, {}, |{handle}| vec![{}]);\n}}",
        call(&resource.structs[0], resource),
        attributes.join(", ")
    );
}

/// The name of the function that makes an instance.
fn function(item: &Struct, resource: &Resource) -> String {
    if std::ptr::eq(item, &resource.structs[0]) {
        format!("a_{}", snake(&item.name))
    } else {
        format!("{}_{}", snake(&resource.structs[0].name), snake(&item.name))
    }
}

fn call(item: &Struct, resource: &Resource) -> String {
    format!("{}()", function(item, resource))
}

fn instance(out: &mut String, item: &Struct, resource: &Resource) {
    let path = format!("{}::{}", resource.module, item.name);
    let (required, optional): (Vec<&Field>, Vec<&Field>) = item.fields.iter().partition(|field| field.required);
    let value = |field: &Field| literal(&field.ty, &field.wire, &field.schema, resource);
    let arguments: Vec<String> = required.into_iter().map(value).collect();
    let setters: String = optional.iter().map(|field| format!(".{}({})", field.ident, value(field))).collect();
    let function = function(item, resource);
    let _ = writeln!(out, "\nfn {function}() -> {path} {{\n{path}::new({}){setters}\n}}", arguments.join(", "));
}

/// The value in Rust; the same as `sample` makes of the schema.
fn literal(ty: &Type, wire: &str, schema: &Json, resource: &Resource) -> String {
    if schema[RECURSIVE] == true {
        return format!("recursive(\"{wire}\")");
    }
    match ty {
        Type::String => format!("\"{wire}\""),
        Type::Integer | Type::Number | Type::Boolean => sample::scalar(wire, schema).to_string(),
        Type::Json => format!("json!({})", sample::scalar(wire, schema)),
        Type::Policy => format!("policy(\"{wire}\")"),
        Type::Struct(name) => {
            let found = resource.structs.iter().find(|item| item.name == *name).expect("convert names known structs");
            call(found, resource)
        }
        Type::Enum(name) => {
            let found: &Enum =
                resource.enums.iter().find(|item| item.name == *name).expect("convert names known enumerations");
            let wanted = element(schema, resource);
            let wanted = sample::scalar(wire, &wanted);
            match found.values.iter().find(|(_, value)| wanted == *value) {
                Some((constant, _)) => format!("{}::{name}::{constant}", resource.module),
                // A second spelling has no constant.
                None => format!("{}::{name}::other({wanted})", resource.module),
            }
        }
        Type::List(items) => format!("[{}]", literal(items, wire, &inner(schema, resource), resource)),
        Type::Map(values) => format!("[(\"Key\", {})]", literal(values, wire, &inner(schema, resource), resource)),
    }
}

/// The schema of the elements of a list or of the values of a map.
fn inner(schema: &Json, resource: &Resource) -> Json {
    let patterns = schema["patternProperties"].as_object().and_then(|patterns| patterns.values().next());
    let inner = schema.get("items").or(patterns).unwrap_or(&schema["additionalProperties"]);
    let mut found = element(inner, resource);
    if inner[RECURSIVE] == true {
        found[RECURSIVE] = true.into();
    }
    found
}

/// The schema with its reference followed.
fn element(schema: &Json, resource: &Resource) -> Json {
    match schema["$ref"].as_str().and_then(|target| resource.schema.pointer(target.trim_start_matches('#'))) {
        Some(found) => {
            let mut found = element(found, resource);
            sample::override_by(schema, &mut found);
            found
        }
        None => schema.clone(),
    }
}
