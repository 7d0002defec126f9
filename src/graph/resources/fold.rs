//! Folding: of many resources that are alike, one node stands for all.

use std::collections::{BTreeMap, BTreeSet};

use super::drawing::Drawing;
use crate::graph::{kind, model::EdgeKind};

/// How many that are alike become one node.
const ALIKE: usize = 4;
/// How many nodes a picture may have before more is folded.
const READABLE: usize = 48;

/// The resources that are shown, in groups of which each is a node.
pub(super) fn groups(drawing: &Drawing<'_>, shown: &[usize]) -> Vec<Vec<usize>> {
    let alone: Vec<Vec<usize>> = shown.iter().map(|&root| vec![root]).collect();
    if drawing.all {
        return alone;
    }
    let mut around: BTreeMap<usize, BTreeSet<(bool, usize, EdgeKind)>> = BTreeMap::new();
    for &(from, to, kind) in drawing.bonds.keys() {
        around.entry(from).or_default().insert((true, to, kind));
        around.entry(to).or_default().insert((false, from, kind));
    }
    let nothing = BTreeSet::new();
    let kind_of = |root: usize| drawing.content.resources[root].kind;
    let vpc = |root: usize| drawing.vpcs.get(&root);
    // What custom resources are for, their function tells.
    let customs = |root: usize| if kind_of(root).starts_with("Custom::") { (kind_of(root), 0) } else { ("", root + 1) };
    let groups = gather(alone, ALIKE, customs);
    let groups = gather(groups, ALIKE, |root| (kind_of(root), vpc(root), around.get(&root).unwrap_or(&nothing)));
    if groups.len() <= READABLE {
        return groups;
    }
    let groups = gather(groups, ALIKE, |root| (kind_of(root), vpc(root), &nothing));
    if groups.len() <= READABLE {
        return groups;
    }
    let groups = gather(groups, 2, |root| (kind_of(root), vpc(root), &nothing));
    if groups.len() <= READABLE {
        return groups;
    }
    gather(groups, 2, |root| kind::service(kind_of(root)))
}

/// Puts groups together whose first have the same key, where that makes at least so many resources one.
fn gather<K: Ord>(groups: Vec<Vec<usize>>, least: usize, key: impl Fn(usize) -> K) -> Vec<Vec<usize>> {
    let mut counts: BTreeMap<K, usize> = BTreeMap::new();
    for group in &groups {
        *counts.entry(key(group[0])).or_default() += group.len();
    }
    let mut gathered: Vec<Vec<usize>> = Vec::new();
    let mut places: BTreeMap<K, usize> = BTreeMap::new();
    for group in groups {
        let key = key(group[0]);
        if counts[&key] < least {
            gathered.push(group);
            continue;
        }
        match places.get(&key) {
            Some(&place) => gathered[place].extend(group),
            None => {
                places.insert(key, gathered.len());
                gathered.push(group);
            }
        }
    }
    gathered
}
