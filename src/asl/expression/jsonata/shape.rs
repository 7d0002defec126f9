//! Nodes in the shapes that a tree has: paths, their steps, and what holds nodes that seek a parent.

use super::ast::{Kind, Node, Stage, Text};

/// A node with the slots that those in it seek.
pub(super) fn holding(kind: Kind, at: usize) -> Node {
    let seeking: Vec<usize> = match &kind {
        // Only the last of a path is sought for beyond it, and that is known already.
        Kind::Lambda(_) | Kind::Transform(_) => Vec::new(),
        kind => kind.children().flat_map(Node::slots).collect(),
    };
    let mut node = Node::new(kind, at);
    node.seek(seeking);
    node
}

/// The path that a name alone is.
pub(super) fn path(name: Text, at: usize) -> Node {
    Node::new(Kind::Path(vec![Node::new(Kind::Name(name), at)], false), at)
}

/// The node as a path: itself, or one of a single step.
pub(super) fn into_path(node: Node) -> Node {
    if matches!(node.kind, Kind::Path(..)) {
        return node;
    }
    let at = node.at as usize;
    let seeking: Vec<usize> = match node.kind {
        Kind::Parent(slot) => vec![slot],
        _ => Vec::new(),
    };
    let mut path = Node::new(Kind::Path(vec![node], false), at);
    path.seek(seeking);
    path
}

/// The node as a later step of a path, which its predicates follow.
pub(super) fn into_step(mut node: Node) -> Node {
    if !node.predicates.is_empty() {
        let predicates = std::mem::take(&mut node.predicates);
        node.step_mut().stages.extend(predicates.into_iter().map(Stage::Filter));
    }
    node
}

impl Node {
    /// The name that this is, and nothing else.
    pub(super) fn name(&self) -> Option<&str> {
        match &self.kind {
            Kind::Path(steps, _) => match steps.as_slice() {
                [Node { kind: Kind::Name(name), .. }] => Some(name),
                _ => None,
            },
            _ => None,
        }
    }

    /// Works on the last step of a path, or on the node itself.
    pub(super) fn with_last_step<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        match &mut self.kind {
            Kind::Path(steps, _) => match steps.last_mut() {
                Some(last) => work(last),
                None => work(self),
            },
            _ => work(self),
        }
    }

    /// The parents that this means, or that a node in it seeks.
    pub(super) fn slots(&self) -> impl Iterator<Item = usize> + '_ {
        let own = match self.kind {
            Kind::Parent(slot) => Some(slot),
            _ => None,
        };
        self.step.iter().flat_map(|step| step.seeking.iter().copied()).chain(own)
    }

    pub(super) fn seek(&mut self, slots: Vec<usize>) {
        if !slots.is_empty() {
            self.step_mut().seeking.extend(slots);
        }
    }
}
