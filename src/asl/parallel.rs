//! `Parallel`: branches side by side.

use std::marker::PhantomData;

use super::{Branch, JsonPath, Jsonata, QueryLanguage, body::Body, fields};

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
            let branch = body.take(&format!("/Branches/{position}"), branch.into_body());
            body.push("Branches", branch);
        }
        Self { body, of: PhantomData }
    }

    fields::comment!();
    fields::error_handling!(L);
    fields::assign!(L);
    fields::transition!(L);
}

impl Parallel<Jsonata> {
    fields::arguments!();
    fields::argument!();
    fields::output!();
}

impl Parallel<JsonPath> {
    fields::input_and_output_path!();
    fields::result_path!();
    fields::parameters!();
    fields::parameter!();
    fields::result_selector!();
}
