//! `run --live`: a run whose tasks really call something.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::SystemTime,
};

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::{
    asl::run::Run,
    cli::invocation::{Error, Stop},
    live::{Live, Settings},
    template::Template,
};

/// The options of a live run.
#[derive(clap::Args)]
#[command(next_help_heading = "Live runs")]
#[group(id = "live_runs")]
pub(in crate::cli) struct Arguments {
    /// Call what the template deploys: its functions on this computer, all else through the AWS CLI. Mocks that are given
    /// answer first
    #[arg(long)]
    pub live: bool,
    /// Code of a function that is not in the template: a folder, a .zip, a script, or a program that speaks the Lambda
    /// runtime API; may be given several times
    #[arg(long, value_name = "FUNCTION=PATH", value_parser = code, requires = "live")]
    pub code: Vec<(String, PathBuf)>,
    /// Let waits and retries take their time, instead of skipping them
    #[arg(long, requires = "live")]
    pub real_time: bool,
    /// File with an input a line (JSON), or - for stdin: each is an execution, whose end is a line of JSON
    #[arg(long, value_name = "FILE", requires = "live", conflicts_with_all = ["input", "graph", "format"])]
    pub inputs: Option<PathBuf>,
    /// Executions of --inputs at once
    #[arg(long, value_name = "N", requires = "inputs", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1_000))]
    pub jobs: u16,
}

fn code(text: &str) -> Result<(String, PathBuf), String> {
    let (function, path) = text.split_once('=').ok_or("expected the name of a function, `=` and a path")?;
    match function {
        "" => Err("expected the name of a function before the `=`".to_owned()),
        function => Ok((function.to_owned(), path.into())),
    }
}

/// What the runs of a command have in common: what they call, and that Ctrl-C ends them.
pub(super) struct Session {
    live: Live,
    real_time: bool,
    interrupt: Arc<AtomicBool>,
}

impl Session {
    /// A session that runs the functions of a template, whose file is in that folder, if it is in one.
    pub fn start(arguments: &Arguments, template: Option<&Template>, folder: Option<&Path>) -> Result<Self, Stop> {
        let interrupt = interrupt()?;
        let mut settings = Settings::new();
        if let Some(template) = template {
            settings = settings.template(template);
        }
        if let Some(folder) = folder {
            settings = settings.folder(folder);
        }
        for (function, path) in &arguments.code {
            settings = settings.code(function, path);
        }
        let live = settings.start().map_err(|problem| Error::new(problem.to_string()))?;
        Ok(Self { live, real_time: arguments.real_time, interrupt })
    }

    /// A run that calls for real, and starts now.
    pub fn prepare(&self, run: Run) -> Run {
        let now = SystemTime::now();
        let since = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let start = DateTime::<Utc>::from(now).format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
        // Its name is unlike any other's, since what it leaves behind may be named after it.
        run.seed(since.as_nanos() as u64)
            .context(json!({"Execution": {"StartTime": start}}))
            .outside(self.live.clone())
            .real_time(self.real_time)
            .interrupt(Arc::clone(&self.interrupt))
    }

    pub fn is_interrupted(&self) -> bool {
        self.interrupt.load(Ordering::Relaxed)
    }

    /// Ends all that was started, once what nobody waits for has come to its end.
    pub fn end(&self) {
        if !self.is_interrupted() {
            self.live.wait_for_events(&self.interrupt);
        }
        self.live.close();
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.live.close();
    }
}

/// The flag that Ctrl-C and SIGTERM set. A second one ends the program at once; what it has started ends with it.
fn interrupt() -> Result<Arc<AtomicBool>, Error> {
    static FLAG: OnceLock<Arc<AtomicBool>> = OnceLock::new();
    if let Some(flag) = FLAG.get() {
        return Ok(Arc::clone(flag));
    }
    let flag = Arc::new(AtomicBool::new(false));
    let of_handler = Arc::clone(&flag);
    let handler = move || {
        if of_handler.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    };
    ctrlc::set_handler(handler).map_err(|error| Error::new(format!("Ctrl-C cannot be listened to: {error}")))?;
    Ok(Arc::clone(FLAG.get_or_init(|| flag)))
}
