//! The scene of a state: what its expressions see.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
};

use super::Interpreter;
use crate::asl::expression::{
    payload::Payload,
    random::Random,
    time::Time,
    world::{StateContext, Variables, World},
};

/// The scene of a state: what its expressions see, apart from the data that they are applied to.
pub(super) struct Scene {
    context: Payload,
    pub place: StateContext,
    variables: Variables,
    pub input: Payload,
    now: Time,
    random: Rc<RefCell<Random>>,
}

impl Scene {
    pub fn world<'w>(&'w self, data: &'w Payload) -> World<'w> {
        World {
            base: &self.context,
            place: &self.place,
            variables: &self.variables,
            data,
            input: &self.input,
            result: None,
            error_output: None,
            now: self.now,
            random: &self.random,
            made: Cell::new(0),
        }
    }
}

impl Interpreter<'_> {
    pub(super) fn scene(&self, thread: usize) -> Scene {
        let of = &self.threads[thread];
        let state = self.state(thread);
        let entered = of.entered.as_ref();
        let place = StateContext {
            state: Arc::clone(&state.name),
            entered: entered.map_or(self.now, |entered| entered.at),
            retry_count: entered.filter(|_| state.kind.retries()).map(|entered| entered.retry_count),
            token: entered.and_then(|entered| entered.token.clone()),
            item: of.item.clone(),
        };
        Scene {
            context: self.executions[of.execution].context.clone(),
            place,
            variables: Rc::clone(&of.variables),
            input: of.input.clone(),
            now: self.now,
            random: Rc::clone(&self.random),
        }
    }
}
