//! The expectation of the instance tests: one value for everything that a template may set of a resource, made from
//! the schema alone, so that it does not repeat a mistake of the model.

use serde_json::{Map, Value as Json, json};

use crate::{
    fixups::POLICY,
    keywords::{KNOWN_VALUES, RECURSIVE},
    shape::listed,
};

/// All properties of a resource that can be set, each with a value.
pub fn resource(root: &Json) -> Json {
    let read_only = root["readOnlyProperties"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    let sampler = Sampler { root, read_only };
    sampler.object(root, "/properties").unwrap_or_else(|| json!({}))
}

/// The value of a property of a simple type.
pub fn scalar(name: &str, schema: &Json) -> Json {
    if let Some(value) = listed(schema).and_then(|values| values.first()) {
        return value.clone();
    }
    if schema["format"] == POLICY {
        return json!({"Fn::Sub": name});
    }
    match schema["type"].as_str() {
        Some("string") => name.into(),
        Some("array") => json!([{"Key": name}]),
        None if schema["format"].as_str().is_some_and(|format| format.starts_with("AWS::")) => name.into(),
        Some("boolean") => true.into(),
        Some("integer") => schema.get("minimum").cloned().unwrap_or_else(|| 7.into()),
        // A fraction, unless that is out of range: numbers have to keep their form.
        Some("number") => match schema["minimum"].as_f64() {
            Some(least) if least > 0.5 => json!(least as i64),
            _ => json!(0.5),
        },
        _ => json!({"Key": name}),
    }
}

/// What stands beside a reference counts for more than what it leads to.
pub fn override_by(schema: &Json, found: &mut Json) {
    for keyword in ["minimum", "enum", "format", KNOWN_VALUES] {
        if let Some(value) = schema.get(keyword) {
            found[keyword] = value.clone();
        }
    }
}

struct Sampler<'a> {
    root: &'a Json,
    read_only: Vec<&'a str>,
}

impl Sampler<'_> {
    /// `None` where nothing of it can be set.
    fn object(&self, schema: &Json, path: &str) -> Option<Json> {
        let mut all = Map::new();
        let alternatives = schema["oneOf"].as_array().into_iter().flatten();
        for source in std::iter::once(schema).chain(alternatives) {
            for (name, property) in source["properties"].as_object().into_iter().flatten() {
                let path = format!("{path}/{name}");
                if !all.contains_key(name) && !self.read_only.contains(&path.as_str()) {
                    all.extend(self.value(name, property, &path).map(|value| (name.clone(), value)));
                }
            }
        }
        (!all.is_empty()).then(|| all.into())
    }

    fn value(&self, name: &str, schema: &Json, path: &str) -> Option<Json> {
        if schema[RECURSIVE] == true {
            return Some(json!({"Fn::Sub": name}));
        }
        if let Some(target) = schema["$ref"].as_str() {
            let found =
                self.root.pointer(target.trim_start_matches('#')).expect("convert has followed every reference");
            let mut found = found.clone();
            override_by(schema, &mut found);
            return self.value(name, &found, path);
        }
        if schema["format"] == POLICY {
            return Some(scalar(name, schema));
        }
        if let Some(items) = schema.get("items") {
            return self.value(name, items, &format!("{path}/*")).map(|item| json!([item]));
        }
        let has_properties = schema.get("properties").is_some()
            || schema["oneOf"].as_array().is_some_and(|all| all.iter().any(|one| one["properties"].is_object()));
        if has_properties {
            return self.object(schema, path);
        }
        let patterns = schema["patternProperties"].as_object().and_then(|patterns| patterns.values().next());
        if let Some(values) = patterns.or(schema.get("additionalProperties").filter(|values| values.is_object())) {
            return self.value(name, values, &format!("{path}/*")).map(|value| json!({"Key": value}));
        }
        let is_object = schema.get("type").is_none() || schema["type"] == "object";
        if schema["additionalProperties"] == false && is_object {
            return Some(json!({}));
        }
        Some(scalar(name, schema))
    }
}
