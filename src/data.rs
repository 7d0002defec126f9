//! What AWS publishes of itself, compressed in the binary: the operations of its APIs, and the resource types that have no
//! structs.
//!
//! Each set of data is an archive of named texts, written by `bindgen`. Nothing of it is read before it is asked for,
//! and then one text: the operations or the resource types of one service.

mod archive;

pub mod api;
pub mod registry;

pub use archive::{Archive, Shelf};
