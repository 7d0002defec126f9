//! `run --inputs`: many executions, several at once.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc::channel,
    },
    thread,
    time::{Instant, SystemTime},
};

use chrono::{DateTime, Utc};
use serde_json::json;

use super::live::Session;
use crate::{
    asl::run::{Outcome, Run, Status},
    cli::{
        file::{name, text},
        invocation::{Done, Error, Invocation, Stop},
        progress::Progress,
    },
    json::Json,
};

/// The inputs of a file, a line each.
pub(super) fn inputs(file: &Path) -> Result<Vec<Json>, Error> {
    let text = text(file)?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let inputs = lines.map(|(number, line)| {
        serde_json::from_str(line)
            .map_err(|error| Error::new(format!("`{}`: line {} is not JSON: {error}", name(file), number + 1)))
    });
    inputs.collect()
}

/// Runs an execution for each input, and writes how each has ended, in their order.
pub(super) fn run(
    invocation: &mut Invocation<'_>,
    session: &Session,
    inputs: &[Json],
    jobs: u16,
    make: impl Fn(Json) -> Run + Sync,
) -> Done {
    let next = AtomicUsize::new(0);
    let (sender, receiver) = channel();
    let mut failed = 0;
    let written = thread::scope(|scope| {
        for _ in 0..usize::from(jobs).min(inputs.len()) {
            let (sender, make, next) = (sender.clone(), &make, &next);
            scope.spawn(move || {
                while let Some((number, input)) = take(next, inputs) {
                    if session.is_interrupted() {
                        return;
                    }
                    let (started, begin) = (SystemTime::now(), Instant::now());
                    let outcome = make(input.clone()).finish();
                    let line = line(&outcome, started, begin);
                    let succeeded = *outcome.status() == Status::Succeeded;
                    if sender.send((number, line, succeeded)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let (mut waiting, mut written, mut done) = (BTreeMap::new(), 0, 0);
        // Where the lines themselves are on the terminal, they say how far it is.
        let is_watched = invocation.screens.err.is_watched && !invocation.screens.out.is_watched;
        let mut progress = Progress::default();
        for (number, line, succeeded) in &receiver {
            done += 1;
            if is_watched {
                progress.of_executions(done, inputs.len());
            }
            failed += usize::from(!succeeded);
            waiting.insert(number, line);
            while let Some(line) = waiting.remove(&written) {
                written += 1;
                let done = writeln!(invocation.out, "{line}").and_then(|()| invocation.out.flush());
                if done.is_err() {
                    // Nobody reads it, so that nothing more is run.
                    next.store(inputs.len(), Ordering::Relaxed);
                    done?;
                }
            }
        }
        // Those that came before one that an interruption has kept from running.
        waiting.into_values().try_for_each(|line| writeln!(invocation.out, "{line}"))
    });
    written?;
    if session.is_interrupted() {
        return Err(Stop::Interrupted);
    }
    if failed > 0 {
        let _ = writeln!(invocation.err, "{failed} of {} executions did not succeed", inputs.len());
        return Err(Stop::Faulty);
    }
    Ok(())
}

/// The next input, with its number.
fn take<'a>(next: &AtomicUsize, inputs: &'a [Json]) -> Option<(usize, &'a Json)> {
    let number = next.fetch_add(1, Ordering::Relaxed);
    inputs.get(number).map(|input| (number, input))
}

/// How an execution has ended: `{status, output, error, cause, started, duration}`, the duration in seconds of real time.
fn line(outcome: &Outcome, started: SystemTime, begin: Instant) -> Json {
    let mut line = outcome.to_json();
    if let Json::Object(members) = &mut line {
        members.retain(|name, _| name != "events" && name != "logs");
    }
    if !outcome.diagnostics().is_empty() {
        line["diagnostics"] =
            outcome.diagnostics().iter().map(|it| it.to_string().into()).collect::<Vec<Json>>().into();
    }
    line["started"] = DateTime::<Utc>::from(started).format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string().into();
    line["duration"] = json!((begin.elapsed().as_secs_f64() * 1_000.0).round() / 1_000.0);
    line
}
