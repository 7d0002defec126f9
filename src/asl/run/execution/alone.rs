//! A state that is run alone, as AWS's `TestState` runs one: the interpreter enters it and stops when it is left.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html>

use super::{
    Ended, Interpreter, LeftAlone,
    distributed::THRESHOLD,
    inspection::{Alone, Given, GroupReply, Inspection},
    state::{Passed, effective_input},
    thread::Children,
};
use crate::{
    asl::{
        definition::{Language, Map, State},
        expression::{fault::Fault, payload::Payload, world::Variables},
        run::{
            history::{Details, History},
            item_reader::MapItems,
        },
    },
    json::Json,
};

impl Interpreter<'_> {
    /// Runs the state at a position of a scope, and nothing after it.
    pub fn run_alone(
        mut self,
        (scope, position): (usize, usize),
        input: Payload,
        variables: Variables,
        given: Given,
    ) -> LeftAlone {
        let inspection = Inspection::default();
        inspection.note("input", input.json().clone());
        self.alone = Some(Alone { given, inspection: inspection.clone(), next: None, caught: None, is_retried: false });
        let mut history = History::new(true, None);
        history.record(0, self.now, "ExecutionStarted", || Details::None);
        self.open_execution(history, self.settings.context.clone(), self.settings.express);
        let thread = self.spawn(scope, 0, None, input, variables, None, 0);
        self.threads[thread].state = position;
        self.work_off();
        let ended = self.ended.unwrap_or(Ended::TimedOut);
        let alone = self.alone.expect("it was put there, and nothing takes it away");
        let (next, caught, is_retried) = (alone.next, alone.caught, alone.is_retried);
        LeftAlone { ended, next, caught, is_retried, inspection: inspection.take() }
    }

    /// Ends the run of a state that goes on to another or to the end.
    pub(super) fn leave_alone(&mut self, thread: usize, next: Option<usize>, output: &Payload, caught: Option<Fault>) {
        let of = &self.threads[thread];
        let next = next.map(|next| of.scope.states[next].name.to_string());
        if !of.variables.is_empty() {
            let variables = of.variables.iter().map(|(name, value)| (name.clone(), value.json().clone()));
            let variables = Json::Object(variables.collect());
            self.note_json("variables", variables);
        }
        if let Some(alone) = &mut self.alone {
            (alone.next, alone.caught) = (next, caught);
        }
        self.end(Ended::Succeeded(output.share()));
    }

    /// Ends the run of a state that a retrier would try again.
    pub(super) fn retry_alone(&mut self, fault: Fault) {
        if let Some(alone) = &mut self.alone {
            alone.is_retried = true;
        }
        self.end(Ended::Failed { error: fault.error, cause: fault.cause });
    }

    /// Answers a `Parallel` with its mock.
    pub(super) fn answer_alone(&mut self, thread: usize) -> Result<(), Fault> {
        let reply = self.alone.as_mut().and_then(|alone| alone.given.reply.take());
        match reply.expect("a `Parallel` or `Map` that is run alone has a mock, or is refused") {
            GroupReply::Result(result) => {
                self.pass_on(thread, Passed::Result(Payload::computed(result)?));
                Ok(())
            }
            GroupReply::Error { error, cause } => Err(Fault::reported(error, cause)),
        }
    }

    /// Answers a `Map` with its mock, once it is known what it iterates over.
    pub(super) fn iterate_alone(
        &mut self,
        thread: usize,
        state: &State,
        map: &Map,
        items: MapItems,
        concurrency: i64,
        tolerated: (Option<i64>, Option<f64>),
    ) -> Result<(), Fault> {
        let scene = self.scene(thread);
        let distributed = map.distributed.as_ref();
        match distributed.and_then(|it| it.reader.as_ref()) {
            Some(reader) if reader.items_pointer.is_some() => {
                self.note_json("afterItemsPointer", items.items.iter().cloned().collect());
            }
            None if state.language == Language::JsonPath => {
                self.note_json("afterItemsPath", items.items.iter().cloned().collect());
            }
            _ => {}
        }
        let selected = self.select_all(thread, state, map, items)?;
        let all = |items: &[Payload]| items.iter().map(|item| item.json().clone()).collect::<Json>();
        if map.item_selector.is_some() {
            self.note_json("afterItemSelector", all(&selected));
        }
        let total = selected.len();
        if let Some(distributed) = distributed.filter(|it| it.batcher.is_some()) {
            let input = effective_input(&scene, state)?;
            let batches = self.batch(&scene, &input, distributed, selected)?;
            self.note_json("afterItemBatcher", batches.iter().map(|batch| as_told(batch.json())).collect());
        }
        scene.note_number("maxConcurrency", concurrency);
        let (count, percentage) = tolerated;
        if let Some(count) = count {
            scene.note_number("toleratedFailureCount", count);
        }
        if let Some(percentage) = percentage {
            scene.note_number("toleratedFailurePercentage", percentage);
        }
        let is_error = |alone: &Alone| matches!(alone.given.reply, Some(GroupReply::Error { .. }));
        let failed = self.alone.as_ref().filter(|alone| !is_error(alone)).map_or(0, |it| it.given.failed_iterations);
        if Children::are_too_many(failed, total, tolerated) {
            let error = Some("States.ExceedToleratedFailureThreshold".to_owned());
            return Err(Fault::reported(error, Some(THRESHOLD.to_owned())));
        }
        self.answer_alone(thread)
    }

    /// Notes what a step gives, if the state is run alone.
    pub(super) fn note(&self, step: &str, value: &Payload) {
        if self.alone.is_some() {
            self.note_json(step, value.json().clone());
        }
    }

    fn note_json(&self, step: &str, value: Json) {
        if let Some(alone) = &self.alone {
            alone.inspection.note(step, value);
        }
    }

    /// Notes what becomes of an error, if the state is run alone.
    pub(super) fn note_error(&self, name: &str, number: usize) {
        if let Some(alone) = &self.alone {
            alone.inspection.note_error(name, number);
        }
    }
}

/// A batch as `inspectionData` has it: its items are texts.
fn as_told(batch: &Json) -> Json {
    let mut batch = batch.clone();
    if let Some(Json::Array(items)) = batch.get_mut("Items") {
        items.iter_mut().for_each(|item| *item = item.to_string().into());
    }
    batch
}
