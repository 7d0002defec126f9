//! formwork.
pub mod asl;
pub mod aws;
pub mod check;
pub mod cli;
pub mod diagnostic;
pub mod iam;
pub mod intrinsic;
pub mod json_schema;
pub mod schema;
pub mod stack;
pub mod template;
pub mod value;

pub use stack::{Handle, Stack};
