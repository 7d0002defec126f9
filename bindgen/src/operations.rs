//! The operations of AWS's APIs, in the lines that `src/data/api.rs` reads.
//!
//! Names of services, actions and errors are those of the AWS SDK for Java, which Step Functions calls; names of members
//! are the API's own, and spelled by who reads them.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use serde_json::Value as Json;

use crate::{
    file,
    java::{action, error, service},
};

/// What the developer guide says of single services: its own lines say how.
const FACTS: &str = include_str!("../facts/aws_sdk_integrations.txt");

/// The texts of all services by the names that Step Functions has for them, and where they are from.
pub fn read(folder: &Path) -> Result<(String, BTreeMap<String, String>), String> {
    let version = file::text(&folder.join("version"))?;
    let date = file::text(&folder.join("date"))?;
    let provenance = format!("botocore {} of {}", version.trim(), date.trim());
    let folder = folder.join("operations");
    let (missing, mut refused) = facts()?;
    let mut texts = BTreeMap::new();
    for name in file::names(&folder)? {
        let path = folder.join(name);
        let model = file::json(&path)?;
        let id = model["metadata"]["serviceId"].as_str().ok_or_else(|| format!("{} has no id", path.display()))?;
        let prefix = service(id);
        let name = prefix.to_lowercase();
        let refused = refused.remove(&name).unwrap_or_default();
        let text = Writer { model: &model, shapes: Vec::new(), numbers: BTreeMap::new() }.write(&prefix, &refused)?;
        // Two folders may have the same API: the later is the older spelling of its name.
        texts.entry(name).or_insert(text);
    }
    for prefix in missing {
        let name = prefix.to_lowercase();
        if texts.insert(name, format!("{prefix}\n")).is_some() {
            return Err(format!("{prefix} has a model now; delete its line in aws_sdk_integrations.txt"));
        }
    }
    match refused.keys().next() {
        Some(name) => Err(format!("aws_sdk_integrations.txt names {name}, which has no model")),
        None => Ok((provenance, texts)),
    }
}

type Refused = BTreeMap<String, BTreeSet<String>>;

/// The services without a model (`- OpsWorks`), and the operations that are not offered (`sts AssumeRole …`).
fn facts() -> Result<(Vec<String>, Refused), String> {
    let (mut missing, mut refused) = (Vec::new(), Refused::new());
    for line in FACTS.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (service, rest) = line.split_once(' ').ok_or_else(|| format!("`{line}` has one word"))?;
        match service {
            "-" => missing.push(rest.to_owned()),
            _ => drop(refused.insert(service.to_owned(), rest.split(' ').map(str::to_owned).collect())),
        }
    }
    Ok((missing, refused))
}

/// Writes the text of a model: its shapes are numbered as they are met.
struct Writer<'a> {
    model: &'a Json,
    shapes: Vec<&'a str>,
    numbers: BTreeMap<&'a str, usize>,
}

impl<'a> Writer<'a> {
    fn write(mut self, prefix: &str, refused: &BTreeSet<String>) -> Result<String, String> {
        let operations = self.model["operations"].as_object().ok_or("a model has no operations")?;
        if let Some(name) = refused.iter().find(|name| !operations.contains_key(*name)) {
            return Err(format!("{prefix} has no operation {name} any more; see aws_sdk_integrations.txt"));
        }
        let mut lines = BTreeMap::new();
        for (name, operation) in operations {
            let mut line = action(name);
            if refused.contains(name) || self.streams(operation) {
                line.push('!');
            }
            for side in ["input", "output"] {
                let shape = operation[side]["shape"].as_str();
                line += &shape
                    .map_or_else(|| Ok(" -".to_owned()), |shape| Ok::<_, String>(format!(" {}", self.ty(shape)?)))?;
            }
            let errors = operation["errors"].as_array().into_iter().flatten();
            for shape in errors.filter_map(|error| error["shape"].as_str()) {
                line += &format!(" {}", error(shape, prefix));
            }
            lines.insert(action(name), line);
        }
        let mut text = format!("{prefix}\n{}\n", lines.into_values().collect::<Vec<_>>().join("\n"));
        let mut next = 0;
        while let Some(name) = self.shapes.get(next).copied() {
            text = text + "\n" + &self.line(name)?;
            next += 1;
        }
        Ok(text)
    }

    fn shape(&self, name: &str) -> &'a Json {
        &self.model["shapes"][name]
    }

    /// Whether input or output is a stream of events, which is no JSON.
    fn streams(&self, operation: &Json) -> bool {
        ["input", "output"].iter().any(|side| {
            let members = self.shape(operation[side]["shape"].as_str().unwrap_or_default())["members"].as_object();
            members
                .into_iter()
                .flatten()
                .any(|(_, member)| self.shape(member["shape"].as_str().unwrap_or_default())["eventstream"] == true)
        })
    }

    /// A letter, with its bounds behind it; or the number of the shape's line.
    fn ty(&mut self, name: &'a str) -> Result<String, String> {
        let shape = self.shape(name);
        let letter = match shape["type"].as_str().unwrap_or_default() {
            "string" if shape.get("enum").is_none() => return Ok(format!("s{}", bounds(shape))),
            "integer" => return Ok(format!("i{}", bounds(shape))),
            "long" => return Ok(format!("l{}", bounds(shape))),
            "float" => return Ok(format!("f{}", bounds(shape))),
            "double" => return Ok(format!("d{}", bounds(shape))),
            "blob" => return Ok(format!("x{}", bounds(shape))),
            "boolean" => "b",
            "timestamp" => "t",
            "structure" if shape["document"] == true => "j",
            "list" => return Ok(format!("[{}", self.inner(shape, "member")?)),
            "map" => return Ok(format!("{{{}", self.inner(shape, "value")?)),
            "string" | "structure" => {
                let next = self.shapes.len();
                let number = *self.numbers.entry(name).or_insert(next);
                if number == next {
                    self.shapes.push(name);
                }
                return Ok(number.to_string());
            }
            other => {
                return Err(format!("{name} has the type `{other}`; teach operations.rs and src/data/api/shape.rs"));
            }
        };
        Ok(letter.to_owned())
    }

    fn inner(&mut self, shape: &'a Json, key: &str) -> Result<String, String> {
        let name = shape[key]["shape"].as_str().ok_or_else(|| format!("a shape has no `{key}`"))?;
        self.ty(name)
    }

    /// The members of a structure, or the values of an enumeration.
    fn line(&mut self, name: &'a str) -> Result<String, String> {
        let shape = self.shape(name);
        if let Some(values) = shape["enum"].as_array() {
            let values: Vec<&str> = values.iter().filter_map(Json::as_str).collect();
            if values.iter().any(|value| value.contains(['|', '\n']) || value.is_empty()) {
                return Err(format!("{name} has a value that cannot stand in a line"));
            }
            return Ok(format!("|{}", values.join("|")));
        }
        let required: Vec<&str> = shape["required"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        let mut members = Vec::new();
        for (member, held) in shape["members"].as_object().into_iter().flatten() {
            let ty = self.ty(held["shape"].as_str().ok_or_else(|| format!("{name}.{member} has no shape"))?)?;
            let mark = match (required.contains(&member.as_str()), held["idempotencyToken"] == true) {
                (true, true) => "!~",
                (true, false) => "!",
                (false, true) => "~",
                (false, false) => ":",
            };
            members.push(format!("{member}{mark}{ty}"));
        }
        Ok(format!("{}{}", if shape["union"] == true { "?" } else { "" }, members.join(" ")))
    }
}

/// The least and the greatest length of a text or of bytes, or value of a number: `<1,64`, `<,10` or `<1,`.
fn bounds(shape: &Json) -> String {
    let bound = |name: &str| shape.get(name).filter(|bound| bound.is_number()).map(Json::to_string);
    match (bound("min"), bound("max")) {
        (None, None) => String::new(),
        (least, most) => format!("<{},{}", least.unwrap_or_default(), most.unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_model_is_written_line_by_line() {
        let model = json!({
            "operations": {
                "PutThing": {"input": {"shape": "In"}, "errors": [{"shape": "TooManyThings"}]},
                "ListThings": {"output": {"shape": "Out"}},
                "WatchThings": {"output": {"shape": "Watched"}},
            },
            "shapes": {
                "In": {"type": "structure", "required": ["Name"], "members": {
                    "Name": {"shape": "Text"}, "Size": {"shape": "Size"}, "Kind": {"shape": "Kind"}, "Part": {"shape": "In"},
                    "Token": {"shape": "Text", "idempotencyToken": true},
                }},
                "Text": {"type": "string", "min": 1, "max": 64},
                "Size": {"type": "integer", "max": 10},
                "Kind": {"type": "string", "enum": ["A", "B c"]},
                "Out": {"type": "structure", "union": true, "members": {"Things": {"shape": "Map"}}},
                "Map": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "List"}},
                "List": {"type": "list", "member": {"shape": "Any"}},
                "Any": {"type": "structure", "document": true},
                "Watched": {"type": "structure", "members": {"Events": {"shape": "Events"}}},
                "Events": {"type": "structure", "eventstream": true, "members": {}},
            },
        });
        let writer = Writer { model: &model, shapes: Vec::new(), numbers: BTreeMap::new() };
        let expected = "Things\n\
            listThings! - 1\nputThing 0 - TooManyThings\nwatchThings! - 2\n\n\
            Name!s<1,64 Size:i<,10 Kind:3 Part:0 Token~s<1,64\n?Things:{[j\nEvents:4\n|A|B c\n";
        assert_eq!(writer.write("Things", &BTreeSet::from(["ListThings".to_owned()])).unwrap(), expected);
    }
}
