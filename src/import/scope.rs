//! What a template declares, by the names that the Rust code has for it.

use std::collections::{HashMap, HashSet};

use super::{
    case::{ident, snake},
    code::Code,
};
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
    /// The entry that code is made for.
    current: String,
    /// What that code needs in variables of its own, which stand before it.
    prepared: Vec<(String, Code)>,
}

/// What code of a stack calls or has already, so that no variable may hide it.
const RESERVED: [&str; 40] = [
    "account_id",
    "add",
    "allow",
    "allow_except",
    "and",
    "assume_role",
    "base64",
    "cidr",
    "deny",
    "deny_except",
    "equals",
    "find_in_map",
    "find_in_map_or",
    "get_azs",
    "if_",
    "import_value",
    "join",
    "json",
    "length",
    "no_value",
    "not",
    "notification_arns",
    "or",
    "partition",
    "region",
    "select",
    "split",
    "stack",
    "stack_id",
    "stack_name",
    "sub",
    "sub_with",
    "to_json_string",
    "transform",
    "trust",
    "url_suffix",
    "main",
    "crate",
    "self",
    "super",
];

impl Scope {
    /// A name of a variable that nothing else has, made of a name of the template; `kind` tells it apart where it must.
    pub fn name(&mut self, id: &str, kind: &str) -> String {
        let plain = short(id);
        let is_name = plain.starts_with(|first: char| first.is_ascii_alphabetic());
        let plain = match (is_name, plain.as_str()) {
            (true, _) => plain,
            (false, "") => kind.to_owned(),
            (false, digits) => format!("{kind}_{digits}"),
        };
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

    /// Begins the code of an entry.
    pub fn begin(&mut self, id: &str) {
        self.current = id.to_owned();
        self.prepared.clear();
    }

    /// Makes a variable for a workflow of the entry.
    pub fn prepare(&mut self, workflow: Code) -> String {
        let name = self.name(&format!("{}Workflow", self.current), "states");
        self.prepared.push((name.clone(), workflow));
        name
    }

    /// The variables of the entry.
    pub fn take_prepared(&mut self) -> Vec<(String, Code)> {
        std::mem::take(&mut self.prepared)
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

/// The longest name of a variable, but for what tells two apart.
const LONGEST: usize = 48;

/// A name in snake case without what only a machine would read: the hashes of generated templates.
pub(super) fn short(id: &str) -> String {
    let mut rest = id;
    let is_hash = |text: &str| {
        text.bytes().all(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte))
            && text.bytes().any(|byte| byte.is_ascii_digit())
    };
    while let Some(at) = rest.len().checked_sub(8).filter(|at| *at > 0 && rest.is_char_boundary(*at)) {
        let (before, hash) = rest.split_at(at);
        if !is_hash(hash) {
            break;
        }
        rest = before;
    }
    let name = snake(&without_digests(rest));
    if name.len() <= LONGEST {
        return name;
    }
    let mut kept = String::new();
    for word in name.split('_') {
        if !kept.is_empty() && kept.len() + word.len() + 1 > LONGEST {
            break;
        }
        if !kept.is_empty() {
            kept.push('_');
        }
        kept.extend(word.chars().take(LONGEST));
    }
    kept
}

/// The name without runs of hexadecimal digits that are as long as a digest.
fn without_digests(name: &str) -> String {
    let mut kept = String::new();
    let mut run = String::new();
    let flush = |run: &mut String, kept: &mut String| {
        if run.len() < 32 {
            kept.push_str(run);
        }
        run.clear();
    };
    for letter in name.chars() {
        if matches!(letter, '0'..='9' | 'a'..='f') {
            run.push(letter);
        } else {
            flush(&mut run, &mut kept);
            kept.push(letter);
        }
    }
    flush(&mut run, &mut kept);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_unique_and_hide_nothing() {
        let mut scope = Scope::default();
        for (id, name) in [
            ("OrdersQueue", "orders_queue"),
            ("ordersQueue", "orders_queue_resource"),
            ("OrdersQUEUE", "orders_queue_resource_2"),
            ("Region", "region_resource"),
            ("Type", "type_resource"),
            ("1st", "resource_1st"),
            ("MyFunction70F1223E", "my_function"),
            ("Subnet12345678", "subnet"),
            (
                "AssetParameters68497ac876de4e963fc8f7b5f1b28844c18ecc95e3f7c6e9e0bf250e03c037fbS3Bucket42039E29",
                "asset_parameters_s3_bucket",
            ),
            ("Tag", "tag"),
            // Nothing but a digest.
            ("68497ac876de4e963fc8f7b5f1b28844c18ecc95e3f7c6e9e0bf250e03c037fb", "resource"),
            ("0123456789abcdef0123456789abcdef", "resource_resource"),
        ] {
            assert_eq!(scope.name(id, "resource"), name, "{id}");
        }
    }
}
