//! Reads the unpacked sources that `fetch.sh` lays into `target/schemas`.

use std::{collections::BTreeMap, path::Path};

use serde_json::Value as Json;

use crate::{
    api::Api,
    file::{self, json, text},
    model::{Curated, Sources},
    rules, serverless,
    services::{self, RETIRED, SERVICES, service_of},
};

/// Reads everything, or says what is missing and how to get it.
pub fn read(folder: &Path) -> Result<Sources, String> {
    let lint = folder.join("cfn-lint/cfnlint");
    let spec = folder.join("service-spec");
    let (schemas, mut others) = read_schemas(&lint.join("data/schemas"))?;
    let rules = rules::read(&lint.join("data/schemas/extensions"))?;
    let mut curated = read_curated(&spec.join("db.json"))?;
    for name in curated.keys() {
        let is_wanted = SERVICES.iter().any(|service| service.wants(name));
        if is_wanted && !schemas.contains_key(name) && !RETIRED.contains(&name.as_str()) {
            return Err(format!("{name} is known to aws-service-spec only; add it to RETIRED with the reason"));
        }
    }
    serverless::add(&lint, &schemas, &mut others, &mut curated)?;
    let mut apis = BTreeMap::new();
    let known = file::names(&folder.join("botocore"))?;
    let known = known.iter().filter_map(|name| name.strip_suffix(".json")).map(str::to_owned).collect();
    for service in schemas.keys().chain(others.keys()).map(|name| service_of(name)) {
        if !apis.contains_key(service) {
            let api = Api::read(&folder.join("botocore"), &services::apis(service, &known))?;
            apis.insert(service.to_owned(), api);
        }
    }
    let (version, date) = file::lint(&lint)?;
    let package = json(&spec.join("package.json"))?;
    let package = package["version"].as_str().ok_or("package.json has no version")?;
    let botocore = text(&folder.join("botocore/version"))?;
    let provenance = format!(
        "cfn-lint {version} (schemas of {date}, us-east-1), aws-service-spec {package} and botocore {}",
        botocore.trim()
    );
    let tables = format!("aws-service-spec {package} and cfn-lint {version} of {date}");
    Ok(Sources { provenance, tables, schemas, others, rules, curated, apis })
}

type Schemas = BTreeMap<String, Json>;

/// The schemas of the types that get structs, as they are in us-east-1, and those of all other types: as they are there,
/// or else in the first region that has them.
fn read_schemas(folder: &Path) -> Result<(Schemas, Schemas), String> {
    let first = "us-east-1.json";
    let providers = folder.join("providers");
    let mut regions = file::names(&providers)?;
    // What is no region: the resource types of AWS SAM, which CloudFormation expands before it looks at them.
    regions.retain(|name| name != first && name.ends_with(".json") && name != "sam.json");
    regions.insert(0, first.to_owned());
    let (mut schemas, mut others) = (BTreeMap::new(), BTreeMap::new());
    for region in regions {
        let types = json(&providers.join(&region))?;
        for (name, file) in types.as_object().ok_or_else(|| format!("{region} is not an object"))? {
            if schemas.contains_key(name) || others.contains_key(name) {
                continue;
            }
            let file = file.as_str().ok_or_else(|| format!("{name} has no file name"))?;
            let gets_struct = region == first && SERVICES.iter().any(|service| service.wants(name));
            let into = if gets_struct { &mut schemas } else { &mut others };
            into.insert(name.clone(), json(&folder.join(format!("resources/{file}.json")))?);
        }
    }
    Ok((schemas, others))
}

fn read_curated(file: &Path) -> Result<BTreeMap<String, Curated>, String> {
    let database = json(file)?;
    let entities = database["schema"]["resource"]["entities"].as_array().ok_or("db.json lists no resources")?;
    let types = database["schema"]["typeDefinition"]["entities"].as_array().ok_or("db.json lists no property types")?;
    let types: BTreeMap<&str, &Json> = types.iter().filter_map(|ty| Some((ty["$id"].as_str()?, ty))).collect();
    let mut curated = BTreeMap::new();
    for entity in entities {
        let Some(name) = entity["cloudFormationType"].as_str() else { continue };
        let attributes = entity["attributes"].as_object().cloned().unwrap_or_default();
        let reference = entity["cfnRefIdentifier"]
            .as_array()
            .map(|parts| parts.iter().filter_map(Json::as_str).map(str::to_owned).collect());
        let properties = entity["properties"].as_object().into_iter().flatten();
        let replacing = properties.filter(|(_, property)| property["causesReplacement"].is_string());
        let replacing = replacing.filter(|(_, property)| property["causesReplacement"] != "no");
        let replacing = replacing.map(|(name, _)| name.clone()).collect();
        let documentation = documentation(entity, &types);
        curated.insert(name.to_owned(), Curated { attributes, reference, replacing, documentation });
    }
    Ok(curated)
}

/// What the database says of the properties of a resource and of its property types, by both names.
fn documentation(resource: &Json, types: &BTreeMap<&str, &Json>) -> BTreeMap<(String, String), String> {
    let mut all = BTreeMap::new();
    let mut seen = Vec::new();
    let mut next = vec![("", resource)];
    while let Some((owner, item)) = next.pop() {
        for (name, property) in item["properties"].as_object().into_iter().flatten() {
            let text = property["documentation"].as_str().unwrap_or_default();
            all.insert((owner.to_owned(), name.clone()), text.to_owned());
            let mut held = vec![&property["type"]];
            while let Some(ty) = held.pop() {
                let parts = ty["element"].as_object().map(|_| &ty["element"]);
                held.extend(parts.into_iter().chain(ty["types"].as_array().into_iter().flatten()));
                let found = ty["reference"]["$ref"].as_str().and_then(|id| types.get_key_value(id));
                if let Some((id, found)) = found.filter(|(id, _)| !seen.contains(*id)) {
                    seen.push(id);
                    next.push((found["name"].as_str().unwrap_or_default(), found));
                }
            }
        }
    }
    all
}
