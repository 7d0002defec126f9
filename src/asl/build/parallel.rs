//! `Parallel`: branches side by side.

use std::marker::PhantomData;

use super::{Branch, JsonPath, Jsonata, QueryLanguage, body::Body, error_handling::error_handling, setters};
use crate::diagnostic::Path;

/// A state that runs branches side by side, each with the state's input, and goes on when all are done. Its result is
/// a list of what they gave, in the order in which they are written. If one fails, the others are stopped.
///
/// <https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html>
#[derive(Clone, Debug)]
pub struct Parallel<L> {
    body: Body,
    of: PhantomData<fn() -> L>,
}

impl<L: QueryLanguage> Parallel<L> {
    /// `Branches`: at least one.
    pub fn new(branches: impl IntoIterator<Item = Branch<L>>) -> Self {
        let mut body = Body::of_type("Parallel");
        body.set("Branches", [(); 0]);
        for (position, branch) in branches.into_iter().enumerate() {
            let branch = body.take(Path::from("/Branches").join(position), branch.into_body());
            body.push("Branches", branch);
        }
        Self { body, of: PhantomData }
    }

    setters::comment!();
    setters::acknowledge!();
    error_handling!(L);
    setters::assign!(L);
    setters::transition!(L);
}

impl Parallel<Jsonata> {
    setters::arguments!();
    setters::argument!();
    setters::output!();
}

impl Parallel<JsonPath> {
    setters::input_and_output_path!();
    setters::result_path!();
    setters::parameters!();
    setters::parameter!();
    setters::result_selector!();
}
