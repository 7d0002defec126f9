//! Where entries stand in their ranks: as near to their neighbours as the order and the room between them allow.
//!
//! One rank after the other is solved exactly: the sum of the squares of the distances to the wanted places is least. Then
//! links that go through several ranks are made straight where there is room.

use super::{
    layered::{Layers, Stand},
    order::Neighbours,
};

/// Sweeps over all ranks.
const SWEEPS: usize = 16;

/// Places all entries, from 0 on.
pub(super) fn place(layers: &mut Layers) {
    let neighbours = Neighbours::of(layers);
    for rank in 0..layers.ranks.len() {
        let mut x = 0.0;
        for place in 0..layers.ranks[rank].len() {
            let entry = layers.ranks[rank][place];
            x += if place == 0 { 0.0 } else { apart(layers, layers.ranks[rank][place - 1], entry) };
            layers.entries[entry].x = x;
        }
        // All ranks around the same middle.
        let width = layers.ranks[rank].last().map_or(0.0, |last| {
            let last = &layers.entries[*last];
            last.x + last.size.width
        });
        for place in 0..layers.ranks[rank].len() {
            let entry = layers.ranks[rank][place];
            layers.entries[entry].x -= width / 2.0;
        }
    }
    let height = layers.ranks.len();
    for sweep in 0..SWEEPS {
        let sides = match sweep {
            _ if sweep + 4 >= SWEEPS => Sides::Both,
            _ if sweep % 2 == 0 => Sides::Above,
            _ => Sides::Below,
        };
        for step in 0..height {
            let rank = if sweep % 2 == 0 { step } else { height - 1 - step };
            settle(layers, &neighbours, rank, sides);
        }
    }
    for _ in 0..2 {
        straighten(layers, &neighbours);
    }
    let left = layers.entries.iter().map(|entry| entry.x).fold(f64::INFINITY, f64::min);
    layers.entries.iter_mut().for_each(|entry| entry.x -= left);
}

/// Which neighbours say where an entry is wanted.
#[derive(Clone, Copy, PartialEq)]
enum Sides {
    Above,
    Below,
    Both,
}

/// From the beginning of an entry to that of the next in its rank.
fn apart(layers: &Layers, left: usize, right: usize) -> f64 {
    let (left, right) = (&layers.entries[left], &layers.entries[right]);
    let gap = match (left.stand, right.stand) {
        (Stand::Item(_), Stand::Item(_)) => 32.0,
        (Stand::Item(_), _) | (_, Stand::Item(_)) => 22.0,
        (Stand::Label, _) | (_, Stand::Label) => 14.0,
        _ => 16.0,
    };
    left.size.width + gap
}

/// How much a joint pulls: what goes through should be straight.
fn weight(layers: &Layers, one: usize, other: usize) -> f64 {
    let is_item = |entry: usize| matches!(layers.entries[entry].stand, Stand::Item(_));
    match (is_item(one), is_item(other)) {
        (true, true) => 2.0,
        (false, false) => 8.0,
        _ => 2.0,
    }
}

/// Where an entry is wanted, and how much.
fn wanted(layers: &Layers, neighbours: &Neighbours, entry: usize, sides: Sides) -> (f64, f64) {
    let (mut sum, mut total) = (0.0, 0.0);
    let mut pull = |other: usize, x: f64, worth: f64| {
        let weight = worth * weight(layers, entry, other);
        sum += weight * x;
        total += weight;
    };
    if sides != Sides::Below {
        for joint in neighbours.above[entry].iter().map(|joint| &layers.joints[*joint]) {
            pull(joint.upper, layers.entries[joint.upper].x + joint.upper_at - joint.lower_at, joint.weight);
        }
    }
    if sides != Sides::Above {
        for joint in neighbours.below[entry].iter().map(|joint| &layers.joints[*joint]) {
            pull(joint.lower, layers.entries[joint.lower].x + joint.lower_at - joint.upper_at, joint.weight);
        }
    }
    if total == 0.0 { (layers.entries[entry].x, 0.05) } else { (sum / total, total) }
}

/// Moves the entries of a rank to where they are wanted, as far as they leave room for each other.
fn settle(layers: &mut Layers, neighbours: &Neighbours, rank: usize, sides: Sides) {
    /// Entries that stand as near to each other as they may, with the place where the first is wanted.
    struct Block {
        at: f64,
        weight: f64,
        count: usize,
    }
    let entries = std::mem::take(&mut layers.ranks[rank]);
    let mut blocks: Vec<Block> = Vec::new();
    let mut begins = Vec::with_capacity(entries.len());
    let mut begin = 0.0;
    for (place, &entry) in entries.iter().enumerate() {
        begin += if place == 0 { 0.0 } else { apart(layers, entries[place - 1], entry) };
        begins.push(begin);
        let (x, weight) = wanted(layers, neighbours, entry, sides);
        let mut block = Block { at: x - begin, weight, count: 1 };
        while let Some(before) = blocks.pop_if(|before| before.at > block.at) {
            let weight = before.weight + block.weight;
            let at = (before.at * before.weight + block.at * block.weight) / weight;
            block = Block { at, weight, count: before.count + block.count };
        }
        blocks.push(block);
    }
    let places = blocks.iter().flat_map(|block| std::iter::repeat_n(block.at, block.count));
    for ((entry, begin), at) in entries.iter().zip(begins).zip(places) {
        layers.entries[*entry].x = at + begin;
    }
    layers.ranks[rank] = entries;
}

/// Gives what goes through several ranks one place in all of them, where all have room for it.
fn straighten(layers: &mut Layers, neighbours: &Neighbours) {
    let mut place = vec![0; layers.entries.len()];
    for rank in &layers.ranks {
        rank.iter().enumerate().for_each(|(index, entry)| place[*entry] = index);
    }
    let is_line = |layers: &Layers, entry: usize| matches!(layers.entries[entry].stand, Stand::Through | Stand::Label);
    let mut done = vec![false; layers.entries.len()];
    for first in 0..layers.entries.len() {
        // From the upper end: what is above is an item, a turn, or another line that joins it.
        let mut line = vec![];
        let mut entry = first;
        while is_line(layers, entry) && !done[entry] {
            done[entry] = true;
            line.push(entry);
            let mut below = neighbours.below[entry].iter().map(|joint| layers.joints[*joint].lower);
            match below.next() {
                Some(lower) => entry = lower,
                None => break,
            }
        }
        if line.is_empty() {
            continue;
        }
        // Then what leads here from above, as long as it is alone.
        let mut top = first;
        while let [joint] = neighbours.above[top][..] {
            top = layers.joints[joint].upper;
            if !is_line(layers, top) || done[top] {
                break;
            }
            done[top] = true;
            line.insert(0, top);
        }
        align(layers, neighbours, &place, &line);
    }
}

/// Puts the middles of a line's entries at one place, at that of an end if it can be.
fn align(layers: &mut Layers, neighbours: &Neighbours, place: &[usize], line: &[usize]) {
    let middle = |layers: &Layers, entry: usize| layers.entries[entry].x + layers.entries[entry].size.width / 2.0;
    let (mut least, mut most) = (f64::NEG_INFINITY, f64::INFINITY);
    for &entry in line {
        let rank = &layers.ranks[layers.entries[entry].rank];
        let half = layers.entries[entry].size.width / 2.0;
        if let Some(&left) = place[entry].checked_sub(1).and_then(|left| rank.get(left)) {
            least = least.max(layers.entries[left].x + apart(layers, left, entry) + half);
        }
        if let Some(&right) = rank.get(place[entry] + 1) {
            most = most.min(layers.entries[right].x - apart(layers, entry, right) + half);
        }
    }
    if least > most {
        return;
    }
    let (Some(&first), Some(&last)) = (line.first(), line.last()) else { return };
    let below = neighbours.below[last].first().map(|joint| &layers.joints[*joint]);
    let below = below.map(|joint| layers.entries[joint.lower].x + joint.lower_at);
    let above = match neighbours.above[first][..] {
        [joint] => Some(layers.entries[layers.joints[joint].upper].x + layers.joints[joint].upper_at),
        _ => None,
    };
    let average = line.iter().map(|entry| middle(layers, *entry)).sum::<f64>() / line.len() as f64;
    let fits = |x: &f64| (least..=most).contains(x);
    let near = |x: &f64| (x - average).abs() < 60.0;
    let ends = [below, above].into_iter().flatten().filter(fits).filter(near);
    let x = ends.min_by(|one, other| (one - average).abs().total_cmp(&(other - average).abs()));
    let x = x.unwrap_or_else(|| average.clamp(least, most));
    for &entry in line {
        layers.entries[entry].x = x - layers.entries[entry].size.width / 2.0;
    }
}
