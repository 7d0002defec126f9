//! The parents that `%` means: for each, the step whose items have it.

use super::{
    ast::{Kind, Node, Text},
    error::{Error, Given},
};

/// The parents that an expression reads, by their number.
#[derive(Default)]
pub(super) struct Ancestry(Vec<Slot>);

/// One `%`.
struct Slot {
    /// The number of the name that the parent is bound to; those that mean the same share one.
    label: usize,
    /// Steps that it is still above.
    level: usize,
}

pub(super) fn underivable() -> Error {
    Error::new("S0217", "The object representing the 'parent' cannot be derived from this expression")
}

impl Ancestry {
    /// The number of another `%`.
    pub fn slot(&mut self) -> usize {
        let label = self.0.len();
        self.0.push(Slot { label, level: 1 });
        label
    }

    /// The names that parents are bound to, which no expression has.
    pub fn names(&self) -> Vec<Text> {
        self.0.iter().map(|slot| format!("!{}", slot.label).into()).collect()
    }

    /// Finds the step of a parent that a predicate of a step reads.
    pub fn seek_in_predicate(&mut self, step: &mut Node, slot: usize) -> Given<()> {
        match self.0[slot].level {
            1 => self.seek(step, slot),
            level => {
                self.0[slot].level = level.saturating_sub(1);
                Ok(())
            }
        }
    }

    /// Finds the steps of the parents that the last step of a path means.
    pub fn resolve(&mut self, path: &mut Node) -> Given<()> {
        let Kind::Path(steps, _) = &mut path.kind else { return Ok(()) };
        let Some((last, before)) = steps.split_last_mut() else { return Ok(()) };
        let mut slots = last.step.as_deref().map_or_else(Vec::new, |step| step.seeking.clone());
        if let Kind::Parent(slot) = last.kind {
            slots.push(slot);
        }
        let mut unfound = Vec::new();
        for slot in slots {
            let mut at = before.len();
            while self.0[slot].level > 0 {
                if at == 0 {
                    unfound.push(slot);
                    break;
                }
                at -= 1;
                // Steps side by side that bind a name are read from the same items.
                let has_focus = |node: &Node| node.step.as_deref().is_some_and(|step| step.focus.is_some());
                while at > 0 && has_focus(&before[at]) && has_focus(&before[at - 1]) {
                    at -= 1;
                }
                self.seek(&mut before[at], slot)?;
            }
        }
        if !unfound.is_empty() {
            path.step_mut().seeking.extend(unfound);
        }
        Ok(())
    }

    /// Looks for the parent in a node, from its end on.
    fn seek(&mut self, node: &mut Node, slot: usize) -> Given<()> {
        match &mut node.kind {
            Kind::Name(_) | Kind::Wildcard => {
                self.0[slot].level -= 1;
                if self.0[slot].level == 0 {
                    let parent = &mut node.step.get_or_insert_default().parent;
                    if let Some(known) = *parent {
                        self.0[slot].label = self.0[known].label;
                    }
                    *parent = Some(slot);
                    node.tuple = true;
                }
            }
            Kind::Parent(_) => self.0[slot].level += 1,
            Kind::Block(nodes) => {
                if let Some(last) = nodes.last_mut() {
                    node.tuple = true;
                    self.seek(last, slot)?;
                }
            }
            Kind::Path(steps, _) => {
                node.tuple = true;
                for (from_end, step) in steps.iter_mut().rev().enumerate() {
                    if from_end > 0 && self.0[slot].level == 0 {
                        break;
                    }
                    self.seek(step, slot)?;
                }
            }
            _ => return Err(underivable()),
        }
        Ok(())
    }
}
