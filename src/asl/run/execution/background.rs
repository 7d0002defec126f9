//! The calls that are answered in the background, each on a thread of its own.

use std::{
    collections::{BTreeMap, VecDeque},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::{Duration, Instant},
};

use crate::asl::{
    definition::{State, Task},
    expression::time::Time,
    run::outside::{Answer, AnswerContent, Heartbeat, Unavailable, Work},
};

/// Calls that are answered at the same time: as many as an account of Lambda has at once, unless it asks for more.
const MOST_AT_ONCE: usize = 1_000;

/// A call that has no answer yet.
pub(super) struct OpenCall<'a> {
    pub thread: usize,
    /// The ticket that the thread has for as long as it waits for this call.
    pub ticket: u64,
    pub state: &'a State,
    pub task: &'a Task,
    /// The moment at which the task times out, whatever happens.
    pub deadline: Time,
    /// The milliseconds that it waits for a heartbeat, if it does.
    pub heartbeat: Option<Time>,
    /// The moment at which the task times out, as it is now.
    pub limit: Time,
    /// The virtual time that is to pass once the work is done.
    pub after: Duration,
}

/// News of the call of that number.
pub(super) enum News {
    Answer(u64, Result<Answer, Unavailable>),
    Heartbeat(u64),
}

/// The calls that are answered in the background.
pub(super) struct Background<'a> {
    pub open: BTreeMap<u64, OpenCall<'a>>,
    calls: u64,
    /// Work that waits for others to be done.
    waiting: VecDeque<(u64, Work)>,
    working: usize,
    sender: Sender<News>,
    pub receiver: Receiver<News>,
    /// The moment of the virtual clock at an instant of the real one, while that drives it.
    pub clock: Option<(Instant, Time)>,
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
                let beats = sender.clone();
                let heartbeat = Heartbeat(Arc::new(move || drop(beats.send(News::Heartbeat(number)))));
                // A run that is over takes no answer.
                let _ = sender.send(News::Answer(number, answer(work, &heartbeat)));
            });
            if let Err(error) = spawned {
                let problem = format!("no thread can be started for a call: {error}; expected fewer at once");
                let _ = self.sender.send(News::Answer(number, Err(Unavailable::new(problem))));
            }
        }
    }

    /// Whether anything can come of a thread.
    pub fn is_working(&self) -> bool {
        self.working > 0
    }

    /// Takes the call that an answer is for, unless nobody waits for it any more.
    pub fn end(&mut self, number: u64) -> Option<OpenCall<'a>> {
        self.working -= 1;
        self.work();
        self.open.remove(&number)
    }

    /// The moment that the real clock says, while it drives the virtual one.
    pub fn moment(&self) -> Option<Time> {
        let (instant, time) = self.clock?;
        Some(time.saturating_add(Time::try_from(instant.elapsed().as_millis()).unwrap_or(Time::MAX)))
    }
}

/// Does the work, wherever it leads.
fn answer(work: Work, heartbeat: &Heartbeat) -> Result<Answer, Unavailable> {
    let mut done = Ok(AnswerContent::Background(work).into());
    while let Ok(Answer { content: AnswerContent::Background(work), .. }) = done {
        done = catch_unwind(AssertUnwindSafe(|| work.finish(heartbeat.clone())))
            .unwrap_or_else(|_| Err(Unavailable::new("the work that answers a call has panicked; expected an answer")));
    }
    done
}
