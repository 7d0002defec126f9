//! What resources wait for while a stack is made.

use std::collections::{BTreeMap, BTreeSet};

use crate::{check::subject::Subject, diagnostic::Budget, template::reference::ReferenceKind};

/// What each resource waits for while the stack is made: what it refers to, and what that waits for.
pub(in crate::check) struct Waits<'a> {
    needs: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// References that are followed.
    steps: Budget,
}

/// References that are followed for all that is asked: more than any template within CloudFormation's limits needs.
const MOST_STEPS: usize = 1_000_000;

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
        Self { needs: waits, steps: Budget::new(MOST_STEPS) }
    }

    /// All that one waits for, at once or by way of others; none where that is too much to be told.
    pub fn of(&self, id: &'a str) -> Option<BTreeSet<&'a str>> {
        let mut all = BTreeSet::new();
        let mut next = vec![id];
        while let Some(id) = next.pop() {
            let Some(needs) = self.needs.get(id) else { continue };
            if !self.steps.spend(needs.len()) {
                return None;
            }
            next.extend(needs.iter().filter(|need| all.insert(**need)));
        }
        Some(all)
    }
}
