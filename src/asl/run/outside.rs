//! The outside of a run: the services that its tasks call, and the datasets that its `ItemReader`s read.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::{
    asl::{
        definition::{Reader, Resource, ResourceKind},
        expression::time::Time,
    },
    diagnostic::Diagnostic,
    json::Json,
};

/// The outside of a run: it answers the calls of tasks, and reads the items of distributed `Map`s.
///
/// [`Run::outside`](super::Run::outside) takes one, for all that no mock answers. The run waits for each call; calls
/// that branches or iterations make at the same virtual moment come one after the other. An answer that is given in the
/// [background](Answer::background) is not waited for: such calls overlap.
///
/// * An answer that takes its time says how long with [`Answer::after`], real time with [`Answer::timed`]: either is
///   virtual time of the execution, so that timeouts and the other branches see it.
/// * A service that fails is an answer, [`Answer::error`], which `Retry` and `Catch` see. An outside that cannot do its
///   part is [`Unavailable`]: it stops the run.
pub trait Outside {
    /// Answers a call of a task.
    fn call(&mut self, call: &TaskCall<'_>) -> Result<Answer, Unavailable>;

    /// Reads the dataset of an `ItemReader`; unless it is implemented, there is none.
    fn items(&mut self, reader: &ItemReader<'_>) -> Result<Dataset, Unavailable> {
        Err(Unavailable::new(format!("the dataset of `{}` cannot be read; expected items", reader.state())))
    }
}

/// One call of a task, as its mock or another [`Outside`] sees it.
#[derive(Clone, Copy, Debug)]
pub struct TaskCall<'a> {
    pub(super) state: &'a str,
    pub(super) resource: &'a Resource,
    pub(super) arguments: &'a Json,
    pub(super) number: u32,
    pub(super) retry_count: u32,
    pub(super) item: Option<usize>,
    pub(super) at: Time,
    pub(super) region: &'a str,
    /// The context object of the execution, without what changes from state to state.
    pub(super) context: &'a Json,
    pub(super) token: Option<&'a str>,
    pub(super) timeout: Option<i64>,
    pub(super) heartbeat: Option<i64>,
    pub(super) role: Option<&'a str>,
}

impl<'a> TaskCall<'a> {
    /// Name of the state.
    pub fn state(&self) -> &'a str {
        self.state
    }

    /// `Resource` of the state.
    pub fn resource(&self) -> &'a str {
        &self.resource.arn
    }

    /// The arguments that the service is sent: `Arguments` or `Parameters` with their values.
    pub fn arguments(&self) -> &'a Json {
        self.arguments
    }

    /// The input of a function called through `lambda:invoke`, its `Payload`; for any other task the
    /// [`arguments`](Self::arguments).
    pub fn input(&self) -> &'a Json {
        match self.invokes_function() {
            true => self.arguments.get("Payload").unwrap_or(&Json::Null),
            false => self.arguments,
        }
    }

    /// Number of the call among all of this state, across retries, loops and iterations; the first is 1.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Number of tries of the state before this one, in this visit of it: `$states.context.State.RetryCount`.
    pub fn retry_count(&self) -> u32 {
        self.retry_count
    }

    /// Index of the iteration of a `Map` around it, from 0.
    pub fn item_index(&self) -> Option<usize> {
        self.item
    }

    /// Virtual time since the execution started.
    pub fn elapsed(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.at).unwrap_or_default())
    }

    /// ARN of the execution, for an item of a distributed `Map` its own: `$states.context.Execution.Id`.
    pub fn execution_id(&self) -> &'a str {
        self.of_execution("Id")
    }

    /// Name of the execution: `$states.context.Execution.Name`.
    pub fn execution_name(&self) -> &'a str {
        self.of_execution("Name")
    }

    /// Region of the state machine, such as `us-east-1`.
    pub fn region(&self) -> &'a str {
        self.region
    }

    /// The token that a `.waitForTaskToken` task, a `.sync` one or an activity is answered with:
    /// `$states.context.Task.Token`.
    pub fn token(&self) -> Option<&'a str> {
        self.token
    }

    /// `TimeoutSeconds` of the state: an answer that comes later is not waited for.
    pub fn timeout(&self) -> Option<Duration> {
        self.timeout.map(seconds)
    }

    /// `HeartbeatSeconds` of the state: a timeout, which each [`Heartbeat`] of an answer in the background puts off.
    pub fn heartbeat(&self) -> Option<Duration> {
        self.heartbeat.map(seconds)
    }

    /// `RoleArn` of the state's `Credentials`.
    pub fn role(&self) -> Option<&'a str> {
        self.role
    }

    fn of_execution(&self, member: &str) -> &'a str {
        let execution = self.context.get("Execution");
        execution.and_then(|it| it.get(member)).and_then(Json::as_str).unwrap_or_default()
    }

    fn invokes_function(&self) -> bool {
        is_lambda(self.resource, &["invoke", "invoke.waitForTaskToken"])
    }
}

/// Tells whether a resource is one of these actions of the integration of Lambda.
pub(super) fn is_lambda(resource: &Resource, actions: &[&str]) -> bool {
    matches!(&resource.kind, ResourceKind::Integration { service, action }
        if service == "lambda" && actions.contains(&action.as_str()))
}

fn seconds(count: i64) -> Duration {
    Duration::from_secs(u64::try_from(count).unwrap_or_default())
}

/// The result that a mock gives, or an error that `Retry` and `Catch` see.
pub type TaskResult = Result<Json, TaskError>;

/// An error of a task, as `Retry` and `Catch` see it.
///
/// <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskError {
    /// The name, such as `Lambda.TooManyRequestsException`; a function's own exception has the name of its class.
    pub error: String,
    /// The cause. A function's own exception has JSON text here: `{"errorMessage": …, "errorType": …}`.
    pub cause: String,
}

impl TaskError {
    /// An error with its cause.
    pub fn new(error: impl Into<String>, cause: impl Into<String>) -> Self {
        Self { error: error.into(), cause: cause.into() }
    }
}

/// An answer to a call, and when it comes.
#[derive(Clone, Debug)]
pub struct Answer {
    pub(super) content: AnswerContent,
    pub(super) after: Duration,
    pub(super) logs: Option<Arc<str>>,
}

/// Gives an answer, once.
type Once = Box<dyn FnOnce(Heartbeat) -> Result<Answer, Unavailable> + Send>;

/// The heartbeat of a call that is answered in the background: `SendTaskHeartbeat`. Clones are of the same call.
///
/// <https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskHeartbeat.html>
#[derive(Clone)]
pub struct Heartbeat(pub(super) Arc<dyn Fn() + Send + Sync>);

impl Heartbeat {
    /// Lets the `HeartbeatSeconds` of the task begin anew; `TimeoutSeconds` goes on. A call that nobody waits for any more
    /// has no use for it.
    pub fn send(&self) {
        (self.0)();
    }
}

impl fmt::Debug for Heartbeat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Heartbeat")
    }
}

/// The work that gives an answer, on another thread. Clones are the same work.
#[derive(Clone)]
pub(super) struct Work(Arc<Mutex<Option<Once>>>);

impl Work {
    /// Does the work, unless another clone of the answer has done it.
    pub fn finish(self, heartbeat: Heartbeat) -> Result<Answer, Unavailable> {
        let work = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let work = work.ok_or_else(|| {
            Unavailable::new("the work of an answer is done already; expected another answer for each call")
        })?;
        work(heartbeat)
    }
}

impl fmt::Debug for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Work")
    }
}

/// The content of an answer.
#[derive(Clone, Debug)]
pub(super) enum AnswerContent {
    /// The result: for `lambda:invoke` what the function returns.
    Result(Json),
    /// The whole response of the service.
    Response(Arc<Json>),
    /// An error; AWS's mock file may leave out its name or its cause.
    Error {
        error: Option<String>,
        cause: Option<String>,
    },
    Never,
    Background(Work),
}

impl Answer {
    /// A result: for `lambda:invoke` what the function returns.
    pub fn ok(result: Json) -> Self {
        AnswerContent::Result(result).into()
    }

    /// An error.
    pub fn error(error: impl Into<String>, cause: impl Into<String>) -> Self {
        AnswerContent::Error { error: Some(error.into()), cause: Some(cause.into()) }.into()
    }

    /// The whole response of the service, where [`ok`](Self::ok) would put the result of a function into one.
    pub fn response(response: Json) -> Self {
        AnswerContent::Response(Arc::new(response)).into()
    }

    /// No answer: the task runs into `HeartbeatSeconds` or `TimeoutSeconds`, the execution into its own.
    pub fn never() -> Self {
        AnswerContent::Never.into()
    }

    /// The answer that some work gives, as long after the call as the work takes of real time: what really is called
    /// has its time on the virtual clock.
    pub fn timed(work: impl FnOnce() -> Self) -> Self {
        let start = Instant::now();
        let answer = work();
        let after = answer.after.saturating_add(start.elapsed());
        answer.after(after)
    }

    /// The answer that some work gives on a thread of its own, while the run goes on: the calls of branches and iterations
    /// overlap, as many as `MaxConcurrency` lets be, and 1,000 at most.
    ///
    /// While such work is under way, the virtual clock goes as the real one: a timeout of three seconds fires after three
    /// seconds, and an answer that comes later is dropped. Once there is none, the clock jumps again, so that waits and
    /// retries take no time; see [`Run::real_time`](super::Run::real_time). An [`after`](Self::after) counts from when
    /// the work is done. Work whose answer nobody waits for any more goes on, and the end of the run does not wait for it.
    ///
    /// ```
    /// use std::{thread::sleep, time::{Duration, Instant}};
    /// use formwork::{asl::run::{Answer, Machine, Outside, TaskCall, Unavailable}, json};
    ///
    /// struct Slow;
    ///
    /// impl Outside for Slow {
    ///     fn call(&mut self, call: &TaskCall<'_>) -> Result<Answer, Unavailable> {
    ///         let input = call.input().clone();
    ///         Ok(Answer::background(move || {
    ///             sleep(Duration::from_millis(200));
    ///             Ok(Answer::ok(json!({"roasted": input})))
    ///         }))
    ///     }
    /// }
    ///
    /// let roast = json!({"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:roast", "End": true});
    /// let machine = Machine::new(&json!({
    ///     "StartAt": "Each",
    ///     "States": {"Each": {
    ///         "Type": "Map",
    ///         "ItemProcessor": {"StartAt": "Roast", "States": {"Roast": roast}},
    ///         "End": true,
    ///     }},
    /// }))
    /// .unwrap();
    /// let start = Instant::now();
    /// let outcome = machine.run(json!(["arabica", "robusta", "liberica", "excelsa", "eugenioides"])).outside(Slow).finish();
    /// assert_eq!(outcome.output()[4], json!({"roasted": "eugenioides"}));
    /// assert!(start.elapsed() < Duration::from_millis(5 * 200));
    /// ```
    pub fn background(work: impl FnOnce() -> Result<Self, Unavailable> + Send + 'static) -> Self {
        Self::beating(|_| work())
    }

    /// As [`background`](Self::background), for work that tells that it goes on: each [`Heartbeat`] lets the
    /// `HeartbeatSeconds` of the task begin anew.
    pub fn beating(work: impl FnOnce(Heartbeat) -> Result<Self, Unavailable> + Send + 'static) -> Self {
        AnswerContent::Background(Work(Arc::new(Mutex::new(Some(Box::new(work)))))).into()
    }

    /// Gives the text that was logged while the call was answered, such as what a function wrote: the
    /// [trace](super::Outcome::trace) shows it below the state, [`Outcome::to_json`](super::Outcome::to_json) has it in
    /// `logs`.
    pub fn logs(self, text: impl Into<Arc<str>>) -> Self {
        Self { logs: Some(text.into()), ..self }
    }

    /// Whether it is an error, as far as that is known.
    pub(crate) fn is_error(&self) -> bool {
        matches!(self.content, AnswerContent::Error { .. })
    }

    /// Lets virtual time pass first. A task that has a shorter `TimeoutSeconds` or `HeartbeatSeconds` times out.
    pub fn after(self, delay: Duration) -> Self {
        Self { after: delay, ..self }
    }
}

impl From<AnswerContent> for Answer {
    fn from(content: AnswerContent) -> Self {
        Self { content, after: Duration::ZERO, logs: None }
    }
}

impl From<TaskResult> for Answer {
    fn from(result: TaskResult) -> Self {
        match result {
            Ok(result) => Self::ok(result),
            Err(TaskError { error, cause }) => Self::error(error, cause),
        }
    }
}

/// An `ItemReader` with the values of its fields, as an [`Outside`] sees it.
#[derive(Clone, Copy, Debug)]
pub struct ItemReader<'a> {
    pub(super) state: &'a str,
    pub(super) reader: &'a Reader,
    pub(super) arguments: &'a Json,
    pub(super) max_items: Option<usize>,
}

impl<'a> ItemReader<'a> {
    /// Name of the `Map`.
    pub fn state(&self) -> &'a str {
        self.state
    }

    /// `Resource`, such as `arn:aws:states:::s3:getObject`.
    pub fn resource(&self) -> &'a str {
        self.reader.resource.as_deref().unwrap_or_default()
    }

    /// `Arguments` or `Parameters` with their values, such as `{"Bucket": …, "Key": …}`.
    pub fn arguments(&self) -> &'a Json {
        self.arguments
    }

    /// `InputType`: `CSV`, `JSON`, `JSONL`, `MANIFEST` or `PARQUET`.
    pub fn input_type(&self) -> Option<&'a str> {
        self.reader.input_type.as_deref()
    }

    /// The delimiter that `CSVDelimiter` names, a comma without it.
    pub fn csv_delimiter(&self) -> char {
        char::from(self.reader.csv_delimiter)
    }

    /// `CSVHeaders`, where the header is not the first row.
    pub fn csv_headers(&self) -> Option<&'a [String]> {
        self.reader.csv_headers.as_deref()
    }

    /// `ItemsPointer`: where the items are in the JSON of a file.
    pub fn items_pointer(&self) -> Option<&'a str> {
        self.reader.items_pointer.as_deref()
    }

    /// `MaxItems`. A dataset may have more, of which the first are taken.
    pub fn max_items(&self) -> Option<usize> {
        self.max_items
    }
}

/// The dataset that an `ItemReader` reads.
///
/// <https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html>
#[derive(Clone, Debug)]
pub struct Dataset {
    pub(super) content: DatasetContent,
}

/// The content of a dataset: where its items are.
#[derive(Clone, Debug)]
pub(super) enum DatasetContent {
    Items(Vec<Json>),
    File(Vec<u8>),
    Failed(String),
}

impl Dataset {
    /// The items themselves.
    pub fn items(items: impl IntoIterator<Item = Json>) -> Self {
        Self { content: DatasetContent::Items(items.into_iter().collect()) }
    }

    /// The bytes of a file, which are read as `ReaderConfig` says: CSV, JSON or JSONL.
    pub fn file(bytes: impl Into<Vec<u8>>) -> Self {
        Self { content: DatasetContent::File(bytes.into()) }
    }

    /// No items, since the service could not read them: the state fails with `States.ItemReaderFailed`.
    pub fn failed(cause: impl Into<String>) -> Self {
        Self { content: DatasetContent::Failed(cause.into()) }
    }
}

/// The reason why the outside cannot do its part. It stops the run, with a diagnostic that names the state: `F3001` for
/// a call, `F3002` for items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unavailable {
    message: String,
    help: Option<String>,
    /// The code of its diagnostic, where that is another one than that of its kind.
    code: Option<&'static str>,
}

impl Unavailable {
    /// A sentence that says what is, then what was expected.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, code: None }
    }

    /// Says what to do about it.
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    pub(super) fn coded(self, code: &'static str) -> Self {
        Self { code: Some(code), ..self }
    }

    pub(super) fn diagnostic(self, code: &'static str, pointer: String) -> Diagnostic {
        let diagnostic = Diagnostic::error(self.code.unwrap_or(code), pointer, self.message);
        match self.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }
}

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Unavailable {}
