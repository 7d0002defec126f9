//! What AWS publishes of itself, compressed in the binary: the operations of its APIs, the actions of IAM, the
//! policies that it manages, the runtimes of Lambda, and the resource types that have no structs.
//!
//! Each set of data is an archive of named texts, written by `bindgen`. Nothing of it is read before it is asked for,
//! and then one text: what is said of one service, or a list.

mod archive;

pub mod api;
pub mod iam;
pub mod policy;
pub mod registry;
pub mod runtime;

pub use archive::{Archive, Shelf};
