//! Reads the unpacked sources that `fetch.sh` lays into `target/schemas`.

use std::{collections::BTreeMap, path::Path};

use serde_json::Value as Json;

use crate::{
    file::{json, text},
    model::{Curated, Sources},
    rules,
    services::{RETIRED, SERVICES},
};

/// Reads everything, or says what is missing and how to get it.
pub fn read(folder: &Path) -> Result<Sources, String> {
    let lint = folder.join("cfn-lint/cfnlint");
    let spec = folder.join("service-spec");
    let schemas = read_schemas(&lint.join("data/schemas"))?;
    let rules = rules::read(&lint.join("data/schemas/extensions"))?;
    let curated = read_curated(&spec.join("db.json"))?;
    for name in curated.keys() {
        if !schemas.contains_key(name) && !RETIRED.contains(&name.as_str()) {
            return Err(format!("{name} is known to aws-service-spec only; add it to RETIRED with the reason"));
        }
    }
    let version = text(&lint.join("version.py"))?;
    let version = version.split("__version__ = ").nth(1).map(|rest| rest.trim().trim_matches('"').to_owned());
    let version = version.ok_or("cfnlint/version.py names no version")?;
    let date = json(&lint.join("data/schemas/version.json"))?;
    let date = date["schema_date"].as_str().and_then(|date| date.get(..10)).ok_or("version.json has no schema_date")?;
    let package = json(&spec.join("package.json"))?;
    let package = package["version"].as_str().ok_or("package.json has no version")?;
    let provenance = format!("cfn-lint {version} (schemas of {date}, us-east-1) and aws-service-spec {package}");
    Ok(Sources { provenance, schemas, rules, curated })
}

fn read_schemas(folder: &Path) -> Result<BTreeMap<String, Json>, String> {
    let region = json(&folder.join("providers/us-east-1.json"))?;
    let region = region.as_object().ok_or("providers/us-east-1.json is not an object")?;
    let mut schemas = BTreeMap::new();
    for (name, file) in region {
        if SERVICES.iter().any(|service| service.wants(name)) {
            let file = file.as_str().ok_or_else(|| format!("{name} has no file name"))?;
            schemas.insert(name.clone(), json(&folder.join(format!("resources/{file}.json")))?);
        }
    }
    Ok(schemas)
}

fn read_curated(file: &Path) -> Result<BTreeMap<String, Curated>, String> {
    let database = json(file)?;
    let entities = database["schema"]["resource"]["entities"].as_array().ok_or("db.json lists no resources")?;
    let mut curated = BTreeMap::new();
    for entity in entities {
        let Some(name) = entity["cloudFormationType"].as_str() else { continue };
        if SERVICES.iter().any(|service| service.wants(name)) {
            let attributes = entity["attributes"].as_object().cloned().unwrap_or_default();
            let reference = entity["cfnRefIdentifier"]
                .as_array()
                .map(|parts| parts.iter().filter_map(Json::as_str).map(str::to_owned).collect());
            let properties = entity["properties"].as_object().into_iter().flatten();
            let replacing = properties.filter(|(_, property)| property["causesReplacement"].is_string());
            let replacing = replacing.filter(|(_, property)| property["causesReplacement"] != "no");
            let replacing = replacing.map(|(name, _)| name.clone()).collect();
            curated.insert(name.to_owned(), Curated { attributes, reference, replacing });
        }
    }
    Ok(curated)
}
