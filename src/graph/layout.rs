//! The layout of a graph: boxes from the inside out, and in each of them layers.
//!
//! An edge between boxes enters each at its first border and leaves each at its last: inside of a box it leads from there
//! or to there, and outside the box is an item like others. So no edge runs through what it has nothing to do with.

pub(super) mod face;
mod layered;
mod layers;
mod level;
mod link;
mod order;
mod place;
mod rank;
mod route;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use self::link::{Item, Link, LinkRoute, Role};
use super::{
    model::{Direction, EdgeKind, Graph, NodeIndex},
    scene::{Face, Label, Placed, Point, Rect, Route, Scene, Size, Stroke},
};

/// Around the picture.
const MARGIN: f64 = 20.0;
/// Around what is in a box.
const PAD: f64 = 18.0;
/// How many times as wide as high rows of nodes are, on the screen.
const RATIO: f64 = 1.8;

/// Lays a graph out.
pub(super) fn lay_out(graph: &Graph) -> Scene {
    let mut plan = Plan::of(graph);
    // Boxes come before what is in them, so backwards each is laid out after that.
    for level in (0..plan.count()).rev() {
        plan.fill(level);
    }
    plan.fill(plan.count());
    plan.scene()
}

/// What goes over from level to level; the last level is the picture itself.
struct Plan<'a> {
    graph: &'a Graph,
    faces: Vec<Face>,
    /// Nodes by level.
    children: Vec<Vec<usize>>,
    /// Edges by level, with what they do there.
    edges: Vec<Vec<(usize, Passage)>>,
    /// The levels of each edge, from its beginning to its end.
    ways: Vec<Vec<usize>>,
    /// The size of each node, in a graph that leads down.
    sizes: Vec<Size>,
    /// Where each node begins in its box, and the content of each box in itself.
    at: Vec<Point>,
    content: Vec<Point>,
    /// Where edges enter and leave boxes, from the left.
    ports: HashMap<(usize, usize), f64>,
    routes: HashMap<(usize, usize), LinkRoute>,
}

/// What an edge does in a level.
#[derive(Clone, Copy)]
enum Passage {
    /// It leads from one of its nodes to another.
    Across {
        from: usize,
        to: usize,
    },
    Leaves {
        from: usize,
    },
    Enters {
        to: usize,
    },
}

impl<'a> Plan<'a> {
    fn of(graph: &'a Graph) -> Self {
        let faces = face::faces(graph);
        let count = faces.len();
        let mut plan = Self {
            graph,
            children: vec![Vec::new(); count + 1],
            edges: vec![Vec::new(); count + 1],
            ways: vec![Vec::new(); graph.edges().len()],
            sizes: vec![Size::default(); count],
            at: vec![Point::default(); count],
            content: vec![Point::default(); count + 1],
            ports: HashMap::new(),
            routes: HashMap::new(),
            faces,
        };
        for (index, node) in graph.nodes() {
            plan.children[node.parent.map_or(count, |parent| parent.0)].push(index.0);
        }
        for (index, edge) in graph.edges().iter().enumerate().filter(|(_, edge)| edge.kind.is_line()) {
            plan.pass(index, edge.from, edge.to);
        }
        plan
    }

    fn count(&self) -> usize {
        self.faces.len()
    }

    /// Notes what an edge does in each level.
    fn pass(&mut self, edge: usize, from: NodeIndex, to: NodeIndex) {
        let chain = |node: NodeIndex| {
            let mut chain = vec![node.0];
            chain.extend(self.graph.boxes(node).map(|around| around.0));
            chain
        };
        let (mut from, mut to) = (chain(from), chain(to));
        let mut around = self.count();
        let is_inside = from[1..].contains(&to[0]) || to[1..].contains(&from[0]);
        if is_inside {
            return;
        }
        while from.len() > 1 && to.len() > 1 && from.last() == to.last() {
            around = from.pop().unwrap_or(around);
            to.pop();
        }
        for pair in from.windows(2) {
            self.edges[pair[1]].push((edge, Passage::Leaves { from: pair[0] }));
            self.ways[edge].push(pair[1]);
        }
        let (Some(&last), Some(&first)) = (from.last(), to.last()) else { return };
        self.edges[around].push((edge, Passage::Across { from: last, to: first }));
        self.ways[edge].push(around);
        for pair in to.windows(2).rev() {
            self.edges[pair[1]].push((edge, Passage::Enters { to: pair[0] }));
            self.ways[edge].push(pair[1]);
        }
    }

    fn is_right(&self) -> bool {
        self.graph.direction == Direction::Right
    }

    /// A size as it is in a graph that leads down.
    fn turned(&self, size: Size) -> Size {
        if self.is_right() { size.swapped() } else { size }
    }

    /// Lays out a level, whose boxes are laid out, and gives its box the size that it needs.
    fn fill(&mut self, level: usize) {
        let is_picture = level == self.count();
        if self.children[level].is_empty() {
            if !is_picture {
                self.sizes[level] = self.turned(self.faces[level].size);
            }
            return;
        }
        let mut position = HashMap::new();
        let mut items: Vec<Item> = Vec::new();
        for &child in &self.children[level] {
            position.insert(child, items.len());
            items.push(Item { size: self.sizes[child], role: Role::Inside });
        }
        let mut links = Vec::new();
        for &(edge, passage) in &self.edges[level] {
            links.push(self.link(edge, passage, &position, &mut items));
        }
        let arrangement = match is_picture {
            true => self.graph.arrangement,
            false => self.graph.node(NodeIndex(level)).arrangement,
        };
        let ratio = if self.is_right() { 1.0 / RATIO } else { RATIO };
        let laid = level::lay_out(&items, &links, arrangement, ratio);
        for (&child, at) in self.children[level].iter().zip(&laid.at) {
            self.at[child] = *at;
        }
        let margin = if is_picture { MARGIN } else { PAD };
        let header = if is_picture { Size::default() } else { self.faces[level].size };
        // The header is at the top, whichever way edges lead; nothing enters through it.
        let first_port = items.iter().zip(&laid.at).filter(|(item, _)| item.role == Role::Enters);
        let first_port = first_port.map(|(_, at)| at.x).fold(f64::INFINITY, f64::min);
        let mut before = Point::new(margin, margin);
        let inner = laid.size;
        let size = if is_picture {
            Size { width: inner.width + 2.0 * margin, height: inner.height + 2.0 * margin }
        } else if self.is_right() {
            before.x = header.height + 4.0;
            Size { width: before.x + inner.width + margin, height: (inner.height + 2.0 * margin).max(header.width) }
        } else {
            before.x += (header.width + 8.0 - margin - first_port).max(0.0);
            before.y = header.height + 4.0;
            let width = (before.x + inner.width + margin).max(header.width);
            // In the middle of a box that its header makes wide.
            if first_port.is_infinite() {
                before.x = (width - inner.width) / 2.0;
            }
            Size { width, height: before.y + inner.height + margin }
        };
        self.content[level] = before;
        for (index, &(edge, passage)) in self.edges[level].iter().enumerate() {
            let port = match passage {
                Passage::Across { .. } => None,
                Passage::Leaves { .. } => Some(links[index].to),
                Passage::Enters { .. } => Some(links[index].from),
            };
            if let Some(port) = port {
                self.ports.insert((level, edge), laid.at[port].x + before.x);
            }
            self.routes.insert((level, edge), laid.routes[index].clone());
        }
        if is_picture {
            self.sizes.push(size);
        } else {
            self.sizes[level] = size;
        }
    }

    /// An edge as a link of a level; where it enters or leaves, it gets an item at the border.
    fn link(&self, edge: usize, passage: Passage, position: &HashMap<usize, usize>, items: &mut Vec<Item>) -> Link {
        let kind = self.graph.edges()[edge].kind;
        let (group, weight) = (kind as usize, worth(kind));
        let port = |node: usize| self.ports.get(&(node, edge)).copied();
        let mut border = |role: Role| {
            items.push(Item { size: Size::default(), role });
            items.len() - 1
        };
        match passage {
            Passage::Across { from, to } => {
                let label = face::label(&self.graph.edges()[edge]).map(|(_, size)| self.turned(size));
                let (from_at, to_at) = (port(from), port(to));
                Link { from: position[&from], to: position[&to], from_at, to_at, group, label, weight }
            }
            Passage::Leaves { from } => {
                let to = border(Role::Leaves);
                Link { from: position[&from], to, from_at: port(from), to_at: Some(0.0), group, label: None, weight }
            }
            Passage::Enters { to } => {
                let from = border(Role::Enters);
                Link { from, to: position[&to], from_at: Some(0.0), to_at: port(to), group, label: None, weight }
            }
        }
    }

    /// Puts all levels into one picture.
    fn scene(mut self) -> Scene {
        let count = self.count();
        let is_right = self.is_right();
        let turn = |point: Point| if is_right { point.swapped() } else { point };
        // Where the content of each level begins.
        let mut origins = vec![Point::default(); count + 1];
        origins[count] = self.content[count];
        let mut nodes = Vec::with_capacity(count);
        let faces = std::mem::take(&mut self.faces);
        for ((NodeIndex(index), node), face) in self.graph.nodes().zip(faces) {
            let at = self.at[index].plus(origins[node.parent.map_or(count, |parent| parent.0)]);
            origins[index] = at.plus(self.content[index]);
            let (corner, size) = (turn(at), self.turned(self.sizes[index]));
            let rect = Rect { x: corner.x, y: corner.y, width: size.width, height: size.height };
            nodes.push(Placed { rect, face });
        }
        let mut routes = Vec::new();
        for (edge, way) in self.ways.iter().enumerate().filter(|(_, way)| !way.is_empty()) {
            let mut strokes: Vec<Stroke> = Vec::new();
            let mut label = None;
            for level in way {
                let Some(part) = self.routes.get(&(*level, edge)) else { continue };
                let part = part.moved(origins[*level]);
                label = label.or(part.label);
                // It goes on where the level before has ended.
                for (index, stroke) in part.strokes.into_iter().enumerate() {
                    match stroke {
                        Stroke::Move(point) if index == 0 && !strokes.is_empty() => route::line(&mut strokes, point),
                        stroke => strokes.push(stroke),
                    }
                }
            }
            let label = label.zip(face::label(&self.graph.edges()[edge])).map(|(at, (lines, size))| {
                let at = turn(at);
                Label { rect: Rect { x: at.x, y: at.y, width: size.width, height: size.height }, lines }
            });
            let strokes = strokes.into_iter().map(|stroke| stroke.map(turn)).collect();
            routes.push(Route { edge, strokes, label });
        }
        let size = self.sizes.get(count).copied().unwrap_or_default();
        Scene { size: self.turned(size), nodes, routes }
    }
}

/// How much it is worth that an edge is straight: the main flow before what goes wrong.
fn worth(kind: EdgeKind) -> f64 {
    match kind {
        EdgeKind::Next | EdgeKind::Trigger | EdgeKind::Data => 4.0,
        EdgeKind::Choice | EdgeKind::Reach => 2.0,
        EdgeKind::Permission | EdgeKind::Retry => 1.0,
        EdgeKind::Catch | EdgeKind::Reference | EdgeKind::Blocked => 0.5,
    }
}
