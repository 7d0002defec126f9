//! A graph before it is laid out: what is in the picture, in whose box, and what leads where.
//!
//! Every kind of graph is made into this, and every format is written from it. Order is that of the artefact and decides
//! between layouts that are otherwise as good.

use std::time::Duration;

use crate::diagnostic::Path;

/// A picture's content: nodes, boxes, which are nodes that hold others, and edges.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Graph {
    /// What it is a picture of, such as ``State machine `Reports` ``: its accessible name.
    pub title: String,
    /// Where edges lead to.
    pub direction: Direction,
    /// How what is in no box is put together where no edge says it.
    pub arrangement: Arrangement,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
}

/// A node of the graph that gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeIndex(pub(super) usize);

/// Where edges lead to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// From the top to the bottom, as workflows do.
    #[default]
    Down,
    /// From left to right, as architectures do.
    Right,
}

/// How parts of a box that no edge joins are put together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Arrangement {
    /// Beside each other, in their order: the branches of a `Parallel`.
    #[default]
    Beside,
    /// In rows that make the box about as high as wide.
    Rows,
}

/// A thing in the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What tells it from others and stays the same while the artefact changes: a path or a logical id.
    pub id: String,
    /// The box that it is in.
    pub parent: Option<NodeIndex>,
    /// Its form.
    pub shape: Shape,
    /// What kind of thing it is, which gives its colour.
    pub family: Family,
    /// The sign beside its label.
    pub(crate) glyph: Glyph,
    /// Its name.
    pub label: String,
    /// Further lines, smaller: its type, what it calls.
    pub details: Vec<String>,
    /// What is said of it elsewhere than in the picture: a tooltip.
    pub note: Option<String>,
    /// What a comparison or a run says of it.
    pub mark: Option<Mark>,
    /// Where it is in the template or definition.
    pub path: Option<Path>,
    /// How what is in it is put together where no edge says it.
    pub arrangement: Arrangement,
}

/// The form of a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// A rectangle with a glyph, a label and details.
    #[default]
    Card,
    /// A small pill with its label alone: where a workflow starts and ends.
    Terminal,
    /// A box, with its label at the top, around what is in it.
    Box,
    /// A box with a dashed border.
    DashedBox,
}

/// What kind of thing a node is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Functions, containers, servers.
    Compute,
    /// Buckets and file systems.
    Storage,
    /// Databases and caches.
    Database,
    /// Queues, topics, streams and event buses.
    Messaging,
    /// APIs and what is in front of them.
    Api,
    /// State machines and what else calls services in their turn.
    Orchestration,
    /// Roles, keys, secrets, user pools.
    Security,
    /// VPCs and what is in them.
    Network,
    /// Logs, alarms, stacks.
    Management,
    /// Models, queries, searches.
    Analytics,
    /// States that steer: `Choice`, `Parallel`, `Map`, `Wait`.
    Flow,
    /// States that pass on what they make of their input: `Pass`.
    Data,
    /// What ends well: `Succeed`.
    Success,
    /// What ends badly: `Fail`.
    Failure,
    /// Everything else.
    #[default]
    Other,
}

/// A sign of our own: a plain shape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Glyph {
    #[default]
    None,
    Alarm,
    Api,
    Branch,
    Bucket,
    Chart,
    Check,
    Clock,
    Container,
    Cross,
    Cylinder,
    Document,
    Event,
    Files,
    Function,
    Gear,
    Globe,
    Key,
    Loop,
    Machine,
    Network,
    Parallel,
    Pass,
    Person,
    Queue,
    Search,
    Server,
    Shield,
    Spark,
    Stack,
    Stream,
    Table,
    Topic,
}

/// What leads from one node to another. One that joins a box with what is in it is not drawn, and a `Retry` is drawn as a
/// sign on its node.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// Where it begins.
    pub from: NodeIndex,
    /// Where it ends, with an arrowhead.
    pub to: NodeIndex,
    /// What it means.
    pub kind: EdgeKind,
    /// A short text on it.
    pub label: Option<String>,
    /// All that is to say of it: a tooltip.
    pub note: Option<String>,
    /// What a comparison or a run says of it.
    pub mark: Option<Mark>,
    /// Where it is in the template or definition.
    pub path: Option<Path>,
}

/// What an edge means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EdgeKind {
    /// The next state.
    Next,
    /// A rule of a `Choice`, or its `Default`.
    Choice,
    /// Where a state goes when it fails.
    Catch,
    /// That a state is tried again: an edge from it to itself.
    Retry,
    /// What makes something run.
    Trigger,
    /// What data flows along.
    Data,
    /// Who may do what to whom.
    Permission,
    /// What only names another.
    Reference,
    /// What reaches what in a network.
    Reach,
    /// What does not reach what in a network.
    Blocked,
}

/// What a comparison or a run says of a node or an edge.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// What changes.
    Change(Change),
    /// What became of it in an execution.
    Visit(Visit),
}

/// What changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "they are what they say")]
pub enum Change {
    Added,
    Removed,
    Changed,
    Replaced,
}

/// What became of a state, or of a way from one to another, in an execution.
#[derive(Clone, Debug, PartialEq)]
pub struct Visit {
    /// How it ended the last time.
    pub end: VisitEnd,
    /// How often it was entered, or the way was taken.
    pub times: usize,
    /// How often it was tried in all; more than `times` where it was tried again.
    pub attempts: usize,
    /// How long it was at work in all, on the clock of the execution.
    pub took: Option<Duration>,
    /// The name of the error that it failed with the last time.
    pub error: Option<String>,
}

/// How a visit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VisitEnd {
    /// It succeeded, or the way was taken.
    Succeeded,
    /// It failed, and a catcher took the error.
    Caught,
    /// It failed, and the execution with it.
    Failed,
    /// The execution ended before it did.
    Unfinished,
    /// The execution did not come to it.
    NotReached,
}

impl Graph {
    /// A graph with nothing in it.
    pub fn new(title: impl Into<String>, direction: Direction) -> Self {
        Self { title: title.into(), direction, ..Self::default() }
    }

    /// Adds a node, whose box is there already.
    pub fn add(&mut self, node: Node) -> NodeIndex {
        assert!(node.parent.is_none_or(|parent| parent.0 < self.nodes.len()), "a box is added before what is in it");
        self.nodes.push(node);
        NodeIndex(self.nodes.len() - 1)
    }

    /// Adds an edge between nodes that are there.
    pub fn connect(&mut self, edge: Edge) {
        assert!(edge.from.max(edge.to).0 < self.nodes.len(), "an edge joins nodes of its graph");
        self.edges.push(edge);
    }

    /// All nodes, each box before what is in it.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeIndex, &Node)> {
        self.nodes.iter().enumerate().map(|(index, node)| (NodeIndex(index), node))
    }

    /// The node.
    pub fn node(&self, index: NodeIndex) -> &Node {
        &self.nodes[index.0]
    }

    /// The node, to change it.
    pub fn node_mut(&mut self, index: NodeIndex) -> &mut Node {
        &mut self.nodes[index.0]
    }

    /// All edges.
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// All edges, to change them.
    pub fn edges_mut(&mut self) -> &mut [Edge] {
        &mut self.edges
    }

    /// The node with that id.
    pub fn find(&self, id: &str) -> Option<NodeIndex> {
        self.nodes.iter().position(|node| node.id == id).map(NodeIndex)
    }

    /// What is in the box, or in none.
    pub fn children(&self, parent: Option<NodeIndex>) -> impl Iterator<Item = NodeIndex> {
        self.nodes().filter(move |(_, node)| node.parent == parent).map(|(index, _)| index)
    }

    /// The boxes around a node, from the inside out.
    pub fn boxes(&self, of: NodeIndex) -> impl Iterator<Item = NodeIndex> {
        std::iter::successors(self.node(of).parent, |&parent| self.node(parent).parent)
    }

    /// The families of its nodes, for the legend; boxes and terminals explain themselves.
    pub fn families(&self) -> Vec<Family> {
        let cards = self.nodes.iter().filter(|node| node.shape == Shape::Card);
        sorted(cards.map(|node| node.family))
    }

    /// The kinds of its edges, for the legend.
    pub fn edge_kinds(&self) -> Vec<EdgeKind> {
        sorted(self.edges.iter().map(|edge| edge.kind))
    }

    /// The changes in it, for the legend.
    pub fn changes(&self) -> Vec<Change> {
        sorted(self.marks().filter_map(|mark| match mark {
            Mark::Change(change) => Some(*change),
            Mark::Visit(_) => None,
        }))
    }

    /// The ends of visits in it, for the legend.
    pub fn visit_ends(&self) -> Vec<VisitEnd> {
        sorted(self.marks().filter_map(|mark| match mark {
            Mark::Visit(visit) => Some(visit.end),
            Mark::Change(_) => None,
        }))
    }

    fn marks(&self) -> impl Iterator<Item = &Mark> {
        let nodes = self.nodes.iter().filter_map(|node| node.mark.as_ref());
        nodes.chain(self.edges.iter().filter_map(|edge| edge.mark.as_ref()))
    }
}

/// Each once, in their order.
fn sorted<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    items.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}

impl Node {
    /// A card with that id and label.
    pub fn new(id: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            parent: None,
            shape: Shape::default(),
            family: Family::default(),
            glyph: Glyph::default(),
            label: label.into(),
            details: Vec::new(),
            note: None,
            mark: None,
            path: None,
            arrangement: Arrangement::default(),
        }
    }
}

impl Edge {
    /// An edge without a label.
    pub fn new(from: NodeIndex, to: NodeIndex, kind: EdgeKind) -> Self {
        Self { from, to, kind, label: None, note: None, mark: None, path: None }
    }
}

impl Family {
    /// Its name in the legend.
    pub fn name(self) -> &'static str {
        match self {
            Self::Compute => "compute",
            Self::Storage => "storage",
            Self::Database => "database",
            Self::Messaging => "messages and events",
            Self::Api => "API",
            Self::Orchestration => "orchestration",
            Self::Security => "security",
            Self::Network => "network",
            Self::Management => "management",
            Self::Analytics => "analytics",
            Self::Flow => "flow",
            Self::Data => "data",
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Other => "other",
        }
    }
}

impl EdgeKind {
    /// Whether it is drawn as a line, not as a sign on a node.
    pub fn is_line(self) -> bool {
        self != Self::Retry
    }

    /// Its name in the legend.
    pub fn name(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Choice => "choice",
            Self::Catch => "catch",
            Self::Retry => "retry",
            Self::Trigger => "triggers",
            Self::Data => "data",
            Self::Permission => "may use",
            Self::Reference => "refers to",
            Self::Reach => "reaches",
            Self::Blocked => "does not reach",
        }
    }
}

impl Change {
    /// Its name in the legend.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Replaced => "replaced",
        }
    }
}

impl VisitEnd {
    /// Its name in the legend.
    pub fn name(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Caught => "caught",
            Self::Failed => "failed",
            Self::Unfinished => "not finished",
            Self::NotReached => "not reached",
        }
    }
}
