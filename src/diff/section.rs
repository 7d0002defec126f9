//! The sections beside the resources: parameters, mappings, conditions, outputs, and the rest as a whole each.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    canonical::{Reader, Spot},
    compare::Pair,
    model::{Action, Change, EntryChange, Quiet, ResourceChange},
};
use crate::{
    json::Json,
    template::{
        Template,
        reference::{ReferenceKind, references},
    },
};

/// The sections that are compared entry by entry, or that say nothing.
const OWN: [&str; 5] = ["Resources", "Parameters", "Mappings", "Conditions", "Outputs"];

/// The words that an effect has where a template alone does not say who imports an export.
pub(crate) const IMPORTED: &str = "while another stack imports";

/// The entries of a section that differ: in the order of the new template, then those that it does not have.
pub(super) fn entries(old: &Template, new: &Template, section: &str) -> Vec<EntryChange> {
    let before = old.as_json().get(section);
    let after = new.as_json().get(section);
    // Whatever stands in them is a text to CloudFormation.
    let pair = Pair { old: Reader::of(old, "Custom::Entry"), new: Reader::of(new, "Custom::Entry") };
    let there = new.section(section).filter_map(|(name, entry)| {
        let was = before.and_then(|before| before.get(name));
        let is_changed = was != Some(entry) && !pair.same(was, Some(entry), &Spot::FREE);
        is_changed.then(|| change(name, was, Some(entry)))
    });
    let gone = old.section(section).filter(|(name, _)| after.and_then(|after| after.get(name)).is_none());
    there.chain(gone.map(|(name, entry)| change(name, Some(entry), None))).collect()
}

fn change(name: &str, before: Option<&Json>, after: Option<&Json>) -> EntryChange {
    let change = match (before, after) {
        (None, _) => Change::Added,
        (_, None) => Change::Removed,
        _ => Change::Changed,
    };
    let quiet =
        (change == Change::Changed && without_texts(before) == without_texts(after)).then_some(Quiet::Description);
    EntryChange {
        name: name.to_owned(),
        change,
        before: before.cloned(),
        after: after.cloned(),
        effect: None,
        importers: Vec::new(),
        quiet,
    }
}

/// An entry without what is for people alone.
fn without_texts(entry: Option<&Json>) -> Option<Json> {
    let mut entry = entry?.clone();
    if let Some(members) = entry.as_object_mut() {
        members.shift_remove("Description");
        members.shift_remove("ConstraintDescription");
    }
    Some(entry)
}

/// The parameters that differ, with what that means for a stack that exists.
pub(super) fn parameters(old: &Template, new: &Template) -> Vec<EntryChange> {
    let mut found = entries(old, new, "Parameters");
    for change in &mut found {
        let default = |side: &Option<Json>| side.as_ref().and_then(|entry| entry.get("Default")).cloned();
        change.effect = match (change.change, default(&change.before), default(&change.after)) {
            (Change::Added, _, None) => Some("it has no default: the update must give it a value".to_owned()),
            (Change::Changed, Some(_), None) => {
                Some("it has no default any more: a new stack must be given a value".to_owned())
            }
            (Change::Changed, before, Some(after)) if before.as_ref() != Some(&after) => {
                Some("a stack that exists keeps the value that it has, unless the update gives another".to_owned())
            }
            _ => None,
        };
    }
    found
}

/// The conditions that differ, with the resources that have them.
pub(super) fn conditions(old: &Template, new: &Template) -> Vec<EntryChange> {
    let mut found = entries(old, new, "Conditions");
    let readers = if found.is_empty() { BTreeMap::new() } else { readers(new) };
    for change in &mut found {
        let names = with_readers(std::iter::once(change.name.as_str()), &readers);
        let has_it = |resource: &Json| resource["Condition"].as_str().is_some_and(|name| names.contains(name));
        let having = new.section("Resources").filter(|(_, resource)| has_it(resource));
        let having: Vec<String> = having.map(|(id, _)| format!("`{id}`")).collect();
        if change.change == Change::Changed && !having.is_empty() {
            change.effect = Some(format!("{} may be made or deleted", having.join(", ")));
        }
    }
    found
}

/// Which conditions read each condition.
pub(super) fn readers(template: &Template) -> BTreeMap<&str, Vec<&str>> {
    let mut readers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for reference in references(template).iter().filter(|reference| reference.from.0 == "Conditions") {
        readers.entry(reference.to).or_default().push(reference.from.1);
    }
    readers
}

/// The conditions of those names, and those that read them, by way of others too.
pub(super) fn with_readers<'t>(
    names: impl Iterator<Item = &'t str>,
    readers: &BTreeMap<&'t str, Vec<&'t str>>,
) -> BTreeSet<&'t str> {
    let mut waiting: Vec<&str> = names.collect();
    let mut all = BTreeSet::new();
    while let Some(name) = waiting.pop() {
        if all.insert(name) {
            waiting.extend(readers.get(name).into_iter().flatten());
        }
    }
    all
}

/// The outputs that differ, or of which the value changes with a resource that is replaced.
pub(super) fn outputs(resources: &[ResourceChange], old: &Template, new: &Template) -> Vec<EntryChange> {
    let mut found = entries(old, new, "Outputs");
    for change in &mut found {
        change.effect = export(change.before.as_ref(), change.after.as_ref());
    }
    let replaced: Vec<&str> = resources
        .iter()
        .filter(|change| change.action == Action::Replace && change.change != Change::Removed)
        .map(|change| change.id.as_str())
        .collect();
    if replaced.is_empty() {
        return found;
    }
    for reference in references(new) {
        let (section, name) = reference.from;
        let reads = matches!(reference.kind, ReferenceKind::Ref | ReferenceKind::GetAtt | ReferenceKind::Sub);
        let is_new = || found.iter().all(|change| change.name != name);
        if section == "Outputs" && reads && replaced.contains(&reference.to) && is_new() {
            let entry = new.as_json()["Outputs"].get(name).cloned();
            let import = match entry.as_ref().is_some_and(|entry| entry.get("Export").is_some()) {
                true => format!("; the update fails {IMPORTED} it"),
                false => String::new(),
            };
            found.push(EntryChange {
                name: name.to_owned(),
                change: Change::Affected,
                before: entry.clone(),
                after: entry,
                effect: Some(format!("its value changes, since `{}` is replaced{import}", reference.to)),
                importers: Vec::new(),
                quiet: None,
            });
        }
    }
    found
}

/// What a change of an export does.
fn export(before: Option<&Json>, after: Option<&Json>) -> Option<String> {
    let name = |entry: Option<&Json>| entry.and_then(|entry| entry.get("Export")).cloned();
    let value = |entry: Option<&Json>| entry.and_then(|entry| entry.get("Value")).cloned();
    match (name(before), name(after)) {
        (Some(_), None) => Some(format!("the update fails {IMPORTED} the export that is gone")),
        (Some(was), Some(is)) if was != is => Some(format!("the update fails {IMPORTED} the export by its old name")),
        (Some(_), Some(_)) if value(before) != value(after) => {
            Some(format!("the update fails {IMPORTED} the value that changes"))
        }
        _ => None,
    }
}

/// The other sections that differ, each as a whole.
pub(super) fn others(old: &Template, new: &Template) -> Vec<EntryChange> {
    let pair = Pair { old: Reader::free(old), new: Reader::free(new) };
    let members = |template: &Template| -> Vec<String> {
        template.as_json().as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
    };
    let mut names = members(new);
    names.extend(members(old).into_iter().filter(|name| new.as_json().get(name).is_none()));
    names.retain(|name| !OWN.contains(&name.as_str()));
    let found = names.iter().filter_map(|name| {
        let (before, after) = (section(old, name), section(new, name));
        let (before, after) = (before.as_ref(), after.as_ref());
        (before != after && !pair.same(before, after, &Spot::FREE)).then(|| {
            let mut found = change(name, before, after);
            let is_text = ["Description", "Metadata", "AWSTemplateFormatVersion"].contains(&name.as_str());
            found.quiet = is_text.then_some(Quiet::Description);
            found
        })
    });
    found.collect()
}

/// A section as CloudFormation takes it: there is one version of the format, which need not be said, a single macro is a
/// list of one, and what has no entries says nothing.
fn section(template: &Template, name: &str) -> Option<Json> {
    let has_none = |json: &Json| json.is_null() || json.as_object().is_some_and(serde_json::Map::is_empty);
    let json = template.as_json().get(name).filter(|json| !has_none(json));
    match (name, json) {
        ("AWSTemplateFormatVersion", None) => Some("2010-09-09".into()),
        ("Transform", Some(Json::Array(names))) if names.len() == 1 => names.first().cloned(),
        _ => json.cloned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_is_no_difference() {
        let names = |old: &str, new: &str| -> Vec<String> {
            let [old, new] = [old, new].map(|text| Template::parse(text).unwrap());
            others(&old, &new).into_iter().map(|change| change.name).collect()
        };
        let plain = "Resources: {A: {Type: 'AWS::SNS::Topic'}}\n";
        for empty in ["Globals: {}", "Globals:", "AWSTemplateFormatVersion: '2010-09-09'", "Rules: {}"] {
            let one = format!("{empty}\n{plain}");
            assert_eq!([names(&one, plain), names(plain, &one)], [Vec::<String>::new(), Vec::new()], "{empty}");
        }
        let [one, list] = ["Transform: A", "Transform: [A]"].map(|line| format!("{line}\n{plain}"));
        assert!(names(&one, &list).is_empty());
        assert_eq!(names(&one, plain), ["Transform"]);
        assert_eq!(names(plain, &format!("Globals: {{Function: {{Timeout: 3}}}}\n{plain}")), ["Globals"]);
    }
}
