//! What `Ref` and `Fn::GetAtt` give of a resource.

use serde_json::Value as Json;

use crate::{
    model::{Attribute, Curated, Reference, Type},
    names::ident,
    shape::{pointers, types},
};

/// Methods that every handle has, or that `src/stack.rs` writes by hand.
const TAKEN: &[&str] = &["logical_id", "reference", "attribute", "clone", "get_att", "output"];

/// The beginning of the attributes that a template or a provider names itself, where there are such.
pub fn open(type_name: &str) -> Option<&'static str> {
    match type_name {
        "AWS::CloudFormation::CustomResource" => Some(""),
        "AWS::CloudFormation::Stack"
        | "AWS::Serverless::Application"
        | "AWS::ServiceCatalog::CloudFormationProvisionedProduct" => Some("Outputs."),
        _ => None,
    }
}

/// What `Ref` gives: the curated override, else the primary identifier.
pub fn reference(schema: &Json, curated: &Curated) -> Reference {
    let primary = pointers(schema, "primaryIdentifier");
    let parts: Vec<String> = match &curated.reference {
        Some(parts) => parts.clone(),
        None => primary.iter().map(|path| path.trim_start_matches('/').replace('/', ".")).collect(),
    };
    // An override names the parts that `Ref` joins, the most specific one last; a composite identifier without one
    // does not say how `Ref` would join it.
    let named = if curated.reference.is_some() || parts.len() == 1 { parts.last() } else { None };
    let method = named.map(|name| ident(name.rsplit('.').next().unwrap_or(name)));
    Reference { parts, method }
}

/// The attributes: read-only properties that `Fn::GetAtt` reaches, and those that only the CDK database knows.
pub fn attributes(schema: &Json, curated: &Curated, reference: &Reference) -> Result<Vec<Attribute>, String> {
    let mut attributes: Vec<Attribute> = Vec::new();
    for mut attribute in named(schema, curated) {
        let mut method = ident(&attribute.name);
        if TAKEN.contains(&method.as_str()) {
            return Err(format!("the attribute {} would hide a method of every handle; add a fixup", attribute.name));
        }
        // `CertificateAuthority.Data` and `CertificateAuthorityData`.
        if attributes.iter().any(|known| known.method.as_ref() == Some(&method)) {
            method.push('_');
        }
        attribute.method = Some(method).filter(|method| reference.method.as_ref() != Some(method));
        attributes.push(attribute);
    }
    Ok(attributes)
}

/// The attributes with their types, without the methods that handles have for them.
pub fn named(schema: &Json, curated: &Curated) -> Vec<Attribute> {
    let write_only = pointers(schema, "writeOnlyProperties");
    let read_only = pointers(schema, "readOnlyProperties");
    let mut names: Vec<String> = read_only
        .iter()
        .filter(|path| !path.contains('*') && !write_only.contains(path))
        .map(|path| path.trim_start_matches('/').replace('/', "."))
        .chain(curated.attributes.keys().cloned())
        .collect();
    names.sort();
    names.dedup();
    let typed = names.into_iter().map(|name| {
        let ty = by_schema(schema, &name).unwrap_or_else(|| by_database(&curated.attributes[&name]["type"]));
        Attribute { name, method: None, ty }
    });
    typed.collect()
}

/// The attributes beyond those: properties of a type that `Fn::GetAtt` gives although AWS does not set them.
pub fn given_too(type_name: &str, schema: &Json) -> Vec<Attribute> {
    let facts = include_str!("../facts/attributes.txt").lines();
    let mut lines = facts.filter_map(|line| line.split_once(' ')).filter(|(name, _)| *name == type_name);
    let Some((_, words)) = lines.next() else { return Vec::new() };
    let mut found = Vec::new();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        if words == "*" || words.split(' ').any(|word| word == name) {
            leaves(schema, name, property, &mut found);
        }
    }
    found
}

/// A property, or what is in it where it is an object; of lists only those of plain values.
fn leaves(root: &Json, path: &str, property: &Json, found: &mut Vec<Attribute>) {
    let schema = resolve(root, property);
    let inner = schema["properties"].as_object().filter(|_| path.split('.').count() < 5);
    match inner {
        Some(properties) => {
            properties.iter().for_each(|(name, property)| leaves(root, &format!("{path}.{name}"), property, found));
        }
        None if matches!(simple(root, schema), Type::List(items) if *items == Type::Json) => {}
        None => found.push(Attribute { name: path.to_owned(), method: None, ty: simple(root, schema) }),
    }
}

/// The type of an attribute that the schema describes.
fn by_schema(root: &Json, name: &str) -> Option<Type> {
    let mut schema = root;
    for part in name.split('.') {
        schema = resolve(root, schema["properties"].get(part)?);
    }
    Some(simple(root, schema))
}

fn simple(root: &Json, schema: &Json) -> Type {
    let types = types(schema);
    match types.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["string"] => Type::String,
        ["integer"] => Type::Integer,
        ["number"] => Type::Number,
        ["boolean"] => Type::Boolean,
        ["array"] => Type::List(Box::new(simple(root, resolve(root, &schema["items"])))),
        _ => Type::Json,
    }
}

fn by_database(ty: &Json) -> Type {
    match ty["type"].as_str() {
        Some("string") => Type::String,
        Some("integer") => Type::Integer,
        Some("number") => Type::Number,
        Some("boolean") => Type::Boolean,
        Some("array") => Type::List(Box::new(by_database(&ty["element"]))),
        _ => Type::Json,
    }
}

fn resolve<'a>(root: &'a Json, schema: &'a Json) -> &'a Json {
    let target = schema["$ref"].as_str().and_then(|target| target.strip_prefix("#/definitions/"));
    target.map_or(schema, |name| resolve(root, &root["definitions"][name]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_get_att_gives_beyond_the_registry_is_known() {
        let schema = json!({
            "definitions": {"Size": {"type": "object", "properties": {"Width": {"type": "integer"}}}},
            "properties": {
                "Name": {"type": "string"},
                "Size": {"$ref": "#/definitions/Size"},
                "Zones": {"type": "array", "items": {"type": "string"}},
                "Parts": {"type": "array", "items": {"$ref": "#/definitions/Size"}},
            },
        });
        let given = |type_name| -> Vec<String> { given_too(type_name, &schema).into_iter().map(|a| a.name).collect() };
        assert_eq!(given("AWS::SQS::Queue"), ["Name", "Size.Width", "Zones"]);
        assert_eq!(given("AWS::ServiceDiscovery::Service"), ["Name"]);
        assert_eq!(given("AWS::Lambda::Function"), [""; 0]);
    }
}
