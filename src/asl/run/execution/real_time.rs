//! The clock while calls are answered in the background, and whatever else takes real time.

use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use super::{
    Interpreter, Step,
    background::{News, OpenCall},
    wake::Reason,
};
use crate::asl::{
    expression::time::Time,
    run::outside::{Answer, Unavailable},
};

/// How often a run that waits looks whether it is to end, and shows how far it is.
const EVERY: Duration = Duration::from_millis(50);

impl Interpreter<'_> {
    /// Takes the answers that are there.
    pub(super) fn take_answers(&mut self) {
        while self.background.is_working()
            && let Ok(news) = self.background.receiver.try_recv()
        {
            self.take(news);
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
            if let Ok(news) = self.background.receiver.recv_timeout(rest.min(EVERY)) {
                self.take(news);
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

    fn take(&mut self, news: News) {
        self.now = self.background.moment().unwrap_or_default().max(self.now);
        match news {
            News::Answer(number, answered) => self.take_answer(number, answered),
            News::Heartbeat(number) => self.take_heartbeat(number),
        }
    }

    fn take_answer(&mut self, number: u64, answered: Result<Answer, Unavailable>) {
        let Some(call) = self.background.end(number) else { return };
        let OpenCall { thread, ticket, state, task, limit, after, .. } = call;
        let of = &self.threads[thread];
        if !of.alive || of.ticket != ticket {
            return;
        }
        let answered = answered.map(|answer| {
            let after = answer.after.saturating_add(after);
            answer.after(after)
        });
        // One that never comes, or too late, leaves the timeout in the queue.
        self.reply(thread, state, task, limit, answered);
    }

    fn take_heartbeat(&mut self, number: u64) {
        let Some(call) = self.background.open.get_mut(&number) else { return };
        let (thread, task, Some(heartbeat)) = (call.thread, call.task, call.heartbeat) else { return };
        let of = &self.threads[thread];
        if !of.alive || of.ticket != call.ticket {
            return;
        }
        call.limit = call.deadline.min(self.now.saturating_add(heartbeat));
        let limit = call.limit;
        self.push(limit, thread, Reason::TimedOut(task));
        let ticket = self.threads[thread].ticket;
        if let Some(call) = self.background.open.get_mut(&number) {
            call.ticket = ticket;
        }
    }
}
