//! Progress: how far a long run is, on a terminal.

use std::{
    io::{self, Write},
    time::{Duration, Instant},
};

use crate::asl::run::Step;

/// How long a run takes before anything is shown, and how often it is shown anew.
const EVERY: Duration = Duration::from_millis(500);

/// Empties the line.
const CLEAR: &str = "\r\x1b[K";

/// The progress of one run, or of one check of many files.
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
    /// The watcher that shows a run's progress on stderr, a line of at most that many columns that is written over.
    pub fn of_stderr(mut self, width: usize) -> impl FnMut(Step<'_>) + 'static {
        // A terminal that is gone is nobody's concern.
        move |step| {
            if let Some(text) = self.text(step, width, Instant::now()) {
                let _ = write!(io::stderr(), "{text}");
            }
        }
    }

    /// Shows on stderr how many files of how many are done.
    pub fn of_files(&mut self, done: usize, all: usize) {
        self.of("checking", done, all, "files");
    }

    /// Shows on stderr how many executions of how many are done.
    pub fn of_executions(&mut self, done: usize, all: usize) {
        self.of("running", done, all, "executions");
    }

    fn of(&mut self, what: &str, done: usize, all: usize, things: &str) {
        if let Some(text) = self.count(what, done, all, things, Instant::now()) {
            let _ = write!(io::stderr(), "{text}");
        }
    }

    fn count(&mut self, what: &str, done: usize, all: usize, things: &str, now: Instant) -> Option<String> {
        if done == all {
            return self.is_shown.then(|| CLEAR.to_owned());
        }
        self.is_due(now).then(|| format!("{CLEAR}{what}: {done} of {all} {things}"))
    }

    /// Whether it is time to show something, which is shown then.
    fn is_due(&mut self, now: Instant) -> bool {
        let is_due = now.duration_since(self.shown) >= EVERY;
        if is_due {
            (self.shown, self.is_shown) = (now, true);
        }
        is_due
    }

    /// What is to be written now, if anything.
    fn text(&mut self, step: Step<'_>, width: usize, now: Instant) -> Option<String> {
        match step {
            Step::Ended => self.is_shown.then(|| CLEAR.to_owned()),
            Step::At { states, elapsed, running } => self.is_due(now).then(|| {
                let names = if running.is_empty() { String::new() } else { format!(": {}", running.join(", ")) };
                let text = format!("running: {states} states entered, {} s of virtual time{names}", elapsed.as_secs());
                // A line that is longer than the terminal cannot be written over, and a name may hold anything.
                let shown = text.chars().take(width.saturating_sub(1));
                let shown = shown.map(|letter| if letter.is_control() { '\u{fffd}' } else { letter });
                format!("{CLEAR}{}", shown.collect::<String>())
            }),
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
        let at = |states| Step::At { states, elapsed: Duration::from_secs(90), running: &[] };
        assert_eq!(progress.text(at(1), 80, start), None);
        assert_eq!(progress.text(Step::Ended, 80, start), None);
        let text = progress.text(at(2), 80, start + EVERY).unwrap();
        assert_eq!(text, "\r\x1b[Krunning: 2 states entered, 90 s of virtual time");
        assert_eq!(progress.text(at(3), 80, start + EVERY), None);
        assert_eq!(progress.text(Step::Ended, 80, start + EVERY), Some("\r\x1b[K".to_owned()));
    }

    #[test]
    fn the_tasks_that_run_are_named_as_far_as_there_is_room() {
        let mut progress = Progress::default();
        let due = progress.shown + EVERY;
        let step = Step::At { states: 2, elapsed: Duration::from_secs(3), running: &["Roast\u{1b}[2J", "Grind"] };
        let text = progress.text(step, 64, due).unwrap();
        assert_eq!(text, "\r\x1b[Krunning: 2 states entered, 3 s of virtual time: Roast\u{fffd}[2J, Grin");
    }

    #[test]
    fn of_many_files_it_is_shown_how_many_are_done() {
        let mut progress = Progress::default();
        let start = progress.shown;
        assert_eq!(progress.count("checking", 1, 300, "files", start), None);
        assert_eq!(progress.count("checking", 300, 300, "files", start), None);
        assert_eq!(
            progress.count("checking", 9, 300, "files", start + EVERY).as_deref(),
            Some("\r\x1b[Kchecking: 9 of 300 files")
        );
        assert_eq!(progress.count("checking", 300, 300, "files", start + EVERY).as_deref(), Some("\r\x1b[K"));
    }
}
