//! Replacements that go on: a resource that reads a replaced one gets another value, and may be replaced for that.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    behaviour,
    compare::Leaf,
    model::{Action, Change, PropertyChange, ResourceChange},
    resource::{find, kind, settle},
};
use crate::{
    diagnostic::Path,
    json::Json,
    template::{
        Template,
        intrinsic::is_function,
        reference::{Reference, ReferenceKind, references},
    },
};

/// Adds what the replacements among the changes do to others.
pub(super) fn replacements(changes: &mut Vec<ResourceChange>, new: &Template) {
    let mut waiting: Vec<String> =
        changes.iter().filter(|change| is_remade(change)).map(|change| change.id.clone()).collect();
    if waiting.is_empty() {
        return;
    }
    let references = references(new);
    let mut readers: BTreeMap<&str, Vec<&Reference<'_>>> = BTreeMap::new();
    for reference in references.iter().filter(|reference| reads_value(reference)) {
        readers.entry(reference.to).or_default().push(reference);
    }
    let mut known: BTreeSet<String> = waiting.iter().cloned().collect();
    let mut at_of: BTreeMap<String, usize> =
        changes.iter().enumerate().map(|(at, change)| (change.id.clone(), at)).collect();
    waiting.reverse();
    while let Some(id) = waiting.pop() {
        let is_certain = at_of.get(&id).is_some_and(|at| changes[*at].action == Action::Replace);
        for reference in readers.get(id.as_str()).into_iter().flatten() {
            let known_at = at_of.get(reference.from.1).copied();
            let Some(at) = affect(changes, known_at, reference, is_certain, new) else { continue };
            at_of.entry(changes[at].id.clone()).or_insert(at);
            if is_remade(&changes[at]) && known.insert(changes[at].id.clone()) {
                waiting.push(changes[at].id.clone());
            }
        }
    }
    let places: BTreeMap<&str, usize> = new.section("Resources").enumerate().map(|(at, (id, _))| (id, at)).collect();
    changes.sort_by_key(|change| places.get(change.id.as_str()).copied().unwrap_or(usize::MAX));
}

fn is_remade(change: &ResourceChange) -> bool {
    change.change != Change::Added && matches!(change.action, Action::Replace | Action::MaybeReplace)
}

fn reads_value(reference: &Reference<'_>) -> bool {
    reference.from.0 == "Resources"
        && matches!(reference.kind, ReferenceKind::Ref | ReferenceKind::GetAtt | ReferenceKind::Sub)
}

/// Notes that a value of a resource changes with what it reads; gives the place of the resource among the changes.
fn affect(
    changes: &mut Vec<ResourceChange>,
    known: Option<usize>,
    reference: &Reference<'_>,
    is_certain: bool,
    new: &Template,
) -> Option<usize> {
    let (_, id) = reference.from;
    let resource = find(new, id)?;
    if known.is_some_and(|at| changes[at].change == Change::Added) || !resource.is_object() {
        return None;
    }
    let (path, names) = property(&reference.path)?;
    if let Some(at) = known
        && changes[at].properties.iter().any(|property| covers(&property.path, &path))
    {
        return None;
    }
    let value = path.segments().try_fold(resource.get("Properties")?, |here, step| match here {
        Json::Array(items) => items.get(step.parse::<usize>().ok()?),
        here => here.get(step.as_ref()),
    });
    let change = read(kind(resource), reference, value.cloned(), path, names, is_certain, resource);
    let at = known.unwrap_or_else(|| {
        changes.push(ResourceChange {
            id: id.to_owned(),
            kind: kind(resource).to_owned(),
            change: Change::Affected,
            action: Action::None,
            fate: None,
            properties: Vec::new(),
            attributes: Vec::new(),
            before: None,
            after: None,
            obstacles: Vec::new(),
            quiet: None,
        });
        changes.len() - 1
    });
    changes[at].properties.push(change);
    settle(&mut changes[at], resource);
    Some(at)
}

/// The change of a property that reads what is replaced.
fn read(
    kind: &str,
    reference: &Reference<'_>,
    value: Option<Json>,
    path: Path,
    names: String,
    is_certain: bool,
    resource: &Json,
) -> PropertyChange {
    // The value afterwards is another one, which nobody knows yet.
    let other = Some(Json::Null);
    let leaf = Leaf {
        path: path.clone(),
        names,
        before: value.clone(),
        after: value.clone(),
        canonical: [value.clone(), other],
    };
    let properties = resource.get("Properties").cloned().unwrap_or_default();
    let action = match behaviour::of(kind, &leaf, &[properties.clone(), properties]).action {
        Action::Replace if !is_certain => Action::MaybeReplace,
        action => action,
    };
    let verb = if is_certain { "is" } else { "may be" };
    let because = Some(format!("`{}` {verb} replaced", reference.to));
    PropertyChange { path, before: value.clone(), after: value, action, because, quiet: None }
}

/// The property that holds a reference: its path below `Properties`, and its names without indices.
fn property(path: &str) -> Option<(Path, String)> {
    let whole = Path::from(path);
    let mut place = Path::default();
    let mut names = String::new();
    for step in whole.segments().skip(2).skip_while(|step| step == "Properties").take_while(|step| !is_function(step)) {
        place = place.join(&step);
        if step.parse::<usize>().is_err() {
            if !names.is_empty() {
                names.push('.');
            }
            names.push_str(&step);
        }
    }
    let is_property = whole.segments().nth(2).is_some_and(|step| step == "Properties");
    (is_property && !names.is_empty()).then_some((place, names))
}

/// Whether one path is the other, or leads to what holds it.
fn covers(outer: &Path, inner: &Path) -> bool {
    outer.is_empty() || inner.strip_prefix(outer).is_some() || outer.strip_prefix(inner).is_some()
}
