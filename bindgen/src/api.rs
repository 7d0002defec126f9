//! The models of AWS's own APIs, as botocore ships them: which strings of their structures are enumerations.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use serde_json::Value as Json;

use crate::file;

/// The strings of the APIs behind one service.
#[derive(Default)]
pub struct Api {
    /// The values of each enumeration, by AWS's name for it; of one name in two APIs those of the last.
    enumerations: BTreeMap<String, Vec<String>>,
    /// The members that are strings, or lists of strings, by their name in lower case.
    members: BTreeMap<String, Vec<Member>>,
}

/// A member of a structure that is a string, or a list of strings.
pub struct Member {
    /// The structure.
    pub owner: String,
    /// Whether it is a list.
    pub is_list: bool,
    /// The values, where the string is an enumeration.
    pub values: Vec<String>,
    /// What AWS says of it, in HTML.
    pub documentation: String,
}

impl Api {
    /// Reads the models with these names.
    pub fn read(folder: &Path, names: &[String]) -> Result<Self, String> {
        let mut api = Self::default();
        for name in names {
            api.add(&file::json(&folder.join(format!("{name}.json")))?);
        }
        Ok(api)
    }

    /// Adds what a model says.
    pub fn add(&mut self, model: &Json) {
        let shapes = &model["shapes"];
        let values = |shape: &Json| -> Vec<String> {
            let values = shape["enum"].as_array().into_iter().flatten();
            values.filter_map(Json::as_str).map(str::to_owned).collect()
        };
        let shape_of = |member: &Json| &shapes[member["shape"].as_str().unwrap_or_default()];
        for (owner, shape) in shapes.as_object().into_iter().flatten() {
            if shape.get("enum").is_some() {
                self.enumerations.insert(owner.clone(), values(shape));
            }
            for (name, member) in shape["members"].as_object().into_iter().flatten() {
                let held = shape_of(member);
                let is_list = held["type"] == "list";
                let held = if is_list { shape_of(&held["member"]) } else { held };
                if held["type"] == "string" {
                    self.members.entry(name.to_lowercase()).or_default().push(Member {
                        owner: owner.clone(),
                        is_list,
                        values: values(held),
                        documentation: member["documentation"].as_str().unwrap_or_default().to_owned(),
                    });
                }
            }
        }
    }

    /// The members with this name, whatever the case of its letters.
    pub fn members(&self, name: &str) -> impl Iterator<Item = &Member> {
        self.members.get(&name.to_lowercase()).into_iter().flatten()
    }

    /// The values of the enumeration that AWS calls so.
    pub fn enumeration(&self, name: &str) -> Option<&Vec<String>> {
        self.enumerations.get(name)
    }
}

/// What all of these members may be, where they agree.
pub fn agreed<'a>(members: impl IntoIterator<Item = &'a Member>) -> Option<&'a Vec<String>> {
    let mut members = members.into_iter();
    let first = &members.next()?.values;
    let set = |values: &'a [String]| -> BTreeSet<&'a String> { values.iter().collect() };
    members.all(|member| set(&member.values) == set(first)).then_some(first)
}
