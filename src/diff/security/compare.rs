//! Two sets of statements by their meaning: who may do what on what, by one and not by the other.
//!
//! Principals, actions, resources and calls are divided into those that no statement tells apart. What holds for one of
//! a class holds for all of it, so that what is compared is small and nothing is left out.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use super::{
    action::{Catalogue, Catalogues},
    condition::{Clause, contexts},
    pattern::{MOST, classes},
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
    pub there: [u128; 2],
    /// Whether a boundary takes back what it does not allow.
    pub is_bounded: [bool; 2],
    pub principals: Vec<(Principal, u128)>,
    pub catalogue: Rc<Catalogue>,
    /// The classes of actions: their places in the catalogue, and their statements.
    pub actions: Vec<(Vec<usize>, u128)>,
    /// The patterns of resources, and the classes that they make: their patterns, and their statements.
    patterns: Vec<&'r str>,
    pub resources: Vec<(u128, u128)>,
    pub contexts: BTreeSet<u128>,
}

impl<'r> Comparison<'r> {
    /// None where there is too much to compare.
    pub fn new(
        old: &'r [Rule],
        new: &'r [Rule],
        is_bounded: [bool; 2],
        own_account: &str,
        catalogues: &Catalogues,
    ) -> Option<Self> {
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
        let named: BTreeSet<&str> =
            meanings.iter().flat_map(|meaning| &meaning.actions.items).map(String::as_str).collect();
        let named: Vec<&str> = named.into_iter().collect();
        let catalogue = catalogues.of(&named);
        let mut actions: BTreeMap<u128, Vec<usize>> = BTreeMap::new();
        for (place, (by_pattern, _)) in catalogue.classes.iter().enumerate() {
            let meant: BTreeSet<&str> = by_pattern.iter().map(|at| named[*at]).collect();
            let means = |meaning: &Meaning| meaning.actions.means(|pattern| meant.contains(pattern.as_str()));
            actions.entry(bits(&means)).or_default().push(place);
        }
        let actions = actions.into_iter().map(|(bits, places)| (places, bits)).collect();
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
        let made =
            Self { rules, there, is_bounded, principals, catalogue, actions, patterns, resources, contexts, meanings };
        let cells = made.principals.len() * made.actions.len() * made.resources.len() * made.contexts.len();
        (cells <= MOST_CELLS).then_some(made)
    }

    /// The statements of an effect, a bit each.
    pub fn of_effect(&self, effect: Effect) -> u128 {
        let hit = self.meanings.iter().enumerate().filter(|(_, meaning)| meaning.effect == effect);
        hit.fold(0, |bits, (at, _)| bits | 1 << at)
    }

    /// The actions of a class.
    pub fn actions_of(&self, class: usize) -> impl Iterator<Item = &String> {
        self.actions[class].0.iter().flat_map(|place| &self.catalogue.classes[*place].1)
    }

    /// The statement of a number on a side.
    pub fn rule(&self, number: usize, side: usize) -> Option<&'r Rule> {
        self.rules[side].iter().find(|(at, _)| *at == number).map(|(_, rule)| *rule)
    }

    /// The patterns of a statement that mean a class of resources; those of the other where it lists what it does not
    /// mean, and `*` where that does too.
    pub fn patterns_of(&self, number: usize, other: usize, class: u128) -> Vec<&'r str> {
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
