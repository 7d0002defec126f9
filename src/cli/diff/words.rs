//! The words that all forms of the report use.

use crate::diff::{Action, Change, Diff, Fate, Phase, PropertyChange, Quiet, ResourceChange, StateChange};

/// What is said of a list whose elements are the same.
pub(super) const MOVED: &str = "the same in another order";

/// The sign of a change: `+`, `-`, `~`, or `±` for what is made anew.
pub(super) fn sign(change: &ResourceChange) -> &'static str {
    match (change.change, change.action) {
        (Change::Added, _) => "+",
        (Change::Removed, _) => "-",
        (_, Action::Replace) => "±",
        (_, Action::MaybeReplace) => "?",
        (_, Action::Interrupt) => "!",
        _ => "~",
    }
}

/// What is done to a resource.
pub(super) fn action(change: &ResourceChange) -> String {
    let what = match change.action {
        Action::None if has_condition(change) => "created where it is not there yet",
        Action::MaybeReplace if is_left_to_condition(change) => "left as it is, created or deleted",
        Action::None => "nothing is done to it",
        Action::Update => "updated in place",
        Action::Create => "created",
        Action::Retain => "leaves the stack and stays",
        Action::Interrupt => "updated with an interruption",
        Action::MaybeReplace => "replaced, or updated in place",
        Action::Replace => "replaced",
        Action::Delete => "deleted",
    };
    match (change.action, change.fate) {
        (Action::Replace, Some(Fate::Delete)) => format!("{what}; the old one is deleted"),
        (Action::Replace, Some(Fate::Retain)) => format!("{what}; the old one stays"),
        (Action::Replace | Action::Delete, Some(Fate::Snapshot)) => format!("{what} once a snapshot of it is made"),
        _ => what.to_owned(),
    }
}

fn has_condition(change: &ResourceChange) -> bool {
    change.attributes.iter().any(|attribute| attribute.path == *"Condition")
}

/// Whether its condition alone tells what is done to it.
fn is_left_to_condition(change: &ResourceChange) -> bool {
    let is_more = |property: &PropertyChange| property.action >= Action::MaybeReplace;
    has_condition(change) && !change.properties.iter().any(is_more)
}

/// What a change of a property asks for, where that is more than an update.
pub(super) fn demand(property: &PropertyChange) -> Option<String> {
    let what = match property.action {
        _ if property.path == *"Condition" => return property.because.clone(),
        Action::Replace => "replaces it",
        Action::MaybeReplace => "may replace it",
        Action::Interrupt => "interrupts it",
        _ => return property.because.clone(),
    };
    Some(match &property.because {
        Some(because) => format!("{what}: {because}"),
        None => what.to_owned(),
    })
}

/// A summary of what is done, most serious first: `1 replaced, 2 updated`.
pub(super) fn summary(diff: &Diff) -> String {
    let count = |action: Action| {
        diff.resources.iter().filter(|change| change.quiet.is_none() && change.action == action).count()
    };
    let counts = [
        (count(Action::Delete), "deleted"),
        (count(Action::Retain), "given up and kept"),
        (count(Action::Replace), "replaced"),
        (count(Action::MaybeReplace), "perhaps replaced"),
        (count(Action::Interrupt), "interrupted"),
        (count(Action::Update), "updated"),
        (count(Action::Create), "created"),
    ];
    let mut parts: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    let outside = [&diff.parameters, &diff.mappings, &diff.conditions, &diff.outputs, &diff.others];
    let others: usize =
        outside.iter().map(|section| section.iter().filter(|entry| entry.quiet.is_none()).count()).sum();
    if others > 0 {
        parts.push(format!("{others} outside of the resources"));
    }
    match parts.as_slice() {
        [] if diff.is_empty() => "nothing differs".to_owned(),
        [] => "nothing that matters differs".to_owned(),
        _ => parts.join(", "),
    }
}

/// The changes that nobody need look at, on a line; none where there are none.
pub(super) fn quiet(diff: &Diff) -> Option<String> {
    let of_resources = diff.resources.iter().flat_map(|change| match change.quiet {
        Some(quiet) => vec![quiet],
        None => change.properties.iter().chain(&change.attributes).filter_map(|property| property.quiet).collect(),
    });
    let outside = [&diff.parameters, &diff.mappings, &diff.conditions, &diff.outputs, &diff.others];
    let of_entries = outside.into_iter().flatten().filter_map(|entry| entry.quiet);
    let all: Vec<Quiet> = of_resources.chain(of_entries).collect();
    let kinds = [
        (Quiet::Description, "text for people", "texts for people"),
        (Quiet::CodeHash, "place of code", "places of code"),
        (Quiet::Deployment, "deployment of an API that changes", "deployments of an API that changes"),
        (Quiet::Form, "definition written otherwise", "definitions written otherwise"),
    ];
    let parts: Vec<String> = kinds
        .iter()
        .filter_map(|(kind, one, several)| match all.iter().filter(|quiet| *quiet == kind).count() {
            0 => None,
            1 => Some(format!("1 {one}")),
            count => Some(format!("{count} {several}")),
        })
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// The properties and attributes of a resource that are told with it: neither those that nobody need look at, nor the
/// definition of a state machine, whose states are told one by one.
pub(super) fn shown<'a>(change: &'a ResourceChange, diff: &'a Diff) -> impl Iterator<Item = &'a PropertyChange> {
    let has_states = diff.machines.iter().any(|machine| machine.id == change.id);
    let is_definition =
        |path: &str| path.starts_with("Definition/") || path == "Definition" || path == "DefinitionString";
    let all = change.properties.iter().chain(&change.attributes);
    all.filter(move |one| one.quiet.is_none() && !(has_states && is_definition(&one.path)))
}

/// Whether a property is a text of several lines, which is told as a whole further down.
pub(super) fn is_below(change: &ResourceChange, property: &PropertyChange, diff: &Diff) -> bool {
    diff.code.iter().any(|code| code.id == change.id && code.path == property.path)
}

/// What is different about a state.
pub(super) fn state(change: &StateChange) -> String {
    match change.change {
        Change::Added => "added".to_owned(),
        Change::Removed => "removed".to_owned(),
        _ => change.subjects.join(", "),
    }
}

/// What is done in a step.
pub(super) fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Create => "create",
        Phase::Update => "update",
        Phase::Replace => "replace",
        Phase::Delete => "delete",
        Phase::Retain => "keep outside of the stack",
    }
}

/// The sign of an entry of another section.
pub(super) fn sign_of(change: Change) -> &'static str {
    match change {
        Change::Added => "+",
        Change::Removed => "-",
        Change::Changed | Change::Affected => "~",
    }
}
