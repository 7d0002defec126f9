//! The order of an update: what is made and updated first, each after what it refers to, and what is deleted in the
//! cleanup, each before what it referred to.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Action, Change, Fate, Phase, ResourceChange, Step};
use crate::template::{
    Template,
    reference::{ReferenceKind, references},
};

/// The steps of an update.
pub(super) fn steps(changes: &[ResourceChange], old: &Template, new: &Template) -> Vec<Step> {
    let forward = changes.iter().filter_map(|change| {
        let phase = match change.action {
            Action::Create => Phase::Create,
            Action::Update | Action::Interrupt => Phase::Update,
            Action::Replace | Action::MaybeReplace => Phase::Replace,
            Action::None | Action::Retain | Action::Delete => return None,
        };
        Some((change.id.as_str(), phase))
    });
    let cleanup = changes.iter().filter(|change| change.change == Change::Removed || change.action == Action::Replace);
    let cleanup = cleanup.filter_map(|change| {
        let phase = if change.fate? == Fate::Retain { Phase::Retain } else { Phase::Delete };
        Some((change.id.as_str(), phase))
    });
    let mut steps = sorted(forward.collect(), new);
    let mut last = sorted(cleanup.collect(), old);
    last.reverse();
    steps.append(&mut last);
    steps
}

/// The steps, each after those for what its resource refers to; in the order of the template where that is open.
fn sorted(steps: BTreeMap<&str, Phase>, template: &Template) -> Vec<Step> {
    if steps.is_empty() {
        return Vec::new();
    }
    let mut needs: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let references = references(template);
    for reference in references.iter().filter(|reference| reference.from.0 == "Resources") {
        let waits = matches!(
            reference.kind,
            ReferenceKind::Ref | ReferenceKind::GetAtt | ReferenceKind::Sub | ReferenceKind::DependsOn
        );
        if waits && reference.from.1 != reference.to {
            needs.entry(reference.from.1).or_default().insert(reference.to);
        }
    }
    let mut done: BTreeSet<&str> = BTreeSet::new();
    let mut found = Vec::new();
    // Depth first, with a stack of its own: an id is left again once all that it needs is done.
    let mut entered: BTreeSet<&str> = BTreeSet::new();
    for (id, _) in template.section("Resources") {
        let mut waiting = vec![(id, false)];
        while let Some((id, is_left)) = waiting.pop() {
            if is_left {
                if done.insert(id)
                    && let Some(phase) = steps.get(id)
                {
                    found.push(Step { phase: *phase, id: id.to_owned() });
                }
            } else if entered.insert(id) {
                waiting.push((id, true));
                let needed = needs.get(id).into_iter().flatten().rev();
                waiting.extend(needed.map(|id| (*id, false)));
            }
        }
    }
    found
}
