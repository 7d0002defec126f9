//! The distributed `Map`: each item, or batch of items, is an execution of its own.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html>

use std::rc::Rc;

use serde_json::json;

use super::{
    EXPRESS_EVENTS, EXPRESS_SECONDS, Interpreter,
    scene::Scene,
    state::{effective_input, number},
    thread::{Children, Parent},
};
use crate::{
    asl::{
        definition::{Distributed, Language, Map, Reader, State, StateKind},
        expression::{
            fault::Fault,
            hash,
            payload::{MAX_BYTES, Payload, bytes},
            random::uuid_text,
            world::{Item, Variables},
        },
        run::{
            history::{Details, History, MAX_EVENTS},
            item_reader::{self, MapItems, Problem},
            outside::ItemReader,
        },
    },
    json::Json,
};

impl<'a> Interpreter<'a> {
    /// The items that the `ItemReader` reads. `Err(None)`: the run was stopped.
    pub(super) fn read_items(
        &mut self,
        scene: &Scene,
        input: &Payload,
        state: &State,
        reader: &Reader,
    ) -> Result<MapItems, Option<Fault>> {
        let mut world = scene.world(input);
        let field = if state.language == Language::Jsonata { "ItemReader/Arguments" } else { "ItemReader/Parameters" };
        let arguments = reader.arguments.as_ref().map(|arguments| arguments.evaluate(&mut world, field));
        let arguments = arguments.transpose()?.unwrap_or_default();
        let most = reader.max_items.as_ref().map(|count| number(&world, count)).transpose()?;
        let max_items = most.and_then(|most| usize::try_from(most).ok()).filter(|most| *most > 0);
        let request = ItemReader { state: &state.name, reader, arguments: &arguments, max_items };
        let dataset = self.outside.items(&request).map_err(Problem::Unavailable);
        let most = max_items.unwrap_or(usize::MAX);
        match dataset.and_then(|dataset| item_reader::read(dataset, &state.name, reader, most)) {
            Ok(items) => Ok(items),
            Err(Problem::Unavailable(unavailable)) => {
                self.stop(unavailable.diagnostic("F3002", format!("{}/ItemReader", state.pointer)));
                Err(None)
            }
            Err(Problem::Refused(cause)) => {
                Err(Some(Fault::reported(Some("States.ItemReaderFailed".to_owned()), Some(cause))))
            }
        }
    }

    /// The items after `ItemSelector`.
    pub(super) fn select_all(
        &mut self,
        thread: usize,
        state: &State,
        map: &Map,
        items: MapItems,
    ) -> Result<Vec<Payload>, Fault> {
        let MapItems { items, keyed } = items;
        if map.item_selector.is_none() {
            return Ok(items.into_iter().map(Payload::new).collect());
        }
        let mut selected = Vec::with_capacity(items.len());
        for (index, mut item) in items.into_iter().enumerate() {
            let item = match keyed {
                true => {
                    let key = item["Key"].as_str().map(str::to_owned);
                    Item { index, key, value: Payload::new(item["Value"].take()) }
                }
                false => Item { index, key: None, value: Payload::new(item) },
            };
            let item = self.select(thread, state, map, &Rc::new(item))?;
            self.hold_payload(&item);
            if self.is_over() {
                return Err(Fault::reported(None, None));
            }
            selected.push(item);
        }
        Ok(selected)
    }

    pub(super) fn begin_map_run(
        &mut self,
        thread: usize,
        state: &State,
        distributed: &Distributed,
        tolerated: (Option<i64>, Option<f64>),
        total: usize,
    ) -> Children {
        let context = self.settings.context.json();
        let machine = context.pointer("/StateMachine/Id").and_then(Json::as_str).unwrap_or_default();
        // The service makes a label up when the state machine is created, so that it is the same in every execution.
        let made_up = || uuid_text(hash::md5(state.pointer.as_bytes()));
        let label = distributed.label.clone().unwrap_or_else(made_up);
        let id = self.random.borrow_mut().uuid();
        let arn = format!("{}/{label}:{id}", machine.replace(":stateMachine:", ":mapRun:"));
        let machine = format!("{machine}/{label}");
        let express = distributed.express;
        let executions = machine.replace(":stateMachine:", if express { ":express:" } else { ":execution:" });
        // The input stays out: it may be large, and each execution has its own.
        let members = context.as_object().into_iter().flatten().map(|(name, value)| {
            let mut value = match (name.as_str(), value) {
                ("Execution", Json::Object(members)) => members
                    .iter()
                    .filter(|(name, _)| *name != "Input")
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect(),
                (_, value) => value.clone(),
            };
            if name == "StateMachine" {
                value["Id"] = machine.as_str().into();
            }
            (name.clone(), value)
        });
        let context = members.collect();
        let children = Children { arn, context, executions, failed: 0, total, tolerated, express };
        self.record(thread, "MapRunStarted", || Details::MapRun(children.arn.clone()));
        children
    }

    /// Starts the execution of an item. It knows nothing of the variables around the `Map`.
    pub(super) fn start_child_execution(
        &mut self,
        thread: usize,
        map: &'a Map,
        input: Payload,
        parent: Option<Parent>,
    ) -> usize {
        let name = self.random.borrow_mut().uuid();
        let start = self.moment();
        let children = self.group(thread).children.as_ref();
        let children = children.expect("only a distributed `Map` has executions of its own");
        let (mut context, express) = (children.context.clone(), children.express);
        if let Some(Json::Object(execution)) = context.get_mut("Execution") {
            execution.insert("Id".to_owned(), format!("{}:{name}", children.executions).into());
            execution.insert("Name".to_owned(), name.into());
            execution.insert("Input".to_owned(), input.json().clone());
            execution.insert("StartTime".to_owned(), start.into());
        }
        let limit = if express { EXPRESS_EVENTS } else { MAX_EVENTS };
        let mut history = History::new(false, Some(limit));
        history.record(0, self.now, "ExecutionStarted", || Details::None);
        let execution = self.open_execution(history, Payload::new(context), express);
        let child = self.spawn(map.scope(), execution, parent, input, Variables::default(), None, 0);
        self.executions[execution].thread = child;
        if express {
            self.push_deadline(child, EXPRESS_SECONDS);
        }
        child
    }

    /// Closes the execution of an item.
    pub(super) fn end_child_execution(&mut self, child: usize) {
        let execution = self.threads[child].execution;
        self.retire(child);
        self.close_execution(execution);
    }

    /// Takes the failure of an item's execution: the result says so in its place, or more have failed than may, and the
    /// `Map` fails.
    pub(super) fn child_execution_failed(&mut self, child: usize, parent: Parent, fault: Fault) {
        let thread = parent.thread;
        self.end_child_execution(child);
        let failure = Payload::new(failure(fault));
        self.hold_payload(&failure);
        let group = self.group(thread);
        let is_batch = group.map.and_then(|map| map.distributed.as_ref()).is_some_and(|it| it.batcher.is_some());
        let items = match group.items[parent.index].json().get("Items") {
            Some(Json::Array(items)) if is_batch => items.len(),
            _ => 1,
        };
        group.take(parent.index, failure);
        let fails = group.children.as_mut().is_some_and(|children| {
            children.failed += items;
            children.too_many_failed()
        });
        if !fails {
            return self.next_iterations(thread, None);
        }
        self.cut_children(thread);
        let fault =
            Fault::reported(Some("States.ExceedToleratedFailureThreshold".to_owned()), Some(THRESHOLD.to_owned()));
        self.record_map_run_failed(thread, &fault);
        self.fail(thread, fault);
    }

    pub(super) fn record_map_run_failed(&mut self, thread: usize, fault: &Fault) {
        let Fault { error, cause, .. } = fault.clone();
        self.record(thread, "MapRunFailed", || Details::Error { error, cause });
    }

    /// Ends the Map Run: gives the results, or where the `ResultWriter` would have put them, and the event.
    pub(super) fn end_map_run(
        &mut self,
        thread: usize,
        state: &State,
        children: Children,
        results: Vec<Option<Payload>>,
    ) -> Result<(Json, u64), Fault> {
        let writer = match &state.kind {
            StateKind::Map(map) => map.distributed.as_ref().and_then(|it| it.writer.as_ref()),
            _ => None,
        };
        if writer.is_some_and(|writer| writer.is_empty) {
            return Err(Fault::runtime("The ResultWriter says neither where the results go nor what becomes of them."));
        }
        let started = self.threads[thread].previous;
        let succeeded = self.record_after(thread, started, "MapRunSucceeded", || Details::None);
        let results = results.into_iter().flatten().map(|result| result.json().clone());
        let result = match writer {
            Some(writer) if writer.resource.is_some() => {
                let scene = self.scene(thread);
                let input = effective_input(&scene, state)?;
                let jsonata = state.language == Language::Jsonata;
                let field = if jsonata { "ResultWriter/Arguments" } else { "ResultWriter/Parameters" };
                let mut world = scene.world(&input);
                let place = writer.arguments.as_ref().map(|arguments| arguments.evaluate(&mut world, field));
                let place = place.transpose()?.unwrap_or_default();
                let id = children.arn.rsplit(':').next().unwrap_or_default();
                let prefix = place["Prefix"].as_str().filter(|prefix| !prefix.is_empty());
                let key = prefix
                    .map_or_else(|| format!("{id}/manifest.json"), |prefix| format!("{prefix}/{id}/manifest.json"));
                json!({"MapRunArn": children.arn, "ResultWriterDetails": {"Bucket": place["Bucket"], "Key": key}})
            }
            Some(writer) if writer.transformation.as_deref() == Some("FLATTEN") => {
                let flat = results.flat_map(|result| match result {
                    Json::Array(items) => items,
                    other => vec![other],
                });
                Json::Array(flat.collect())
            }
            _ => Json::Array(results.collect()),
        };
        // The events after the state follow the start of the Map Run.
        self.threads[thread].previous = started;
        Ok((result, succeeded))
    }

    /// The items in batches, if the state has an `ItemBatcher`.
    pub(super) fn batch(
        &mut self,
        scene: &Scene,
        input: &Payload,
        distributed: &Distributed,
        items: Vec<Payload>,
    ) -> Result<Vec<Payload>, Fault> {
        let Some(batcher) = &distributed.batcher else { return Ok(items) };
        let mut world = scene.world(input);
        let most_items = batcher.max_items.as_ref().map(|count| number(&world, count)).transpose()?;
        let most_items = most_items.and_then(|most| usize::try_from(most).ok()).filter(|most| *most > 0);
        let most_bytes = batcher.max_bytes.as_ref().map(|count| number(&world, count)).transpose()?;
        let most_bytes = most_bytes.and_then(|most| usize::try_from(most).ok()).filter(|most| *most > 0);
        let (most_items, most_bytes) =
            (most_items.unwrap_or(usize::MAX), most_bytes.unwrap_or(MAX_BYTES).min(MAX_BYTES));
        let common = batcher.input.as_ref().map(|common| common.evaluate(&mut world, "ItemBatcher/BatchInput"));
        let common = common.transpose()?;
        let of_items = |items: Vec<Json>| {
            let mut batch = json!({"Items": items});
            if let (Some(common), Json::Object(members)) = (&common, &mut batch) {
                members.shift_insert(0, "BatchInput".to_owned(), common.clone());
            }
            batch
        };
        let empty = bytes(&of_items(Vec::new()));
        let (mut batches, mut batch, mut size) = (Vec::new(), Vec::new(), empty);
        for item in items {
            let more = bytes(item.json());
            // An item that is not the first has a comma before it.
            if !batch.is_empty() && (batch.len() >= most_items || size + 1 + more > most_bytes) {
                let full = Payload::new(of_items(std::mem::take(&mut batch)));
                self.hold_payload(&full);
                if self.is_over() {
                    return Err(Fault::reported(None, None));
                }
                batches.push(full);
                size = empty;
            }
            size += more + usize::from(!batch.is_empty());
            batch.push(item.json().clone());
        }
        if !batch.is_empty() {
            batches.push(Payload::new(of_items(batch)));
        }
        Ok(batches)
    }
}

/// The result of an item whose execution failed, where that is tolerated.
fn failure(fault: Fault) -> Json {
    let mut failure = json!({"Status": "FAILED"});
    for (field, value) in [("Error", fault.error), ("Cause", fault.cause)] {
        if let Some(value) = value {
            failure[field] = value.into();
        }
    }
    failure
}

/// The cause of a `Map` of which more has failed than it tolerates.
pub(super) const THRESHOLD: &str = "The specified tolerated failure threshold was exceeded";
