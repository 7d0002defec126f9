//! Ranks of entries, and the joints between them.

use crate::graph::scene::Size;

/// The items of one picture, in ranks, with all that links need on their way.
#[derive(Debug, Default)]
pub(super) struct Layers {
    pub entries: Vec<Entry>,
    pub joints: Vec<Joint>,
    /// Positions of entries, from left to right, by rank.
    pub ranks: Vec<Vec<usize>>,
    /// The way of each link.
    pub ways: Vec<Way>,
}

/// What stands in a rank.
#[derive(Debug)]
pub(super) struct Entry {
    pub stand: Stand,
    pub rank: usize,
    pub size: Size,
    /// Where it begins, once it is placed.
    pub x: f64,
}

/// What an entry stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Stand {
    Item(usize),
    /// A link that goes through.
    Through,
    /// A link with its label.
    Label,
    /// A link that turns: nothing is drawn in the rank itself.
    Turn,
}

/// A piece of a link between entries of neighbouring ranks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Joint {
    pub upper: usize,
    pub lower: usize,
    /// Where it is on them, from the left.
    pub upper_at: f64,
    pub lower_at: f64,
    /// How much it is worth that it is straight.
    pub weight: f64,
}

/// The way of a link.
#[derive(Debug)]
pub(super) struct Way {
    /// Positions of joints, in the direction of the link.
    pub joints: Vec<usize>,
    /// Whether it leads back.
    pub back: bool,
}

impl Layers {
    /// Whether a rank has nothing but links in it.
    pub fn is_bare(&self, rank: usize) -> bool {
        !self.ranks[rank].iter().any(|entry| matches!(self.entries[*entry].stand, Stand::Item(_)))
    }
}
