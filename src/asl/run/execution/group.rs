//! `Parallel` and `Map`: threads below a thread.

use std::{collections::BTreeMap, rc::Rc, sync::Arc};

use super::{
    Interpreter,
    scene::Scene,
    state::{effective_input, noted_input, number, of_language, percentage},
    thread::{Children, Group, Parent},
};
use crate::{
    asl::{
        definition::{
            Count, Items as Source, Language, Map, Sent, State, StateKind, choice::unexpected, template::Template,
        },
        expression::{
            fault::{Fault, FaultKind},
            payload::Payload,
            world::Item,
        },
        run::{
            history::Details,
            item_reader::MapItems,
            trace::{Attempt, End},
        },
    },
    json::Json,
};

/// Iterations of an inline `Map` that run at once, where `MaxConcurrency` sets no lower limit.
const INLINE_CONCURRENCY: usize = 40;

impl<'a> Interpreter<'a> {
    /// Starts the branches of a `Parallel`.
    pub(super) fn fork(
        &mut self,
        thread: usize,
        state: &'a State,
        branches: &'a [usize],
        sent: &'a Sent,
    ) -> Result<(), Fault> {
        let scene = self.scene(thread);
        let input = effective_input(&scene, state)?;
        let field = if state.language == Language::Jsonata { "Arguments" } else { "Parameters" };
        let arguments = sent.arguments.as_ref().map(|template| template.evaluate(&mut scene.world(&input), field));
        let arguments = arguments.transpose()?.map(Payload::computed).transpose()?.unwrap_or(input);
        if self.alone.is_some() {
            return self.answer_alone(thread);
        }
        let previous = self.record(thread, "ParallelStateStarted", || Details::None);
        self.begin_attempt(thread);
        self.threads[thread].group = Some(Box::new(Group {
            state,
            map: None,
            items: Vec::new(),
            next: branches.len(),
            running: BTreeMap::new(),
            done: 0,
            results: vec![None; branches.len()],
            concurrency: branches.len(),
            children: None,
        }));
        let (execution, item) = (self.threads[thread].execution, self.threads[thread].item.clone());
        let (variables, visit) = (self.threads[thread].variables.clone(), self.entered(thread).visit);
        for (index, branch) in branches.iter().enumerate() {
            let parent = Some(Parent { thread, index, visit });
            let child =
                self.spawn(*branch, execution, parent, arguments.clone(), variables.clone(), item.clone(), previous);
            self.group(thread).running.insert(index, child);
        }
        if branches.is_empty() {
            self.complete(thread);
        }
        Ok(())
    }

    fn begin_attempt(&mut self, thread: usize) {
        let at = self.now - self.settings.start;
        let visits_before = self.visits.len();
        self.visit(thread).attempts.push(Attempt { visits_before, ..Attempt::new(at, None) });
    }

    pub(super) fn group(&mut self, thread: usize) -> &mut Group<'a> {
        let group = self.threads[thread].group.as_mut();
        group.expect("a parent has its group until all of its children are gone")
    }

    /// Starts the iterations of a `Map`.
    pub(super) fn iterate(&mut self, thread: usize, state: &'a State, map: &'a Map) -> Result<(), Fault> {
        let scene = self.scene(thread);
        let input = noted_input(&scene, state)?;
        let world = scene.world(&input);
        let count = |count: &Option<Count>| count.as_ref().map(|count| number(&world, count)).transpose();
        let concurrency = count(&map.max_concurrency)?.unwrap_or(0);
        let tolerated_percentage = map.tolerated_percentage.as_ref().map(|count| percentage(&world, count));
        let tolerated = (count(&map.tolerated_count)?, tolerated_percentage.transpose()?);
        let reader = map.distributed.as_ref().and_then(|it| Some((it, it.reader.as_ref()?)));
        let (items, length) = match reader {
            // A reader's items replace those of the input.
            Some((distributed, reader)) => match self.read_items(&scene, &input, state, reader) {
                Ok(items) => (items, 0),
                Err(Some(fault)) => {
                    if fault.kind == FaultKind::Reported {
                        // The Map Run reads the items, so that it is there to fail.
                        self.record(thread, "MapStateStarted", || Details::Length(0));
                        self.begin_map_run(thread, state, distributed, tolerated, 0);
                        self.record_map_run_failed(thread, &fault);
                    }
                    return Err(fault);
                }
                // The run was stopped.
                Err(None) => return Ok(()),
            },
            None => {
                let items = self.items(&scene, &input, state, map)?;
                let length = items.items.len();
                (items, length)
            }
        };
        if self.alone.is_some() {
            return self.iterate_alone(thread, state, map, items, concurrency, tolerated);
        }
        self.record(thread, "MapStateStarted", || Details::Length(length));
        self.begin_attempt(thread);
        let (items, children) = match &map.distributed {
            None => (items.items.into_iter().map(Payload::new).collect(), None),
            Some(distributed) => {
                let selected = self.select_all(thread, state, map, items)?;
                let total = selected.len();
                let items = self.batch(&scene, &input, distributed, selected)?;
                let children = self.begin_map_run(thread, state, distributed, tolerated, total);
                (items, Some(children))
            }
        };
        let most = if children.is_some() { Children::CONCURRENCY } else { INLINE_CONCURRENCY };
        let concurrency = match usize::try_from(concurrency) {
            Ok(0) | Err(_) => most,
            Ok(concurrency) => concurrency.min(most),
        };
        let results = vec![None; items.len()];
        self.threads[thread].group = Some(Box::new(Group {
            state,
            map: Some(map),
            items,
            next: 0,
            running: BTreeMap::new(),
            done: 0,
            results,
            concurrency,
            children,
        }));
        let previous = self.threads[thread].previous;
        self.start_iterations(thread, previous)
    }

    /// The items of a `Map` that has them in its input. Those of a distributed one may be the members of an object.
    fn items(&self, scene: &Scene, input: &Payload, state: &State, map: &Map) -> Result<MapItems, Fault> {
        let mut world = scene.world(input);
        let (value, expression) = match &map.items {
            Source::Input => (input.json().clone(), None),
            Source::Path(path) => (crate::asl::expression::world::required(&world, path)?, None),
            Source::Template(template) => {
                let expression = if let Template::Expression(expression) = template { Some(expression) } else { None };
                (template.evaluate(&mut world, "Items")?, expression)
            }
        };
        match (value, &map.items, expression) {
            (Json::Array(items), ..) => Ok(MapItems::of(items)),
            (Json::Object(members), ..) if map.distributed.is_some() => Ok(MapItems::of_object(members.iter())),
            (other, _, Some(expression)) => Err(unexpected(expression, "Items", "array", &other)),
            (_, Source::Path(path), _) => Err(no_array(path.text())),
            (_, Source::Input, _) if state.language == Language::JsonPath => Err(no_array("$")),
            (other, ..) => {
                Err(of_language(state.language, format!("Map state input must be an array but was: {other}")))
            }
        }
    }

    /// Starts as many iterations as may run at once.
    fn start_iterations(&mut self, thread: usize, previous: u64) -> Result<(), Fault> {
        loop {
            let group = self.group(thread);
            if group.next >= group.items.len() || group.running.len() >= group.concurrency {
                break;
            }
            let index = group.next;
            let (state, map, item) = (group.state, group.map, group.items[index].clone());
            let Some(map) = map else { break };
            let parent = Some(Parent { thread, index, visit: self.entered(thread).visit });
            let child = if self.group(thread).children.is_some() {
                self.start_child_execution(thread, map, item, parent)
            } else {
                let item = Rc::new(Item { index, key: None, value: item });
                let input = self.select(thread, state, map, &item)?;
                let name = Arc::clone(&state.name);
                let details = || Details::Iteration { name, index };
                let event = self.record_after(thread, previous, "MapIterationStarted", details);
                let (execution, variables) = (self.threads[thread].execution, self.threads[thread].variables.clone());
                self.spawn(map.scope(), execution, parent, input, variables, Some(item), event)
            };
            let group = self.group(thread);
            group.running.insert(index, child);
            group.next += 1;
        }
        let group = self.group(thread);
        if group.running.is_empty() && group.next >= group.items.len() {
            self.complete(thread);
        }
        Ok(())
    }

    /// The input of an iteration: the item, or what `ItemSelector` makes of it.
    pub(super) fn select(&self, thread: usize, state: &State, map: &Map, item: &Rc<Item>) -> Result<Payload, Fault> {
        let Some((selector, field)) = &map.item_selector else { return Ok(item.value.clone()) };
        let mut scene = self.scene(thread);
        scene.place.item = Some(Rc::clone(item));
        let input = effective_input(&scene, state)?;
        selector.evaluate(&mut scene.world(&input), field).and_then(Payload::computed)
    }

    /// Takes the output of a branch or an iteration.
    pub(super) fn child_succeeded(&mut self, child: usize, parent: Parent, output: Payload) {
        let last = self.threads[child].previous;
        let group = self.group(parent.thread);
        group.take(parent.index, output);
        let state = group.state;
        let is_parallel = group.map.is_none();
        if self.group(parent.thread).children.is_some() {
            self.end_child_execution(child);
            return self.next_iterations(parent.thread, None);
        }
        self.retire(child);
        if is_parallel {
            // The next event follows the last one of the branch that took longest.
            self.threads[parent.thread].previous = last;
            let group = self.group(parent.thread);
            if group.done == group.results.len() {
                self.complete(parent.thread);
            }
            return;
        }
        let details = || Details::Iteration { name: Arc::clone(&state.name), index: parent.index };
        let event = self.record_after(parent.thread, last, "MapIterationSucceeded", details);
        self.threads[parent.thread].previous = event;
        self.next_iterations(parent.thread, Some(last));
    }

    /// Starts the iterations that may run now; `after` is the event that an inline one follows.
    pub(super) fn next_iterations(&mut self, thread: usize, after: Option<u64>) {
        let previous = after.unwrap_or(self.threads[thread].previous);
        if let Err(fault) = self.start_iterations(thread, previous) {
            self.fail(thread, fault);
        }
    }

    /// Takes the failure of a branch or an iteration, which fails the state around it unless it is tolerated.
    pub(super) fn child_failed(&mut self, child: usize, parent: Parent, fault: Fault) {
        let last = self.threads[child].previous;
        if self.group(parent.thread).children.is_some() {
            return self.child_execution_failed(child, parent, fault);
        }
        let failed_in_task = matches!(self.state(child).kind, StateKind::Task(_));
        let group = self.group(parent.thread);
        group.running.remove(&parent.index);
        let (state, is_parallel) = (group.state, group.map.is_none());
        if is_parallel && failed_in_task {
            self.record_after(child, last, "TaskStateAborted", || Details::None);
        }
        self.retire(child);
        self.cut_from(parent.thread, last);
        if !is_parallel {
            let details = || Details::Iteration { name: Arc::clone(&state.name), index: parent.index };
            self.record_after(parent.thread, last, "MapIterationFailed", details);
        }
        self.threads[parent.thread].previous = last;
        self.threads[parent.thread].group = None;
        // The state inside has recorded the fault already.
        self.fail(parent.thread, Fault { kind: FaultKind::Reported, ..fault });
    }

    /// Ends the children that still run when one has failed. Their events follow the last one of that child.
    fn cut_from(&mut self, thread: usize, last: u64) {
        let Some(group) = self.threads[thread].group.as_mut() else { return };
        let (running, state, is_map) = (std::mem::take(&mut group.running), group.state, group.map.is_some());
        for (index, child) in running {
            if is_map {
                let details = || Details::Iteration { name: Arc::clone(&state.name), index };
                self.record_after(thread, last, "MapIterationAborted", details);
            }
            self.cut_from(child, last);
            if self.threads[child].entered.is_some() {
                let aborted = match self.state(child).kind {
                    StateKind::Task(_) => Some("TaskStateAborted"),
                    StateKind::Wait(_) => Some("WaitStateAborted"),
                    StateKind::Parallel { .. } => Some("ParallelStateAborted"),
                    StateKind::Map(_) => Some("MapStateAborted"),
                    _ => None,
                };
                if let Some(aborted) = aborted {
                    self.record_after(child, last, aborted, || Details::None);
                }
                self.mark(child, End::Aborted);
            }
            self.drop_thread(child);
        }
    }

    /// Ends a thread's children without an event.
    pub(super) fn cut(&mut self, thread: usize) {
        self.mark(thread, End::Aborted);
        self.cut_children(thread);
    }

    pub(super) fn cut_children(&mut self, thread: usize) {
        let Some(group) = self.threads[thread].group.take() else { return };
        for child in group.running.into_values() {
            self.cut(child);
            self.drop_thread(child);
        }
    }

    fn drop_thread(&mut self, thread: usize) {
        let execution = self.threads[thread].execution;
        if execution != 0 && self.executions[execution].thread == thread {
            self.end_child_execution(thread);
        } else {
            self.retire(thread);
        }
    }

    /// Completes a state whose branches or iterations are all done.
    fn complete(&mut self, thread: usize) {
        let group = self.group(thread);
        let (state, is_parallel) = (group.state, group.map.is_none());
        let results = std::mem::take(&mut group.results);
        let children = group.children.take();
        self.threads[thread].group = None;
        let event = if is_parallel { "ParallelStateSucceeded" } else { "MapStateSucceeded" };
        let previous = self.threads[thread].previous;
        let (result, previous) = match children {
            Some(children) => match self.end_map_run(thread, state, children, results) {
                Ok(ended) => ended,
                Err(fault) => return self.fail(thread, fault),
            },
            None => {
                let results =
                    results.into_iter().map(|result| result.map_or(Json::Null, |result| result.json().clone()));
                (Json::Array(results.collect()), previous)
            }
        };
        let succeeded = self.record_after(thread, previous, event, || Details::None);
        let results = Payload::new(result);
        self.visit(thread).succeed_attempt(results.share());
        self.pass_on_results(thread, results, succeeded);
    }
}

/// The fault of an `ItemsPath` that does not lead to an array.
fn no_array(path: &str) -> Fault {
    Fault::runtime(format!("Reference path \"{}\" must point to array.", path.replace("$$", "$")))
}
