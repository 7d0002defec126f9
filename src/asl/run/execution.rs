//! The interpreter: threads of states that a virtual clock wakes.
//!
//! A thread runs one scope, state after state: the workflow itself, a branch, or an iteration. Nothing waits in real
//! time: a wait is an entry of a queue, and the clock jumps to the next entry. Only calls that are answered in the
//! background take real time, and what asks for it.

mod alone;
mod background;
mod distributed;
mod end;
mod group;
mod inspection;
mod real_time;
mod result;
mod scene;
mod state;
mod task;
mod thread;
mod wake;

use std::{
    cell::RefCell,
    collections::{BinaryHeap, HashMap},
    rc::Rc,
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use super::{
    history::{Details, Event, History, MAX_EVENTS},
    outside::Outside,
    trace::Visit,
};
use crate::{
    asl::{
        definition::{Definition, State},
        expression::{
            fault::Fault,
            payload::Payload,
            random::Random,
            time::{Time, text},
            world::{Item, Variables},
        },
    },
    diagnostic::Diagnostic,
    json::Json,
};
use background::Background;
use inspection::Alone;
pub(super) use inspection::{Given, GroupReply};
use thread::{Entered, Execution, Parent, Thread};
use wake::{Reason, Wake};

/// Seconds that a standard execution may take: a year.
const STANDARD_SECONDS: i64 = 31_536_000;
/// Seconds that an express execution may take.
const EXPRESS_SECONDS: i64 = 300;
/// Events after which an express execution, which has no history, is taken for one that never ends.
const EXPRESS_EVENTS: u64 = 500_000;

/// Entries of the queue that a run may work off, those of the executions of a distributed `Map` included.
const MAX_STEPS: u64 = 10_000_000;
/// Retries of a state that may follow each other without an event, which the limit on events does not end.
const MAX_SILENT: u32 = 100;
/// Bytes of memory that a run may hold: all data stay in its history and its trace.
const MAX_HELD: usize = 1 << 30;

/// The settings of an execution.
pub(super) struct Settings {
    /// The context object, without what changes from state to state.
    pub context: Payload,
    pub region: String,
    pub express: bool,
    pub start: Time,
    pub seed: u64,
    /// Whether waits take real time.
    pub real_time: bool,
    /// The wish of someone outside that the run end.
    pub interrupt: Option<Arc<AtomicBool>>,
}

/// A step of a run, as someone who watches it sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step<'a> {
    /// The number of states that were entered, the virtual time since the start, and the first tasks that wait for an
    /// answer.
    At {
        states: usize,
        elapsed: Duration,
        running: &'a [&'a str],
    },
    Ended,
}

impl Step<'_> {
    /// Names of tasks that are told.
    pub const MOST_NAMES: usize = 8;
}

/// Someone who watches a run.
pub(super) type Watcher = Box<dyn FnMut(Step<'_>)>;

/// The end of an execution.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Ended {
    Succeeded(Arc<Json>),
    Failed {
        error: Option<String>,
        cause: Option<String>,
    },
    TimedOut,
    /// The run was stopped, for a reason that the service does not have.
    Stopped(Vec<Diagnostic>),
}

impl Ended {
    /// The output of an execution that succeeded.
    pub fn output(&self) -> Option<&Arc<Json>> {
        match self {
            Self::Succeeded(output) => Some(output),
            _ => None,
        }
    }
}

/// What a state left behind that was run alone.
pub(super) struct LeftAlone {
    pub ended: Ended,
    /// Name of the state that follows.
    pub next: Option<String>,
    /// The error that a catcher took.
    pub caught: Option<Fault>,
    /// Whether a retrier takes the error that it failed with.
    pub is_retried: bool,
    /// `inspectionData`.
    pub inspection: serde_json::Map<String, Json>,
}

/// The record of a run that is over.
pub(super) struct Ran {
    pub ended: Ended,
    pub history: History,
    pub visits: Vec<Visit>,
    pub took: Time,
}

pub(super) struct Interpreter<'a> {
    definition: &'a Definition,
    settings: &'a Settings,
    outside: &'a mut dyn Outside,
    /// The number of calls of each task, by the name of its state.
    calls: HashMap<&'a str, u32>,
    /// The source of the identifiers of requests.
    requests: Random,
    /// The executions: the first is that of the workflow, the others are those of items of distributed `Map`s.
    executions: Vec<Execution>,
    free_executions: Vec<usize>,
    /// The executions whose history has become full, with their serials.
    full: Vec<(usize, u64)>,
    threads: Vec<Thread<'a>>,
    free: Vec<usize>,
    queue: BinaryHeap<Wake<'a>>,
    background: Background<'a>,
    wakes: u64,
    tickets: u64,
    serials: u64,
    now: Time,
    random: Rc<RefCell<Random>>,
    visits: Vec<Visit>,
    /// Bytes of memory that the history and the trace hold, about.
    held: usize,
    ended: Option<Ended>,
    watcher: Option<Watcher>,
    /// What a state is given that is run alone.
    alone: Option<Alone>,
}

impl<'a> Interpreter<'a> {
    pub fn new(definition: &'a Definition, settings: &'a Settings, outside: &'a mut dyn Outside) -> Self {
        Self {
            definition,
            settings,
            outside,
            calls: HashMap::new(),
            requests: Random::new(0),
            executions: Vec::new(),
            free_executions: Vec::new(),
            full: Vec::new(),
            threads: Vec::new(),
            free: Vec::new(),
            queue: BinaryHeap::new(),
            background: Background::new(),
            wakes: 0,
            tickets: 0,
            serials: 0,
            now: settings.start,
            random: Rc::new(RefCell::new(Random::new(settings.seed))),
            visits: Vec::new(),
            held: 0,
            ended: None,
            watcher: None,
            alone: None,
        }
    }

    /// Tells someone now and then how far it is.
    pub fn watched(mut self, watcher: Option<Watcher>) -> Self {
        self.watcher = watcher;
        self
    }

    /// Runs the workflow to its end.
    pub fn run(mut self, input: Payload) -> Ran {
        let limit = if self.settings.express { EXPRESS_EVENTS } else { MAX_EVENTS };
        let role = self.settings.context.json().pointer("/Execution/RoleArn").and_then(Json::as_str).map(str::to_owned);
        let mut history = History::new(true, Some(limit));
        history.record(0, self.now, "ExecutionStarted", || Details::Started { input: input.share(), role });
        self.open_execution(history, self.settings.context.clone(), self.settings.express);
        let thread = self.spawn(0, 0, None, input, Variables::default(), None, 0);
        let longest = if self.settings.express { EXPRESS_SECONDS } else { STANDARD_SECONDS };
        let seconds = self.definition.timeout_seconds.unwrap_or(longest).clamp(0, longest);
        self.push_deadline(thread, seconds);
        self.work_off();
        if let Some(watcher) = &mut self.watcher {
            watcher(Step::Ended);
        }
        let took = self.now - self.settings.start;
        // The deadline is always in the queue, so that the loop ends with an end.
        let ended = self.ended.unwrap_or(Ended::TimedOut);
        let history = self.executions.swap_remove(0).history;
        Ran { ended, history, visits: self.visits, took }
    }

    /// Wakes threads until there is an end.
    fn work_off(&mut self) {
        while self.ended.is_none() {
            self.take_answers();
            let Some(at) = self.queue.peek().map(|wake| wake.at) else { break };
            let is_due = self.pass_time(at);
            if self.is_interrupted() {
                self.interrupt();
                break;
            }
            // An answer that came first may have put something before it.
            if !is_due {
                continue;
            }
            let Some(wake) = self.queue.pop() else { break };
            if self.wakes > MAX_STEPS {
                self.stop(beyond(format!("the run goes on after {MAX_STEPS} steps; expected fewer")));
                break;
            }
            self.now = self.now.max(wake.at);
            self.watch();
            self.wake(wake);
            self.end_full_histories();
        }
    }

    fn wake(&mut self, wake: Wake<'a>) {
        let Wake { thread, ticket, reason, .. } = wake;
        if let Reason::Deadline { serial } = reason {
            let execution = self.threads[thread].execution;
            if self.threads[thread].alive && self.executions[execution].serial == serial {
                self.time_out(thread);
            }
            return;
        }
        let of_now = &self.threads[thread];
        if !of_now.alive || of_now.ticket != ticket {
            return;
        }
        match reason {
            Reason::Enter => self.enter(thread),
            Reason::Attempt => self.attempt(thread),
            Reason::Answer(task, reply) => self.answer(thread, task, *reply),
            Reason::TimedOut(task) => self.task_timed_out(thread, task),
            Reason::Waited => self.waited(thread),
            Reason::Deadline { .. } => {}
        }
    }

    /// Puts a wake into the queue. The thread's earlier wakes count no more, but for the deadline of its execution.
    fn push(&mut self, at: Time, thread: usize, reason: Reason<'a>) {
        self.wakes += 1;
        if !matches!(reason, Reason::Deadline { .. }) {
            self.tickets += 1;
            self.threads[thread].ticket = self.tickets;
        }
        let ticket = self.threads[thread].ticket;
        self.queue.push(Wake { at, order: self.wakes, thread, ticket, reason });
    }

    /// Puts the deadline of an execution, by its root thread, into the queue.
    fn push_deadline(&mut self, thread: usize, seconds: i64) {
        let at = self.now.saturating_add(seconds.saturating_mul(1_000));
        let serial = self.executions[self.threads[thread].execution].serial;
        self.push(at, thread, Reason::Deadline { serial });
    }

    /// Opens an execution; its root thread is set when there is one.
    fn open_execution(&mut self, history: History, context: Payload, express: bool) -> usize {
        self.serials += 1;
        let execution = Execution { history, context, express, thread: 0, serial: self.serials };
        match self.free_executions.pop() {
            Some(at) => {
                self.executions[at] = execution;
                at
            }
            None => {
                self.executions.push(execution);
                self.executions.len() - 1
            }
        }
    }

    fn close_execution(&mut self, execution: usize) {
        self.executions[execution].serial = 0;
        self.free_executions.push(execution);
    }

    /// Makes a thread at the start of a scope, and wakes it at once.
    #[expect(clippy::too_many_arguments, reason = "each is a part of what a thread begins with, and has no other use")]
    fn spawn(
        &mut self,
        scope: usize,
        execution: usize,
        parent: Option<Parent>,
        input: Payload,
        variables: Variables,
        item: Option<Rc<Item>>,
        previous: u64,
    ) -> usize {
        let scope = &self.definition.scopes[scope];
        let thread = Thread {
            ticket: 0,
            alive: true,
            execution,
            scope,
            parent,
            state: scope.start(),
            entered: None,
            previous,
            input,
            variables,
            item,
            group: None,
        };
        let id = match self.free.pop() {
            Some(id) => {
                self.threads[id] = thread;
                id
            }
            None => {
                self.threads.push(thread);
                self.threads.len() - 1
            }
        };
        self.push(self.now, id, Reason::Enter);
        id
    }

    fn state(&self, thread: usize) -> &'a State {
        let thread = &self.threads[thread];
        &thread.scope.states[thread.state]
    }

    /// Records an event that follows the thread's last one, and becomes its last.
    fn record(&mut self, thread: usize, kind: &'static str, details: impl FnOnce() -> Details) -> u64 {
        let previous = self.threads[thread].previous;
        let event = self.record_after(thread, previous, kind, details);
        self.threads[thread].previous = event;
        event
    }

    /// Records an event that is not the thread's last: none of its later events follows it.
    fn record_after(
        &mut self,
        thread: usize,
        previous: u64,
        kind: &'static str,
        details: impl FnOnce() -> Details,
    ) -> u64 {
        let execution = self.threads[thread].execution;
        let of = &mut self.executions[execution];
        let event = of.history.record(previous, self.now, kind, details);
        if of.history.has_become_full() {
            self.full.push((execution, of.serial));
        }
        self.hold(size_of::<Event>());
        event
    }

    /// Counts bytes that stay in memory until the run is over.
    fn hold(&mut self, bytes: usize) {
        self.held = self.held.saturating_add(bytes);
        if self.held > MAX_HELD && !self.is_over() {
            self.stop(beyond(format!("the data of the run take more than {MAX_HELD} bytes of memory; expected less")));
        }
    }

    fn hold_payload(&mut self, payload: &Payload) {
        self.hold(payload.new_memory());
    }

    fn entered(&mut self, thread: usize) -> &mut Entered {
        let entered = self.threads[thread].entered.as_mut();
        entered.expect("a thread is woken in a state that it has entered")
    }

    fn visit(&mut self, thread: usize) -> &mut Visit {
        let visit = self.entered(thread).visit;
        &mut self.visits[visit]
    }

    /// Retires a thread that has nothing more to do; its place is used again.
    fn retire(&mut self, thread: usize) {
        let of = &mut self.threads[thread];
        of.alive = false;
        of.entered = None;
        of.group = None;
        self.free.push(thread);
    }

    /// The moment in the form of `$$.State.EnteredTime`.
    fn moment(&self) -> String {
        text(self.now)
    }
}

/// The diagnostic of a run that goes beyond what a computer has.
fn beyond(problem: String) -> Diagnostic {
    Diagnostic::error("F3006", "", problem).help("give it less to do, or an end: this is no limit of the service")
}
