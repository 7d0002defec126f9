//! Gains: what one of two sets of statements allows and the other does not, by the statement that gives it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    compare::Comparison,
    pattern::MOST,
    principal::Principal,
    statement::{Effect, Rule},
};

/// Why something was not allowed before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cause {
    /// The action was not allowed on anything.
    Action,
    /// Nor on this resource.
    Resource,
    /// It was under other conditions.
    Condition,
}

/// What a statement gives one principal more than there was.
pub(super) struct Gain<'r> {
    /// The statement that allows it.
    pub rule: &'r Rule,
    pub principal: Principal,
    pub cause: Cause,
    pub actions: BTreeSet<String>,
    /// The patterns of the statement that mean what is gained.
    pub resources: BTreeSet<&'r str>,
    /// The statement that denied it before.
    pub denied: Option<&'r Rule>,
    /// The statements that allowed some of it under other conditions.
    pub allowed: Vec<&'r Rule>,
    /// Whether the boundary took it back.
    pub unbound: bool,
}

/// What `to` allows and `from` does not: 0 is before, 1 after. With `always` everything is allowed that nothing denies.
pub(super) fn gains<'r>(comparison: &Comparison<'r>, from: usize, to: usize, always: bool) -> Vec<Gain<'r>> {
    let [allow, deny, bound] = [Effect::Allow, Effect::Deny, Effect::Bound].map(|effect| comparison.of_effect(effect));
    let mut search = Search { comparison, from, to, always, allow, deny, bound, found: BTreeMap::new() };
    for (principal, (_, by_principal)) in comparison.principals.iter().enumerate() {
        for (action, (_, by_action)) in comparison.actions.iter().enumerate() {
            search.look([principal, action], by_principal & by_action);
        }
    }
    search.merged()
}

/// What all of a gain has in common.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    rule: usize,
    principal: usize,
    cause: Cause,
    denied: Option<usize>,
    unbound: bool,
}

/// A search through the classes of a comparison.
struct Search<'c, 'r> {
    comparison: &'c Comparison<'r>,
    from: usize,
    to: usize,
    always: bool,
    /// The statements of each effect, a bit each.
    allow: u128,
    deny: u128,
    bound: u128,
    found: BTreeMap<(Key, usize), Gain<'r>>,
}

/// Calls that no statement tells apart, one of which is allowed by `to` alone.
struct Cell {
    principal: usize,
    action: usize,
    /// The patterns of the resource.
    class: u128,
    cause: Cause,
    /// The statements that mean them.
    bits: u128,
    /// The same under whatever conditions.
    anyhow: u128,
}

impl<'r> Search<'_, 'r> {
    fn is_bound(&self, side: usize, bits: u128) -> bool {
        let comparison = self.comparison;
        comparison.is_bounded[side] && bits & comparison.there[side] & self.bound == 0
    }

    fn allows(&self, side: usize, bits: u128) -> bool {
        let there = bits & self.comparison.there[side];
        (self.always || there & self.allow != 0) && there & self.deny == 0 && !self.is_bound(side, bits)
    }

    /// Looks at all that one principal may do with one action; `both` are the statements that mean the two.
    fn look(&mut self, [principal, action]: [usize; 2], both: u128) {
        let comparison = self.comparison;
        let telling = self.allow | if self.always { self.deny } else { 0 };
        if both & (comparison.there[self.to] | comparison.there[self.from]) & telling == 0 {
            return;
        }
        let was = |anyhow: u128| comparison.contexts.iter().any(|context| self.allows(self.from, anyhow & context));
        let before: Vec<bool> = comparison.resources.iter().map(|(_, by_resource)| was(both & by_resource)).collect();
        let anywhere = before.contains(&true);
        for ((class, by_resource), before) in comparison.resources.iter().zip(before) {
            let cause = match (before, anywhere) {
                (true, _) => Cause::Condition,
                (false, true) => Cause::Resource,
                (false, false) => Cause::Action,
            };
            let anyhow = both & by_resource;
            for context in &comparison.contexts {
                let bits = anyhow & context;
                if self.allows(self.to, bits) && !self.allows(self.from, bits) {
                    self.note(&Cell { principal, action, class: *class, cause, bits, anyhow });
                }
            }
        }
    }

    /// Notes what is gained, with the statement that gives it.
    fn note(&mut self, cell: &Cell) {
        let comparison = self.comparison;
        let [before, after] = [self.from, self.to].map(|side| cell.bits & comparison.there[side]);
        let had = before & self.allow != 0 || self.always;
        let denied = first(before & self.deny).filter(|_| had);
        let giving = after & self.allow;
        // A statement that is new explains it best.
        let explaining = first(giving & !comparison.there[self.from]).or(first(giving));
        let Some(rule) = explaining.or(denied) else { return };
        let side = if giving == 0 { self.from } else { self.to };
        let Some(giver) = comparison.rule(rule, side) else { return };
        let unbound = had && self.is_bound(self.from, cell.bits);
        let (principal, cause) = (cell.principal, cell.cause);
        let key = Key { rule, principal, cause, denied, unbound };
        let gain = self.found.entry((key, cell.action)).or_insert_with(|| Gain {
            rule: giver,
            principal: comparison.principals[principal].0.clone(),
            cause,
            actions: BTreeSet::new(),
            resources: BTreeSet::new(),
            denied: denied.and_then(|at| comparison.rule(at, self.from)),
            allowed: Vec::new(),
            unbound,
        });
        gain.resources.extend(comparison.patterns_of(denied.unwrap_or(rule), rule, cell.class));
        if cause == Cause::Condition && gain.allowed.is_empty() {
            let given = cell.anyhow & comparison.there[self.from] & self.allow;
            let given = (0..MOST).filter(|at| given >> at & 1 == 1);
            gain.allowed = given.filter_map(|at| comparison.rule(at, self.from)).collect();
        }
    }

    /// The gains: actions that are gained on the same resources are one.
    fn merged(self) -> Vec<Gain<'r>> {
        let mut merged: BTreeMap<(Key, BTreeSet<&str>), Gain<'r>> = BTreeMap::new();
        for ((key, action), gain) in self.found {
            let gain = merged.entry((key, gain.resources.clone())).or_insert(gain);
            gain.actions.extend(self.comparison.actions_of(action).cloned());
        }
        merged.into_values().collect()
    }
}

/// The first statement of some.
fn first(bits: u128) -> Option<usize> {
    (bits != 0).then(|| bits.trailing_zeros() as usize)
}
