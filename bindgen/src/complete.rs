//! The proof that nothing is missing: counts what the raw schemas hold and what the generated Rust text declares, and
//! shares no code with the model between the two.

pub mod tables;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

/// What was counted on both sides.
#[derive(Default)]
pub struct Count {
    /// Resource types.
    pub resources: usize,
    /// Property types and resources.
    pub objects: usize,
    /// Properties that can be set.
    pub properties: usize,
    /// Properties that cannot be set.
    pub read_only: usize,
}

/// Compares the raw schemas (before the fixups) with the generated files; returns what is missing.
pub fn compare<'a>(schemas: &BTreeMap<String, Json>, files: impl Iterator<Item = &'a str>) -> (Count, Vec<String>) {
    let generated: BTreeMap<String, Module> = files.flat_map(modules).collect();
    let mut count = Count::default();
    let mut missing = Vec::new();
    for (name, schema) in schemas {
        let Some(module) = generated.get(name) else {
            missing.push(format!("{name} is missing"));
            continue;
        };
        let mut raw = Raw { root: schema, objects: BTreeMap::new(), read_only: BTreeSet::new(), above: Vec::new() };
        raw.object("", schema, "/properties");
        count.resources += 1;
        count.read_only += raw.read_only.len();
        let mut structs = module.structs.clone();
        for (object, properties) in raw.objects.iter().filter(|(_, properties)| !properties.is_empty()) {
            count.objects += 1;
            count.properties += properties.len();
            match structs.iter().position(|fields| fields == properties) {
                Some(position) => drop(structs.swap_remove(position)),
                None => missing.push(format!("{name}{object}: no struct has just {properties:?}")),
            }
        }
        let superfluous = structs.iter().filter(|fields| !fields.is_empty());
        missing.extend(superfluous.map(|fields| format!("{name}: no object of the schema has just {fields:?}")));
        let write_only: Vec<&str> = strings(&schema["writeOnlyProperties"]).collect();
        for pointer in strings(&schema["readOnlyProperties"]) {
            let attribute = pointer.trim_start_matches("/properties/").replace('/', ".");
            let reachable = !pointer.contains('*') && !write_only.contains(&pointer);
            let known = module.attributes.contains(&attribute) || module.reference.contains(&format!("`{attribute}`"));
            if reachable && !known {
                missing.push(format!("{name}: the attribute {attribute} is missing"));
            }
        }
    }
    for name in generated.keys().filter(|name| !schemas.contains_key(*name)) {
        missing.push(format!("{name} is in no schema"));
    }
    (count, missing)
}

fn strings(list: &Json) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Json::as_str)
}

/// The objects of one raw schema, with the properties of each that can be set on some path.
struct Raw<'a> {
    root: &'a Json,
    objects: BTreeMap<String, BTreeSet<String>>,
    read_only: BTreeSet<String>,
    /// The objects that are being looked at: some hold themselves.
    above: Vec<String>,
}

impl Raw<'_> {
    /// Notes an object and everything below it; says whether anything of it can be set.
    fn object(&mut self, key: &str, schema: &Json, path: &str) -> bool {
        if self.above.iter().any(|above| above == key) {
            return true;
        }
        self.above.push(key.to_owned());
        let alternatives = schema["oneOf"].as_array().into_iter().flatten();
        let sources = std::iter::once(schema).chain(alternatives);
        let properties: BTreeMap<&String, &Json> =
            sources.flat_map(|source| source["properties"].as_object().into_iter().flatten()).collect();
        let mut settable = properties.is_empty();
        self.objects.entry(key.to_owned()).or_default();
        for (name, property) in properties {
            let path = format!("{path}/{name}");
            if strings(&self.root["readOnlyProperties"]).any(|pointer| pointer == path) {
                self.read_only.insert(path);
            } else if self.value(&format!("{key}/{name}"), property, &path) {
                self.objects.entry(key.to_owned()).or_default().insert(name.clone());
                settable = true;
            } else {
                self.read_only.insert(path);
            }
        }
        self.above.pop();
        settable
    }

    fn value(&mut self, key: &str, schema: &Json, path: &str) -> bool {
        if let Some(target) = schema["$ref"].as_str() {
            let found = self.root.pointer(target.trim_start_matches('#')).cloned().unwrap_or_default();
            return self.value(target, &found, path);
        }
        if schema["type"] != "array" && (schema.get("properties").is_some() || is_union(schema)) {
            return self.object(key, schema, path);
        }
        let patterns = schema["patternProperties"].as_object().into_iter().flatten().map(|(_, values)| values);
        let others = schema.get("additionalProperties").filter(|values| values.is_object());
        // What is one of several definitions is free JSON: no struct is all of them.
        let alternatives = schema["oneOf"].as_array().into_iter().flatten().filter(|one| one.get("$ref").is_none());
        let below: Vec<&Json> = patterns.chain(others).chain(schema.get("items")).chain(alternatives).collect();
        let settable: Vec<bool> =
            below.iter().map(|inner| self.value(&format!("{key}/*"), inner, &format!("{path}/*"))).collect();
        settable.is_empty() || settable.contains(&true)
    }
}

fn is_union(schema: &Json) -> bool {
    schema["oneOf"].as_array().is_some_and(|all| all.iter().any(|one| one["properties"].is_object()))
}

/// A resource's module as its text has it.
#[derive(Default)]
struct Module {
    structs: Vec<BTreeSet<String>>,
    attributes: BTreeSet<String>,
    reference: String,
}

/// Reads the modules of a generated file by the form that rustfmt gives them.
fn modules(text: &str) -> Vec<(String, Module)> {
    let mut modules: Vec<(String, Module)> = Vec::new();
    let (mut name, mut is_written) = (String::new(), false);
    for line in text.lines() {
        if let Some(doc) = line.strip_prefix("/// `") {
            name = doc.split('`').next().unwrap_or_default().to_owned();
        }
        if line.starts_with("pub mod ") && line.ends_with('{') {
            modules.push((name.clone(), Module::default()));
        }
        let Some((_, module)) = modules.last_mut() else { continue };
        if line.starts_with("    pub struct ") {
            module.structs.push(BTreeSet::new());
        }
        // A long call is on several lines.
        is_written |= line.trim_start().starts_with("to.set");
        if is_written && let (Some(wire), Some(properties)) = (line.split('"').nth(1), module.structs.last_mut()) {
            properties.insert(wire.to_owned());
            is_written = false;
        }
        if let Some(attribute) = line.split("self.attribute(\"").nth(1).and_then(|rest| rest.split('"').next()) {
            module.attributes.insert(attribute.to_owned());
        }
        if line.contains("/// `!Ref`: ") {
            module.reference = line.to_owned();
        }
    }
    modules
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const GENERATED: &str = r#"
/// `AWS::Test::Thing`.
pub mod thing {
    pub struct Thing {
        pub name: Value<String>,
        pub db_name: Option<Value<String>>,
        pub extra: Extra,
    }
    impl Serialize for Thing {
        fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
            let mut to = Properties::new(to);
            to.set("Name", &self.name);
            to.set_some("DBName", &self.db_name);
            to.end(&self.extra)
        }
    }
    impl Handle<Thing> {
        /// `!Ref`: the `Name`.
        pub fn name(&self) -> Value<String> {
            self.reference()
        }
    }
}
"#;

    fn missing(properties: Json, read_only: Json) -> Vec<String> {
        let schema = json!({"properties": properties, "readOnlyProperties": read_only});
        compare(&BTreeMap::from([("AWS::Test::Thing".to_owned(), schema)]), std::iter::once(GENERATED)).1
    }

    #[test]
    fn what_the_schema_has_and_the_text_has_not_is_named() {
        assert_eq!(missing(json!({"Name": {}, "DBName": {}}), json!([])), [""; 0]);
        assert_eq!(
            missing(json!({"Name": {}, "DBName": {}, "Size": {}}), json!([])),
            [
                r#"AWS::Test::Thing: no struct has just {"DBName", "Name", "Size"}"#,
                r#"AWS::Test::Thing: no object of the schema has just {"DBName", "Name"}"#
            ]
        );
        assert_eq!(
            missing(json!({"Name": {}, "DBName": {}, "Arn": {}}), json!(["/properties/Arn"])),
            ["AWS::Test::Thing: the attribute Arn is missing"]
        );
        let (_, missing) = compare(&BTreeMap::new(), std::iter::once(GENERATED));
        assert_eq!(missing, ["AWS::Test::Thing is in no schema"]);
    }
}
