//! Obstacles: updates that CloudFormation refuses, or that fail on the way.

use std::collections::BTreeMap;

use super::{
    canonical::{Reader, schema_of},
    model::{Action, Change, Fate, ResourceChange},
    resource::{find, kind},
};
use crate::{
    json::Json,
    template::{
        Template,
        intrinsic::{Place, call},
    },
};

/// Properties that forbid a resource to be deleted, and their values that do.
const PROTECTIONS: [(&str, &str); 10] = [
    ("AWS::Cognito::UserPool", "DeletionProtection"),
    ("AWS::DocDB::DBCluster", "DeletionProtection"),
    ("AWS::DynamoDB::Table", "DeletionProtectionEnabled"),
    ("AWS::EC2::Instance", "DisableApiTermination"),
    ("AWS::Neptune::DBCluster", "DeletionProtection"),
    ("AWS::QLDB::Ledger", "DeletionProtection"),
    ("AWS::RDS::DBCluster", "DeletionProtection"),
    ("AWS::RDS::DBInstance", "DeletionProtection"),
    ("AWS::RDS::GlobalCluster", "DeletionProtection"),
    ("AWS::Logs::LogGroup", "DeletionProtectionEnabled"),
];

/// Storage that can be made larger, and never smaller.
const GROWING: [(&str, &str); 4] = [
    ("AWS::EC2::Volume", "Size"),
    ("AWS::FSx::FileSystem", "StorageCapacity"),
    ("AWS::MSK::Cluster", "BrokerNodeGroupInfo.StorageInfo.EBSStorageInfo.VolumeSize"),
    ("AWS::RDS::DBInstance", "AllocatedStorage"),
];

/// Properties that can never change: the update fails, and nothing is replaced, so that no key is lost by accident.
const FIXED: [(&str, &[&str]); 1] = [("AWS::KMS::Key", &["KeySpec", "KeyUsage", "MultiRegion", "Origin"])];

/// Adds to each change what stands in its way.
pub(super) fn add(changes: &mut [ResourceChange], old: &Template, new: &Template) {
    let removed = names_of_removed(changes, old);
    for change in changes {
        let (was, is) = (find(old, &change.id), find(new, &change.id));
        let mut found = Vec::new();
        if change.change == Change::Changed && change.attributes.iter().any(|attribute| attribute.path == *"Type") {
            found.push(
                "CloudFormation refuses another type under the same logical id; expected another logical id for it"
                    .to_owned(),
            );
        } else if matches!(change.action, Action::Replace | Action::MaybeReplace)
            && let (Some(was), Some(is)) = (was, is)
            && let Some((property, name)) = kept_name(change, [was, is], [old, new])
        {
            found.push(format!(
                "its replacement cannot have the same name, which `{property}` sets to {name}; expected another name, \
                 or none"
            ));
        }
        if let (Change::Added, Some(is)) = (change.change, is)
            && let Some((property, name)) = name(is, new)
            && let Some(id) = removed.get(&(kind(is).to_owned(), name.to_string()))
        {
            found.push(format!(
                "`{id}`, which is deleted only afterwards, has the same name, which `{property}` sets to {name}; \
                 expected another name"
            ));
        }
        let is_deleted = change.fate.is_some_and(|fate| fate != Fate::Retain) && change.action != Action::MaybeReplace;
        if is_deleted && let Some(property) = was.and_then(|was| protection(was, old)) {
            found.push(format!("`{property}` forbids to delete the old one; expected it to be turned off before"));
        }
        found.extend(shrinking(change));
        found.extend(fixed(change));
        change.obstacles = found;
    }
}

/// The physical names of the resources that are removed, by type and name.
fn names_of_removed(changes: &[ResourceChange], old: &Template) -> BTreeMap<(String, String), String> {
    let removed = changes.iter().filter(|change| change.change == Change::Removed);
    let named = removed.filter_map(|change| {
        let resource = change.before.as_ref()?;
        let (_, name) = name(resource, old)?;
        Some(((change.kind.clone(), name.to_string()), change.id.clone()))
    });
    named.collect()
}

/// The property that names a resource, with a name that is set for good.
fn name(resource: &Json, template: &Template) -> Option<(String, Json)> {
    let of = kind(resource);
    let property = naming(of)?;
    let reader = Reader::of(template, of);
    let value = resource.get("Properties")?.get(&property)?;
    let value = reader.value(value, &reader.member(&reader.root(), &property))?;
    let is_certain = value.is_string() || matches!(call(&value, Place::Other), Some(("Fn::Join", _)));
    is_certain.then_some((property, value))
}

/// The name that a resource has before and after, where none of what identifies it differs.
fn kept_name(change: &ResourceChange, resources: [&Json; 2], templates: [&Template; 2]) -> Option<(String, Json)> {
    let (property, before) = name(resources[0], templates[0])?;
    let (_, after) = name(resources[1], templates[1])?;
    let identifies = |path: &str| {
        schema_of(&change.kind)
            .is_some_and(|types| types.primary_identifier.iter().any(|known| known.ends_with(&format!("/{path}"))))
    };
    let moved = change.properties.iter().any(|property| identifies(&property.path));
    (before == after && !moved).then_some((property, after))
}

/// The property that gives a resource of a type its physical name.
fn naming(of: &str) -> Option<String> {
    let types = schema_of(of)?;
    let is_settable =
        |name: &str| types.create_only_properties.iter().any(|known| known.strip_prefix("/properties/") == Some(name));
    let identifier = types.primary_identifier.iter().filter_map(|known| known.strip_prefix("/properties/"));
    let identifier: Vec<&str> = identifier.collect();
    let last = of.rsplit("::").next().unwrap_or_default();
    let candidates = [format!("{last}Name"), "Name".to_owned()];
    match identifier.as_slice() {
        [own] if is_settable(own) => Some((*own).to_owned()),
        _ => candidates.into_iter().find(|name| is_settable(name)),
    }
}

/// The property that forbids a resource to be deleted.
fn protection(resource: &Json, template: &Template) -> Option<&'static str> {
    let of = kind(resource);
    let (_, property) = PROTECTIONS.iter().find(|(kind, _)| *kind == of)?;
    let reader = Reader::of(template, of);
    let value = resource.get("Properties")?.get(property)?;
    let value = reader.value(value, &reader.member(&reader.root(), property))?;
    ["true", "ACTIVE"].iter().any(|on| value == *on).then_some(property)
}

/// What says that storage gets smaller, which AWS refuses.
fn shrinking(change: &ResourceChange) -> Option<String> {
    let properties = change.properties.iter().filter(|property| {
        GROWING.iter().any(|(kind, path)| *kind == change.kind && property.path.replace('/', ".") == *path)
    });
    let mut smaller = properties.filter_map(|property| {
        let [before, after] = [&property.before, &property.after].map(|side| number(side.as_ref()));
        (after? < before?).then(|| (property.path.clone(), before, after))
    });
    let (path, before, after) = smaller.next()?;
    Some(format!("`{path}` is {} and was {}; expected no less, since it can only grow", after?, before?))
}

/// What says that a property can never change.
fn fixed(change: &ResourceChange) -> Option<String> {
    let (_, names) = FIXED.iter().find(|(kind, _)| *kind == change.kind)?;
    let is_fixed = |path: &str| names.contains(&path) && change.change == Change::Changed;
    let property = change.properties.iter().find(|property| is_fixed(&property.path))?;
    Some(format!("`{}` can never change; expected a resource with another logical id", property.path))
}

/// The number that a value is, or says.
pub(super) fn number(json: Option<&Json>) -> Option<f64> {
    match json? {
        Json::Number(number) => number.as_f64(),
        Json::String(text) => text.parse().ok(),
        _ => None,
    }
}
