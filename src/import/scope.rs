//! What a template declares, by the names that the Rust code has for it.

use std::collections::{HashMap, HashSet};

use super::case::{ident, snake};
use crate::{
    data::structs::{Structs, Type},
    json::Json,
};

/// What a name of the template stands for, once the code has declared it.
#[derive(Clone, Debug)]
pub(super) enum Referent {
    /// A parameter, whose handle is of that type.
    Parameter(Type),
    /// A resource: of a type with structs, or of any other.
    Resource(Option<&'static Structs>),
}

/// A declared variable, as a function takes it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Variable {
    pub name: String,
    /// The item of its type below `formwork::`, and the arguments of that: `stack::ParameterRef` and `<String>`, or
    /// `Handle` with an item of its own.
    pub ty: VariableType,
}

/// The type of a variable.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum VariableType {
    Parameter(String),
    Condition,
    Mapping,
    /// The handle of the resource that this item is.
    Handle(String),
}

/// The names of the entries of a template, and which of them are declared so far.
#[derive(Default)]
pub(super) struct Scope {
    taken: HashSet<String>,
    referents: HashMap<String, (String, Referent)>,
    conditions: HashMap<String, String>,
    mappings: HashMap<String, String>,
    types: HashMap<String, VariableType>,
    /// The variables that were used since they were last taken, in the order of their first use.
    used: Vec<String>,
}

/// What code of a stack calls or has already, so that no variable may hide it.
const RESERVED: [&str; 40] = [
    "account_id", "add", "allow", "allow_except", "and", "assume_role", "base64", "cidr", "deny", "deny_except",
    "equals", "find_in_map", "find_in_map_or", "get_azs", "if_", "import_value", "join", "json", "length", "no_value",
    "not", "notification_arns", "or", "partition", "region", "select", "split", "stack", "stack_id", "stack_name",
    "sub", "sub_with", "to_json_string", "transform", "trust", "url_suffix", "main", "crate", "self", "super",
];

impl Scope {
    /// A name of a variable that nothing else has, made of a name of the template; `kind` tells it apart where it must.
    pub fn name(&mut self, id: &str, kind: &str) -> String {
        let plain = snake(id);
        let is_name = plain.starts_with(|first: char| first.is_ascii_alphabetic());
        let plain = if is_name { plain } else { format!("{kind}_{plain}") };
        let mut wanted = plain.clone();
        let mut number = 1;
        while RESERVED.contains(&wanted.as_str()) || ident(&wanted) != wanted || self.taken.contains(&wanted) {
            wanted = match number {
                1 => format!("{plain}_{kind}"),
                number => format!("{plain}_{kind}_{number}"),
            };
            number += 1;
        }
        self.taken.insert(wanted.clone());
        wanted
    }

    /// Declares a parameter or a resource.
    pub fn declare(&mut self, id: &str, variable: &str, referent: Referent, ty: VariableType) {
        self.types.insert(variable.to_owned(), ty);
        self.referents.insert(id.to_owned(), (variable.to_owned(), referent));
    }

    pub fn declare_condition(&mut self, id: &str, variable: &str) {
        self.types.insert(variable.to_owned(), VariableType::Condition);
        self.conditions.insert(id.to_owned(), variable.to_owned());
    }

    pub fn declare_mapping(&mut self, id: &str, variable: &str) {
        self.types.insert(variable.to_owned(), VariableType::Mapping);
        self.mappings.insert(id.to_owned(), variable.to_owned());
    }

    /// The variable of a parameter or a resource, which is used now.
    pub fn refer(&mut self, id: &str) -> Option<(String, Referent)> {
        let (variable, referent) = self.referents.get(id).cloned()?;
        self.using(&variable);
        Some((variable, referent))
    }

    /// Whether there is a resource of that name that has a handle.
    pub fn has_resource(&self, id: &str) -> bool {
        matches!(self.referents.get(id), Some((_, Referent::Resource(_))))
    }

    pub fn condition(&mut self, id: &str) -> Option<String> {
        let variable = self.conditions.get(id).cloned()?;
        self.using(&variable);
        Some(variable)
    }

    pub fn mapping(&mut self, json: &Json) -> Option<String> {
        let variable = self.mappings.get(json.as_str()?).cloned()?;
        self.using(&variable);
        Some(variable)
    }

    pub fn has_condition(&self, id: &str) -> bool {
        self.conditions.contains_key(id)
    }

    fn using(&mut self, variable: &str) {
        if !self.used.iter().any(|known| known == variable) {
            self.used.push(variable.to_owned());
        }
    }

    /// The variables that were used since the last call.
    pub fn take_used(&mut self) -> Vec<Variable> {
        let used = std::mem::take(&mut self.used);
        let typed = used.into_iter().filter_map(|name| Some(Variable { ty: self.types.get(&name)?.clone(), name }));
        typed.collect()
    }

    /// Keeps what is used by code that is tried; see [`forget`](Self::forget).
    pub fn mark(&self) -> usize {
        self.used.len()
    }

    /// Forgets what was used since a mark: the code that was tried is not written.
    pub fn forget(&mut self, mark: usize) {
        self.used.truncate(mark);
    }
}
