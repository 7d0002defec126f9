//! The tables of the resource types whose structs are not always there: the texts of an archive, one a service.

use std::collections::BTreeMap;

use crate::{
    attributes,
    model::{Curated, Resource, Sources},
    table,
};

/// The texts by the middle part of the type names; that without a name lists the types.
pub fn texts(sources: &Sources) -> Result<BTreeMap<String, String>, String> {
    let none = Curated::default();
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for (name, schema) in &sources.others {
        let curated = sources.curated.get(name).unwrap_or(&none);
        let resource = Resource {
            type_name: name.clone(),
            module: String::new(),
            schema: schema.clone(),
            rules: sources.rules.get(name).cloned().unwrap_or_default(),
            structs: Vec::new(),
            enums: Vec::new(),
            attributes: attributes::named(schema, curated),
            reference: attributes::reference(schema, curated),
        };
        let service = name.split("::").nth(1).ok_or_else(|| format!("{name} names no service"))?;
        let text = texts.entry(service.to_owned()).or_default();
        table::entry(text, &resource).map_err(|what| format!("{name}: {what}"))?;
    }
    let names: Vec<&str> = sources.others.keys().map(String::as_str).collect();
    texts.insert(String::new(), names.join("\n"));
    Ok(texts)
}
