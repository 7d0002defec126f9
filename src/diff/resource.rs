//! The resources of two templates: which are added, removed and changed, and what each change asks for.

use super::{
    behaviour::{self, Behaviour},
    canonical::{Reader, Spot},
    compare::Pair,
    model::{Action, Change, Fate, PropertyChange, ResourceChange},
    quiet,
};
use crate::{diagnostic::Path, json::Json, template::Template};

/// The attributes of a resource beside `Type` and `Properties`, of which a change does nothing to it by itself.
const DELETION_POLICY: &str = "DeletionPolicy";
const UPDATE_REPLACE_POLICY: &str = "UpdateReplacePolicy";

/// The types that a snapshot is made of when nothing says what becomes of them.
const SNAPSHOT_BY_DEFAULT: &str = "AWS::RDS::DBCluster";

/// The resources that differ: in the order of the new template, then those that it does not have.
pub(super) fn changes(old: &Template, new: &Template) -> Vec<ResourceChange> {
    let before = old.as_json().get("Resources");
    let after = new.as_json().get("Resources");
    let same_mappings = old.as_json().get("Mappings") == new.as_json().get("Mappings");
    let mut found = Vec::new();
    for (id, resource) in new.section("Resources") {
        match before.and_then(|before| before.get(id)) {
            None => found.push(added(id, resource)),
            // A resource that is written alike means the same, unless it reads a mapping that does not.
            Some(was) if was == resource && same_mappings => {}
            Some(was) => found.extend(changed(id, [was, resource], [old, new])),
        }
    }
    let gone = old.section("Resources").filter(|(id, _)| after.and_then(|after| after.get(id)).is_none());
    found.extend(gone.map(|(id, resource)| removed(id, resource)));
    found
}

/// The resource of that logical id.
pub(super) fn find<'t>(template: &'t Template, id: &str) -> Option<&'t Json> {
    template.as_json().get("Resources")?.get(id)
}

/// The type of a resource, or what stands in its place.
pub(super) fn kind(resource: &Json) -> &str {
    match resource {
        Json::Array(_) => "Fn::ForEach",
        resource => resource["Type"].as_str().unwrap_or_default(),
    }
}

fn plain(id: &str, resource: &Json, change: Change, action: Action) -> ResourceChange {
    ResourceChange {
        id: id.to_owned(),
        kind: kind(resource).to_owned(),
        change,
        action,
        fate: None,
        properties: Vec::new(),
        attributes: Vec::new(),
        before: None,
        after: None,
        obstacles: Vec::new(),
        quiet: None,
    }
}

fn added(id: &str, resource: &Json) -> ResourceChange {
    ResourceChange { after: Some(resource.clone()), ..plain(id, resource, Change::Added, Action::Create) }
}

fn removed(id: &str, resource: &Json) -> ResourceChange {
    let fate = on_deletion(resource);
    let action = if fate == Fate::Retain { Action::Retain } else { Action::Delete };
    ResourceChange { before: Some(resource.clone()), fate: Some(fate), ..plain(id, resource, Change::Removed, action) }
}

/// What becomes of a resource that is taken out of a stack.
pub(super) fn on_deletion(resource: &Json) -> Fate {
    match resource[DELETION_POLICY].as_str() {
        Some("Retain" | "RetainExceptOnCreate") => Fate::Retain,
        Some("Snapshot") => Fate::Snapshot,
        Some(_) => Fate::Delete,
        None if kind(resource) == SNAPSHOT_BY_DEFAULT || is_single_database(resource) => Fate::Snapshot,
        None => Fate::Delete,
    }
}

/// Whether it is a database of its own, of which a snapshot is made by default too.
fn is_single_database(resource: &Json) -> bool {
    kind(resource) == "AWS::RDS::DBInstance" && resource["Properties"].get("DBClusterIdentifier").is_none()
}

/// What becomes of the old one of a resource that is replaced.
pub(super) fn on_replacement(resource: &Json) -> Fate {
    match resource[UPDATE_REPLACE_POLICY].as_str() {
        Some("Retain") => Fate::Retain,
        Some("Snapshot") => Fate::Snapshot,
        _ => Fate::Delete,
    }
}

fn changed(id: &str, resources: [&Json; 2], templates: [&Template; 2]) -> Option<ResourceChange> {
    let is = resources[1];
    // Another type has other properties: what is written is all that can be compared.
    let of = if kind(resources[0]) == kind(is) { kind(is) } else { "" };
    let readers = [Reader::of(templates[0], of), Reader::of(templates[1], of)];
    let pair = Pair { old: readers[0], new: readers[1] };
    let [before, after] = resources.map(|resource| resource.get("Properties"));
    if resources.iter().any(|resource| !resource.is_object()) {
        // A loop, whose resources are not known here.
        let [before, after] = resources.map(|resource| Some(resource.clone()));
        return Some(ResourceChange { before, after, ..plain(id, is, Change::Changed, Action::MaybeReplace) });
    }
    let mut leaves = Vec::new();
    let mut change = plain(id, is, Change::Changed, Action::None);
    let empty = Json::Object(serde_json::Map::new());
    let [before, after] = [before, after].map(|side| side.unwrap_or(&empty));
    pair.leaves(Some(before), Some(after), &Path::default(), &readers[1].root(), &mut leaves);
    change.attributes = attributes(resources, templates);
    let canonical = [(before, readers[0]), (after, readers[1])]
        .map(|(side, reader)| reader.value(side, &reader.root()).unwrap_or_default());
    change.properties = leaves
        .into_iter()
        .map(|leaf| {
            let mut behaviour = match of {
                "" => Behaviour::default(),
                of => behaviour::of(of, &leaf, &canonical),
            };
            if behaviour.action == Action::Replace && may_stay([&leaf.before, &leaf.after], templates) {
                behaviour.action = Action::MaybeReplace;
                behaviour.because = Some("unless the value of the parameter is what it was".to_owned());
            }
            let quiet = quiet::of_property(of, &leaf, behaviour.action);
            PropertyChange {
                path: leaf.path,
                before: leaf.before,
                after: leaf.after,
                action: behaviour.action,
                because: behaviour.because,
                quiet,
            }
        })
        .collect();
    if change.properties.is_empty() && change.attributes.is_empty() {
        return None;
    }
    settle(&mut change, is);
    Some(change)
}

/// Whether two values are the same where their parameters have their defaults, or are the same parameters by other
/// names: what is given to them decides.
fn may_stay(values: [&Option<Json>; 2], templates: [&Template; 2]) -> bool {
    let read = |at: usize| values[at].as_ref().and_then(|value| given(value, templates[at]));
    match [read(0), read(1)] {
        [None, None] => false,
        [was, is] => was.as_ref().or(values[0].as_ref()) == is.as_ref().or(values[1].as_ref()),
    }
}

/// What a reference to a parameter gives: its default, or the parameter itself.
fn given(value: &Json, template: &Template) -> Option<Json> {
    let name = value.as_object().filter(|members| members.len() == 1)?.get("Ref")?.as_str()?;
    let parameter = template.as_json().get("Parameters")?.get(name)?;
    Some(parameter.get("Default").unwrap_or(parameter).clone())
}

/// Sets what is done to a resource by what its properties ask for, and what becomes of the old one.
pub(super) fn settle(change: &mut ResourceChange, resource: &Json) {
    let all = || change.properties.iter().chain(&change.attributes);
    let action = all().map(|property| property.action).max().unwrap_or(Action::None);
    let kinds: Vec<_> = all().map(|property| property.quiet).collect();
    change.quiet = kinds.first().copied().flatten().filter(|_| kinds.iter().all(Option::is_some));
    change.action = action;
    change.fate = (action >= Action::MaybeReplace).then(|| on_replacement(resource));
}

/// The attributes that differ, `Type` first.
fn attributes(resources: [&Json; 2], templates: [&Template; 2]) -> Vec<PropertyChange> {
    let [was, is] = resources;
    let pair = Pair { old: Reader::free(templates[0]), new: Reader::free(templates[1]) };
    let names = |resource: &Json| -> Vec<String> {
        resource.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
    };
    let mut all = names(was);
    all.extend(names(is).into_iter().filter(|name| was.get(name).is_none()));
    all.retain(|name| name != "Properties");
    let mut found = Vec::new();
    for name in all {
        let spot = Spot { schema: None, path: name.clone() };
        let (before, after) = (was.get(&name), is.get(&name));
        if name == "DependsOn" && list(before) == list(after) || pair.same(before, after, &spot) {
            continue;
        }
        let (action, because) = match name.as_str() {
            "Type" => (Action::Replace, None),
            "Condition" => of_condition(before.is_some(), after.is_some()),
            _ => (Action::None, None),
        };
        let quiet = quiet::of_attribute(&name);
        let (before, after) = (before.cloned(), after.cloned());
        found.push(PropertyChange { path: Path::default().join(&name), before, after, action, because, quiet });
    }
    found
}

/// What another condition does to a resource that had one, or has one.
fn of_condition(had: bool, has: bool) -> (Action, Option<String>) {
    let (action, because) = match (had, has) {
        (true, false) => (Action::None, "it is made where the condition did not hold"),
        (false, true) => (Action::MaybeReplace, "it is deleted where the condition does not hold"),
        _ => (Action::MaybeReplace, "it is made or deleted where the conditions do not hold alike"),
    };
    (action, Some(because.to_owned()))
}

/// The names of `DependsOn`, one or several, in an order of their own.
fn list(json: Option<&Json>) -> Vec<&str> {
    let items = json.map_or(&[][..], |json| json.as_array().map_or(std::slice::from_ref(json), Vec::as_slice));
    let mut names: Vec<&str> = items.iter().filter_map(Json::as_str).collect();
    names.sort_unstable();
    names
}
