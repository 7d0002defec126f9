//! The data of executions: their threads, and what a thread keeps of its state and of the threads below it.

use std::{collections::BTreeMap, rc::Rc};

use crate::{
    asl::{
        definition::{Map, Scope, State},
        expression::{
            payload::Payload,
            time::Time,
            world::{Item, Variables},
        },
        run::history::History,
    },
    json::Json,
};

/// An execution: that of the workflow, or that of an item of a distributed `Map`.
pub(super) struct Execution {
    pub history: History,
    pub context: Payload,
    pub express: bool,
    /// The root thread, which runs the workflow of the execution.
    pub thread: usize,
    /// A number that no other execution has, since places are used again.
    pub serial: u64,
}

/// A thread: a scope that is being run.
pub(super) struct Thread<'a> {
    /// The number of what the thread waits for: a wake with another number is out of date.
    pub ticket: u64,
    pub alive: bool,
    pub execution: usize,
    pub scope: &'a Scope,
    pub parent: Option<Parent>,
    /// Index of the state that the thread is in, or enters next.
    pub state: usize,
    pub entered: Option<Entered>,
    /// Number of the thread's last event, which the next one follows.
    pub previous: u64,
    pub input: Payload,
    pub variables: Variables,
    pub item: Option<Rc<Item>>,
    /// The branches or iterations of the state that the thread is in.
    pub group: Option<Box<Group<'a>>>,
}

/// The place in a parent that a thread hands its output to.
#[derive(Clone, Copy)]
pub(super) struct Parent {
    pub thread: usize,
    /// Number of the branch or of the iteration.
    pub index: usize,
    pub visit: usize,
}

/// A state that a thread is in.
pub(super) struct Entered {
    pub event: u64,
    pub at: Time,
    pub visit: usize,
    /// The number of retries of each retrier.
    pub retries: Vec<u32>,
    pub retry_count: u32,
    /// Number of the last event of the execution when the state was tried last.
    pub recorded: u64,
    /// The number of retries that followed each other without an event.
    pub silent: u32,
    pub token: Option<String>,
}

/// A group: the threads of a state's branches or iterations.
pub(super) struct Group<'a> {
    pub state: &'a State,
    /// None for a `Parallel`.
    pub map: Option<&'a Map>,
    /// The items of the iterations.
    pub items: Vec<Payload>,
    /// Index of the first iteration that was not started.
    pub next: usize,
    /// The threads that run, by the number of their branch or iteration.
    pub running: BTreeMap<usize, usize>,
    pub done: usize,
    pub results: Vec<Option<Payload>>,
    pub concurrency: usize,
    /// The executions of the items, where the `Map` is distributed.
    pub children: Option<Children>,
}

impl Group<'_> {
    /// Takes what a branch or an iteration leaves in its place of the result.
    pub fn take(&mut self, index: usize, result: Payload) {
        self.running.remove(&index);
        self.done += 1;
        if let Some(place) = self.results.get_mut(index) {
            *place = Some(result);
        }
    }
}

/// The child workflow executions of a distributed `Map`.
pub(super) struct Children {
    /// ARN of the Map Run: `arn:…:mapRun:machine/label:uuid`.
    pub arn: String,
    /// The context object of the executions, without what is each one's own.
    pub context: Json,
    /// The beginning of the ARNs of the executions.
    pub executions: String,
    /// Items of the executions that failed: a batch counts with all of its items.
    pub failed: usize,
    /// Items of all executions.
    pub total: usize,
    /// `ToleratedFailureCount` and `ToleratedFailurePercentage`; 0 is as good as not set.
    pub tolerated: (Option<i64>, Option<f64>),
    pub express: bool,
}

impl Children {
    /// Executions that run at once, where `MaxConcurrency` sets no lower limit.
    pub const CONCURRENCY: usize = 10_000;

    /// Whether more items have failed than the state tolerates.
    pub fn too_many_failed(&self) -> bool {
        Self::are_too_many(self.failed, self.total, self.tolerated)
    }

    /// Whether so many failed items of all are more than `ToleratedFailureCount` and `ToleratedFailurePercentage` allow.
    pub fn are_too_many(failed: usize, total: usize, (count, percentage): (Option<i64>, Option<f64>)) -> bool {
        let failed = failed as i64;
        let (count, percentage) = (count.filter(|count| *count > 0), percentage.filter(|percentage| *percentage > 0.0));
        let beyond_count = count.is_some_and(|count| failed > count);
        let beyond_percentage = percentage.is_some_and(|percentage| failed as f64 * 100.0 > percentage * total as f64);
        let beyond_nothing = count.is_none() && percentage.is_none() && failed > 0;
        beyond_count || beyond_percentage || beyond_nothing
    }
}
