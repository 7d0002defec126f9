//! How threads end, and with them executions and the run.

use super::{Ended, Interpreter};
use crate::{
    asl::{
        expression::{fault::Fault, payload::Payload},
        run::{
            history::{Details, MAX_EVENTS},
            trace::End,
        },
    },
    diagnostic::Diagnostic,
};

impl Interpreter<'_> {
    /// Ends a thread that has come to the end of its scope.
    pub(super) fn finish(&mut self, thread: usize, output: Payload) {
        match self.threads[thread].parent {
            Some(parent) => self.child_succeeded(thread, parent, output),
            None => {
                self.record(thread, "ExecutionSucceeded", || Details::Output(output.share()));
                self.end(Ended::Succeeded(output.share()));
            }
        }
    }

    /// Ends a thread that has failed.
    pub(super) fn give_up(&mut self, thread: usize, fault: Fault) {
        match self.threads[thread].parent {
            Some(parent) => self.child_failed(thread, parent, fault),
            None => self.end_failed(thread, fault),
        }
    }

    /// Fails the execution that a thread belongs to, wherever in it the thread is.
    pub(super) fn abort_execution(&mut self, thread: usize, fault: Fault) {
        let root = self.executions[self.threads[thread].execution].thread;
        let previous = self.threads[thread].previous;
        match self.threads[root].parent {
            // The execution is that of an item.
            Some(parent) => {
                if root != thread {
                    self.mark(root, End::Aborted);
                }
                self.cut_children(root);
                self.child_failed(root, parent, fault);
            }
            None => {
                self.threads[root].previous = previous;
                self.end_failed(root, fault);
            }
        }
    }

    fn end_failed(&mut self, thread: usize, fault: Fault) {
        let Fault { error, cause, .. } = fault;
        self.record(thread, "ExecutionFailed", || Details::Error { error: error.clone(), cause: cause.clone() });
        self.end(Ended::Failed { error, cause });
    }

    /// Ends an execution, by its root thread, that has run out of time.
    pub(super) fn time_out(&mut self, thread: usize) {
        match self.threads[thread].parent {
            Some(parent) => {
                self.cut(thread);
                self.child_failed(thread, parent, Fault::reported(Some("States.Timeout".to_owned()), None));
            }
            None => {
                let details = || Details::Error { error: Some("States.Timeout".to_owned()), cause: None };
                self.record_after(thread, 0, "ExecutionTimedOut", details);
                self.end(Ended::TimedOut);
            }
        }
    }

    /// Ends the executions whose histories are full.
    pub(super) fn end_full_histories(&mut self) {
        while let Some((execution, serial)) = self.full.pop() {
            // The execution may have ended at the same moment.
            if self.executions[execution].serial != serial {
                continue;
            }
            self.executions[execution].history.make_room_for_end();
            let (thread, last) = (self.executions[execution].thread, self.executions[execution].history.last());
            if self.executions[execution].express {
                self.time_out(thread);
                continue;
            }
            self.threads[thread].previous = last;
            let cause = format!("The execution reached the maximum number of history events ({MAX_EVENTS}).");
            let fault = Fault::reported(Some("States.Runtime".to_owned()), Some(cause));
            self.abort_execution(thread, fault);
        }
    }

    /// Ends the run, unless it was stopped.
    pub(super) fn end(&mut self, ended: Ended) {
        if !matches!(self.ended, Some(Ended::Stopped(_))) {
            self.ended = Some(ended);
        }
    }

    /// Stops the run, for a reason that the service does not have.
    pub(super) fn stop(&mut self, diagnostic: Diagnostic) {
        self.stop_for(vec![diagnostic]);
    }

    /// Stops the run, for reasons that the service does not have.
    pub(super) fn stop_for(&mut self, diagnostics: Vec<Diagnostic>) {
        self.ended = Some(Ended::Stopped(diagnostics));
    }

    /// Stops the run, since someone outside wants that, as `StopExecution` does.
    pub(super) fn interrupt(&mut self) {
        let root = self.executions[0].thread;
        self.record_after(root, 0, "ExecutionAborted", || Details::Error { error: None, cause: None });
        self.stop_for(Vec::new());
    }

    /// Whether the run has ended, so that nothing more is to be done for it.
    pub(super) fn is_over(&self) -> bool {
        self.ended.is_some()
    }

    pub(super) fn mark(&mut self, thread: usize, end: End) {
        let now = self.now - self.settings.start;
        if let Some(entered) = &self.threads[thread].entered {
            let visit = &mut self.visits[entered.visit];
            visit.left = Some(now);
            visit.end = end;
        }
    }
}
