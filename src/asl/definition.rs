//! A definition, read once into what the interpreter needs.

pub(crate) mod choice;
mod language;
mod read;
pub(crate) mod template;

pub(crate) use language::Language;

use std::sync::Arc;

use self::{
    choice::Choice,
    template::{Problems, Template},
};
use super::expression::{jsonata::Expression, jsonpath::PathExpression, time::Time};
use crate::json::Json;

/// A definition that can be run.
#[derive(Debug)]
pub(crate) struct Program {
    /// The workflow itself is the last one.
    pub scopes: Vec<Scope>,
    /// `TimeoutSeconds` of the whole.
    pub timeout_seconds: Option<i64>,
}

/// States that go to each other.
#[derive(Debug)]
pub(crate) struct Scope {
    pub states: Vec<State>,
    pub start: usize,
}

/// A state.
#[derive(Debug)]
pub(crate) struct State {
    pub name: Arc<str>,
    /// Where it is in the definition.
    pub pointer: String,
    pub language: Language,
    pub kind: Kind,
    pub input_path: PathField,
    pub output_path: PathField,
    /// JSONata.
    pub output: Option<Template>,
    pub assign: Option<Assign>,
    /// None where it ends its scope.
    pub next: Option<usize>,
    pub retry: Vec<Retrier>,
    pub catch: Vec<Catcher>,
}

/// Variables and what they get.
pub(crate) type Assign = Template;

/// `InputPath`, `ResultPath` and `OutputPath`.
#[derive(Debug)]
pub(crate) enum PathField {
    /// `$`, or not there.
    Whole,
    /// `null`.
    Nothing,
    Path(PathExpression),
}

/// What is particular to the type of a state.
#[derive(Debug)]
pub(crate) enum Kind {
    Pass { parameters: Option<Template>, result: Option<Json>, result_path: PathField },
    Task(Box<Task>),
    Choice(Choice),
    Wait(Wait),
    Succeed,
    Fail { error: Option<Text>, cause: Option<Text> },
    Parallel { branches: Vec<usize>, sent: Sent },
    Map(Box<Map>),
}

/// What a state sends and what becomes of what comes back.
#[derive(Debug)]
pub(crate) struct Sent {
    /// `Parameters` or `Arguments`.
    pub arguments: Option<Template>,
    pub result_selector: Option<Template>,
    pub result_path: PathField,
}

/// A call of a service.
#[derive(Debug)]
pub(crate) struct Task {
    pub resource: Resource,
    pub sent: Sent,
    pub timeout_seconds: Option<Count>,
    pub heartbeat_seconds: Option<Count>,
    pub credentials: Option<Template>,
}

/// What a task calls.
#[derive(Debug)]
pub(crate) struct Resource {
    /// As the definition has it.
    pub arn: String,
    pub kind: ResourceKind,
}

/// How a task's resource is called, which decides its events.
#[derive(Debug, PartialEq)]
pub(crate) enum ResourceKind {
    /// A Lambda function by its ARN.
    Lambda,
    Activity,
    /// `arn:aws:states:::service:action`; the action with its pattern, such as `publish.waitForTaskToken`.
    Integration {
        service: String,
        action: String,
    },
}

/// A number that may be computed; a whole one, but for percentages.
#[derive(Debug)]
pub(crate) enum Count {
    Literal(f64),
    Path { field: &'static str, path: PathExpression },
    Expression { field: &'static str, expression: Box<Expression> },
}

/// A text that may be computed.
#[derive(Debug)]
pub(crate) enum Text {
    Literal(String),
    Path { field: &'static str, path: PathExpression },
    Intrinsic { field: &'static str, call: Box<crate::asl::expression::intrinsic::Intrinsic> },
    Expression { field: &'static str, expression: Box<Expression> },
}

/// How long a `Wait` waits.
#[derive(Debug)]
pub(crate) enum Wait {
    Seconds(Count),
    Until(Time),
    UntilPath(PathExpression),
    UntilExpression(Box<Expression>),
}

/// A `Map`.
#[derive(Debug)]
pub(crate) struct Map {
    pub scope: usize,
    pub items: Items,
    pub sent: Sent,
    /// `ItemSelector`, or `Parameters` of old definitions.
    pub item_selector: Option<(Template, &'static str)>,
    pub max_concurrency: Option<Count>,
    pub tolerated_count: Option<Count>,
    pub tolerated_percentage: Option<Count>,
    /// None for an inline `Map`.
    pub distributed: Option<Distributed>,
}

/// Where the items of a `Map` come from.
#[derive(Debug)]
pub(crate) enum Items {
    /// The input itself.
    Input,
    Path(PathExpression),
    /// JSONata: an array, or an expression for one.
    Template(Template),
}

/// What only a distributed `Map` has.
#[derive(Debug)]
pub(crate) struct Distributed {
    pub label: Option<String>,
    pub express: bool,
    pub reader: Option<Reader>,
    pub batcher: Option<Batcher>,
    pub writer: Option<Writer>,
}

/// `ItemReader`.
#[derive(Debug)]
pub(crate) struct Reader {
    pub resource: Option<String>,
    pub arguments: Option<Template>,
    pub input_type: Option<String>,
    pub csv_delimiter: u8,
    /// `CSVHeaders`, where the header is not the first row.
    pub csv_headers: Option<Vec<String>>,
    pub items_pointer: Option<String>,
    pub max_items: Option<Count>,
}

/// `ItemBatcher`.
#[derive(Debug)]
pub(crate) struct Batcher {
    pub input: Option<Template>,
    pub max_items: Option<Count>,
    pub max_bytes: Option<Count>,
}

/// `ResultWriter`.
#[derive(Debug)]
pub(crate) struct Writer {
    /// None where the results only change their form.
    pub resource: Option<String>,
    pub arguments: Option<Template>,
    pub transformation: Option<String>,
}

/// One of `Retry`.
#[derive(Debug)]
pub(crate) struct Retrier {
    pub errors: Vec<String>,
    pub interval_seconds: f64,
    pub max_attempts: u32,
    pub backoff_rate: f64,
    pub max_delay_seconds: Option<f64>,
    pub full_jitter: bool,
}

/// One of `Catch`.
#[derive(Debug)]
pub(crate) struct Catcher {
    pub errors: Vec<String>,
    pub next: usize,
    pub result_path: PathField,
    pub output: Option<Template>,
    pub assign: Option<Assign>,
}

/// Scopes in scopes; the service's limit is on the size of the definition.
const MAX_DEPTH: usize = 64;

impl Program {
    /// Reads a definition. Whether its states fit together, `validate` has said before.
    pub fn new(definition: &Json) -> Result<Self, Problems> {
        let default = Language::of(definition.get("QueryLanguage").and_then(Json::as_str));
        let mut reader = read::Reader { problems: Vec::new(), scopes: Vec::new(), default };
        reader.scope(definition, "", MAX_DEPTH);
        let timeout_seconds = definition.get("TimeoutSeconds").and_then(Json::as_i64);
        match reader.problems.is_empty() {
            true => Ok(Self { scopes: reader.scopes, timeout_seconds }),
            false => Err(reader.problems),
        }
    }

    /// The scope of the workflow itself.
    pub fn root(&self) -> usize {
        self.scopes.len().saturating_sub(1)
    }
}
