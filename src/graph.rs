//! Pictures of templates and definitions: a [model](Graph) of nodes, boxes and edges, laid out and drawn.

mod change;
mod compare;
mod dot;
mod kind;
mod layout;
mod mermaid;
mod model;
mod network;
mod outline;
mod page;
mod resources;
mod scene;
mod svg;
mod text;
mod theme;
mod workflow;

pub use model::{
    Arrangement, Change, Direction, Edge, EdgeKind, Family, Graph, Mark, Node, NodeIndex, Shape, Visit, VisitEnd,
};
pub use page::{Told, html, pictures};
