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

/// The values below the properties of every resource of a type, where `*` is each item of a list or of a map.
pub(super) fn places<'a>(names: Names<'a>, kind: &'a str, pattern: &str) -> Vec<Place<'a>> {
    let mut found = Vec::new();
    for (id, properties) in names.resources(kind) {
        let path = Path::from("Resources").join(id).join("Properties");
        let mut level = vec![(path, properties)];
        for key in pattern.split('/') {
            level = level.into_iter().flat_map(|(path, json)| below(path, json, key)).collect();
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
            members.iter().map(|(key, member)| (path.join(key), member)).collect()
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
