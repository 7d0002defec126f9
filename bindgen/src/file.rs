//! Reads one file of the sources.

use std::{fs, path::Path};

use serde_json::Value as Json;

/// A file of text, or what to run where it is missing.
pub fn text(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("{}: {error}; run bindgen/fetch.sh first", file.display()))
}

/// A file of JSON.
pub fn json(file: &Path) -> Result<Json, String> {
    serde_json::from_str(&text(file)?).map_err(|error| format!("{}: {error}", file.display()))
}

/// The names of the files of a folder, sorted.
pub fn names(folder: &Path) -> Result<Vec<String>, String> {
    let fault = |error| format!("{}: {error}; run bindgen/fetch.sh first", folder.display());
    let entries = fs::read_dir(folder).map_err(fault)?.collect::<Result<Vec<_>, _>>().map_err(fault)?;
    let mut names: Vec<String> =
        entries.into_iter().filter_map(|entry| entry.file_name().to_str().map(str::to_owned)).collect();
    names.sort();
    Ok(names)
}

/// The version of cfn-lint, and the date of its schemas.
pub fn lint(folder: &Path) -> Result<(String, String), String> {
    let version = text(&folder.join("version.py"))?;
    let version = version.split("__version__ = ").nth(1).map(|rest| rest.trim().trim_matches('"').to_owned());
    let version = version.ok_or("cfnlint/version.py names no version")?;
    let date = json(&folder.join("data/schemas/version.json"))?;
    let date = date["schema_date"].as_str().and_then(|date| date.get(..10)).ok_or("version.json has no schema_date")?;
    Ok((version, date.to_owned()))
}
