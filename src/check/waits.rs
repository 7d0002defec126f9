//! What resources wait for while a stack is made.

use std::collections::{BTreeMap, BTreeSet};

use crate::{check::subject::Subject, template::reference::ReferenceKind};

/// What each resource waits for while the stack is made: what it refers to, and what that waits for.
pub(in crate::check) struct Waits<'a>(BTreeMap<&'a str, BTreeSet<&'a str>>);

impl<'a> Waits<'a> {
    pub fn new(subject: &Subject<'a>) -> Self {
        let mut waits: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for reference in &subject.references {
            let (section, from) = reference.from;
            let is_need = matches!(
                reference.kind,
                ReferenceKind::Ref | ReferenceKind::GetAtt | ReferenceKind::Sub | ReferenceKind::DependsOn
            );
            if section == "Resources" && is_need {
                waits.entry(from).or_default().insert(reference.to);
            }
        }
        Self(waits)
    }

    /// Whether one waits for another, at once or by way of others.
    pub fn does(&self, id: &str, other: &str) -> bool {
        let mut seen = BTreeSet::new();
        let mut next = vec![id];
        while let Some(id) = next.pop() {
            for need in self.0.get(id).into_iter().flatten() {
                if *need == other {
                    return true;
                }
                if seen.insert(*need) {
                    next.push(need);
                }
            }
        }
        false
    }
}
