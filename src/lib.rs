//! formwork.
pub mod aws;
pub mod check;
pub mod diagnostic;
pub mod iam;
pub mod intrinsic;
pub mod schema;
pub mod stack;
pub mod template;
pub mod value;

pub use stack::{Handle, Stack};
