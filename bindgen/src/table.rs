//! The constraint tables: a service's schemas without prose, in the lines that `src/schema/table.rs` reads.
//!
//! A resource type begins at the left margin. Below it, one column in, stand the short facts about it, then its
//! properties, its definitions and its rules; two columns in stands a property a line: name (with `!` where it is
//! required), type, range, and what else there is as JSON.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use serde_json::{Map, Value as Json};

use crate::{
    attributes,
    keywords::clean,
    model::{Resource, Service, Type},
    render,
    shape::types,
};

/// The lists of pointers to properties: keyword of the schema, and its word here.
const LISTS: &[(&str, &str)] = &[
    ("readOnlyProperties", "readOnly"),
    ("createOnlyProperties", "createOnly"),
    ("conditionalCreateOnlyProperties", "conditionalCreateOnly"),
    ("writeOnlyProperties", "writeOnly"),
    ("deprecatedProperties", "deprecated"),
    ("primaryIdentifier", "primaryIdentifier"),
];

/// `src/aws/<service>.txt`.
pub fn service(service: &Service, provenance: &str) -> Result<String, String> {
    let mut out = render::header("#", provenance);
    for resource in &service.resources {
        entry(&mut out, resource).map_err(|what| format!("{}: {what}", resource.type_name))?;
    }
    Ok(out)
}

/// A resource type, with all that is below it.
pub fn entry(out: &mut String, resource: &Resource) -> Result<(), String> {
    let Json::Object(mut schema) = clean(&resource.schema) else { return Err("the schema is no object".to_owned()) };
    let _ = writeln!(out, "{}", resource.type_name);
    let documented = if resource.reference.method.is_some() { "ref" } else { "ref?" };
    words(out, documented, resource.reference.parts.iter().map(String::as_str))?;
    let given_too = attributes::given_too(&resource.type_name, &resource.schema);
    let attributes = resource.attributes.iter().chain(&given_too).map(|a| (a.name.as_str(), kind(&a.ty)));
    let attributes: BTreeMap<&str, &str> = attributes.collect();
    let attributes: Vec<String> = attributes.iter().map(|(name, kind)| format!("{name}:{kind}")).collect();
    words(out, "attributes", attributes.iter().map(String::as_str))?;
    if let Some(prefix) = attributes::open(&resource.type_name) {
        words(out, "openAttributes", [format!("{prefix}*").as_str()].into_iter())?;
    }
    for (keyword, word) in LISTS {
        let pointers = schema.shift_remove(*keyword).unwrap_or_default();
        let pointers = pointers.as_array().into_iter().flatten().map(pointer).collect::<Result<Vec<_>, _>>()?;
        words(out, word, pointers.into_iter())?;
    }
    words(out, "unordered", unordered(&resource.schema).iter().map(String::as_str))?;
    let tagging = schema.shift_remove("tagging").unwrap_or_default();
    if tagging["taggable"] == true {
        out.push_str(" taggable\n");
    }
    if let Some(property) = tagging.get("tagProperty") {
        words(out, "tagProperty", [pointer(property)?].into_iter())?;
    }
    let definitions = schema.shift_remove("definitions").unwrap_or_default();
    object(out, "properties", &schema.into())?;
    for (name, definition) in definitions.as_object().into_iter().flatten() {
        object(out, &format!("#{}", plain(name)?), definition)?;
    }
    for rule in &resource.rules {
        let _ = writeln!(out, " rule {rule}");
    }
    Ok(())
}

/// The lists of which the order means nothing, as the schema says: paths of names without indices, `Rules/Tags`.
fn unordered(schema: &Json) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![(schema, String::new(), Vec::new())];
    while let Some((here, path, mut within)) = waiting.pop() {
        if let Some(name) = here.get("$ref").and_then(definition) {
            if !within.contains(&name) {
                within.push(name);
                waiting.push((&schema["definitions"][name], path, within));
            }
            continue;
        }
        if here["insertionOrder"] == false && !path.is_empty() {
            found.insert(path.clone());
        }
        let alternatives = ["oneOf", "anyOf", "allOf"].iter().filter_map(|keyword| here[*keyword].as_array()).flatten();
        for inner in here.get("items").into_iter().chain(alternatives) {
            waiting.push((inner, path.clone(), within.clone()));
        }
        for (name, property) in here["properties"].as_object().into_iter().flatten() {
            let path = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
            waiting.push((property, path, within.clone()));
        }
    }
    found
}

/// A line of words, unless there are none.
fn words<'a>(out: &mut String, what: &str, words: impl Iterator<Item = &'a str>) -> Result<(), String> {
    let words = words.map(plain).collect::<Result<Vec<_>, _>>()?;
    if !words.is_empty() {
        let _ = writeln!(out, " {what} {}", words.join(" "));
    }
    Ok(())
}

/// A word that the lines can hold: nothing of what they are made of is in it.
fn plain(word: &str) -> Result<&str, String> {
    let clear = !word.is_empty() && !word.contains(|c: char| c.is_whitespace() || "!{}[]|".contains(c));
    if clear { Ok(word) } else { Err(format!("`{word}` cannot stand in a table; change how table.rs writes it")) }
}

/// The path of a pointer to a property.
fn pointer(pointer: &Json) -> Result<&str, String> {
    let path = pointer.as_str().and_then(|pointer| pointer.strip_prefix("/properties/"));
    path.ok_or_else(|| format!("{pointer} points to no property"))
}

fn kind(ty: &Type) -> &'static str {
    match ty {
        Type::String => "string",
        Type::Integer => "integer",
        Type::Number => "number",
        Type::Boolean => "boolean",
        Type::List(_) => "array",
        _ => "object",
    }
}

/// A schema, and below it the properties that it has.
fn object(out: &mut String, name: &str, schema: &Json) -> Result<(), String> {
    let mut schema = schema.clone();
    let properties = schema.as_object_mut().and_then(|keywords| keywords.shift_remove("properties"));
    let properties = properties.as_ref().and_then(Json::as_object).cloned().unwrap_or_default();
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let required: Vec<&str> = required.iter().filter_map(Json::as_str).collect();
    // One that is a property of an alternative only has no line to mark.
    let marked = required.iter().all(|name| properties.contains_key(*name));
    if let Some(keywords) = schema.as_object_mut().filter(|_| marked) {
        keywords.shift_remove("required");
    }
    let _ = writeln!(out, " {name} {}", line(&schema)?);
    for (name, property) in &properties {
        let mark = if marked && required.contains(&name.as_str()) { "!" } else { "" };
        let _ = writeln!(out, "  {}{mark} {}", plain(name)?, line(property)?);
    }
    Ok(())
}

/// A schema in a line: type, `closed`, range, and the other keywords as JSON.
fn line(schema: &Json) -> Result<String, String> {
    let Json::Object(keywords) = schema else {
        return Ok(if *schema == Json::Bool(false) { "never" } else { "-" }.to_owned());
    };
    let mut keywords = keywords.clone();
    let mut words = vec![ty(&mut keywords)?];
    if keywords.get("additionalProperties") == Some(&Json::Bool(false)) {
        keywords.shift_remove("additionalProperties");
        words.push("closed".to_owned());
    }
    words.extend(range(&words[0], &mut keywords));
    if keywords.get("uniqueItems") == Some(&Json::Bool(false)) {
        keywords.shift_remove("uniqueItems");
    }
    if !keywords.is_empty() {
        words.push(Json::from(keywords).to_string());
    }
    Ok(words.join(" "))
}

/// `#Name` for a definition, `[string]` for a list, else the types; takes the keywords that say so.
fn ty(keywords: &mut Map<String, Json>) -> Result<String, String> {
    if let Some(name) = keywords.get("$ref").and_then(definition) {
        let word = format!("#{}", plain(name)?);
        keywords.shift_remove("$ref");
        return Ok(word);
    }
    let types = types(&Json::from(keywords.clone()));
    if types == ["array"]
        && let Some(items) = keywords.get("items").and_then(Json::as_object)
    {
        let mut items = items.clone();
        let word = ty(&mut items)?;
        if items.is_empty() && word != "-" {
            keywords.retain(|keyword, _| keyword != "type" && keyword != "items");
            return Ok(format!("[{word}]"));
        }
    }
    if types.is_empty() {
        return Ok("-".to_owned());
    }
    keywords.shift_remove("type");
    Ok(types.join("|"))
}

fn definition(reference: &Json) -> Option<&str> {
    reference.as_str()?.strip_prefix("#/definitions/")
}

/// `1..128`: characters of a string, elements of a list, or the value of a number.
fn range(ty: &str, keywords: &mut Map<String, Json>) -> Option<String> {
    let (least, most) = match ty {
        "string" => ("minLength", "maxLength"),
        "integer" | "number" => ("minimum", "maximum"),
        _ if ty == "array" || ty.starts_with('[') => ("minItems", "maxItems"),
        _ => return None,
    };
    let numbers = [keywords.get(least), keywords.get(most)];
    if numbers.iter().all(Option::is_none) || numbers.iter().flatten().any(|number| !number.is_number()) {
        return None;
    }
    let mut end = |keyword| keywords.shift_remove(keyword).map(|number| number.to_string()).unwrap_or_default();
    Some(format!("{}..{}", end(least), end(most)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::Place;
    use crate::model::{Attribute, Reference};

    fn thing(schema: Json) -> Result<String, String> {
        let resource = Resource {
            type_name: "AWS::Test::Thing".to_owned(),
            module: "thing".to_owned(),
            schema,
            rules: vec![json!({"id": "E3000", "at": "", "says": "no", "schema": false})],
            structs: Vec::new(),
            enums: Vec::new(),
            attributes: vec![Attribute { name: "Arn".to_owned(), method: None, ty: Type::String }],
            reference: Reference { parts: vec!["Name".to_owned()], method: Some("name".to_owned()) },
        };
        let place = Place::Always;
        let test = Service {
            name: "Test".to_owned(),
            module: "test".to_owned(),
            feature: String::new(),
            place,
            resources: vec![resource],
        };
        service(&test, "the schemas")
    }

    #[test]
    fn a_property_has_a_line() {
        let schema = json!({
            "additionalProperties": false,
            "definitions": {
                "Size": {"maximum": 2.5, "type": "number"},
                "Tag": {
                    "type": "object",
                    "additionalProperties": false,
                    "properties": {"Key": {"type": "string"}, "Value": true},
                    "required": ["Value", "Key"],
                },
            },
            "properties": {
                "Arn": {"type": "string", "description": "Prose."},
                "Name": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^a|b$"},
                "Old": false,
                "Policy": {"type": ["object", "string"], "format": "json"},
                "Sizes": {"type": "array", "items": {"type": "number", "minimum": 1}, "minItems": 1},
                "Tags": {"type": "array", "items": {"$ref": "#/definitions/Tag"}, "uniqueItems": false, "maxItems": 50},
            },
            "readOnlyProperties": ["/properties/Arn"],
            "required": ["Name"],
            "tagging": {"taggable": true, "tagProperty": "/properties/Tags", "permissions": ["test:Tag"]},
            "taggable": true,
        });
        assert_eq!(
            thing(schema).unwrap(),
            r##"# Generated by bindgen from the schemas; do not edit.
AWS::Test::Thing
 ref Name
 attributes Arn:string
 readOnly Arn
 taggable
 tagProperty Tags
 properties - closed
  Arn string
  Name! string 1..64 {"pattern":"^a|b$"}
  Old never
  Policy object|string {"format":"json"}
  Sizes array 1.. {"items":{"type":"number","minimum":1}}
  Tags [#Tag] ..50
 #Size number ..2.5
 #Tag object closed
  Key! string
  Value! -
 rule {"id":"E3000","at":"","says":"no","schema":false}
"##
        );
    }

    #[test]
    fn what_is_required_of_an_alternative_stays_a_keyword() {
        let schema = json!({"properties": {"A": {}}, "oneOf": [{"properties": {"B": {}}}], "required": ["A", "B"]});
        let table = thing(schema).unwrap();
        assert!(
            table.contains(
                " properties - {\"oneOf\":[{\"properties\":{\"B\":{}}}],\"required\":[\"A\",\"B\"]}\n  A -\n"
            ),
            "{table}"
        );
    }

    #[test]
    fn a_name_that_the_lines_cannot_hold_is_refused() {
        assert_eq!(
            thing(json!({"properties": {"A name": {}}})).unwrap_err(),
            "AWS::Test::Thing: `A name` cannot stand in a table; change how table.rs writes it"
        );
        assert_eq!(
            thing(json!({"properties": {}, "readOnlyProperties": ["/Arn"]})).unwrap_err(),
            "AWS::Test::Thing: \"/Arn\" points to no property"
        );
    }
}
