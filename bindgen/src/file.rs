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
