//! Live runs: an [`Outside`] that calls what the template deploys.
//!
//! [`Settings::start`] makes a [`Live`] of a template and of where code lies; [`Run::outside`](crate::asl::run::Run::outside)
//! takes it, and any number of runs may share one. On the command line it is `run --live`.
//!
//! ```
//! use formwork::{Stack, asl::run::Machine, aws::lambda::{Function, function::{Code, Runtime}}, json, live::Settings};
//!
//! let mut stack = Stack::new("greetings");
//! stack.add(
//!     "Greet",
//!     Function::new(
//!         Code::new().zip_file("def handler(event, context):\n    return 'Hello ' + event['name']"),
//!         "arn:aws:iam::123456789012:role/greet",
//!     )
//!     .function_name("greet")
//!     .runtime(Runtime::PYTHON_3_13)
//!     .handler("index.handler"),
//! );
//! let live = Settings::new().template(&stack.template()).start().unwrap();
//!
//! let machine = Machine::new(&json!({
//!     "StartAt": "Greet",
//!     "States": {"Greet": {
//!         "Type": "Task",
//!         "Resource": "arn:aws:lambda:us-east-1:123456789012:function:greet",
//!         "End": true,
//!     }},
//! }))
//! .unwrap();
//! let outcome = machine.run(json!({"name": "Ada"})).outside(live).finish();
//! assert_eq!(outcome.output(), "Hello Ada");
//! ```
//!
//! # Functions
//!
//! A function runs as Lambda runs it: a process that takes events from an endpoint of the Lambda runtime API, on loopback,
//! which only processes of the same user may talk to. Python and Node.js have a runtime of their own here, in the interpreter
//! that the `PATH` has; a program speaks the API itself. A process has one event at a time and stays warm; it is killed
//! when it takes longer than `Timeout` or, on Linux, more memory than `MemorySize`, what it has started included.
//!
//! The folder of the code is the current one, `HOME` and `TMPDIR` are a new one. Code that lies in a folder runs where it
//! is, and may write there, which Lambda does not let it. Stack traces name files as they are there, below `/var/task`.
//!
//! # What is as on AWS, and what is not
//!
//! * The versions of interpreters are those of this computer; the log says so where another one was asked for.
//! * Layers, extensions, `/opt`, file systems, VPCs and `EphemeralStorage` do not exist here, nor do versions and aliases:
//!   a function is what the template says.
//! * A response that is streamed comes as a whole.
//! * An invocation of the type `Event` is not repeated when it fails, and has no destination.
//! * A time-out is `Sandbox.Timedout`, as newer runtimes have it; older ones have `Lambda.Unknown`.
//! * A result that is no JSON is `Lambda.Unknown`. What the service makes of it is not documented.
//! * There are at most 64 processes; an invocation that finds no place waits, and its `Timeout` does not run meanwhile.

mod aws;
mod guard;
mod http;
mod identifier;
mod lambda;
mod request;
mod resources;

use std::{
    env,
    ffi::OsString,
    path::PathBuf,
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use self::{
    aws::Bridge,
    guard::Guard,
    lambda::{Functions, code_beside},
    request::Request,
    resources::Resources,
};
use crate::{
    asl::run::{Answer, Outside, TaskCall, Unavailable},
    template::Template,
};

/// The settings of a [`Live`]: the template whose functions it runs, and what is not in the template.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    template: Option<Template>,
    code: Vec<(String, PathBuf)>,
    folder: Option<PathBuf>,
}

/// An outside that calls what the template deploys: its functions in processes of their own, all else through the AWS
/// CLI. Clones are the same one; what it has started ends with the last of them.
#[derive(Clone)]
pub struct Live(Arc<Parts>);

/// The parts of a live outside, which all its runs share.
struct Parts {
    functions: Functions,
    bridge: Bridge,
    guard: Arc<Guard>,
    /// The number of functions that run and that nobody waits for.
    events: Mutex<usize>,
    fewer_events: Condvar,
}

impl Settings {
    /// No template, no code.
    pub fn new() -> Self {
        Self::default()
    }

    /// The template whose functions are run.
    pub fn template(mut self, template: &Template) -> Self {
        self.template = Some(template.clone());
        self
    }

    /// The folder of the template's file: code whose place the template says is a path from there.
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// The code of a function, where the template does not have it: a folder, a `.zip`, or a program that speaks the
    /// Lambda runtime API. The function is named by its logical id, its name or its ARN; one that the template does not have
    /// may take as long, and as much memory, as Lambda has at most.
    pub fn code(mut self, function: impl Into<String>, path: impl Into<PathBuf>) -> Self {
        self.code.push((function.into(), path.into()));
        self
    }

    /// Makes the outside. No function is started before it is called, and no reference resolved.
    pub fn start(self) -> Result<Live, Unavailable> {
        let guard = Guard::new();
        let guard = guard.map_err(|error| Unavailable::new(format!("a temporary folder cannot be made: {error}")))?;
        let (guard, resources) = (Arc::new(guard), Arc::new(Resources::new(self.template.as_ref())));
        let mut code = self.code;
        if let (Some(template), Some(folder)) = (&self.template, &self.folder) {
            // What was said goes before what is there.
            let beside = code_beside(template, folder).into_iter();
            let of_template: Vec<_> = beside.filter(|(id, _)| code.iter().all(|(name, _)| name != id)).collect();
            code.extend(of_template);
        }
        let functions = Functions::new(self.template.as_ref(), &code, &resources, &guard, surroundings())?;
        let (bridge, events) = (Bridge::new(), Mutex::new(0));
        Ok(Live(Arc::new(Parts { functions, bridge, guard, events, fewer_events: Condvar::new() })))
    }
}

/// What a function has of the environment of this program: the programs that are installed, the language, and what leads
/// to AWS. Nothing else is its concern.
fn surroundings() -> Vec<(OsString, OsString)> {
    const NAMES: [&str; 6] =
        ["PATH", "LANGUAGE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CA_BUNDLE"];
    let is_taken =
        |name: &str| NAMES.contains(&name) || name.starts_with("LC_") || name.starts_with("AWS_ENDPOINT_URL");
    env::vars_os().filter(|(name, _)| name.to_str().is_some_and(is_taken)).collect()
}

impl Live {
    /// Waits for the functions that were invoked as an `Event`, whose results nobody waits for, until the flag is set.
    pub fn wait_for_events(&self, interrupt: &AtomicBool) {
        const EVERY: Duration = Duration::from_millis(50);
        let mut events = self.0.events.lock().unwrap_or_else(PoisonError::into_inner);
        while *events > 0 && !interrupt.load(Ordering::Relaxed) {
            events = self.0.fewer_events.wait_timeout(events, EVERY).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Ends all that was started: processes, ports, temporary files. What is called after this fails.
    pub fn close(&self) {
        self.0.functions.close();
        self.0.guard.close();
    }
}

impl Parts {
    /// Answers a call, in as much time as it takes.
    fn call(self: &Arc<Self>, request: &Request) -> Result<Answer, Unavailable> {
        let Some(function) = self.functions.called_by(request) else { return self.bridge.call(request) };
        if Functions::is_event(request) {
            self.begin_event(function, request.clone());
            return self.answer_later(request, Functions::accepted());
        }
        let answer = self.functions.invoke(function, request)?;
        self.answer_later(request, answer)
    }

    /// The answer of a function, or where the task waits for its token, that of whoever gives it back. A call that failed
    /// waits for nobody.
    fn answer_later(&self, request: &Request, answer: Answer) -> Result<Answer, Unavailable> {
        match request.resource.ends_with(".waitForTaskToken") && !answer.is_error() {
            true => self.bridge.answer_of_token(request, answer),
            false => Ok(answer),
        }
    }

    /// Runs a function that nobody waits for.
    fn begin_event(self: &Arc<Self>, function: usize, request: Request) {
        *self.events.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        let parts = Arc::clone(self);
        let run = move || {
            // Whatever it comes to, nobody sees it.
            let _ = parts.functions.invoke(function, &request);
            *parts.events.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
            parts.fewer_events.notify_all();
        };
        if thread::Builder::new().name("event".to_owned()).spawn(run).is_err() {
            *self.events.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        }
    }
}

impl Outside for Live {
    fn call(&mut self, call: &TaskCall<'_>) -> Result<Answer, Unavailable> {
        let (parts, request) = (Arc::clone(&self.0), Request::new(call));
        Ok(Answer::background(move || parts.call(&request)))
    }
}
