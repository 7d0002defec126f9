//! The functions of the template, each in processes of its own that speak the Lambda runtime API.

mod code;
mod failure;
mod function;
mod log;
mod memory;
mod pool;
mod runtime_api;
mod runtimes;
mod sandbox;

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
    time::{Duration, Instant, SystemTime},
};

use chrono::{DateTime, Utc};
use serde::de::IgnoredAny;
use serde_json::json;

pub(super) use self::function::code_beside;
use self::{
    function::{Configuration, Function, Runtime, functions},
    pool::Pool,
    runtime_api::{Given, Invocation, MOST_RESULT},
    runtimes::Runtimes,
    sandbox::{Ending, Plan, Sandbox},
};
use super::{
    aws::Bridge,
    guard::Guard,
    identifier::{hexadecimal, uuid},
    request::Request,
    resources::Resources,
};
use crate::{
    asl::run::{Answer, Unavailable},
    json::Json,
    template::Template,
};

/// Bytes that a task may be answered with.
const MOST_STATE: usize = 262_144;

/// The functions that can be invoked here.
pub(super) struct Functions {
    functions: Vec<Entry>,
    pool: Pool,
    runtimes: Runtimes,
    resources: Arc<Resources>,
    guard: Arc<Guard>,
    /// Variables that every function has: `PATH`, credentials, endpoints.
    environment: Vec<(OsString, OsString)>,
    identity: Identity,
}

/// Whose credentials the functions have.
pub(super) struct Identity {
    pub bridge: Arc<Bridge>,
    /// Whether each has those of its own role.
    pub assumes_roles: bool,
}

impl Identity {
    /// The variables with the credentials of a function of that role. Those that are in the environment are there
    /// already.
    fn variables(
        &self,
        role: Option<&str>,
        environment: &[(OsString, OsString)],
    ) -> Result<Vec<(OsString, OsString)>, Unavailable> {
        let credentials = match role.filter(|_| self.assumes_roles) {
            Some(role) => self.bridge.credentials(Some(role))?,
            None => {
                if environment.iter().any(|(name, _)| name == "AWS_ACCESS_KEY_ID") || !has_profile() {
                    return Ok(Vec::new());
                }
                // A function that calls nothing needs none.
                let Ok(credentials) = self.bridge.credentials(None) else { return Ok(Vec::new()) };
                credentials
            }
        };
        let token = credentials.token.unwrap_or_default();
        let variables = [
            ("AWS_ACCESS_KEY_ID", credentials.key),
            ("AWS_SECRET_ACCESS_KEY", credentials.secret),
            ("AWS_SESSION_TOKEN", token),
        ];
        let variables = variables.into_iter().filter(|(_, value)| !value.is_empty());
        Ok(variables.map(|(name, value)| (name.into(), value.into())).collect())
    }
}

/// Whether the AWS CLI may have credentials that are not in the environment.
fn has_profile() -> bool {
    const NAMES: [&str; 4] = [
        "AWS_PROFILE",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    ];
    let in_home = |file: &str| env::home_dir().is_some_and(|home| home.join(".aws").join(file).exists());
    NAMES.iter().any(|name| env::var_os(name).is_some()) || in_home("config") || in_home("credentials")
}

/// A function, and what was made of it when it was first invoked.
struct Entry {
    function: Function,
    plan: OnceLock<Result<Arc<Planned>, Unavailable>>,
}

/// How a function is started.
struct Planned {
    plan: Plan,
    configuration: Configuration,
    /// What is to be said in the log of a new sandbox.
    note: Option<String>,
}

/// What an invocation has led to.
struct Invoked {
    request_id: String,
    trace_id: String,
    /// What the function has returned, or the payload of its error.
    payload: Result<Vec<u8>, Vec<u8>>,
    log: String,
}

impl Functions {
    pub fn new(
        template: Option<&Template>,
        code: &[(String, PathBuf)],
        resources: &Arc<Resources>,
        guard: &Arc<Guard>,
        environment: Vec<(OsString, OsString)>,
        identity: Identity,
    ) -> Result<Self, Unavailable> {
        let functions = functions(template, code, resources)?;
        let functions: Vec<Entry> =
            functions.into_iter().map(|function| Entry { function, plan: OnceLock::new() }).collect();
        Ok(Self {
            pool: Pool::new(functions.len()),
            functions,
            runtimes: Runtimes::default(),
            resources: Arc::clone(resources),
            guard: Arc::clone(guard),
            environment,
            identity,
        })
    }

    /// The number of the function that a task calls, if it is one of these.
    pub fn called_by(&self, request: &Request) -> Option<usize> {
        let named = match request.integration() {
            Some(("lambda", "invoke" | "invoke.waitForTaskToken") | ("aws-sdk:lambda", "invoke")) => {
                request.arguments.get("FunctionName")?.as_str()?
            }
            Some(_) => return None,
            None if request.resource.contains(":lambda:") => &request.resource,
            None => return None,
        };
        self.functions.iter().position(|entry| entry.function.is_called(named))
    }

    /// Invokes a function, as a task does that waits for its result.
    pub fn invoke(&self, number: usize, request: &Request) -> Result<Answer, Unavailable> {
        let entry = &self.functions[number];
        let Some((service, _)) = request.integration() else {
            let event = request.arguments.to_string().into_bytes();
            return self.answer(number, event, false, |_, result| Answer::ok(result));
        };
        let event = match request.arguments.get("Payload") {
            None | Some(Json::Null) => b"{}".to_vec(),
            // A text is sent as it is: recorded, "0.0" came to the function as a number.
            Some(Json::String(text)) => text.clone().into_bytes(),
            Some(payload) => payload.to_string().into_bytes(),
        };
        if let Err(error) = serde_json::from_slice::<IgnoredAny>(&event) {
            let problem = format!("Could not parse request body into json: {error}");
            return Ok(refused(400, "InvalidRequestContentException", &problem));
        }
        if request.arguments.get("InvocationType").and_then(Json::as_str) == Some("DryRun") {
            return Ok(Answer::response(json!({"Payload": "", "StatusCode": 204})));
        }
        if service == "lambda" {
            return self.answer(number, event, true, |invoked, result| Answer::response(response(invoked, result)));
        }
        let Some(invoked) = self.run(entry, number, &event)? else { return Ok(throttled()) };
        let (payload, is_error) = match &invoked.payload {
            Ok(payload) => (payload, false),
            Err(payload) => (payload, true),
        };
        let mut response = json!({"ExecutedVersion": "$LATEST", "Payload": String::from_utf8_lossy(payload)});
        if is_error {
            response["FunctionError"] = "Unhandled".into();
        }
        response["StatusCode"] = 200.into();
        Ok(Answer::response(response).logs(invoked.log))
    }

    /// Whether nobody waits for the result of that call: `InvocationType` is `Event`.
    pub fn is_event(request: &Request) -> bool {
        request.arguments.get("InvocationType").and_then(Json::as_str) == Some("Event")
            && request.integration().is_some()
    }

    /// The answer to a call that nobody waits for the result of.
    pub fn accepted() -> Answer {
        Answer::response(json!({
            "Payload": "",
            "SdkHttpMetadata": {"HttpStatusCode": 202},
            "SdkResponseMetadata": {"RequestId": uuid()},
            "StatusCode": 202,
        }))
    }

    /// Ends all that runs.
    pub fn close(&self) {
        self.pool.clear();
    }

    /// Runs a function, and makes an answer of what it returns.
    fn answer(
        &self,
        number: usize,
        event: Vec<u8>,
        is_integration: bool,
        make: impl FnOnce(&Invoked, Json) -> Answer,
    ) -> Result<Answer, Unavailable> {
        let Some(invoked) = self.run(&self.functions[number], number, &event)? else { return Ok(throttled()) };
        let answer = match &invoked.payload {
            Err(payload) => failure::answer(payload, is_integration),
            Ok(payload) => match serde_json::from_slice(payload) {
                Ok(result) => make(&invoked, result),
                // Recorded: that it is too large is seen before that it is no JSON.
                Err(_) if payload.len() > MOST_STATE => {
                    make(&invoked, Json::String(String::from_utf8_lossy(payload).into_owned()))
                }
                Err(error) => {
                    let text: String = String::from_utf8_lossy(payload).chars().take(1_000).collect();
                    let cause = format!("The function returned what is not JSON ({error}). Returned payload: {text}");
                    Answer::error("Lambda.Unknown", cause)
                }
            },
        };
        Ok(answer.logs(invoked.log))
    }

    /// Runs a function to the end of one invocation; none where it is throttled.
    fn run(&self, entry: &Entry, number: usize, event: &[u8]) -> Result<Option<Invoked>, Unavailable> {
        let function = &entry.function;
        let planned = entry.plan.get_or_init(|| self.plan(function).map(Arc::new)).clone()?;
        let Some(place) = self.pool.enter(number, function.reserved()) else { return Ok(None) };
        let request_id = uuid();
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
        let (one, other) = (hexadecimal(), hexadecimal());
        let trace_id = format!("Root=1-{since:08x}-{};Parent={};Sampled=0", &one[..24], &other[..16]);
        loop {
            let plan = &planned.plan;
            let started = place.sandbox(plan, &self.guard);
            if started.is_err() && !plan.program.exists() {
                let payload = Err(failure::no_entrypoint(&request_id));
                return Ok(Some(Invoked { request_id, trace_id, payload, log: String::new() }));
            }
            let started = started.map_err(|error| {
                Unavailable::new(format!("`{}` cannot be started: {error}", plan.program.display()))
                    .help(format!("it is what runs the function `{}`", function.id))
            })?;
            let begin = Instant::now();
            let (ending, sandbox, first) = match started {
                Ok(mut sandbox) => {
                    let first = sandbox.initialization.take();
                    let invocation = Invocation {
                        request_id: request_id.clone(),
                        event: event.to_vec(),
                        function_arn: function.arn.clone(),
                        trace_id: trace_id.clone(),
                        deadline: 0,
                    };
                    match sandbox.invoke(plan, invocation) {
                        // It has come to its end between two events, which is nobody's fault.
                        Ending::Gone => continue,
                        ending => (ending, Some(sandbox), first),
                    }
                }
                Err((ending, log)) => (ending, None, Some((Duration::ZERO, log))),
            };
            let took = begin.elapsed();
            let mut log = Log::new(&request_id, planned.note.as_deref().filter(|_| first.is_some()), &first);
            if let Some(sandbox) = &sandbox {
                log.text.push_str(&sandbox.take_log());
            }
            let payload = outcome(&ending, &request_id, plan);
            let used = sandbox.as_ref().and_then(Sandbox::memory);
            log.end(&ending, &payload, took, used, &planned.configuration);
            // What has ended badly is not used again.
            if let (Ending::Given(_), Some(sandbox)) = (ending, sandbox) {
                place.give_back(sandbox);
            }
            return Ok(Some(Invoked { request_id, trace_id, payload, log: log.text }));
        }
    }

    /// Finds out how a function is started.
    fn plan(&self, function: &Function) -> Result<Planned, Unavailable> {
        let configuration = function.configuration(&self.resources)?;
        let unwritten = |error: std::io::Error| Unavailable::new(format!("a folder cannot be made: {error}"));
        let language = match &configuration.runtime {
            Runtime::Script(language, _) => Some(*language),
            Runtime::Program => None,
        };
        let new = self.guard.new_folder("code").map_err(unwritten)?;
        let root = configuration.code.root(&new, language);
        let root = root.map_err(|problem| Unavailable::new(format!("the code of `{}`: {problem}", function.id)))?;
        let mut environment = self.environment.clone();
        let role = if self.identity.assumes_roles { function.role(&self.resources)? } else { None };
        environment.extend(self.identity.variables(role.as_deref(), &environment)?);
        let mut note = None;
        let (program, arguments) = match &configuration.runtime {
            Runtime::Script(language, wanted) => {
                let interpreter = self.runtimes.find(*language, wanted, &self.guard)?;
                if !wanted.is_empty() && *wanted != interpreter.runtime {
                    note = Some(format!("{} runs what is written for {wanted}\n", interpreter.runtime));
                }
                let of_interpreter = interpreter.environment.iter();
                environment.extend(of_interpreter.map(|(name, value)| (name.into(), value.into())));
                environment.push(("PYTHONDONTWRITEBYTECODE".into(), "1".into()));
                (interpreter.program, vec![interpreter.bootstrap.into_os_string()])
            }
            Runtime::Program => {
                let program = match &configuration.code {
                    code::Code::Program(program) => program.clone(),
                    _ => root.join("bootstrap"),
                };
                (program, Vec::new())
            }
        };
        self.variables(function, &configuration, &root, &mut environment);
        let (timeout, memory) = (configuration.timeout, configuration.memory << 20);
        let plan = Plan { program, arguments, environment, root, timeout, memory };
        Ok(Planned { plan, configuration, note })
    }

    /// The variables of the function, and those that Lambda reserves, which count before them.
    ///
    /// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html>
    fn variables(
        &self,
        function: &Function,
        configuration: &Configuration,
        root: &Path,
        environment: &mut Vec<(OsString, OsString)>,
    ) {
        for (name, value) in &configuration.variables {
            environment.push((name.into(), value.into()));
        }
        let Function { name, .. } = function;
        let day = DateTime::<Utc>::from(SystemTime::now()).format("%Y/%m/%d");
        let runtime = match configuration.runtime_name.as_str() {
            "" => String::new(),
            runtime => format!("AWS_Lambda_{runtime}"),
        };
        let region = self.resources.region().to_owned();
        let reserved: [(&str, String); 15] = [
            ("_HANDLER", configuration.handler.clone()),
            ("_X_AMZN_TRACE_ID", String::new()),
            ("AWS_DEFAULT_REGION", region.clone()),
            ("AWS_REGION", region),
            ("AWS_EXECUTION_ENV", runtime),
            ("AWS_LAMBDA_FUNCTION_NAME", name.clone()),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", configuration.memory.to_string()),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned()),
            ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand".to_owned()),
            ("AWS_LAMBDA_LOG_GROUP_NAME", format!("/aws/lambda/{name}")),
            ("AWS_LAMBDA_LOG_STREAM_NAME", format!("{day}/[$LATEST]{}", hexadecimal())),
            ("LAMBDA_TASK_ROOT", root.to_string_lossy().into_owned()),
            ("LAMBDA_RUNTIME_DIR", root.to_string_lossy().into_owned()),
            ("LANG", "en_US.UTF-8".to_owned()),
            ("TZ", ":UTC".to_owned()),
        ];
        environment.extend(reserved.map(|(name, value)| (name.into(), value.into())));
    }
}

/// What the function has returned, or the payload of its error.
fn outcome(ending: &Ending, request_id: &str, plan: &Plan) -> Result<Vec<u8>, Vec<u8>> {
    match ending {
        Ending::Given(Given::Result(result)) => Ok(result.clone()),
        Ending::Given(Given::Error(error)) => Err(error.clone()),
        Ending::Given(Given::ResultTooLarge) => Err(failure::too_large(MOST_RESULT)),
        Ending::Exited(status) => Err(failure::exited(request_id, *status)),
        Ending::TimedOut => Err(failure::timed_out(request_id, plan.timeout)),
        Ending::OutOfMemory | Ending::Gone => Err(failure::out_of_memory(request_id)),
    }
}

/// The log of an invocation, with the lines that Lambda writes.
struct Log {
    text: String,
    request_id: String,
    initialization: Option<Duration>,
}

impl Log {
    fn new(request_id: &str, note: Option<&str>, first: &Option<(Duration, String)>) -> Self {
        let mut text = note.unwrap_or_default().to_owned();
        text.push_str(first.as_ref().map_or("", |(_, log)| log));
        let mut log = Self { text, request_id: request_id.to_owned(), initialization: None };
        log.initialization = first.as_ref().map(|(took, _)| *took).filter(|took| !took.is_zero());
        log.line(&format!("START RequestId: {request_id} Version: $LATEST"));
        log
    }

    fn line(&mut self, line: &str) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn end(
        &mut self,
        ending: &Ending,
        payload: &Result<Vec<u8>, Vec<u8>>,
        took: Duration,
        used: Option<u64>,
        configuration: &Configuration,
    ) {
        let error: Json = payload.as_ref().err().and_then(|it| serde_json::from_slice(it).ok()).unwrap_or_default();
        let status = match ending {
            Ending::Given(Given::Result(_) | Given::Error(_)) => String::new(),
            Ending::TimedOut => {
                let now = DateTime::<Utc>::from(SystemTime::now()).format("%Y-%m-%dT%H:%M:%S%.3fZ");
                let seconds = configuration.timeout.as_secs_f64();
                self.line(&format!("{now} {} Task timed out after {seconds:.2} seconds", self.request_id));
                "\tStatus: timeout".to_owned()
            }
            _ => {
                self.line(error["errorMessage"].as_str().unwrap_or_default());
                format!("\tStatus: error\tError Type: {}", error["errorType"].as_str().unwrap_or_default())
            }
        };
        let milliseconds = took.as_secs_f64() * 1_000.0;
        let used = used.map(|used| format!("\tMax Memory Used: {} MB", used.div_ceil(1 << 20))).unwrap_or_default();
        let first = self.initialization.map(|it| format!("\tInit Duration: {:.2} ms", it.as_secs_f64() * 1_000.0));
        self.line(&format!("END RequestId: {}", self.request_id));
        self.line(&format!(
            "REPORT RequestId: {}\tDuration: {milliseconds:.2} ms\tBilled Duration: {:.0} ms\tMemory Size: {} MB{used}{}{status}",
            self.request_id,
            milliseconds.ceil(),
            configuration.memory,
            first.unwrap_or_default(),
        ));
    }
}

/// The response of `lambda:invoke` as Step Functions gives it.
fn response(invoked: &Invoked, result: Json) -> Json {
    let length = invoked.payload.as_ref().map_or(0, Vec::len).to_string();
    let date = DateTime::<Utc>::from(SystemTime::now()).format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let headers = [
        ("Connection", "keep-alive"),
        ("Content-Length", &length),
        ("Content-Type", "application/json"),
        ("Date", &date),
        ("X-Amz-Executed-Version", "$LATEST"),
        ("x-amzn-Remapped-Content-Length", "0"),
        ("x-amzn-RequestId", &invoked.request_id),
        ("X-Amzn-Trace-Id", &invoked.trace_id),
    ];
    let all: Json = headers.iter().map(|(name, value)| ((*name).to_owned(), json!([value]))).collect();
    let first: Json = headers.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    json!({
        "ExecutedVersion": "$LATEST",
        "Payload": result,
        "SdkHttpMetadata": {"AllHttpHeaders": all, "HttpHeaders": first, "HttpStatusCode": 200},
        "SdkResponseMetadata": {"RequestId": invoked.request_id},
        "StatusCode": 200,
    })
}

/// The answer where a function has as many invocations as are reserved for it.
fn throttled() -> Answer {
    refused(429, "TooManyRequestsException", "Rate Exceeded.")
}

/// The answer of Lambda to a call that it does not take.
fn refused(status: u16, error: &str, message: &str) -> Answer {
    let service = format!("Service: AWSLambda; Status Code: {status}; Error Code: {error}");
    let cause = format!("{message} ({service}; Request ID: {}; Proxy: null)", uuid());
    Answer::error(format!("Lambda.{error}"), cause)
}
