//! A definition, read once: the typed model that validation, the interpreter and every other reader share.
//!
//! [`Definition::read`] makes it of JSON by the table of [`fields`], with every fault at once. Nothing else in the crate
//! knows what a field of the language may hold.

pub(crate) mod choice;
pub(crate) mod fields;
mod language;
mod model;
pub(crate) mod operator;
pub(crate) mod permission;
mod place;
mod problems;
mod read;
pub(crate) mod template;
mod token;
mod wording;

pub(crate) use language::Language;
pub(crate) use model::{
    Assign, Catcher, Choice, Count, Definition, Distributed, Items, Map, PathField, Piece, Reader, Resource,
    ResourceKind, Retrier, Right, Scope, Sent, State, StateKind, Target, Task, Test, Text, Wait,
};
pub(crate) use template::Template;
pub(crate) use token::tokens_of;
pub(crate) use wording::short;
