//! The sandboxes that are there: warm ones are used again, and there are never too many.

use std::{
    io,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
};

use super::{
    super::guard::Guard,
    sandbox::{Ending, Plan, Sandbox},
};

/// Sandboxes that there are at once, of all functions together: each is a process, and this is one computer.
const MOST: usize = 64;

/// The sandboxes of all functions.
pub(super) struct Pool {
    state: Mutex<State>,
    changed: Condvar,
    /// Sandboxes that start at once: each takes a processor.
    most_starting: usize,
}

#[derive(Default)]
struct State {
    /// Those that wait for an event, with the number of their function; the last one was used last.
    idle: Vec<(usize, Sandbox)>,
    starting: usize,
    /// The number of invocations of each function, by its number.
    busy: Vec<usize>,
}

/// A place in the pool, which is free again when it is dropped.
pub(super) struct Place<'a> {
    pool: &'a Pool,
    function: usize,
}

impl Pool {
    pub fn new(functions: usize) -> Self {
        let state = State { busy: vec![0; functions], ..State::default() };
        let most_starting = thread::available_parallelism().map_or(2, usize::from) * 2;
        Self { state: Mutex::new(state), changed: Condvar::new(), most_starting }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a place for an invocation; none where the function has as many as are reserved for it.
    pub fn enter(&self, function: usize, reserved: Option<u64>) -> Option<Place<'_>> {
        let mut state = self.state();
        if reserved.is_some_and(|most| state.busy[function] as u64 >= most) {
            return None;
        }
        state.busy[function] += 1;
        Some(Place { pool: self, function })
    }

    /// Ends all sandboxes that wait.
    pub fn clear(&self) {
        let idle = std::mem::take(&mut self.state().idle);
        drop(idle);
    }
}

impl Place<'_> {
    /// A sandbox of the function: one that waits, or a new one as soon as there may be one.
    pub fn sandbox(&self, plan: &Plan, guard: &Arc<Guard>) -> io::Result<Result<Sandbox, (Ending, String)>> {
        let mut state = self.pool.state();
        loop {
            while let Some(position) = state.idle.iter().rposition(|(function, _)| *function == self.function) {
                let (_, sandbox) = state.idle.remove(position);
                if sandbox.is_alive() {
                    return Ok(Ok(sandbox));
                }
            }
            let running: usize = state.busy.iter().sum();
            if state.starting < self.pool.most_starting && running <= MOST {
                break;
            }
            state = self.pool.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.starting += 1;
        // Those that nobody has used for long make room.
        let running: usize = state.busy.iter().sum();
        let too_many = (state.idle.len() + running).saturating_sub(MOST).min(state.idle.len());
        let ended: Vec<_> = state.idle.drain(..too_many).collect();
        drop(state);
        drop(ended);
        let started = Sandbox::start(plan, guard);
        self.pool.state().starting -= 1;
        self.pool.changed.notify_all();
        started
    }

    /// Gives a sandbox back, which can take another event.
    pub fn give_back(&self, sandbox: Sandbox) {
        self.pool.state().idle.push((self.function, sandbox));
        self.pool.changed.notify_all();
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.pool.state().busy[self.function] -= 1;
        self.pool.changed.notify_all();
    }
}
