//! Calls that are answered in the background, and the clock while they are.

use std::{
    collections::{BTreeMap, VecDeque},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        atomic::Ordering,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::{Duration, Instant},
};

use super::{Interpreter, Step};
use crate::asl::{
    definition::{State, Task},
    expression::time::Time,
    run::outside::{Answer, AnswerContent, Unavailable, Work},
};

/// Calls that are answered at the same time: as many as an account of Lambda has at once, unless it asks for more.
const MOST_AT_ONCE: usize = 1_000;
/// How often a run that waits looks whether it is to end, and shows how far it is.
const EVERY: Duration = Duration::from_millis(50);

/// A call that has no answer yet.
pub(super) struct OpenCall<'a> {
    pub thread: usize,
    /// The ticket that the thread has for as long as it waits for this call.
    pub ticket: u64,
    pub state: &'a State,
    pub task: &'a Task,
    /// The moment at which the task times out.
    pub limit: Time,
    /// The virtual time that is to pass once the work is done.
    pub after: Duration,
}

/// The answer to the call of that number.
type Done = (u64, Result<Answer, Unavailable>);

/// The calls that are answered in the background.
pub(super) struct Background<'a> {
    open: BTreeMap<u64, OpenCall<'a>>,
    calls: u64,
    /// Work that waits for others to be done.
    waiting: VecDeque<(u64, Work)>,
    working: usize,
    sender: Sender<Done>,
    receiver: Receiver<Done>,
    /// The moment of the virtual clock at an instant of the real one, while that drives it.
    clock: Option<(Instant, Time)>,
}

impl<'a> Background<'a> {
    pub fn new() -> Self {
        let (sender, receiver) = channel();
        let (open, waiting) = (BTreeMap::new(), VecDeque::new());
        Self { open, calls: 0, waiting, working: 0, sender, receiver, clock: None }
    }

    /// Begins to answer a call.
    pub fn begin(&mut self, call: OpenCall<'a>, work: Work) {
        self.calls += 1;
        self.open.insert(self.calls, call);
        self.waiting.push_back((self.calls, work));
        self.work();
    }

    /// Gives work to threads, as far as there may be more of them.
    fn work(&mut self) {
        while self.working < MOST_AT_ONCE {
            let Some((number, work)) = self.waiting.pop_front() else { return };
            self.working += 1;
            let sender = self.sender.clone();
            let spawned = thread::Builder::new().name(format!("call {number}")).spawn(move || {
                // A run that is over takes no answer.
                let _ = sender.send((number, answer(work)));
            });
            if let Err(error) = spawned {
                let problem = format!("no thread can be started for a call: {error}; expected fewer at once");
                let _ = self.sender.send((number, Err(Unavailable::new(problem))));
            }
        }
    }

    /// The moment that the real clock says, while it drives the virtual one.
    fn moment(&self) -> Option<Time> {
        let (instant, time) = self.clock?;
        Some(time.saturating_add(Time::try_from(instant.elapsed().as_millis()).unwrap_or(Time::MAX)))
    }
}

/// Does the work, wherever it leads.
fn answer(work: Work) -> Result<Answer, Unavailable> {
    let mut done = Ok(AnswerContent::Background(work).into());
    while let Ok(Answer { content: AnswerContent::Background(Work(work)), .. }) = done {
        done = catch_unwind(AssertUnwindSafe(work))
            .unwrap_or_else(|_| Err(Unavailable::new("the work that answers a call has panicked; expected an answer")));
    }
    done
}

impl<'a> Interpreter<'a> {
    /// Takes the answers that are there.
    pub(super) fn take_answers(&mut self) {
        while let Ok(done) = self.background.receiver.try_recv() {
            self.take_answer(done);
        }
    }

    /// Lets real time pass up to that moment of the virtual clock, where it is real time that drives it. Gives false where
    /// an answer came first, or an end.
    pub(super) fn pass_time(&mut self, at: Time) -> bool {
        if !self.settings.real_time && !self.is_waiting_for_answers() {
            self.background.clock = None;
            return true;
        }
        let (instant, time) = *self.background.clock.get_or_insert_with(|| (Instant::now(), self.now));
        let pause = Duration::from_millis(u64::try_from(at.saturating_sub(time)).unwrap_or_default());
        loop {
            if self.is_interrupted() {
                return false;
            }
            // A moment beyond what the clock of this computer has does not come.
            let rest = instant.checked_add(pause).map_or(EVERY, |due| due.saturating_duration_since(Instant::now()));
            if rest.is_zero() {
                return true;
            }
            if let Ok(done) = self.background.receiver.recv_timeout(rest.min(EVERY)) {
                self.take_answer(done);
                return false;
            }
            self.watch();
        }
    }

    /// Whether someone has asked the run to end.
    pub(super) fn is_interrupted(&self) -> bool {
        self.settings.interrupt.as_ref().is_some_and(|interrupt| interrupt.load(Ordering::Relaxed))
    }

    /// Tells whoever watches how far the run is.
    pub(super) fn watch(&mut self) {
        let Some(watcher) = &mut self.watcher else { return };
        let now = self.background.moment().unwrap_or_default().max(self.now);
        let elapsed = Duration::from_millis(u64::try_from(now - self.settings.start).unwrap_or_default());
        let mut running: Vec<&str> = Vec::new();
        for call in self.background.open.values() {
            let of = &self.threads[call.thread];
            if of.alive && of.ticket == call.ticket && !running.contains(&&*call.state.name) {
                running.push(&call.state.name);
            }
            if running.len() == Step::MOST_NAMES {
                break;
            }
        }
        watcher(Step::At { states: self.visits.len(), elapsed, running: &running });
    }

    /// Whether an answer is outstanding that a thread waits for.
    fn is_waiting_for_answers(&mut self) -> bool {
        while let Some(first) = self.background.open.first_entry() {
            let call = first.get();
            let of = &self.threads[call.thread];
            if of.alive && of.ticket == call.ticket {
                return true;
            }
            // It has timed out, or its branch was cut off: what it is answered is dropped.
            first.remove();
        }
        false
    }

    fn take_answer(&mut self, (number, done): Done) {
        self.background.working -= 1;
        self.background.work();
        self.now = self.background.moment().unwrap_or_default().max(self.now);
        let Some(OpenCall { thread, ticket, state, task, limit, after }) = self.background.open.remove(&number) else {
            return;
        };
        let of = &self.threads[thread];
        if !of.alive || of.ticket != ticket {
            return;
        }
        let done = done.map(|answer| {
            let after = answer.after.saturating_add(after);
            answer.after(after)
        });
        // One that never comes, or too late, leaves the timeout in the queue.
        self.reply(thread, state, task, limit, done);
    }
}
