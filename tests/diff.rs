//! What a change does to a stack: pairs of templates with the expected verdict, and what holds for any two templates.
//!
//! A pair is a file of `tests/diff/pairs/`: the resources (or the whole template) before and after, and what is expected.

// Helpers of tests outside of the functions that are tests.
#![allow(clippy::panic)]

#[path = "support/cases.rs"]
mod cases;
#[path = "diff/pairs.rs"]
mod pairs;
#[path = "diff/properties.rs"]
mod properties;
