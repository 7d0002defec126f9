//! Layers: items in ranks, so that links lead from one rank to the next.
//!
//! A link over several ranks goes through an entry of its own in each of them, and nothing else stands there. Links of a
//! kind that lead to the same item share their entries. A link back goes up beside everything: it turns below the rank
//! that it comes from and above the one that it leads to. Coordinates are those of a graph that leads down.

use std::collections::BTreeMap;

use super::{
    layers::{Entry, Joint, Layers, Stand, Way},
    link::{Item, Laid, Link, Role},
    order, place, rank, route,
};
use crate::graph::scene::Size;

/// How much it is worth that a turn is near to its item: hardly anything, or loops pull their items aside.
const AROUND: f64 = 0.05;

/// What shares the entries on its way: the item that it leads to, its port or kind, and whether it leads back.
type Bundle = (usize, Option<usize>, usize, bool);

/// Lays items out in layers.
pub(super) fn lay_out(items: &[Item], links: &[Link]) -> Laid {
    let (ranks, back) = rank::rank(items, links);
    let mut layers = Builder::new(items, links, ranks).build(&back);
    order::order(&mut layers);
    place::place(&mut layers);
    spread(&mut layers, items, links);
    place::place(&mut layers);
    snap(&mut layers, items, links);
    route::routes(&layers, items, links)
}

struct Builder<'a> {
    items: &'a [Item],
    links: &'a [Link],
    layers: Layers,
    shared: BTreeMap<(Bundle, usize), usize>,
    /// The joint that leads on from a shared entry.
    onward: BTreeMap<usize, usize>,
}

impl<'a> Builder<'a> {
    fn new(items: &'a [Item], links: &'a [Link], ranks: Vec<usize>) -> Self {
        let mut layers = Layers::default();
        for (index, (item, rank)) in items.iter().zip(ranks).enumerate() {
            layers.entries.push(Entry { stand: Stand::Item(index), rank, size: item.size, x: 0.0 });
        }
        Self { items, links, layers, shared: BTreeMap::new(), onward: BTreeMap::new() }
    }

    fn build(mut self, back: &[bool]) -> Layers {
        for (index, link) in self.links.iter().enumerate() {
            let joints = if back[index] { self.back(index, link) } else { self.ahead(index, link) };
            self.layers.ways.push(Way { joints, back: back[index] });
        }
        let height = self.layers.entries.iter().map(|entry| entry.rank + 1).max().unwrap_or_default();
        self.layers.ranks = vec![Vec::new(); height];
        for (index, entry) in self.layers.entries.iter().enumerate() {
            self.layers.ranks[entry.rank].push(index);
        }
        self.layers
    }

    fn add(&mut self, stand: Stand, rank: usize, size: Size) -> usize {
        self.layers.entries.push(Entry { stand, rank, size, x: 0.0 });
        self.layers.entries.len() - 1
    }

    /// Joins two entries: at the middle, or where a link that is fixed to an item says.
    fn join(&mut self, ends: (usize, usize), upper_at: Option<f64>, lower_at: Option<f64>, weight: f64) -> usize {
        let (upper, lower) = ends;
        let middle = |entry: usize| self.layers.entries[entry].size.width / 2.0;
        let (upper_at, lower_at) =
            (upper_at.unwrap_or_else(|| middle(upper)), lower_at.unwrap_or_else(|| middle(lower)));
        self.layers.joints.push(Joint { upper, lower, upper_at, lower_at, weight });
        self.layers.joints.len() - 1
    }

    fn bundle(&self, index: usize, link: &Link, back: bool) -> Bundle {
        (link.to, link.to_at.map(|_| index), link.group, back)
    }

    /// The joints of a link that leads to a lower rank.
    fn ahead(&mut self, index: usize, link: &Link) -> Vec<usize> {
        let bundle = self.bundle(index, link, false);
        let (first, last) = (self.layers.entries[link.from].rank, self.layers.entries[link.to].rank);
        let mut joints = Vec::new();
        let (mut from, mut at, mut rank) = (link.from, link.from_at, first + 1);
        if let Some(label) = link.label.filter(|_| rank < last) {
            let entry = self.add(Stand::Label, rank, label);
            joints.push(self.join((from, entry), at, None, link.weight));
            (from, at, rank) = (entry, None, rank + 1);
        }
        // From the end on, as far as it is there already.
        let (mut next, mut next_at) = (link.to, link.to_at);
        for through in (rank..last).rev() {
            next = match self.shared.get(&(bundle, through)) {
                Some(&there) => there,
                None => {
                    let entry = self.add(Stand::Through, through, Size::default());
                    let onward = self.join((entry, next), None, next_at, link.weight);
                    self.onward.insert(entry, onward);
                    self.shared.insert((bundle, through), entry);
                    entry
                }
            };
            next_at = None;
        }
        joints.push(self.join((from, next), at, next_at, link.weight));
        while let Some(&onward) = self.onward.get(&next) {
            joints.push(onward);
            next = self.layers.joints[onward].lower;
        }
        joints
    }

    /// The joints of a link that leads to a higher rank, or to where it comes from: down to the turn, up beside
    /// everything, and down again.
    fn back(&mut self, index: usize, link: &Link) -> Vec<usize> {
        let bundle = self.bundle(index, link, true);
        let (below, above) = (self.layers.entries[link.from].rank, self.layers.entries[link.to].rank);
        // From the end on: the turn above, and what leads up to it.
        let turn = match self.shared.get(&(bundle, above - 1)) {
            Some(&there) => there,
            None => {
                let entry = self.add(Stand::Turn, above - 1, Size::default());
                let onward = self.join((entry, link.to), None, link.to_at, AROUND);
                self.onward.insert(entry, onward);
                self.shared.insert((bundle, above - 1), entry);
                entry
            }
        };
        let mut next = turn;
        for through in above..=below {
            let own = through == below && link.label.is_some();
            let there = self.shared.get(&(bundle, through)).copied().filter(|_| !own);
            next = there.unwrap_or_else(|| {
                let entry = match link.label.filter(|_| own) {
                    Some(label) => self.add(Stand::Label, through, label),
                    None => self.add(Stand::Through, through, Size::default()),
                };
                let onward = self.join((next, entry), None, None, link.weight);
                self.onward.insert(entry, onward);
                if !own {
                    self.shared.insert((bundle, through), entry);
                }
                entry
            });
        }
        let turn_below = self.add(Stand::Turn, below + 1, Size::default());
        let down = self.join((link.from, turn_below), link.from_at, None, AROUND);
        let up = self.join((next, turn_below), None, None, link.weight);
        let mut joints = vec![down, up];
        while let Some(&onward) = self.onward.get(&next) {
            joints.push(onward);
            let joint = self.layers.joints[onward];
            next = if next == turn { break } else { joint.upper };
        }
        debug_assert!(self.items.len() > link.to);
        joints
    }
}

/// Moves links of different kinds apart where they meet an item, in the order in which they come.
fn spread(layers: &mut Layers, items: &[Item], links: &[Link]) {
    const APART: f64 = 26.0;
    /// Links of a group at one side of an item.
    #[derive(Default)]
    struct Group {
        /// Of where they come from.
        sum: f64,
        weight: f64,
        joints: Vec<usize>,
    }
    let mut groups: BTreeMap<(usize, bool), BTreeMap<usize, Group>> = BTreeMap::new();
    for (link, way) in links.iter().zip(&layers.ways) {
        let (Some(&first), Some(&last)) = (way.joints.first(), way.joints.last()) else { continue };
        for (item, leaves, fixed, joint) in [(link.from, true, link.from_at, first), (link.to, false, link.to_at, last)]
        {
            if fixed.is_some() || items[item].role != Role::Inside {
                continue;
            }
            let ends = layers.joints[joint];
            let (other, at) = if leaves { (ends.lower, ends.lower_at) } else { (ends.upper, ends.upper_at) };
            let group = groups.entry((item, leaves)).or_default().entry(link.group).or_default();
            group.weight = group.weight.max(link.weight);
            group.sum += layers.entries[other].x + at;
            group.joints.push(joint);
        }
    }
    for ((item, leaves), groups) in groups {
        let mut groups: Vec<_> = groups.into_values().collect();
        let average = |group: &Group| group.sum / group.joints.len() as f64;
        groups.sort_by(|one, other| average(one).total_cmp(&average(other)));
        // The one that should be straight is in the middle, and the others beside it.
        let most = groups.iter().map(|group| group.weight).fold(0.0, f64::max);
        let middle = groups.iter().position(|group| group.weight == most).unwrap_or_default();
        let width = items[item].size.width;
        let apart = APART.min(width / (2 * groups.len()) as f64);
        for (index, Group { joints, .. }) in groups.into_iter().enumerate() {
            let at = width / 2.0 + (index as f64 - middle as f64) * apart;
            for joint in joints {
                let joint = &mut layers.joints[joint];
                *(if leaves { &mut joint.upper_at } else { &mut joint.lower_at }) = at;
            }
        }
    }
}

/// Makes links upright that are so but for some pixels: they meet an item that much beside the middle.
fn snap(layers: &mut Layers, items: &[Item], links: &[Link]) {
    const PIXELS: f64 = 5.0;
    // How many joints meet an entry at a place.
    let mut count: BTreeMap<(usize, bool, u64), usize> = BTreeMap::new();
    let places =
        |joint: &Joint| [(joint.upper, true, joint.upper_at.to_bits()), (joint.lower, false, joint.lower_at.to_bits())];
    for place in layers.joints.iter().flat_map(places) {
        *count.entry(place).or_default() += 1;
    }
    let alone: Vec<[bool; 2]> =
        layers.joints.iter().map(|joint| places(joint).map(|place| count[&place] == 1)).collect();
    let is_free = |item: usize, at: Option<f64>| at.is_none() && items[item].role == Role::Inside;
    for (link, way) in links.iter().zip(&layers.ways).filter(|(_, way)| !way.back) {
        let (Some(&first), Some(&last)) = (way.joints.first(), way.joints.last()) else { continue };
        let aside = |joint: &Joint| {
            let (upper, lower) = (&layers.entries[joint.upper], &layers.entries[joint.lower]);
            upper.x + joint.upper_at - lower.x - joint.lower_at
        };
        let by = aside(&layers.joints[last]);
        if by.abs() < PIXELS && alone[last][1] && is_free(link.to, link.to_at) {
            layers.joints[last].lower_at += by;
        }
        let by = aside(&layers.joints[first]);
        if by.abs() < PIXELS && alone[first][0] && is_free(link.from, link.from_at) {
            layers.joints[first].upper_at -= by;
        }
    }
}
