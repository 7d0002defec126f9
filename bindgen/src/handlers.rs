//! The permissions that CloudFormation needs to make, read, change and delete a resource: the `handlers` of each schema.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Sources;

/// The texts by the middle part of the type names: a line for each type and operation, with the actions.
pub fn texts(sources: &Sources) -> Result<BTreeMap<String, String>, String> {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for (name, schema) in sources.schemas.iter().chain(&sources.others) {
        let service = name.split("::").nth(1).ok_or_else(|| format!("{name} names no service"))?;
        for operation in ["create", "read", "update", "delete"] {
            let Some(permissions) = schema["handlers"][operation]["permissions"].as_array() else { continue };
            let actions: BTreeSet<&str> = permissions.iter().filter_map(|action| action.as_str()).collect();
            let words: Vec<&str> = actions.into_iter().filter(|action| !action.contains(char::is_whitespace)).collect();
            let text = texts.entry(service.to_owned()).or_default();
            text.push_str(&format!("{name} {operation} {}\n", words.join(" ")));
        }
    }
    Ok(texts)
}
