//! What the generated structs are called, and what `new` and the setters of each take: a text a resource type, as
//! `src/data/structs.rs` reads it. What the names of AWS decide by rule (`case.rs`) is not in it.

use std::{collections::BTreeMap, fmt::Write};

use crate::{
    model::{Attribute, Enum, Place, Resource, Service, Struct, Type},
    names::{are_versions, constant},
};

/// The texts by resource type.
pub fn texts(services: &[Service]) -> BTreeMap<String, String> {
    let resources = services.iter().flat_map(|service| service.resources.iter().map(move |it| (service, it)));
    resources.map(|(service, resource)| (resource.type_name.clone(), text(service, resource))).collect()
}

fn text(service: &Service, resource: &Resource) -> String {
    let reference = resource.reference.method.as_deref().unwrap_or("-");
    let place = if service.place == Place::Always { "-" } else { service.feature.as_str() };
    let mut out = format!("{} {} {place} {reference}\n", service.module, resource.module);
    resource.attributes.iter().for_each(|attribute| self::attribute(&mut out, attribute));
    resource.structs.iter().for_each(|item| structure(&mut out, item));
    resource.enums.iter().for_each(|item| enumeration(&mut out, item));
    out
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
