//! What answers the tasks of a run.

use std::{collections::HashMap, path::PathBuf, sync::Arc, time::Duration};

use serde_json::json;

use super::mock_config::{Response, TestCase};
use crate::{
    asl::{
        definition::{Resource, ResourceKind},
        expression::{payload::Payload, random::Random, time::Time},
    },
    diagnostic::nearest,
    json::{Json, MAX_DEPTH, is_too_deep, take_apart},
};

/// What a mock gives: a result, or an error that `Retry` and `Catch` see.
pub type TaskResult = Result<Json, TaskError>;

/// An error of a task, as `Retry` and `Catch` see it.
///
/// <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskError {
    /// Its name, such as `Lambda.TooManyRequestsException`; a function's own exception has the name of its class.
    pub error: String,
    /// Why. A function's own exception has JSON text here: `{"errorMessage": …, "errorType": …}`.
    pub cause: String,
}

impl TaskError {
    /// An error with its cause.
    pub fn new(error: impl Into<String>, cause: impl Into<String>) -> Self {
        Self { error: error.into(), cause: cause.into() }
    }
}

/// One call of a task, as its mock sees it.
#[derive(Clone, Copy, Debug)]
pub struct TaskCall<'a> {
    call: &'a Call<'a>,
    number: u32,
}

impl<'a> TaskCall<'a> {
    /// Name of the state.
    pub fn state(&self) -> &'a str {
        self.call.state
    }

    /// `Resource` of the state.
    pub fn resource(&self) -> &'a str {
        &self.call.resource.arn
    }

    /// What is sent to the service: `Arguments` or `Parameters` with their values.
    pub fn arguments(&self) -> &'a Json {
        self.call.arguments.json()
    }

    /// What a function called through `lambda:invoke` gets, its `Payload`; for any other task the
    /// [`arguments`](Self::arguments).
    pub fn input(&self) -> &'a Json {
        self.call.input()
    }

    /// Number of the call among all of this state, across retries, loops and iterations; the first is 1.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// How often the state was tried before, this time: `$states.context.State.RetryCount`.
    pub fn retry_count(&self) -> u32 {
        self.call.retry_count
    }

    /// Index of the iteration of a `Map` around it, from 0.
    pub fn item_index(&self) -> Option<usize> {
        self.call.item
    }

    /// Virtual time since the execution started.
    pub fn elapsed(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.call.at).unwrap_or_default())
    }
}

/// What a mock answers, and when.
#[derive(Clone, Debug)]
pub struct Answer {
    what: What,
    after: Duration,
}

#[derive(Clone, Debug)]
enum What {
    Result(TaskResult),
    Response(Json),
    Never,
}

impl Answer {
    /// A result: for `lambda:invoke` what the function returns.
    pub fn ok(result: Json) -> Self {
        Ok(result).into()
    }

    /// An error.
    pub fn error(error: impl Into<String>, cause: impl Into<String>) -> Self {
        Err(TaskError::new(error, cause)).into()
    }

    /// The whole response of the service, where [`ok`](Self::ok) would put the result of a function into one.
    pub fn response(response: Json) -> Self {
        Self { what: What::Response(response), after: Duration::ZERO }
    }

    /// No answer: the task runs into `HeartbeatSeconds` or `TimeoutSeconds`, the execution into its own.
    pub fn never() -> Self {
        Self { what: What::Never, after: Duration::ZERO }
    }

    /// Lets virtual time pass first. A task that has a shorter `TimeoutSeconds` or `HeartbeatSeconds` times out.
    pub fn after(self, delay: Duration) -> Self {
        Self { after: delay, ..self }
    }
}

impl From<TaskResult> for Answer {
    fn from(result: TaskResult) -> Self {
        Self { what: What::Result(result), after: Duration::ZERO }
    }
}

/// One call of a task.
#[derive(Debug)]
pub(super) struct Call<'a> {
    pub state: &'a str,
    pub resource: &'a Resource,
    pub arguments: &'a Payload,
    pub retry_count: u32,
    pub item: Option<usize>,
    pub at: Time,
}

impl Call<'_> {
    /// What a function gets.
    fn input(&self) -> &Json {
        let arguments = self.arguments.json();
        if self.invokes_function() { arguments.get("Payload").unwrap_or(&Json::Null) } else { arguments }
    }

    fn is_integration(&self, wanted: &[&str]) -> bool {
        matches!(&self.resource.kind, ResourceKind::Integration { service, action }
            if service == "lambda" && wanted.contains(&action.as_str()))
    }

    fn invokes_function(&self) -> bool {
        self.is_integration(&["invoke", "invoke.waitForTaskToken"])
    }
}

/// What a mock says to a call.
#[derive(Debug)]
pub(super) enum Reply {
    Answered {
        answered: Answered,
        after: Time,
    },
    Never,
    /// There is no mock for the call.
    Missing(Missing),
}

#[derive(Debug)]
pub(super) enum Answered {
    Returned(Arc<Json>),
    Threw { error: Option<String>, cause: Option<String> },
    TimedOut,
}

/// Why a call has no answer, and what to do.
#[derive(Debug)]
pub(super) struct Missing {
    pub message: String,
    pub help: String,
}

impl Reply {
    /// When it comes; none for one that never does.
    pub fn after(&self) -> Option<Time> {
        match self {
            Self::Answered { after, .. } => Some(*after),
            Self::Never => None,
            Self::Missing(_) => Some(0),
        }
    }

    fn now(answered: Answered) -> Self {
        Self::Answered { answered, after: 0 }
    }
}

type Mock = Box<dyn FnMut(&TaskCall<'_>) -> Answer>;

/// Everything that stands in for services.
#[derive(Default)]
pub(super) struct Mocks {
    tasks: HashMap<String, Mock>,
    pub config: Option<TestCase>,
    items: HashMap<String, PathBuf>,
    calls: HashMap<String, u32>,
    random: Option<Random>,
}

impl Mocks {
    pub fn task(&mut self, state: String, mock: Mock) {
        self.tasks.insert(state, mock);
    }

    pub fn read_items_of(&mut self, state: String, file: PathBuf) {
        self.items.insert(state, file);
    }

    /// The file that stands in for the `ItemReader` of a state.
    pub fn items(&self, state: &str) -> Option<&PathBuf> {
        self.items.get(state)
    }

    /// Names that mocks are for.
    pub fn names(&self) -> impl Iterator<Item = (&str, &'static str)> {
        let tasks = self.tasks.keys().map(|name| (name.as_str(), "mock"));
        let items = self.items.keys().map(|name| (name.as_str(), "items"));
        let config = self.config.iter().flat_map(TestCase::states).map(|name| (name, "mocked response"));
        tasks.chain(items).chain(config)
    }

    pub fn answer(&mut self, call: &Call<'_>) -> Reply {
        let number = match self.calls.get_mut(call.state) {
            Some(number) => number,
            None => self.calls.entry(call.state.to_owned()).or_default(),
        };
        *number += 1;
        let number = *number;
        if let Some(mock) = self.tasks.get_mut(call.state) {
            let answer = mock(&TaskCall { call, number });
            let after = Time::try_from(answer.after.as_millis()).unwrap_or(Time::MAX);
            if let What::Response(result) | What::Result(Ok(result)) = &answer.what
                && is_too_deep(result)
            {
                return Reply::Missing(too_deep(call.state, answer.what));
            }
            let answered = match answer.what {
                What::Never => return Reply::Never,
                What::Response(response) => Answered::Returned(Arc::new(response)),
                What::Result(Ok(result)) if call.is_integration(&["invoke"]) => {
                    Answered::Returned(Arc::new(self.of_function(result)))
                }
                What::Result(Ok(result)) => Answered::Returned(Arc::new(result)),
                What::Result(Err(TaskError { error, cause })) => threw(Some(error), Some(cause)),
            };
            return Reply::Answered { answered, after };
        }
        match &self.config {
            Some(config) => configured(config, call.state, number),
            None => Reply::Missing(missing(call.state)),
        }
    }

    /// The response of `lambda:invoke` around what a function returns.
    fn of_function(&mut self, result: Json) -> Json {
        let random = self.random.get_or_insert_with(|| Random::new(0));
        json!({
            "Payload": result,
            "ExecutedVersion": "$LATEST",
            "SdkHttpMetadata": {"HttpStatusCode": 200},
            "SdkResponseMetadata": {"RequestId": random.uuid()},
            "StatusCode": 200,
        })
    }
}

fn threw(error: Option<String>, cause: Option<String>) -> Answered {
    match error.as_deref() {
        Some("States.Timeout" | "States.HeartbeatTimeout") => Answered::TimedOut,
        _ => Answered::Threw { error, cause },
    }
}

fn too_deep(state: &str, what: What) -> Missing {
    if let What::Response(result) | What::Result(Ok(result)) = what {
        take_apart(result);
    }
    Missing {
        message: format!("the mock of `{state}` answers with more than {MAX_DEPTH} levels of nesting; expected fewer"),
        help: "this is no limit of the service, which has one that it does not publish".to_owned(),
    }
}

fn missing(state: &str) -> Missing {
    Missing {
        message: format!("the task `{state}` is called and has no mock; expected one"),
        help: format!(
            "give it one: `.task(\"{state}\", |input| Ok(…))` in a test, a mocked response on the command line"
        ),
    }
}

fn configured(config: &TestCase, state: &str, number: u32) -> Reply {
    let problem = |message: String, help: String| Reply::Missing(Missing { message, help });
    match config.response(state, number - 1) {
        Some(Ok(Response::Return(result))) => Reply::now(Answered::Returned(Arc::clone(result))),
        Some(Ok(Response::Throw { error, cause })) => Reply::now(threw(error.clone(), cause.clone())),
        Some(Err(name)) => problem(
            format!(
                "`MockedResponses/{name}` has no `{}`, the response to call {number} of the task `{state}`; expected one",
                number - 1
            ),
            "the first call gets the response `0`; a range such as `1-3` is for several".to_owned(),
        ),
        None => {
            let help = match nearest(state, config.states()) {
                Some(near) => format!("the test case `{}` mocks `{near}`", config.name()),
                None => format!("add `{state}` to the test case `{}` of the mock configuration", config.name()),
            };
            problem(format!("the task `{state}` is called and has no mock; expected one"), help)
        }
    }
}
