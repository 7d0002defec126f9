//! The wakes of the queue: the moments at which a thread goes on.

use std::{cmp::Ordering, sync::Arc};

use crate::{
    asl::{definition::Task, expression::time::Time, run::outside::Unavailable},
    json::Json,
};

/// A wake: a thread, the moment at which it goes on, and the reason.
pub(super) struct Wake<'a> {
    pub at: Time,
    pub order: u64,
    pub thread: usize,
    pub ticket: u64,
    pub reason: Reason<'a>,
}

/// The reason that a thread is woken for.
pub(super) enum Reason<'a> {
    /// The thread enters its state.
    Enter,
    /// The state is tried again.
    Attempt,
    /// A task's call has its reply.
    Answer(&'a Task, Box<Reply>),
    /// A task has run out of time.
    TimedOut(&'a Task),
    /// A `Wait` is over.
    Waited,
    /// The execution with that number has run out of time.
    Deadline { serial: u64 },
}

/// The reply to a call, as it is when its time has come.
#[derive(Debug)]
pub(super) enum Reply {
    Succeeded(Arc<Json>),
    Failed {
        error: Option<String>,
        cause: Option<String>,
    },
    TimedOut,
    /// The outside could not answer: the run stops.
    Unavailable(Unavailable),
}

impl PartialEq for Wake<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.order == other.order
    }
}

impl Eq for Wake<'_> {}

impl PartialOrd for Wake<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Wake<'_> {
    /// Orders wakes as the heap wants it: the earliest is the greatest, and of one moment the first that was put in.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.order).cmp(&(self.at, self.order))
    }
}
