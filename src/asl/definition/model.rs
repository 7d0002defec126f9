//! The typed model of a definition, which validation, the interpreter and every other reader share.

use std::{collections::HashMap, sync::Arc};

use super::{
    fields::Part,
    language::Language,
    operator::{Operand, Property, Relation},
    template::Template,
};
use crate::{
    asl::expression::{intrinsic::Intrinsic, jsonata::Expression, jsonpath::PathExpression, time::Time},
    diagnostic::Diagnostic,
    json::Json,
};

/// A definition. What has faults is there as far as it could be read, for rules to look at; it is never run.
#[derive(Debug)]
pub(crate) struct Definition {
    /// The workflow itself first, each scope before those inside of it.
    pub scopes: Vec<Scope>,
    /// `QueryLanguage` of the workflow, which holds for states that do not say theirs.
    pub language: Language,
    /// `TimeoutSeconds` of the workflow.
    pub timeout_seconds: Option<i64>,
    /// The length of its JSON.
    pub bytes: usize,
    /// `${Token}`s in place of what must be known to begin a run; those of its states are with them.
    pub(super) unresolved: Vec<Diagnostic>,
}

/// States that may go to each other: a workflow, a branch of a `Parallel` or the iteration of a `Map`.
#[derive(Debug)]
pub(crate) struct Scope {
    /// `Workflow`, `Branch`, `ItemProcessor` or `Iterator`.
    pub part: Part,
    /// Where it is: `""` for the workflow itself.
    pub pointer: String,
    pub states: Vec<State>,
    /// Positions of the states by name.
    pub(super) positions: HashMap<Arc<str>, usize>,
    /// `StartAt`.
    pub start: Option<Target>,
    /// `ProcessorConfig`.
    pub config: ProcessorConfig,
}

/// `ProcessorConfig`.
#[derive(Debug, Default)]
pub(crate) struct ProcessorConfig {
    pub mode: Option<String>,
    pub execution_type: Option<String>,
}

/// A state that something goes to.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub name: Arc<str>,
    /// Where it is named.
    pub pointer: String,
    /// Its position in the scope; none where the scope has no such state.
    pub(super) position: Option<usize>,
    /// Whether a `${Token}` hides which state it is.
    pub hidden: bool,
}

/// A state.
#[derive(Debug)]
pub(crate) struct State {
    pub name: Arc<str>,
    /// Where it is in the definition.
    pub pointer: String,
    pub language: Language,
    /// Whether it says its language itself.
    pub says_language: bool,
    pub kind: StateKind,
    pub input_path: PathField,
    pub output_path: PathField,
    /// JSONata.
    pub output: Option<Template>,
    pub assign: Option<Assign>,
    /// None where it ends its scope.
    pub next: Option<Target>,
    /// `End`.
    pub end: bool,
    pub retry: Vec<Retrier>,
    pub catch: Vec<Catcher>,
    pub unresolved: Unresolved,
}

/// `${Token}`s in place of what must be known of a state to run it: paths, numbers, expressions.
#[derive(Debug, Default)]
pub(crate) struct Unresolved {
    /// To enter it.
    pub entering: Vec<Diagnostic>,
    /// To go on once it has failed: those of `Retry` and `Catch`.
    pub failing: Vec<Diagnostic>,
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
pub(crate) enum StateKind {
    Pass {
        parameters: Option<Template>,
        result: Option<Json>,
        result_path: PathField,
    },
    Task(Box<Task>),
    Choice(Choice),
    Wait(Wait),
    Succeed,
    Fail {
        error: Option<Text>,
        cause: Option<Text>,
    },
    Parallel {
        branches: Vec<usize>,
        sent: Sent,
    },
    Map(Box<Map>),
    /// A type that does not exist, or none.
    Unknown,
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
    /// Whether a `${Token}` hides what it is.
    pub hidden: bool,
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
    Intrinsic { field: &'static str, call: Box<Intrinsic> },
    Expression { field: &'static str, expression: Box<Expression> },
}

/// How long a `Wait` waits.
#[derive(Debug)]
pub(crate) enum Wait {
    Seconds(Count),
    Until(Time),
    UntilPath(PathExpression),
    UntilExpression(Box<Expression>),
    /// Nothing says how long, or a token does.
    Unknown,
}

/// A `Map`.
#[derive(Debug)]
pub(crate) struct Map {
    /// Position of the scope that each item goes through; none where there is none.
    pub(super) scope: Option<usize>,
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
    /// True for `{}`, which the service takes, and cannot run.
    pub is_empty: bool,
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
    pub next: Option<Target>,
    pub result_path: PathField,
    pub output: Option<Template>,
    pub assign: Option<Assign>,
}

/// A `Choice`.
#[derive(Debug)]
pub(crate) struct Choice {
    pub rules: Vec<ChoiceRule>,
    pub default: Option<Target>,
}

/// One of `Choices`.
#[derive(Debug)]
pub(crate) struct ChoiceRule {
    /// What it asks; none where that has a fault.
    pub test: Option<Test>,
    pub next: Option<Target>,
    pub output: Option<Template>,
    pub assign: Option<Assign>,
}

/// What a rule asks.
#[derive(Debug)]
pub(crate) enum Test {
    And(Vec<Test>),
    Or(Vec<Test>),
    Not(Box<Test>),
    /// `IsPresent` and the like: what is asked, and whether it should be so.
    Is {
        variable: PathExpression,
        property: Property,
        expected: bool,
    },
    Compare {
        variable: PathExpression,
        kind: Operand,
        relation: Relation,
        right: Right,
    },
    /// `StringMatches`.
    Matches {
        variable: PathExpression,
        pattern: Vec<Piece>,
    },
    /// JSONata.
    Condition(Box<Expression>),
    /// JSONata: `true` or `false` as it stands.
    Literal(bool),
}

/// What a variable is compared with.
#[derive(Debug)]
pub(crate) enum Right {
    Literal(Json),
    Path(PathExpression),
}

/// A piece of a pattern.
#[derive(Debug, PartialEq)]
pub(crate) enum Piece {
    Letter(char),
    /// `*`.
    Any,
}

impl Definition {
    /// Every state of every scope.
    pub fn states(&self) -> impl Iterator<Item = &State> {
        self.scopes.iter().flat_map(|scope| &scope.states)
    }

    /// `${Token}`s in place of what must be known to begin a run.
    pub fn unresolved(&self) -> &[Diagnostic] {
        &self.unresolved
    }

    /// Those of its states too.
    pub fn all_unresolved(&self) -> impl Iterator<Item = &Diagnostic> {
        let of_states =
            self.states().flat_map(|state| state.unresolved.entering.iter().chain(&state.unresolved.failing));
        self.unresolved.iter().chain(of_states)
    }
}

impl Scope {
    /// The position of the state that it begins with.
    pub fn start(&self) -> usize {
        self.start.as_ref().expect("a scope without a start is refused, not run").position()
    }

    /// The state of that name.
    pub fn state(&self, name: &str) -> Option<&State> {
        self.positions.get(name).map(|&position| &self.states[position])
    }

    /// Whether each state is an execution of its own that is an express one.
    pub fn is_express(&self) -> bool {
        self.config.execution_type.as_deref() == Some("EXPRESS")
    }
}

impl Target {
    /// The position of the state in the scope.
    pub fn position(&self) -> usize {
        self.position.expect("a definition that names a missing state is refused, not run")
    }

    /// Whether the scope has the state.
    pub fn exists(&self) -> bool {
        self.position.is_some()
    }
}

impl State {
    /// Every state that may follow, with where it is named.
    pub fn targets(&self) -> impl Iterator<Item = &Target> {
        let choice = match &self.kind {
            StateKind::Choice(choice) => Some(choice),
            _ => None,
        };
        let rules = choice.into_iter().flat_map(|choice| choice.targets());
        let catchers = self.catch.iter().filter_map(|catcher| catcher.next.as_ref());
        self.next.iter().chain(rules).chain(catchers)
    }

    /// Whether it may be the last of its scope. A state of which that cannot be said is taken for one.
    pub fn ends(&self) -> bool {
        self.end || self.goes_nowhere() || matches!(self.kind, StateKind::Succeed | StateKind::Fail { .. })
    }

    /// Whether it says neither where it goes nor that it ends, or in a way that cannot be read: a fault of its own, from
    /// which nothing else follows.
    pub fn goes_nowhere(&self) -> bool {
        let goes_on = !matches!(self.kind, StateKind::Succeed | StateKind::Fail { .. } | StateKind::Choice(_));
        goes_on && self.next.is_none() && !self.end
    }

    /// The positions of the scopes inside of it.
    pub fn scopes(&self) -> impl Iterator<Item = usize> {
        let (branches, iteration) = match &self.kind {
            StateKind::Parallel { branches, .. } => (branches.as_slice(), None),
            StateKind::Map(map) => (&[][..], map.scope),
            _ => (&[][..], None),
        };
        branches.iter().copied().chain(iteration)
    }

    /// Every way out of it: the state that follows, if one does, and the `Assign` that goes with it, with its place.
    pub fn ways(&self) -> Vec<(Option<&Target>, String, Option<&Assign>)> {
        let (rules, default) = match &self.kind {
            StateKind::Choice(choice) => (choice.rules.as_slice(), choice.default.as_ref()),
            _ => (&[][..], None),
        };
        let at = |field: &str, index: usize| format!("{}/{field}/{index}/Assign", self.pointer);
        let own = (self.next.as_ref().or(default), format!("{}/Assign", self.pointer), self.assign.as_ref());
        let rules = rules.iter().enumerate();
        let rules = rules.map(|(index, rule)| (rule.next.as_ref(), at("Choices", index), rule.assign.as_ref()));
        let catchers = self.catch.iter().enumerate();
        let catchers =
            catchers.map(|(index, catcher)| (catcher.next.as_ref(), at("Catch", index), catcher.assign.as_ref()));
        std::iter::once(own).chain(rules).chain(catchers).collect()
    }

    /// What it calls, if it is a task.
    pub fn resource(&self) -> Option<&Resource> {
        match &self.kind {
            StateKind::Task(task) => Some(&task.resource),
            _ => None,
        }
    }
}

impl ChoiceRule {
    /// What it asks.
    pub fn test(&self) -> &Test {
        self.test.as_ref().expect("a rule that asks nothing is refused, not run")
    }

    /// The position of the state that it leads to.
    pub fn next(&self) -> usize {
        self.next.as_ref().expect("a rule without a target is refused, not run").position()
    }
}

impl Catcher {
    /// The position of the state that it leads to.
    pub fn next(&self) -> usize {
        self.next.as_ref().expect("a catcher without a target is refused, not run").position()
    }
}

impl Map {
    /// The position of the scope that each item goes through.
    pub fn scope(&self) -> usize {
        self.scope.expect("a `Map` without a processor is refused, not run")
    }
}

impl Choice {
    /// Every state that it may go to.
    pub fn targets(&self) -> impl Iterator<Item = &Target> {
        self.default.iter().chain(self.rules.iter().filter_map(|rule| rule.next.as_ref()))
    }
}
