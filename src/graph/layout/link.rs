//! Items and links: what is laid out, before and after.

use crate::graph::scene::{Point, Size, Stroke};

/// Something to lay out.
#[derive(Debug)]
pub(super) struct Item {
    pub size: Size,
    pub role: Role,
}

/// What an item is to its box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Role {
    Inside,
    /// Where a link enters the box: at its first border.
    Enters,
    /// Where a link leaves the box: at its last border.
    Leaves,
}

/// Something that leads from one item to another.
#[derive(Debug)]
pub(super) struct Link {
    pub from: usize,
    pub to: usize,
    /// Where it is fixed to them, from the left; else it has the place of its group.
    pub from_at: Option<f64>,
    pub to_at: Option<f64>,
    /// Links of a group meet an item at the same place.
    pub group: usize,
    /// The size of its label.
    pub label: Option<Size>,
    /// How much it is worth that it is straight.
    pub weight: f64,
}

impl Link {
    #[cfg(test)]
    pub fn new(from: usize, to: usize) -> Self {
        Self { from, to, from_at: None, to_at: None, group: 0, label: None, weight: 1.0 }
    }
}

/// Items that are laid out.
pub(super) struct Laid {
    pub size: Size,
    /// Where each item begins.
    pub at: Vec<Point>,
    pub routes: Vec<LinkRoute>,
}

/// The line of a link, and where its label begins.
#[derive(Clone, Debug, Default)]
pub(super) struct LinkRoute {
    pub strokes: Vec<Stroke>,
    pub label: Option<Point>,
}

impl LinkRoute {
    /// Moved as a whole.
    pub fn moved(&self, by: Point) -> Self {
        let strokes = self.strokes.iter().map(|stroke| stroke.map(|point| point.plus(by)));
        Self { strokes: strokes.collect(), label: self.label.map(|label| label.plus(by)) }
    }
}
