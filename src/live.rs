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
mod callback;
mod guard;
mod http;
mod identifier;
mod lambda;
mod nested;
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
    aws::{Bridge, Options},
    callback::Callbacks,
    guard::Guard,
    lambda::{Functions, Identity, code_beside},
    request::Request,
    resources::{Deployed, Given, Resources},
};
use crate::{
    asl::run::{Answer, Dataset, Heartbeat, ItemReader, Outside, TaskCall, Unavailable, tokens_of},
    asset::{Artifact, Workspace},
    json::Json,
    stack::Stack,
    template::{Template, machine::StateMachine},
};

/// The settings of a [`Live`]: the template whose functions it runs, and what is not in the template.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    template: Option<Template>,
    code: Vec<(String, PathBuf)>,
    given: Given,
    endpoints: Vec<(Option<String>, String)>,
    assume_roles: bool,
    machine: Option<String>,
    port: u16,
    folder: Option<PathBuf>,
    /// Code beside the template of a stack, by the logical ids of the functions.
    artifacts: Vec<(String, Arc<Artifact>)>,
}

/// An outside that calls what the template deploys: its functions in processes of their own, all else through the AWS
/// CLI. Clones are the same one; what it has started ends with the last of them.
#[derive(Clone)]
pub struct Live(Arc<Parts>);

/// The parts of a live outside, which all its runs share.
struct Parts {
    template: Option<Template>,
    functions: Functions,
    resources: Arc<Resources>,
    bridge: Arc<Bridge>,
    callbacks: Callbacks,
    guard: Arc<Guard>,
    /// The number of functions and executions that run and that nobody waits for.
    events: Mutex<usize>,
    fewer_events: Condvar,
}

impl Settings {
    /// No template, no code.
    pub fn new() -> Self {
        Self::default()
    }

    /// The template of a stack, and the code that is beside it: that of
    /// [`Code::asset`](crate::aws::lambda::function::Code::asset) runs where it lies, and what
    /// [`Code::cargo`](crate::aws::lambda::function::Code::cargo) names is built for this computer by [`start`](Self::start).
    pub fn of(stack: &Stack) -> Self {
        let artifacts = stack.artifacts().iter().filter_map(|(path, artifact)| {
            let id = path.segments().nth(1)?;
            Some((id.into_owned(), Arc::clone(artifact)))
        });
        Self { template: Some(stack.template()), artifacts: artifacts.collect(), ..Self::default() }
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

    /// The endpoint that the AWS CLI and the functions call, in place of AWS's own: of one service, by the name that the
    /// CLI has for it, or of all that have none.
    pub fn endpoint(mut self, service: Option<&str>, url: impl Into<String>) -> Self {
        self.endpoints.push((service.map(str::to_owned), url.into()));
        self
    }

    /// The region; unless it is set that of the stack, `AWS_REGION`, or `us-east-1`.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.given.region = Some(region.into());
        self
    }

    /// The value of a parameter of the template, in place of its default; or of what another stack exports under that
    /// name.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.given.parameters.push((name.into(), value.into()));
        self
    }

    /// The physical ids of resources by their logical ids, as an object, or what `describe-stack-resources` or
    /// `list-stack-resources` of the AWS CLI gave. In place of an id may stand an object with `PhysicalResourceId` and
    /// `Attributes`. The error says what is wrong with it.
    pub fn resources(mut self, json: &Json) -> Result<Self, String> {
        self.given.deployed = Deployed::read(json)?;
        Ok(self)
    }

    /// The stack that is deployed: the AWS CLI is asked for what its resources and parameters are.
    pub fn stack(mut self, name: impl Into<String>) -> Self {
        self.given.stack = Some(name.into());
        self
    }

    /// Lets the functions, and the calls of the state machine with that logical id, have the credentials of their own
    /// roles, which are assumed: what a role may not do fails here too.
    pub fn assume_roles(mut self, machine: Option<&str>) -> Self {
        self.assume_roles = true;
        self.machine = machine.map(str::to_owned);
        self
    }

    /// The port of the endpoint that takes the tokens of tasks back; any that is free unless it is set.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Makes the outside. No function is started before it is called, and no reference resolved.
    pub fn start(self) -> Result<Live, Unavailable> {
        let guard = Guard::new();
        let guard = guard.map_err(|error| Unavailable::new(format!("a temporary folder cannot be made: {error}")))?;
        let (guard, resources) = (Arc::new(guard), Arc::new(Resources::new(self.template.as_ref(), self.given)));
        let region = resources.region().to_owned();
        let bridge = Arc::new(Bridge::new(Options { endpoints: self.endpoints.clone(), region }, &guard));
        resources.ask_through(Arc::clone(&bridge));
        let template = self.template.as_ref();
        if let Some(machine) = self.machine.as_deref().filter(|_| self.assume_roles) {
            let properties = template.map(|template| &template.as_json()["Resources"][machine]["Properties"]);
            let role = properties.map(|it| it.get("RoleArn").unwrap_or(&it["Role"]));
            let role = role.map(|role| resources.value(role)).transpose()?;
            bridge.act_as(role.as_ref().and_then(Json::as_str));
        }
        let callbacks = {
            let (bridge, region) = (Arc::clone(&bridge), resources.region().to_owned());
            let others = move |operation: &str, input| bridge.ask("stepfunctions", operation, input, &region);
            let callbacks = Callbacks::new(self.port, Arc::new(others));
            callbacks.map_err(|error| Unavailable::new(format!("the port {} cannot be opened: {error}", self.port)))?
        };
        let mut environment = surroundings(&self.endpoints);
        environment.push(("AWS_ENDPOINT_URL_SFN".into(), callbacks.url().into()));
        let identity = Identity { bridge: Arc::clone(&bridge), assumes_roles: self.assume_roles };
        let mut code = self.code;
        if let (Some(template), Some(folder)) = (template, &self.folder) {
            // What was said goes before what is there.
            let beside = code_beside(template, folder).into_iter();
            let of_template: Vec<_> = beside.filter(|(id, _)| code.iter().all(|(name, _)| name != id)).collect();
            code.extend(of_template);
        }
        let unsaid = self.artifacts.into_iter().filter(|(id, _)| code.iter().all(|(name, _)| name != id));
        let unsaid = code_of(template, unsaid.collect())?;
        code.extend(unsaid);
        let functions = Functions::new(template, &code, &resources, &guard, environment, identity)?;
        let (template, events, fewer_events) = (self.template, Mutex::new(0), Condvar::new());
        Ok(Live(Arc::new(Parts { template, functions, resources, bridge, callbacks, guard, events, fewer_events })))
    }
}

/// Where the code of functions is that is beside a template, once cargo has built it.
fn code_of(
    template: Option<&Template>,
    artifacts: Vec<(String, Arc<Artifact>)>,
) -> Result<Vec<(String, PathBuf)>, Unavailable> {
    let kind = |id: &str| template.and_then(|template| template.as_json()["Resources"][id]["Type"].as_str());
    let functions = artifacts.into_iter().filter(|(id, _)| kind(id).is_some_and(|kind| kind.ends_with("::Function")));
    let (mut code, mut binaries) = (Vec::new(), Vec::new());
    for (id, artifact) in functions {
        if let Some(source) = artifact.source() {
            code.push((id, source.to_owned()));
        } else if let Some(binary) = artifact.binary() {
            binaries.push((id, binary.to_owned()));
        }
    }
    if !binaries.is_empty() {
        let wanted: Vec<_> = binaries.iter().map(|(_, binary)| (&**binary, None)).collect();
        let programs = Workspace::read().and_then(|workspace| workspace.build_for_host(&wanted, "dev"));
        let programs = programs.map_err(Unavailable::new)?;
        code.extend(binaries.into_iter().map(|(id, _)| id).zip(programs));
    }
    Ok(code)
}

/// A value as the text that stands in place of a token.
fn text_of(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What a function has of the environment of this program: the programs that are installed, the language, and what leads
/// to AWS. Nothing else is its concern.
fn surroundings(endpoints: &[(Option<String>, String)]) -> Vec<(OsString, OsString)> {
    const NAMES: [&str; 6] =
        ["PATH", "LANGUAGE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CA_BUNDLE"];
    let is_taken =
        |name: &str| NAMES.contains(&name) || name.starts_with("LC_") || name.starts_with("AWS_ENDPOINT_URL");
    let of_ours = env::vars_os().filter(|(name, _)| name.to_str().is_some_and(is_taken));
    let given = endpoints.iter().map(|(service, url)| {
        let service = service.as_ref().map(|name| format!("_{}", identifier::of_service(name)));
        (format!("AWS_ENDPOINT_URL{}", service.unwrap_or_default()).into(), url.into())
    });
    of_ours.chain(given).collect()
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

    /// The values of the tokens of a state machine's definition that nothing else gives a value: what its substitutions
    /// and its `Fn::Sub`s read of the deployment. Each with what keeps it from having one.
    pub(crate) fn tokens(
        &self,
        machine: &StateMachine<'_>,
        definition: &Json,
    ) -> Vec<(String, Result<String, Unavailable>)> {
        let text = definition.to_string();
        let mut left: Vec<&str> = tokens_of(&text).collect();
        left.sort_unstable();
        left.dedup();
        let resources = &self.0.resources;
        let read = left.into_iter().map(|token| {
            let given = machine.substitutions.iter().find(|(known, _)| *known == token);
            let reads = machine.definition.as_ref().ok().and_then(|definition| {
                definition.opaque.references().find(|(known, _)| *known == token).map(|(_, reads)| reads)
            });
            let value = match given {
                Some((_, value)) => resources.value(value),
                None => resources.read(reads.unwrap_or(token)),
            };
            (token.to_owned(), value.map(|value| text_of(&value)))
        });
        read.collect()
    }

    /// The address that takes the tokens of tasks back, and hands out the tasks of activities, as the API of Step
    /// Functions does: `aws stepfunctions send-task-success --endpoint-url …`.
    pub fn callback_url(&self) -> String {
        self.0.callbacks.url()
    }

    /// Ends all that was started: processes, ports, temporary files. What is called after this fails.
    pub fn close(&self) {
        self.0.callbacks.close();
        self.0.functions.close();
        self.0.guard.close();
    }
}

impl Parts {
    /// Answers a call, in as much time as it takes.
    fn call(self: &Arc<Self>, request: &Request, heartbeat: &Heartbeat) -> Result<Answer, Unavailable> {
        let is_activity = request.resource.split(':').nth(5) == Some("activity");
        let Some(token) = request.token.as_deref().filter(|_| is_activity || request.waits_for_token()) else {
            return self.answer(request);
        };
        // Whoever gets the token may be quicker than the call.
        let waiting = self.callbacks.expect(token);
        if is_activity {
            self.callbacks.offer(&request.resource, token, request.arguments.clone());
        } else {
            let answer = self.answer(request)?;
            if answer.is_error() {
                return Ok(answer);
            }
        }
        waiting.answer(|| heartbeat.send())
    }

    /// The answer of what is called itself, whatever the task then waits for.
    fn answer(self: &Arc<Self>, request: &Request) -> Result<Answer, Unavailable> {
        if let Some(function) = self.functions.called_by(request) {
            if !Functions::is_event(request) {
                return self.functions.invoke(function, request);
            }
            let request = request.clone();
            self.begin(move |parts| {
                // Whatever it comes to, nobody sees it.
                let _ = parts.functions.invoke(function, &request);
            });
            return Ok(Functions::accepted());
        }
        match self.nested(request)? {
            Some(nested) => self.run_nested(nested),
            None => self.bridge.call(request),
        }
    }

    /// Begins what nobody waits for.
    fn begin(self: &Arc<Self>, work: impl FnOnce(Arc<Self>) + Send + 'static) {
        *self.events.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        let parts = Arc::clone(self);
        let run = move || {
            work(Arc::clone(&parts));
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
        Ok(Answer::beating(move |heartbeat| parts.call(&request, &heartbeat)))
    }

    fn items(&mut self, reader: &ItemReader<'_>) -> Result<Dataset, Unavailable> {
        self.0.bridge.items(reader)
    }
}
