//! The stacks of this project.
fn main() {}
