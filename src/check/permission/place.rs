//! Places: the values of a resource that a pattern of keys leads to.

use super::{
    names::Names,
    statement::{alternatives, each},
};
use crate::{diagnostic::Path, json::Json};

/// A value, and where it is.
pub(super) struct Place<'a> {
    /// The logical id of the resource.
    pub id: &'a str,
    pub properties: &'a Json,
    pub path: Path,
    pub value: &'a Json,
}

/// The most values of one resource that are looked at: a template of CloudFormation has a million bytes.
const MOST: usize = 20_000;

/// Characters of the longest key that a pattern goes through: a path of an API is shorter.
const LONGEST_KEY: usize = 1_000;

/// The values below the properties of every resource of a type, where `*` is each item of a list or of a map.
pub(super) fn places<'a>(names: Names<'a>, kind: &'a str, pattern: &str) -> Vec<Place<'a>> {
    let mut found = Vec::new();
    for (id, properties) in names.resources(kind) {
        let path = Path::from("Resources").join(id).join("Properties");
        let mut level = vec![(path, properties)];
        let mut keys = pattern.split('/').peekable();
        while let Some(key) = keys.next() {
            let next = keys.peek().copied().unwrap_or("*");
            // Each has its path: only what leads on is kept, and no more than a template can have.
            let leads_on = |json: &Json| {
                next == "*" || json.get(next).is_some() || json.get("Fn::If").is_some() || json.is_array()
            };
            let inside = level.into_iter().flat_map(|(path, json)| below(path, json, key));
            level = inside.filter(|(_, json)| leads_on(json)).take(MOST).collect();
        }
        let values = level.into_iter().flat_map(|(path, json)| {
            alternatives(json).into_iter().map(move |value| (path.clone(), value)).collect::<Vec<_>>()
        });
        found.extend(values.filter(|(_, value)| !value.is_null()).map(|(path, value)| Place {
            id,
            properties,
            path,
            value,
        }));
    }
    found
}

fn below<'a>(path: Path, json: &'a Json, key: &str) -> Vec<(Path, &'a Json)> {
    match (key, json) {
        ("*", Json::Object(members))
            if !members.keys().any(|key| key.starts_with("Fn::")) && json.get("Ref").is_none() =>
        {
            let members = members.iter().filter(|(key, _)| key.len() <= LONGEST_KEY).take(MOST);
            members.map(|(key, member)| (path.join(key), member)).collect()
        }
        ("*", _) => {
            let items = each(json).enumerate();
            items
                .map(|(number, item)| {
                    (if json.is_array() { path.join(number.to_string()) } else { path.clone() }, item)
                })
                .collect()
        }
        (key, _) => json.get(key).map(|member| (path.join(key), member)).into_iter().collect(),
    }
}
