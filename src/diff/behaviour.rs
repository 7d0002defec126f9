//! The update behaviour of a change: what CloudFormation does to the resource because of it.

use super::{
    canonical::{is_custom, schema_of},
    compare::Leaf,
    conditional::{self, Asked, Said},
    interruption::interrupts,
    model::Action,
};
use crate::{
    json::Json,
    schema::{Replacement, ResourceSchema},
};

/// What a change asks for, and why.
pub(super) struct Behaviour {
    pub action: Action,
    pub because: Option<String>,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self::plain(Action::None)
    }
}

impl Behaviour {
    fn plain(action: Action) -> Self {
        Self { action, because: None }
    }
}

/// The behaviour of a change of a property; `properties` are the canonical ones of the old and the new template.
pub(super) fn of(kind: &str, leaf: &Leaf, properties: &[Json; 2]) -> Behaviour {
    let Some(types) = schema_of(kind) else { return unknown(kind) };
    let property = leaf.names.split('.').next().unwrap_or_default();
    if kind.starts_with("AWS::Serverless::") && types.property(property).is_none() {
        return unknown(kind);
    }
    if is_edited_attribute(kind, leaf) {
        let because = Some("an attribute that exists gets another type".to_owned());
        return Behaviour { action: Action::Replace, because };
    }
    match replacement(types, leaf) {
        Replacement::Always => Behaviour::plain(Action::Replace),
        Replacement::Sometimes => sometimes(kind, leaf, properties),
        Replacement::Never if is_custom(kind) => Behaviour {
            action: Action::MaybeReplace,
            because: Some("its provider decides: another `PhysicalResourceId` replaces it".to_owned()),
        },
        Replacement::Never if interrupts(kind, &leaf.names) => Behaviour::plain(Action::Interrupt),
        Replacement::Never => Behaviour::plain(Action::Update),
    }
}

/// What is said of a type that is in no table.
fn unknown(kind: &str) -> Behaviour {
    let why = match kind {
        kind if kind.starts_with("AWS::Serverless::") => "the transform makes several resources of it",
        kind if kind.ends_with("::MODULE") => "what the module has is not known here",
        _ => "the update behaviour of its type is not known here",
    };
    Behaviour { action: Action::MaybeReplace, because: Some(why.to_owned()) }
}

fn sometimes(kind: &str, leaf: &Leaf, properties: &[Json; 2]) -> Behaviour {
    // The property that has the condition, which may hold what differs.
    let property = leaf.names.split('.').next().unwrap_or_default();
    let [old, new] = [0, 1].map(|side| properties[side].get(property));
    let asked = Asked { before: Said::of(old), after: Said::of(new), new: &properties[1] };
    match conditional::decide(kind, &leaf.names, &asked) {
        Some((action, says)) => Behaviour { action, because: Some(says.to_owned()) },
        None => Behaviour {
            action: Action::MaybeReplace,
            because: Some("whether it is replaced depends on the change, as the registry says".to_owned()),
        },
    }
}

/// Whether a change replaces the resource: the property itself, one that holds it, or one that it holds.
fn replacement(types: &ResourceSchema, leaf: &Leaf) -> Replacement {
    let own = types.replacement(&leaf.names);
    if own == Replacement::Always {
        return own;
    }
    if holds_change(&types.create_only_properties, leaf) {
        return Replacement::Always;
    }
    match own {
        Replacement::Never if holds_change(&types.conditional_create_only_properties, leaf) => Replacement::Sometimes,
        own => own,
    }
}

/// Whether a value holds a property of the list that differs.
fn holds_change(pointers: &[String], leaf: &Leaf) -> bool {
    let here = format!("/properties/{}/", leaf.names.replace('.', "/"));
    pointers.iter().filter_map(|pointer| strip(pointer, &here)).any(|below| {
        let [before, after] = &leaf.canonical;
        let values = |json: &Option<Json>| {
            let mut values = Vec::new();
            collect(json.as_ref(), &below, &mut values);
            values
        };
        values(before) != values(after)
    })
}

/// The names that lead from a place to what a pointer points to.
fn strip(pointer: &str, here: &str) -> Option<Vec<String>> {
    let pointer = pointer.replace("/*", "");
    pointer.strip_prefix(here).map(|below| below.split('/').map(str::to_owned).collect())
}

/// The values at the end of the names, through lists.
fn collect(json: Option<&Json>, names: &[String], values: &mut Vec<Json>) {
    match (json, names) {
        (None, _) => {}
        (Some(Json::Array(items)), [_, ..]) => items.iter().for_each(|item| collect(Some(item), names, values)),
        (Some(json), []) => values.push(json.clone()),
        (Some(json), [name, rest @ ..]) => collect(json.get(name), rest, values),
    }
}

/// Whether an attribute of a table that exists gets another type, which makes another table of it.
fn is_edited_attribute(kind: &str, leaf: &Leaf) -> bool {
    if kind != "AWS::DynamoDB::Table" || !leaf.names.starts_with("AttributeDefinitions") {
        return false;
    }
    match &leaf.canonical {
        [Some(Json::Array(old)), Some(Json::Array(new))] => old.iter().any(|old| {
            new.iter()
                .any(|new| new["AttributeName"] == old["AttributeName"] && new["AttributeType"] != old["AttributeType"])
        }),
        _ => leaf.names.ends_with(".AttributeType"),
    }
}
