//! `run --replay`, `--events` and `--record`: histories of executions, in and out.

use std::path::PathBuf;

use serde_json::json;

use crate::{
    asl::run::{Machine, Outcome, Recording, Run},
    cli::{
        invocation::{Done, Invocation, Stop},
        mock, output,
    },
    json::ascii,
};

/// The options about histories.
#[derive(clap::Args)]
#[command(next_help_heading = "Histories")]
#[group(id = "histories")]
pub(super) struct Arguments {
    /// File with the history of an execution, as `aws stepfunctions get-execution-history` prints it: the machine runs on
    /// the answers of that execution, and where its way differs is told; the exit code is 1 then
    #[arg(long, value_name = "HISTORY", conflicts_with_all = ["input", "mock_config", "test_case", "live"])]
    pub replay: Option<PathBuf>,
    /// File to write the history to, as `get-execution-history` would print it
    #[arg(long, value_name = "FILE", conflicts_with = "inputs")]
    pub events: Option<PathBuf>,
    /// File to write mocks to (MockConfigFile.json) that answer the tasks as they were answered
    #[arg(long, value_name = "FILE", conflicts_with_all = ["inputs", "replay"])]
    pub record: Option<PathBuf>,
}

impl Arguments {
    /// Writes what is asked for of an execution.
    pub fn keep(&self, invocation: &mut Invocation<'_>, outcome: &Outcome, machine: Option<&str>) -> Done {
        let history = json!({"events": outcome.events()});
        if let Some(file) = &self.events {
            output::write(file, &(ascii(&history, true) + "\n"))?;
        }
        if let Some(file) = &self.record {
            let recording = Recording::parse(&history.to_string()).map_err(crate::cli::invocation::Error::new)?;
            let config = recording.mock_config(machine.unwrap_or("StateMachine"), "Recorded");
            mock::write(invocation, Some(file), &config)?;
        }
        Ok(())
    }
}

/// Replays an execution, and tells what differs.
pub(super) fn replay(
    invocation: &mut Invocation<'_>,
    file: &std::path::Path,
    arguments: &Arguments,
    machine: &Machine,
    is_json: bool,
    prepare: impl Fn(Run) -> Run,
) -> Done {
    let recording = mock::recording(file)?;
    let replay = machine.replay_with(&recording, prepare);
    let outcome = replay.outcome();
    arguments.keep(invocation, outcome, None)?;
    if is_json {
        let differences: Vec<_> = replay.differences().iter().map(|difference| difference.to_json()).collect();
        let mut json = outcome.to_json();
        json["differences"] = differences.into();
        writeln!(invocation.out, "{json:#}")?;
    } else {
        let screen = invocation.screens.out;
        write!(invocation.out, "{}", outcome.trace(screen.width, screen.colour))?;
        writeln!(invocation.out)?;
        match replay.differences() {
            [] => writeln!(invocation.out, "The way is that of the recording.")?,
            differences => {
                let plural = if differences.len() == 1 { "" } else { "s" };
                writeln!(invocation.out, "{} difference{plural} from the recording:", differences.len())?;
                for difference in differences {
                    writeln!(invocation.out, "  {difference}")?;
                }
            }
        }
    }
    if replay.differences().is_empty() { Ok(()) } else { Err(Stop::Faulty) }
}
