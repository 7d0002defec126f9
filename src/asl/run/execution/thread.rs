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

/// An execution of its own: the workflow, or an item of a distributed `Map`.
pub(super) struct Execution {
    pub history: History,
    pub context: Payload,
    pub express: bool,
    /// The thread that runs the whole of it.
    pub thread: usize,
    /// What no other execution has.
    pub serial: u64,
}

/// A scope that is being run.
pub(super) struct Thread<'a> {
    /// What a wake must know to be for this thread, in this wait.
    pub ticket: u64,
    pub alive: bool,
    pub execution: usize,
    pub scope: &'a Scope,
    pub parent: Option<Parent>,
    /// The state that is entered, or will be.
    pub state: usize,
    pub entered: Option<Entered>,
    /// Number of the event that the next one follows.
    pub previous: u64,
    pub input: Payload,
    pub variables: Variables,
    pub item: Option<Rc<Item>>,
    /// The thread's branches or iterations.
    pub group: Option<Box<Group<'a>>>,
}

/// Where a thread hands its output to.
#[derive(Clone, Copy)]
pub(super) struct Parent {
    pub thread: usize,
    /// Number of the branch or of the iteration.
    pub index: usize,
    pub visit: usize,
}

/// A state that was entered.
pub(super) struct Entered {
    pub event: u64,
    pub at: Time,
    pub visit: usize,
    /// How often each retrier has tried again.
    pub retries: Vec<u32>,
    pub retry_count: u32,
    /// Number of the last event when it was tried last.
    pub recorded: u64,
    /// How often it was tried again without an event in between.
    pub silent: u32,
    pub token: Option<String>,
}

/// The branches or iterations of a state.
pub(super) struct Group<'a> {
    pub state: &'a State,
    /// None for a `Parallel`.
    pub map: Option<&'a Map>,
    /// What the iterations are made from.
    pub items: Vec<Payload>,
    /// The first that was not started.
    pub next: usize,
    /// The threads that run, by the number of their branch or iteration.
    pub running: BTreeMap<usize, usize>,
    pub done: usize,
    pub results: Vec<Option<Payload>>,
    pub concurrency: usize,
    /// Of a distributed `Map`: the executions of its items.
    pub children: Option<Children>,
}

impl Group<'_> {
    /// One is over without a result.
    pub fn lose(&mut self, index: usize) {
        self.running.remove(&index);
        self.done += 1;
    }
}

/// What a distributed `Map` keeps of the executions of its items.
pub(super) struct Children {
    /// `arn:…:mapRun:machine/label:uuid`.
    pub arn: String,
    /// The context object of the executions, without what is each one's own.
    pub context: Json,
    /// What their ARNs begin with.
    pub executions: String,
    pub failed: usize,
    pub total: usize,
    /// `ToleratedFailureCount` and `ToleratedFailurePercentage`.
    pub tolerated: (Option<i64>, Option<f64>),
    pub express: bool,
}

impl Children {
    /// Executions that run at once, where the state sets no limit of its own.
    pub const CONCURRENCY: usize = 10_000;

    /// Whether more have failed than may.
    pub fn too_many_failed(&self) -> bool {
        let failed = self.failed as i64;
        let (count, percentage) = self.tolerated;
        let beyond_count = count.is_some_and(|count| failed > count);
        let beyond_percentage =
            percentage.is_some_and(|percentage| failed as f64 * 100.0 > percentage * self.total as f64);
        let beyond_nothing = self.tolerated == (None, None) && failed > 0;
        beyond_count || beyond_percentage || beyond_nothing
    }
}
