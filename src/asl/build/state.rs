//! A finished state, and what counts as one.

use std::marker::PhantomData;

use super::{QueryLanguage, body::Body};

/// A state that says where it goes: what [`Workflow::state`](super::Workflow::state) takes.
///
/// Made by `.next("…")` and `.end()`, for a `Choice` by `.otherwise("…")` and `.without_default()`.
#[derive(Clone, Debug)]
pub struct State<L> {
    pub(super) body: Body,
    of: PhantomData<fn() -> L>,
}

impl<L> State<L> {
    pub(super) fn new(body: Body) -> Self {
        Self { body, of: PhantomData }
    }
}

/// A state that may be put into a workflow: [`State`], [`Succeed`](super::Succeed) or [`Fail`](super::Fail).
#[diagnostic::on_unimplemented(
    message = "this state does not say where it goes",
    label = "unfinished state",
    note = "finish it with `.next(\"StateName\")` or `.end()` (a `Choice` with `.otherwise(\"StateName\")` or \
            `.without_default()`)"
)]
pub trait Finished {
    /// The language that the state is written in.
    type Language: QueryLanguage;

    /// The state.
    fn into_state(self) -> State<Self::Language>;
}

impl<L: QueryLanguage> Finished for State<L> {
    type Language = L;

    fn into_state(self) -> State<L> {
        self
    }
}
