//! Files that a command reads, or stdin in their place.

use std::{
    fs,
    io::{self, Read},
    path::Path,
};

use super::invocation::Error;
use crate::json::Json;

/// What messages call a file.
pub(super) fn name(file: &Path) -> String {
    if file.as_os_str() == "-" { "stdin".to_owned() } else { file.display().to_string() }
}

/// The text of a file, or of stdin.
pub(super) fn text(file: &Path) -> Result<String, Error> {
    let mut text = String::new();
    let read = match file.as_os_str() == "-" {
        true => io::stdin().read_to_string(&mut text).map(|_| text),
        false => fs::read_to_string(file),
    };
    read.map_err(|error| Error::new(format!("`{}` cannot be read: {error}", file.display())))
}

/// The JSON of a file.
pub(super) fn json(file: &Path) -> Result<Json, Error> {
    serde_json::from_str(&text(file)?).map_err(|error| Error::new(format!("`{}` is not JSON: {error}", file.display())))
}

/// The object of a file.
pub(super) fn object(file: &Path) -> Result<Json, Error> {
    let json = json(file)?;
    match json.is_object() {
        true => Ok(json),
        false => Err(Error::new(format!("`{}` holds no JSON object; expected one", file.display()))),
    }
}

/// Whether the name of a file says that it is YAML.
pub(super) fn is_yaml(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}
