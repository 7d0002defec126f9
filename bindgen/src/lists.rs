//! The lists that no schema has: the runtimes of Lambda with the ends of their lives, and the policies that AWS manages.

use std::{collections::BTreeMap, path::Path};

use serde_json::Value as Json;

use crate::file;

/// A list: where it is from, and its text under its name.
type List = (String, BTreeMap<String, String>);

/// A runtime a line: when it is deprecated, when functions can no longer be made and changed with it, and what follows.
pub fn runtimes(lint: &Path) -> Result<List, String> {
    let (version, date) = file::lint(lint)?;
    let runtimes = file::json(&lint.join("data/AdditionalSpecs/LmbdRuntimeLifecycle.json"))?;
    let mut lines = BTreeMap::new();
    for (name, runtime) in runtimes.as_object().ok_or("the runtimes are no object")? {
        let word = |key: &str| match &runtime[key] {
            Json::String(word) => Ok(word.as_str()),
            Json::Null => Ok("-"),
            other => Err(format!("{name}: `{key}` is {other}")),
        };
        let words = [word("deprecated")?, word("create-block")?, word("update-block")?, word("successor")?];
        lines.insert(name, format!("{name} {}", words.join(" ")));
    }
    Ok((format!("cfn-lint {version} of {date}"), text(lines)))
}

/// A policy a line, with its path: `service-role/AWSLambdaBasicExecutionRole`.
pub fn policies(moto: &Path) -> Result<List, String> {
    let (version, date) = (file::text(&moto.join("version"))?, file::text(&moto.join("date"))?);
    let policies = file::json(&moto.join("managed-policies.json"))?;
    let mut lines = BTreeMap::new();
    for (name, path) in policies.as_object().ok_or("the policies are no object")? {
        let path =
            path.as_str().and_then(|path| path.strip_prefix('/')).ok_or_else(|| format!("{name} has no path"))?;
        let name = format!("{path}{name}");
        lines.insert(name.clone(), name);
    }
    Ok((format!("moto {} of {}", version.trim(), date.trim()), text(lines)))
}

fn text<K>(lines: BTreeMap<K, String>) -> BTreeMap<String, String> {
    BTreeMap::from([("aws".to_owned(), lines.into_values().collect::<Vec<_>>().join("\n"))])
}
