//! Pictures of templates and definitions: a [model](Graph) of nodes, boxes and edges, laid out and drawn.

mod model;

pub use model::{
    Arrangement, Change, Direction, Edge, EdgeKind, Family, Glyph, Graph, Mark, Node, NodeIndex, Shape, Visit, VisitEnd,
};
