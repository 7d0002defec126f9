//! `run --live`: the options of a run whose tasks really call something.

use std::path::PathBuf;

/// The options of a live run.
#[derive(clap::Args)]
pub(in crate::cli) struct Arguments {
    /// Call what the template deploys: its functions on this computer, all else through the AWS CLI. Mocks that are given
    /// answer first
    #[arg(long)]
    pub live: bool,
    /// Code of a function that is not in the template: a folder, a .zip, or a program that speaks the Lambda runtime API;
    /// may be given several times
    #[arg(long, value_name = "FUNCTION=PATH", value_parser = code, requires = "live")]
    pub code: Vec<(String, PathBuf)>,
    /// Let waits and retries take their time, instead of skipping them
    #[arg(long, requires = "live")]
    pub real_time: bool,
    /// File with an input a line (JSON), or - for stdin: each is an execution, and its end a line of JSON
    #[arg(long, value_name = "FILE", requires = "live", conflicts_with = "input")]
    pub inputs: Option<PathBuf>,
    /// Executions of --inputs at once
    #[arg(long, value_name = "N", requires = "inputs", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1_000))]
    pub jobs: u16,
}

fn code(text: &str) -> Result<(String, PathBuf), String> {
    let (function, path) = text.split_once('=').ok_or("expected the name of a function, `=` and a path")?;
    Ok((function.to_owned(), path.into()))
}
