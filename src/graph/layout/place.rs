//! Where entries stand in their ranks: as near to their neighbours as the order and the room between them allow.
//!
//! One rank after the other is solved exactly: the sum of the squares of the distances to the wanted places is least. Then
//! links that go through several ranks are made straight where there is room.

use super::{
    layers::{Joint, Layers, Stand},
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

/// How much a joint pulls: what goes through should be straight, and a label near to where its link leads.
fn pull(layers: &Layers, joint: &Joint) -> f64 {
    let (upper, lower) = (layers.entries[joint.upper].stand, layers.entries[joint.lower].stand);
    let pull = match (upper, lower) {
        (Stand::Label, Stand::Item(_)) => 6.0,
        (Stand::Item(_), _) | (_, Stand::Item(_)) => 2.0,
        _ => 8.0,
    };
    pull * joint.weight
}

/// Where an entry is wanted, and how much.
fn wanted(layers: &Layers, neighbours: &Neighbours, entry: usize, sides: Sides) -> (f64, f64) {
    let (mut sum, mut total) = (0.0, 0.0);
    let mut want = |joint: &Joint, x: f64| {
        let pull = pull(layers, joint);
        sum += pull * x;
        total += pull;
    };
    if sides != Sides::Below {
        for joint in neighbours.above[entry].iter().map(|joint| &layers.joints[*joint]) {
            want(joint, layers.entries[joint.upper].x + joint.upper_at - joint.lower_at);
        }
    }
    if sides != Sides::Above {
        for joint in neighbours.below[entry].iter().map(|joint| &layers.joints[*joint]) {
            want(joint, layers.entries[joint.lower].x + joint.lower_at - joint.upper_at);
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

/// Puts the middles of a line's entries at one place, as many of them as have room for it together.
fn align(layers: &mut Layers, neighbours: &Neighbours, place: &[usize], line: &[usize]) {
    let room = |layers: &Layers, entry: usize| {
        let rank = &layers.ranks[layers.entries[entry].rank];
        let half = layers.entries[entry].size.width / 2.0;
        let left = place[entry].checked_sub(1).and_then(|left| rank.get(left));
        let least = left.map(|&left| layers.entries[left].x + apart(layers, left, entry) + half);
        let right = rank.get(place[entry] + 1);
        let most = right.map(|&right| layers.entries[right].x - apart(layers, entry, right) + half);
        (least.unwrap_or(f64::NEG_INFINITY), most.unwrap_or(f64::INFINITY))
    };
    let mut begin = 0;
    while begin < line.len() {
        let (mut least, mut most) = room(layers, line[begin]);
        let mut end = begin + 1;
        while end < line.len() {
            let (left, right) = room(layers, line[end]);
            if least.max(left) > most.min(right) {
                break;
            }
            (least, most, end) = (least.max(left), most.min(right), end + 1);
        }
        // Nothing stands where it has no room; but for an error of the last digit.
        if least <= most {
            put(layers, neighbours, &line[begin..end], least, most);
        }
        begin = end;
    }
}

/// Puts a straight part of a line at the place of one of its ends if that is near, else where it is on average.
fn put(layers: &mut Layers, neighbours: &Neighbours, line: &[usize], least: f64, most: f64) {
    let (Some(&first), Some(&last)) = (line.first(), line.last()) else { return };
    let below = neighbours.below[last].first().map(|joint| &layers.joints[*joint]);
    let below = below.map(|joint| layers.entries[joint.lower].x + joint.lower_at);
    let above = match neighbours.above[first][..] {
        [joint] => Some(layers.entries[layers.joints[joint].upper].x + layers.joints[joint].upper_at),
        _ => None,
    };
    let middle = |entry: &usize| layers.entries[*entry].x + layers.entries[*entry].size.width / 2.0;
    let average = line.iter().map(middle).sum::<f64>() / line.len() as f64;
    let fits = |x: &f64| (least..=most).contains(x) && (x - average).abs() < 60.0;
    let ends = [below, above].into_iter().flatten().filter(fits);
    let x = ends.min_by(|one, other| (one - average).abs().total_cmp(&(other - average).abs()));
    let x = x.unwrap_or_else(|| average.clamp(least, most));
    for &entry in line {
        layers.entries[entry].x = x - layers.entries[entry].size.width / 2.0;
    }
}
