//! The boxes of a graph from the outside in, for formats that write what is in a box inside of it.

use super::model::{Edge, EdgeKind, Graph, Mark, NodeIndex};

/// What is in which box.
pub(super) struct Outline {
    /// What is in no box, and what is in each node.
    roots: Vec<NodeIndex>,
    children: Vec<Vec<NodeIndex>>,
    is_box: Vec<bool>,
}

/// A step on the way through all boxes, with how many boxes are around it.
#[derive(Clone, Copy)]
pub(super) enum Step {
    Open(NodeIndex, usize),
    Leaf(NodeIndex, usize),
    Close(usize),
}

impl Outline {
    pub fn of(graph: &Graph) -> Self {
        let count = graph.nodes().count();
        let mut outline = Self { roots: Vec::new(), children: vec![Vec::new(); count], is_box: vec![false; count] };
        for (index, node) in graph.nodes() {
            match node.parent {
                Some(parent) => outline.children[parent.0].push(index),
                None => outline.roots.push(index),
            }
        }
        for (held, is_box) in outline.children.iter().zip(&mut outline.is_box) {
            *is_box = !held.is_empty();
        }
        outline
    }

    /// Visits each node in its order, without recursion: boxes may be as deep as they like.
    pub fn visit(&self, visit: &mut dyn FnMut(Step)) {
        let mut steps: Vec<Step> = self.roots.iter().rev().map(|&index| self.step(index, 0)).collect();
        while let Some(step) = steps.pop() {
            visit(step);
            if let Step::Open(index, depth) = step {
                steps.push(Step::Close(depth));
                steps.extend(self.children[index.0].iter().rev().map(|&child| self.step(child, depth + 1)));
            }
        }
    }

    fn step(&self, index: NodeIndex, depth: usize) -> Step {
        if self.is_box[index.0] { Step::Open(index, depth) } else { Step::Leaf(index, depth) }
    }

    /// A node that is no box: the node, or the first in it.
    pub fn leaf(&self, mut index: NodeIndex) -> NodeIndex {
        while let Some(&first) = self.children[index.0].first() {
            index = first;
        }
        index
    }

    /// Whether a node has something in it.
    pub fn is_box(&self, index: NodeIndex) -> bool {
        self.is_box[index.0]
    }

    /// The edges that can be drawn: none joins a box with what is in it.
    pub fn edges<'g>(&'g self, graph: &'g Graph) -> impl Iterator<Item = &'g Edge> {
        let joins = move |outer, inner| graph.boxes(inner).any(|around| around == outer);
        graph.edges().iter().filter(move |edge| {
            let is_loop = edge.from == edge.to && self.is_box[edge.from.0];
            !is_loop && !joins(edge.from, edge.to) && !joins(edge.to, edge.from)
        })
    }
}

/// What an edge says: its label, or what it means where its line does not tell.
pub(super) fn caption(edge: &Edge) -> String {
    let mut said: Vec<String> = match (&edge.label, edge.kind) {
        (Some(label), _) => vec![line(label)],
        (None, EdgeKind::Retry | EdgeKind::Catch) => vec![edge.kind.name().to_owned()],
        (None, _) => Vec::new(),
    };
    said.extend(self::said(edge.mark.as_ref()));
    said.join(", ")
}

/// What a mark says.
pub(super) fn said(mark: Option<&Mark>) -> Option<String> {
    Some(match mark? {
        Mark::Change(change) => change.name().to_owned(),
        Mark::Visit(visit) => match &visit.error {
            Some(error) => format!("{}: {error}", visit.end.name()),
            None => visit.end.name().to_owned(),
        },
    })
}

/// A text as one line.
pub(super) fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
