//! Progress: how far a long run is, on a terminal.

use std::{
    io::{self, Write},
    time::{Duration, Instant},
};

use crate::asl::run::Step;

/// How long a run takes before anything is shown, and how often it is shown anew.
const EVERY: Duration = Duration::from_millis(500);

/// The progress of one run.
pub(super) struct Progress {
    shown: Instant,
    is_shown: bool,
}

impl Default for Progress {
    fn default() -> Self {
        Self { shown: Instant::now(), is_shown: false }
    }
}

impl Progress {
    /// The watcher that shows a run's progress on stderr, a line that is written over.
    pub fn of_stderr(mut self) -> impl FnMut(Step) + 'static {
        // A terminal that is gone is nobody's concern.
        move |step| {
            if let Some(text) = self.text(step, Instant::now()) {
                let _ = write!(io::stderr(), "{text}");
            }
        }
    }

    /// What is to be written now, if anything.
    fn text(&mut self, step: Step, now: Instant) -> Option<String> {
        match step {
            Step::Ended => self.is_shown.then(|| "\r\x1b[K".to_owned()),
            Step::At { states, elapsed } => {
                if now.duration_since(self.shown) < EVERY {
                    return None;
                }
                (self.shown, self.is_shown) = (now, true);
                Some(format!("\r\x1b[Krunning: {states} states entered, {} s of virtual time", elapsed.as_secs()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_shown_of_a_short_run_and_nothing_is_left_of_a_long_one() {
        let mut progress = Progress::default();
        let start = progress.shown;
        let at = |states| Step::At { states, elapsed: Duration::from_secs(90) };
        assert_eq!(progress.text(at(1), start), None);
        assert_eq!(progress.text(Step::Ended, start), None);
        let text = progress.text(at(2), start + EVERY).unwrap();
        assert_eq!(text, "\r\x1b[Krunning: 2 states entered, 90 s of virtual time");
        assert_eq!(progress.text(at(3), start + EVERY), None);
        assert_eq!(progress.text(Step::Ended, start + EVERY), Some("\r\x1b[K".to_owned()));
    }
}
