//! What the generated structs are called, and what `new` and the setters of each take: a text a service, as
//! `src/data/structs.rs` reads it; and which struct is which type's, as `src/data/types.rs` does. What the names of AWS
//! decide by rule (`case.rs`) is not in it.

use std::{collections::BTreeMap, fmt::Write};

use crate::{
    model::{Attribute, Enum, Place, Resource, Service, Struct, Type},
    names::{are_versions, constant},
};

/// The texts of the structs by service: the middle part of the types' names.
pub fn texts(services: &[Service]) -> BTreeMap<String, String> {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for (_, resource) in all(services) {
        let name = resource.type_name.split("::").nth(1).unwrap_or_default();
        self::resource(texts.entry(name.to_owned()).or_default(), resource);
    }
    texts
}

/// A line a resource type: `AWS::ECS::Service ecs Service ecs`, its module, its struct, and its feature or `-`.
pub fn types(services: &[Service]) -> BTreeMap<String, String> {
    let lines: BTreeMap<&str, String> = all(services)
        .map(|(service, resource)| {
            let name = resource.structs.first().map_or("", |item| &item.name);
            let place = if service.place == Place::Always { "-" } else { &service.feature };
            (resource.type_name.as_str(), format!("{} {} {name} {place}", resource.type_name, service.module))
        })
        .collect();
    BTreeMap::from([("aws".to_owned(), lines.into_values().collect::<Vec<_>>().join("\n"))])
}

/// All resources with their services.
fn all(services: &[Service]) -> impl Iterator<Item = (&Service, &Resource)> {
    services.iter().flat_map(|service| service.resources.iter().map(move |resource| (service, resource)))
}

/// `:AWS::Lambda::Function function function_name`, and what it has.
fn resource(out: &mut String, resource: &Resource) {
    let reference = resource.reference.method.as_deref().unwrap_or("-");
    let _ = writeln!(out, ":{} {} {reference}", resource.type_name, resource.module);
    resource.attributes.iter().for_each(|attribute| self::attribute(out, attribute));
    resource.structs.iter().for_each(|item| structure(out, item));
    resource.enums.iter().for_each(|item| enumeration(out, item));
}

/// `@Arn arn s`; without a method of its own `@QueueUrl - s`.
fn attribute(out: &mut String, attribute: &Attribute) {
    let method = attribute.method.as_deref().unwrap_or("-");
    let _ = writeln!(out, "@{} {method} {}", attribute.name, ty(&attribute.ty));
}

/// `.Queue`, and a field a line: `Name! s` where `new` takes it, `Name? s` where AWS advises against it.
fn structure(out: &mut String, item: &Struct) {
    let _ = writeln!(out, ".{}", item.name);
    for field in &item.fields {
        let mark = match (field.required, field.deprecated) {
            (true, _) => "!",
            (false, true) => "?",
            (false, false) => "",
        };
        let _ = writeln!(out, "{}{mark} {}", field.wire, ty(&field.ty));
    }
}

/// `=Runtime`, and a value a line, with the constant behind a tab where the value does not give it its name.
fn enumeration(out: &mut String, item: &Enum) {
    let _ = writeln!(out, "={}", item.name);
    let versions = are_versions(item.values.iter().map(|(_, value)| value.as_str()));
    for (name, value) in &item.values {
        let _ = match constant(value, versions) == *name {
            true => writeln!(out, "{value}"),
            false => writeln!(out, "{value}\t{name}"),
        };
    }
}

fn ty(item: &Type) -> String {
    match item {
        Type::String => "s".to_owned(),
        Type::Integer => "i".to_owned(),
        Type::Number => "n".to_owned(),
        Type::Boolean => "b".to_owned(),
        Type::Json => "j".to_owned(),
        Type::Policy => "p".to_owned(),
        Type::Struct(name) => format!(".{name}"),
        Type::Enum(name) => format!("={name}"),
        Type::List(items) => format!("[{}", ty(items)),
        Type::Map(values) => format!("{{{}", ty(values)),
    }
}
