//! `run --live`: a run whose tasks really call something.

use std::{
    path::PathBuf,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::SystemTime,
};

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::{
    asl::run::{Run, substitute},
    cli::{
        file,
        invocation::{Error, Stop},
    },
    json::Json,
    live::{Live, Settings},
    template::{Template, machine::state_machines},
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
    /// File with the physical ids of what is deployed, by logical id (JSON or YAML), or the output of `aws cloudformation
    /// describe-stack-resources`; in place of an id may stand {"PhysicalResourceId": …, "Attributes": {"Arn": …}}
    #[arg(long, value_name = "FILE", requires = "live")]
    pub resources: Option<PathBuf>,
    /// Name of the stack that is deployed: the AWS CLI is asked for its resources and parameters
    #[arg(long = "stack", value_name = "NAME", requires = "live")]
    pub deployed: Option<String>,
    /// Value of a parameter of the template; may be given several times [default: that of the stack, or of the template]
    #[arg(long, value_name = "KEY=VALUE", value_parser = parameter, requires = "live")]
    pub parameter: Vec<(String, String)>,
    /// Endpoint in place of AWS's, for the AWS CLI and the functions: of all services, or of one (rds-data=http://…); may
    /// be given several times
    #[arg(long, value_name = "[SERVICE=]URL", value_parser = endpoint, requires = "live")]
    pub endpoint_url: Vec<(Option<String>, String)>,
    /// Region [default: that of the stack, AWS_REGION, or us-east-1]
    #[arg(long, requires = "live")]
    pub region: Option<String>,
    /// Port of the endpoint that takes task tokens back, as `aws stepfunctions send-task-success --endpoint-url …` gives
    /// them, and hands out activities [default: any that is free]
    #[arg(long, value_name = "PORT", requires = "live", default_value_t = 0, hide_default_value = true)]
    pub callback_port: u16,
    /// Let functions and state machine have the credentials of their own roles, so that a missing permission shows
    #[arg(long, requires = "live")]
    pub assume_role: bool,
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

fn parameter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected the name of a parameter, `=` and its value")?;
    Ok((name.to_owned(), value.to_owned()))
}

fn endpoint(text: &str) -> Result<(Option<String>, String), String> {
    let expected = "expected a URL such as http://localhost:5000, or the name of a service, `=` and one";
    let is_url = |text: &str| text.starts_with("http://") || text.starts_with("https://");
    match text.split_once('=') {
        _ if is_url(text) => Ok((None, text.to_owned())),
        Some((service, url)) if is_url(url) && !service.is_empty() => Ok((Some(service.to_owned()), url.to_owned())),
        _ => Err(expected.to_owned()),
    }
}

/// What the runs of a command have in common: what they call, and that Ctrl-C ends them.
pub(super) struct Session {
    live: Live,
    real_time: bool,
    interrupt: Arc<AtomicBool>,
}

impl Session {
    /// A session that runs the functions of what is set, as the arguments say it.
    pub fn start(arguments: &Arguments, settings: Settings, machine: Option<&str>) -> Result<Self, Stop> {
        let interrupt = interrupt()?;
        let mut settings = settings.port(arguments.callback_port);
        for (function, path) in &arguments.code {
            settings = settings.code(function, path);
        }
        for (service, url) in &arguments.endpoint_url {
            settings = settings.endpoint(service.as_deref(), url);
        }
        for (name, value) in &arguments.parameter {
            settings = settings.parameter(name, value);
        }
        if let Some(file) = &arguments.resources {
            let wrong = |why: String| Error::new(format!("`{}`: {why}", file::name(file)));
            settings = settings.resources(&file::json(file)?).map_err(wrong)?;
        }
        if let Some(stack) = &arguments.deployed {
            settings = settings.stack(stack);
        }
        if let Some(region) = &arguments.region {
            settings = settings.region(region);
        }
        if arguments.assume_role {
            settings = settings.assume_roles(machine);
        }
        let live = settings.start().map_err(|problem| Error::new(problem.to_string()))?;
        Ok(Self { live, real_time: arguments.real_time, interrupt })
    }

    /// The definition with the values that its tokens have where the template is deployed, and why some have none.
    pub fn resolve(&self, template: &Template, machine: &str, definition: Json) -> (Json, Vec<String>) {
        let Some(machine) = state_machines(template).find(|it| it.logical_id == machine) else {
            return (definition, Vec::new());
        };
        let (mut values, mut problems) = (Vec::new(), Vec::new());
        for (token, value) in self.live.tokens(&machine, &definition) {
            match value {
                Ok(value) => values.push((token, value)),
                Err(problem) => problems.push(format!("`${{{token}}}` has no value: {problem}")),
            }
        }
        (substitute(definition, &values), problems)
    }

    /// Where a task's token is given back.
    pub fn callback_url(&self) -> String {
        self.live.callback_url()
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
