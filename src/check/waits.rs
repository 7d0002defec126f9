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

    /// All that one waits for, at once or by way of others.
    pub fn of(&self, id: &'a str) -> BTreeSet<&'a str> {
        let mut all = BTreeSet::new();
        let mut next = vec![id];
        while let Some(id) = next.pop() {
            let needs = self.0.get(id).into_iter().flatten();
            next.extend(needs.filter(|need| all.insert(**need)));
        }
        all
    }
}
