//! The order of entries in their ranks, with few crossings: each goes to where its neighbours are on average, from the top
//! to the bottom and back, while that helps.

use super::layers::{Joint, Layers};

/// Steps that the sweeps may take together; a large graph gets fewer of them.
const STEPS: usize = 3_000_000;

/// Orders the ranks.
pub(super) fn order(layers: &mut Layers) {
    let neighbours = Neighbours::of(layers);
    begin(layers, &neighbours);
    let size = layers.entries.len() + layers.joints.len();
    let sweeps = (STEPS / (size * 4 + 1)).clamp(2, 24);
    let mut places = Places::new(layers);
    let mut best = layers.ranks.clone();
    let mut fewest = crossings(layers, &neighbours, &places);
    for sweep in 0..sweeps {
        if fewest == 0 {
            break;
        }
        let down = sweep % 2 == 0;
        let height = layers.ranks.len();
        for step in 0..height {
            let rank = if down { step } else { height - 1 - step };
            settle(layers, &neighbours, &mut places, rank, down);
        }
        exchange(layers, &neighbours, &mut places);
        let found = crossings(layers, &neighbours, &places);
        if found < fewest {
            fewest = found;
            best.clone_from(&layers.ranks);
        }
    }
    layers.ranks = best;
}

/// The joints of each entry, to the rank above and to that below.
pub(super) struct Neighbours {
    pub above: Vec<Vec<usize>>,
    pub below: Vec<Vec<usize>>,
}

impl Neighbours {
    pub fn of(layers: &Layers) -> Self {
        let none = vec![Vec::new(); layers.entries.len()];
        let mut neighbours = Self { above: none.clone(), below: none };
        for (index, joint) in layers.joints.iter().enumerate() {
            neighbours.above[joint.lower].push(index);
            neighbours.below[joint.upper].push(index);
        }
        neighbours
    }
}

/// Where each entry is in its rank.
struct Places(Vec<usize>);

impl Places {
    fn new(layers: &Layers) -> Self {
        let mut places = Self(vec![0; layers.entries.len()]);
        (0..layers.ranks.len()).for_each(|rank| places.renew(layers, rank));
        places
    }

    fn renew(&mut self, layers: &Layers, rank: usize) {
        for (place, entry) in layers.ranks[rank].iter().enumerate() {
            self.0[*entry] = place;
        }
    }

    /// Where a joint meets an entry, between the entries beside it.
    fn of(&self, layers: &Layers, entry: usize, at: f64) -> f64 {
        let width = layers.entries[entry].size.width;
        let part = if width > 0.0 { at / width - 0.5 } else { 0.0 };
        self.0[entry] as f64 + part * 0.9
    }

    fn upper(&self, layers: &Layers, joint: &Joint) -> f64 {
        self.of(layers, joint.upper, joint.upper_at)
    }

    fn lower(&self, layers: &Layers, joint: &Joint) -> f64 {
        self.of(layers, joint.lower, joint.lower_at)
    }
}

/// The order to begin with: that in which a walk in depth finds the entries.
fn begin(layers: &mut Layers, neighbours: &Neighbours) {
    let count = layers.entries.len();
    let mut found = vec![usize::MAX; count];
    let mut next = 0;
    let sources = (0..count).filter(|entry| neighbours.above[*entry].is_empty());
    for root in sources.chain(0..count) {
        let mut open = vec![root];
        while let Some(entry) = open.pop() {
            if found[entry] != usize::MAX {
                continue;
            }
            found[entry] = next;
            next += 1;
            open.extend(neighbours.below[entry].iter().rev().map(|joint| layers.joints[*joint].lower));
        }
    }
    for rank in &mut layers.ranks {
        rank.sort_by_key(|entry| found[*entry]);
    }
}

/// Puts the entries of a rank where their neighbours above, or below, are on average.
fn settle(layers: &mut Layers, neighbours: &Neighbours, places: &mut Places, rank: usize, down: bool) {
    let mut entries: Vec<(f64, usize)> = Vec::with_capacity(layers.ranks[rank].len());
    for &entry in &layers.ranks[rank] {
        let joints = if down { &neighbours.above[entry] } else { &neighbours.below[entry] };
        let sum: f64 = joints
            .iter()
            .map(|joint| &layers.joints[*joint])
            .map(|joint| if down { places.upper(layers, joint) } else { places.lower(layers, joint) })
            .sum();
        let average = if joints.is_empty() { places.0[entry] as f64 } else { sum / joints.len() as f64 };
        entries.push((average, entry));
    }
    entries.sort_by(|one, other| one.0.total_cmp(&other.0));
    layers.ranks[rank] = entries.into_iter().map(|(_, entry)| entry).collect();
    places.renew(layers, rank);
}

/// Exchanges entries that stand beside each other where that takes crossings away.
fn exchange(layers: &mut Layers, neighbours: &Neighbours, places: &mut Places) {
    for rank in 0..layers.ranks.len() {
        for place in 1..layers.ranks[rank].len() {
            let (left, right) = (layers.ranks[rank][place - 1], layers.ranks[rank][place]);
            let now = pair(layers, neighbours, places, left, right);
            if now > 0 && pair(layers, neighbours, places, right, left) < now {
                layers.ranks[rank].swap(place - 1, place);
                (places.0[left], places.0[right]) = (place, place - 1);
            }
        }
    }
}

/// Entries with more joints are not looked at in pairs.
const MOST_JOINTS: usize = 40;

/// Crossings between the joints of two entries, when one is to the left of the other.
fn pair(layers: &Layers, neighbours: &Neighbours, places: &Places, left: usize, right: usize) -> usize {
    let mut count = 0;
    for (side, above) in [(&neighbours.above, true), (&neighbours.below, false)] {
        if side[left].len().max(side[right].len()) > MOST_JOINTS {
            continue;
        }
        let place = |joint: &usize| {
            let joint = &layers.joints[*joint];
            if above { places.upper(layers, joint) } else { places.lower(layers, joint) }
        };
        for one in side[left].iter().map(place) {
            count += side[right].iter().filter(|other| place(other) < one).count();
        }
    }
    count
}

/// How often joints cross.
fn crossings(layers: &Layers, neighbours: &Neighbours, places: &Places) -> usize {
    let mut count = 0;
    for rank in &layers.ranks {
        let mut ends: Vec<(f64, f64)> = Vec::new();
        for &entry in rank {
            let joints = neighbours.below[entry].iter().map(|joint| &layers.joints[*joint]);
            ends.extend(joints.map(|joint| (places.upper(layers, joint), places.lower(layers, joint))));
        }
        ends.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.total_cmp(&other.1)));
        count += inversions(&mut ends.into_iter().map(|(_, lower)| lower).collect::<Vec<_>>());
    }
    count
}

/// Pairs that are in the wrong order; sorts them on the way.
fn inversions(values: &mut Vec<f64>) -> usize {
    let mut count = 0;
    let mut width = 1;
    while width < values.len() {
        let mut merged = Vec::with_capacity(values.len());
        for chunk in values.chunks(width * 2) {
            let (left, right) = chunk.split_at(width.min(chunk.len()));
            let mut taken = 0;
            for value in right {
                while taken < left.len() && left[taken] <= *value {
                    merged.push(left[taken]);
                    taken += 1;
                }
                count += left.len() - taken;
                merged.push(*value);
            }
            merged.extend_from_slice(&left[taken..]);
        }
        *values = merged;
        width *= 2;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inversions_are_those_of_every_pair() {
        let mut state = 7_u64;
        for length in 0..40 {
            let mut values: Vec<f64> = Vec::new();
            for _ in 0..length {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                values.push((state >> 60) as f64);
            }
            let pairs = (0..length).flat_map(|one| (one + 1..length).map(move |other| (one, other)));
            let expected = pairs.filter(|(one, other)| values[*one] > values[*other]).count();
            assert_eq!(inversions(&mut values), expected);
        }
    }
}
