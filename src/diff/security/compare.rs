//! Two sets of statements by their meaning: who may do what on what, by one and not by the other.
//!
//! Principals, actions, resources and calls are divided into those that no statement tells apart. What holds for one of
//! a class holds for all of it, so that what is compared is small and nothing is left out.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    action::universe,
    condition::{Clause, contexts},
    pattern::{MOST, classes, matches},
    principal::Principal,
    statement::{Effect, Meaning, Rule},
};

/// Combinations of classes that are looked at for one set of statements.
const MOST_CELLS: usize = 400_000;

/// The statements on one subject, before and after, each meaning once.
pub(super) struct Comparison<'r> {
    meanings: Vec<&'r Meaning>,
    rules: [Vec<(usize, &'r Rule)>; 2],
    /// The statements that are there, a bit each, before and after.
    there: [u128; 2],
    /// Whether a boundary takes back what it does not allow.
    is_bounded: [bool; 2],
    pub principals: Vec<(Principal, u128)>,
    pub universe: BTreeSet<String>,
    actions: Vec<(Vec<String>, u128)>,
    /// The patterns of resources, and the classes that they make: their patterns, and their statements.
    patterns: Vec<&'r str>,
    resources: Vec<(u128, u128)>,
    contexts: BTreeSet<u128>,
}

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

impl<'r> Comparison<'r> {
    /// None where there is too much to compare.
    pub fn new(old: &'r [Rule], new: &'r [Rule], is_bounded: [bool; 2], own_account: &str) -> Option<Self> {
        let meanings: BTreeSet<&Meaning> = old.iter().chain(new).map(|rule| &rule.meaning).collect();
        let meanings: Vec<&Meaning> = meanings.into_iter().collect();
        if meanings.len() > MOST {
            return None;
        }
        let number = |rule: &Rule| meanings.binary_search(&&rule.meaning).unwrap_or_default();
        let rules = [old, new].map(|rules| rules.iter().map(|rule| (number(rule), rule)).collect::<Vec<_>>());
        let there = [0, 1].map(|side: usize| rules[side].iter().fold(0, |bits, (at, _)| bits | 1 << at));
        let bits = |holds: &dyn Fn(&Meaning) -> bool| {
            let hit = meanings.iter().enumerate().filter(|(_, meaning)| holds(meaning));
            hit.fold(0_u128, |bits, (at, _)| bits | 1 << at)
        };
        let universe = universe(meanings.iter().flat_map(|meaning| &meaning.actions.items).map(String::as_str));
        let mut actions: BTreeMap<u128, Vec<String>> = BTreeMap::new();
        for action in &universe {
            let means = |meaning: &Meaning| meaning.actions.means(|pattern| matches(pattern, action));
            actions.entry(bits(&means)).or_default().push(action.clone());
        }
        let named = meanings.iter().flat_map(|meaning| &meaning.principals.items).cloned();
        let mut everyone: BTreeSet<Principal> = named.filter(|who| *who != Principal::Everyone).collect();
        if !everyone.contains(&Principal::Holder) {
            everyone.insert(Principal::Others);
        }
        let principals = everyone.into_iter().map(|who| {
            let means = |meaning: &Meaning| meaning.principals.means(|principal| principal.includes(&who, own_account));
            let bits = bits(&means);
            (who, bits)
        });
        let principals = principals.collect();
        let patterns: BTreeSet<&str> =
            meanings.iter().flat_map(|meaning| &meaning.resources.items).map(String::as_str).collect();
        let patterns: Vec<&str> = patterns.into_iter().collect();
        let resources = classes(&patterns)?.into_iter().map(|class| {
            let is_in =
                |pattern: &String| patterns.binary_search(&pattern.as_str()).is_ok_and(|at| class >> at & 1 == 1);
            (class, bits(&|meaning| meaning.resources.means(is_in)))
        });
        let resources = resources.collect::<Vec<_>>();
        let clauses: Vec<&[Clause]> = meanings.iter().map(|meaning| meaning.clauses.as_slice()).collect();
        let contexts = contexts(&clauses)?;
        let made = Self {
            rules,
            there,
            is_bounded,
            principals,
            universe,
            actions: actions.into_iter().map(|(bits, names)| (names, bits)).collect(),
            patterns,
            resources,
            contexts,
            meanings,
        };
        let cells = made.principals.len() * made.actions.len() * made.resources.len() * made.contexts.len();
        (cells <= MOST_CELLS).then_some(made)
    }

    fn of_effect(&self, effect: Effect) -> u128 {
        let hit = self.meanings.iter().enumerate().filter(|(_, meaning)| meaning.effect == effect);
        hit.fold(0, |bits, (at, _)| bits | 1 << at)
    }

    /// What `to` allows and `from` does not: 0 is before, 1 after. With `always` everything is allowed that nothing
    /// denies.
    pub fn gains(&self, from: usize, to: usize, always: bool) -> Vec<Gain<'r>> {
        let [allow, deny, bound] = [Effect::Allow, Effect::Deny, Effect::Bound].map(|effect| self.of_effect(effect));
        let is_bound = |side: usize, bits: u128| self.is_bounded[side] && bits & self.there[side] & bound == 0;
        let allows = |side: usize, bits: u128| {
            let there = bits & self.there[side];
            (always || there & allow != 0) && there & deny == 0 && !is_bound(side, bits)
        };
        type Key = (usize, usize, Cause, Option<usize>, bool);
        let mut found: BTreeMap<(Key, usize), Gain<'r>> = BTreeMap::new();
        for (number, (principal, by_principal)) in self.principals.iter().enumerate() {
            for (action, (_, by_action)) in self.actions.iter().enumerate() {
                let both = by_principal & by_action;
                if both & (self.there[to] | self.there[from]) & (allow | if always { deny } else { 0 }) == 0 {
                    continue;
                }
                let was =
                    |by_resource: &u128| self.contexts.iter().any(|context| allows(from, both & by_resource & context));
                let before: Vec<bool> = self.resources.iter().map(|(_, by_resource)| was(by_resource)).collect();
                let anywhere = before.contains(&true);
                for (place, (class, by_resource)) in self.resources.iter().enumerate() {
                    for context in &self.contexts {
                        let bits = both & by_resource & context;
                        if !allows(to, bits) || allows(from, bits) {
                            continue;
                        }
                        let denied = bits & self.there[from] & deny;
                        let had = bits & self.there[from] & allow != 0 || always;
                        let denied = (denied != 0 && had).then(|| denied.trailing_zeros() as usize);
                        let giving = bits & self.there[to] & allow;
                        // A statement that is new explains it best.
                        let fresh = giving & !self.there[from];
                        let rule = match (denied, giving) {
                            (Some(denied), 0) => denied,
                            _ => if fresh != 0 { fresh } else { giving }.trailing_zeros() as usize,
                        };
                        let cause = match (before[place], anywhere) {
                            (true, _) => Cause::Condition,
                            (false, true) => Cause::Resource,
                            (false, false) => Cause::Action,
                        };
                        let unbound = had && is_bound(from, bits);
                        let Some(giver) = self.rule(rule, if giving == 0 { from } else { to }) else { continue };
                        let key = (rule, number, cause, denied, unbound);
                        let gain = found.entry((key, action)).or_insert_with(|| Gain {
                            rule: giver,
                            principal: principal.clone(),
                            cause,
                            actions: BTreeSet::new(),
                            resources: BTreeSet::new(),
                            denied: denied.and_then(|at| self.rule(at, from)),
                            allowed: Vec::new(),
                            unbound,
                        });
                        let narrow = denied.map_or(rule, |denied| denied);
                        gain.resources.extend(self.patterns_of(narrow, rule, *class));
                        if cause == Cause::Condition && gain.allowed.is_empty() {
                            let given = both & by_resource & self.there[from] & allow;
                            gain.allowed = (0..MOST)
                                .filter(|at| given >> at & 1 == 1)
                                .filter_map(|at| self.rule(at, from))
                                .collect();
                        }
                    }
                }
            }
        }
        // Actions that are gained on the same resources are one gain.
        let mut merged: BTreeMap<(Key, BTreeSet<&str>), Gain<'r>> = BTreeMap::new();
        for ((key, action), gain) in found {
            let gain = merged.entry((key, gain.resources.clone())).or_insert(gain);
            gain.actions.extend(self.actions[action].0.iter().cloned());
        }
        merged.into_values().collect()
    }

    fn rule(&self, number: usize, side: usize) -> Option<&'r Rule> {
        self.rules[side].iter().find(|(at, _)| *at == number).map(|(_, rule)| *rule)
    }

    /// The patterns of a statement that mean a class of resources; those of the other where it lists what it does not
    /// mean, and `*` where that does too.
    fn patterns_of(&self, number: usize, other: usize, class: u128) -> Vec<&'r str> {
        for number in [number, other] {
            let listed = &self.meanings[number].resources;
            if !listed.except {
                let is_in = |pattern: &&str| self.patterns.binary_search(pattern).is_ok_and(|at| class >> at & 1 == 1);
                return listed.items.iter().map(String::as_str).filter(is_in).collect();
            }
        }
        let most = self.patterns.iter().enumerate().filter(|(at, _)| class >> at & 1 == 1).map(|(_, pattern)| *pattern);
        let mut most: Vec<&str> = most.collect();
        if most.is_empty() {
            most.push("*");
        }
        most
    }
}
