//! The scene of a state: what its expressions see.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
};

use super::{
    Interpreter,
    inspection::{Inspection, STATE_NAME},
};
use crate::{
    asl::expression::{
        payload::Payload,
        random::Random,
        time::Time,
        world::{StateContext, Variables, World},
    },
    json::Json,
};

/// The scene of a state: what its expressions see, apart from the data that they are applied to.
pub(super) struct Scene {
    context: Payload,
    pub place: StateContext,
    variables: Variables,
    pub input: Payload,
    now: Time,
    random: Rc<RefCell<Random>>,
    inspection: Option<Inspection>,
}

impl Scene {
    /// Notes what a step of a state that is run alone gives.
    pub fn note(&self, step: &'static str, value: &Payload) {
        if let Some(inspection) = &self.inspection {
            inspection.note(step, value.json().clone());
        }
    }

    /// Notes a number of such a state.
    pub fn note_number(&self, step: &'static str, number: impl Into<Json>) {
        if let Some(inspection) = &self.inspection {
            inspection.note(step, number.into());
        }
    }

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
            state: self.alone.as_ref().map_or_else(|| Arc::clone(&state.name), |_| Arc::from(STATE_NAME)),
            entered: entered.map_or(self.now, |entered| entered.at),
            retry_count: entered.filter(|_| state.kind.retries()).map(|entered| entered.retry_count),
            token: entered.and_then(|entered| entered.token.clone()),
            item: of.item.clone(),
            is_given: self.alone.as_ref().is_some_and(|alone| alone.given.has_context),
        };
        Scene {
            context: self.executions[of.execution].context.clone(),
            place,
            variables: Rc::clone(&of.variables),
            input: of.input.clone(),
            now: self.now,
            random: Rc::clone(&self.random),
            inspection: self.alone.as_ref().map(|alone| alone.inspection.clone()),
        }
    }
}
