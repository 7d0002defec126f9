//! A machine and its runs: what is given to an execution before it begins.

use std::{
    path::PathBuf,
    sync::{Arc, atomic::AtomicBool},
};

use serde_json::json;

use super::{
    Outcome,
    execution::{Interpreter, Settings, Step, Watcher},
    mock::{Mocks, wrong_responses},
    mock_config::TestCase,
    outside::{Answer, Outside, TaskCall, TaskResult},
};
use crate::{
    asl::{
        definition::{Definition, StateKind},
        expression::{
            payload::{self, Payload},
            random::Random,
            time::{START, parse, text},
        },
        validate::{self, FieldValidation},
    },
    diagnostic::{Declarations, Diagnostic, Severity, sort},
    json::{Json, MAX_NESTING, is_too_deep, take_apart},
};

/// A definition that can be run, read once for any number of runs, in any number of threads.
///
/// ```
/// use formwork::asl::run::{Machine, Status};
/// use serde_json::json;
///
/// let machine = Machine::new(&json!({
///     "StartAt": "Greet",
///     "States": {"Greet": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% 'Hello ' & $states.input %}", "End": true}},
/// }))
/// .unwrap();
/// let outcome = machine.run(json!("Ada")).finish();
/// assert_eq!(outcome.status(), Status::Succeeded);
/// assert_eq!(outcome.output(), json!("Hello Ada"));
/// ```
#[derive(Clone, Debug)]
pub struct Machine(Arc<Definition>);

impl Machine {
    /// Reads a definition, anyone's. The diagnostics are those that the service would refuse the definition for. What a
    /// `${Token}` hides in a state stops a run that comes there.
    pub fn new(definition: &Json) -> Result<Self, Vec<Diagnostic>> {
        let (definition, found) = validate::read(definition, false);
        Self::of(definition, found)
    }

    /// The machine of a definition that was read, unless something is wrong with it.
    pub(crate) fn of(definition: Definition, mut found: Vec<Diagnostic>) -> Result<Self, Vec<Diagnostic>> {
        found.retain(|diagnostic| diagnostic.severity == Severity::Error);
        // What a token hides in a state is told when a run comes to it, or beside faults. A token without a
        // substitution is a fault of its own at the same place.
        let unresolved: Vec<&Diagnostic> = match found.is_empty() {
            true => definition.unresolved().iter().collect(),
            false => definition.all_unresolved().collect(),
        };
        let unresolved = unresolved.into_iter().filter(|hidden| found.iter().all(|it| it.path != hidden.path));
        let unresolved: Vec<Diagnostic> = unresolved.cloned().collect();
        found.extend(unresolved);
        sort(&mut found);
        if found.is_empty() { Ok(Self(Arc::new(definition))) } else { Err(found) }
    }

    pub(super) fn definition(&self) -> &Definition {
        &self.0
    }

    /// A run with that input, to be given its mocks.
    pub fn run(&self, input: Json) -> Run {
        Run::new(Ok(self.clone()), input, Declarations::default())
    }
}

/// An execution that has not begun: it takes mocks, and [`finish`](Self::finish) runs it.
#[must_use = "nothing runs before `finish`"]
pub struct Run {
    machine: Result<Machine, Vec<Diagnostic>>,
    input: Json,
    mocks: Mocks,
    context: Json,
    /// The faults of the input and the context.
    problems: Vec<Diagnostic>,
    express: Option<bool>,
    seed: u64,
    real_time: bool,
    interrupt: Option<Arc<AtomicBool>>,
    watcher: Option<Watcher>,
    /// Where the states were declared.
    declared: Declarations,
}

impl Run {
    pub(crate) fn new(machine: Result<Machine, Vec<Diagnostic>>, input: Json, declared: Declarations) -> Self {
        let mut run = Self {
            machine,
            input: Json::Null,
            mocks: Mocks::default(),
            context: json!({}),
            problems: Vec::new(),
            express: None,
            seed: 0,
            real_time: false,
            interrupt: None,
            watcher: None,
            declared,
        };
        run.mocks.validation = FieldValidation::Present;
        run.input = run.not_too_deep(input, "F3004", "the input");
        run
    }

    /// Answers the calls of a task. The closure stands for what the task calls: for `lambda:invoke` it is the function,
    /// gets its `Payload` and gives what the function returns; for anything else it gets the arguments and gives the
    /// response of the service.
    pub fn task(mut self, state: impl Into<String>, mut mock: impl FnMut(Json) -> TaskResult + 'static) -> Self {
        self.mocks.task(state.into(), Box::new(move |call| mock(call.input().clone()).into()));
        self
    }

    /// As [`task`](Self::task), for a mock that wants to know more of the call, or that takes its time.
    pub fn task_with(mut self, state: impl Into<String>, mock: impl FnMut(&TaskCall<'_>) -> Answer + 'static) -> Self {
        self.mocks.task(state.into(), Box::new(mock));
        self
    }

    /// Answers the tasks from a test case of AWS's mock file; closures go before it. Its responses are those of the
    /// service, whole: for `lambda:invoke` with the `Payload` around what the function returns.
    pub fn test_case(mut self, case: TestCase) -> Self {
        self.mocks.config = Some(case);
        self
    }

    /// How strictly mocks are checked against the models of the APIs that the tasks call: a mock that the service could
    /// not answer with is a fault. Unless it is set, it is [`Strict`](FieldValidation::Strict) for a
    /// [`Workflow`](crate::asl::jsonata::Workflow), [`Present`](FieldValidation::Present) for a [`Machine`], which may
    /// have mocks that are older. What an [`Outside`] answers is not checked.
    pub fn validate_mocks(mut self, validation: FieldValidation) -> Self {
        self.mocks.validation = validation;
        self
    }

    /// The file that stands in for the `ItemReader` of a distributed `Map`: what the object in S3 would hold; for Parquet
    /// and manifests the rows that they lead to, as JSON lines or CSV.
    pub fn items(mut self, state: impl Into<String>, file: impl Into<PathBuf>) -> Self {
        self.mocks.read_items_of(state.into(), file.into());
        self
    }

    /// The [`Outside`] that answers the tasks without a mock, and reads the items of the `ItemReader`s without a file.
    /// A run is the same each time only if its outside is: [`Answer::timed`] is not.
    ///
    /// ```
    /// use std::time::Duration;
    /// use formwork::asl::run::{Answer, Dataset, ItemReader, Machine, Outside, TaskCall, Unavailable};
    /// use serde_json::json;
    ///
    /// /// Functions that are Rust functions, and a bucket in memory.
    /// struct Local;
    ///
    /// impl Outside for Local {
    ///     fn call(&mut self, call: &TaskCall<'_>) -> Result<Answer, Unavailable> {
    ///         match call.resource().rsplit(':').next() {
    ///             // As long as it takes, it takes on the virtual clock.
    ///             Some("roast") => Ok(Answer::timed(|| Answer::ok(json!(format!("roasted {}", call.input()))))),
    ///             Some("ship") => Ok(Answer::ok(json!("shipped")).after(Duration::from_secs(86_400))),
    ///             _ => Err(Unavailable::new(format!("there is no function `{}`", call.resource()))),
    ///         }
    ///     }
    ///
    ///     fn items(&mut self, reader: &ItemReader<'_>) -> Result<Dataset, Unavailable> {
    ///         match reader.arguments()["Key"].as_str() {
    ///             Some("beans.json") => Ok(Dataset::items([json!("arabica"), json!("robusta")])),
    ///             _ => Ok(Dataset::failed("The specified key does not exist.")),
    ///         }
    ///     }
    /// }
    ///
    /// let function = |name: &str, rest: serde_json::Value| {
    ///     let mut state = json!({"Type": "Task", "Resource": format!("arn:aws:lambda:us-east-1:123456789012:function:{name}")});
    ///     state.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    ///     state
    /// };
    /// let machine = Machine::new(&json!({
    ///     "StartAt": "Each",
    ///     "States": {
    ///         "Each": {
    ///             "Type": "Map",
    ///             "ItemReader": {
    ///                 "Resource": "arn:aws:states:::s3:getObject",
    ///                 "Parameters": {"Bucket": "beans", "Key": "beans.json"},
    ///             },
    ///             "ItemProcessor": {
    ///                 "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
    ///                 "StartAt": "Roast",
    ///                 "States": {"Roast": function("roast", json!({"End": true}))},
    ///             },
    ///             "Next": "Ship",
    ///         },
    ///         "Ship": function("ship", json!({"ResultPath": null, "End": true})),
    ///     },
    /// }))
    /// .unwrap();
    /// let outcome = machine.run(json!({})).outside(Local).finish();
    /// assert_eq!(outcome.output(), json!(["roasted \"arabica\"", "roasted \"robusta\""]));
    /// assert!(*outcome.elapsed() >= Duration::from_secs(86_400));
    /// ```
    pub fn outside(mut self, outside: impl Outside + 'static) -> Self {
        self.mocks.outside = Some(Box::new(outside));
        self
    }

    /// Members of the context object: an object that is merged over the one that the run would have. The execution
    /// starts at its `Execution.StartTime`.
    pub fn context(mut self, context: Json) -> Self {
        let context = self.not_too_deep(context, "F3005", "the context");
        merge(&mut self.context, context);
        self
    }

    /// Gives the value back; null instead of one that is nested too deep, which is reported.
    fn not_too_deep(&mut self, value: Json, code: &'static str, what: &str) -> Json {
        if !is_too_deep(&value) {
            return value;
        }
        take_apart(value);
        let problem = format!("{what} is nested too deep; expected at most {MAX_NESTING} levels");
        self.problems.push(Diagnostic::error(code, "", problem));
        Json::Null
    }

    /// Runs it as an express workflow: five minutes at most, no limit on events. Without this, the
    /// `Execution.Id` of the context says which it is.
    pub fn express(mut self, express: bool) -> Self {
        self.express = Some(express);
        self
    }

    /// Seed of everything random: names, `$uuid()`, `$random()`, jitter. The same seed gives the same run; it is 0
    /// unless it is set.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Lets waits, retries and delays take as long as they say, instead of skipping them.
    ///
    /// Without it only [what is answered in the background](Answer::background) takes real time.
    pub fn real_time(mut self, real_time: bool) -> Self {
        self.real_time = real_time;
        self
    }

    /// Ends the run, as [`Aborted`](super::Status::Aborted), soon after the flag was set: `StopExecution`. What it has done by then is
    /// in the outcome.
    pub fn interrupt(mut self, flag: Arc<AtomicBool>) -> Self {
        self.interrupt = Some(flag);
        self
    }

    /// Tells someone now and then how far it is.
    pub(crate) fn watched(mut self, watcher: impl FnMut(Step<'_>) + 'static) -> Self {
        self.watcher = Some(Box::new(watcher));
        self
    }

    /// Runs it to its end.
    pub fn finish(mut self) -> Outcome {
        let machine = match &self.machine {
            Ok(machine) => machine.clone(),
            Err(faults) => return Outcome::refused(self.located(faults.clone())),
        };
        if !self.problems.is_empty() {
            return Outcome::refused(self.problems);
        }
        let unknown = unknown_names(&machine.0, &self.mocks);
        if !unknown.is_empty() {
            return Outcome::refused(unknown);
        }
        let wrong = wrong_responses(&machine.0, &self.mocks);
        if !wrong.is_empty() {
            return Outcome::refused(wrong);
        }
        let settings = match self.settings() {
            Ok(settings) => settings,
            Err(problem) => return Outcome::refused(vec![*problem]),
        };
        // Only now is it known which it is.
        let forbidden = if settings.express { validate::as_express(&machine.0) } else { Vec::new() };
        if !forbidden.is_empty() {
            return Outcome::refused(self.located(forbidden));
        }
        let input = Payload::new(std::mem::take(&mut self.input));
        if input.is_too_large() {
            let problem = format!("the input is too large; expected at most {} bytes of JSON", payload::MAX_BYTES);
            return Outcome::refused(vec![Diagnostic::error("F3004", "", problem)]);
        }
        let ran = Interpreter::new(&machine.0, &settings, &mut self.mocks).watched(self.watcher.take()).run(input);
        let mut outcome = Outcome::of(ran);
        let found = std::mem::take(&mut outcome.diagnostics);
        outcome.diagnostics = self.located(found);
        outcome
    }

    /// Diagnostics with the Rust lines, where these are known.
    fn located(&self, mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
        self.declared.locate(&mut found);
        found
    }

    fn settings(&self) -> Result<Settings, Box<Diagnostic>> {
        let mut random = Random::new(self.seed);
        let name = random.uuid();
        let mut context = json!({
            "Execution": {
                "Id": "arn:aws:states:us-east-1:123456789012:execution:StateMachine:",
                "Input": self.input,
                "Name": name,
                "RoleArn": "arn:aws:iam::123456789012:role/StateMachineRole",
                "StartTime": text(START),
            },
            "StateMachine": {
                "Id": "arn:aws:states:us-east-1:123456789012:stateMachine:StateMachine",
                "Name": "StateMachine",
            },
        });
        let given = |pointer: &str| self.context.pointer(pointer).is_some();
        let id_given = given("/Execution/Id");
        let machine_id_given = given("/StateMachine/Id");
        merge(&mut context, self.context.clone());
        if context.get("Execution").is_none_or(|it| !it.is_object())
            || context.get("StateMachine").is_none_or(|it| !it.is_object())
        {
            let problem = "`Execution` or `StateMachine` of the context is no object; expected objects";
            return Err(Box::new(Diagnostic::error("F3005", "", problem)));
        }
        let part = |context: &Json, pointer: &str| {
            context.pointer(pointer).and_then(Json::as_str).unwrap_or_default().to_owned()
        };
        let machine_name = part(&context, "/StateMachine/Name");
        if !machine_id_given {
            context["StateMachine"]["Id"] =
                format!("arn:aws:states:us-east-1:123456789012:stateMachine:{machine_name}").into();
        }
        let express = self.express.unwrap_or_else(|| part(&context, "/Execution/Id").contains(":express:"));
        if !express && !given("/Execution/RedriveCount") {
            context["Execution"]["RedriveCount"] = 0.into();
        }
        if !id_given {
            let machine = part(&context, "/StateMachine/Id");
            let name = part(&context, "/Execution/Name");
            context["Execution"]["Id"] = match express {
                true => format!("{}:{name}:{}", machine.replace(":stateMachine:", ":express:"), random.uuid()),
                false => format!("{}:{name}", machine.replace(":stateMachine:", ":execution:")),
            }
            .into();
        }
        let start = part(&context, "/Execution/StartTime");
        let start = parse(&start).ok_or_else(|| {
            let problem =
                format!("`Execution.StartTime` of the context is `{start}`; expected one such as `{}`", text(START));
            Box::new(Diagnostic::error("F3005", "", problem))
        })?;
        let region = part(&context, "/StateMachine/Id").split(':').nth(3).unwrap_or_default().to_owned();
        let seed = random.next();
        let (real_time, interrupt) = (self.real_time, self.interrupt.clone());
        Ok(Settings { context: Payload::new(context), region, express, start, seed, real_time, interrupt })
    }
}

/// The definition with the known values of its `${Token}`s filled in.
pub(crate) fn substitute(json: Json, values: &[(String, String)]) -> Json {
    match json {
        Json::String(text) if text.contains("${") => {
            let replaced =
                values.iter().fold(text, |text, (token, value)| text.replace(&format!("${{{token}}}"), value));
            Json::String(replaced)
        }
        Json::Array(items) => items.into_iter().map(|item| substitute(item, values)).collect(),
        Json::Object(members) => members.into_iter().map(|(key, value)| (key, substitute(value, values))).collect(),
        plain => plain,
    }
}

/// Puts the members of an object over those of another.
fn merge(under: &mut Json, over: Json) {
    match (under, over) {
        (Json::Object(under), Json::Object(over)) => {
            for (name, value) in over {
                match under.get_mut(&name) {
                    Some(known) => merge(known, value),
                    None => {
                        under.insert(name, value);
                    }
                }
            }
        }
        (under, over) => *under = over,
    }
}

/// The diagnostics of mocks for states that the machine does not have.
fn unknown_names(definition: &Definition, mocks: &Mocks) -> Vec<Diagnostic> {
    let tasks: Vec<&str> = definition
        .states()
        .filter(|state| matches!(state.kind, StateKind::Task(_)))
        .map(|state| &*state.name)
        .collect();
    let maps: Vec<&str> = definition.states()
        .filter(|state| matches!(&state.kind, StateKind::Map(map) if map.distributed.as_ref().is_some_and(|it| it.reader.is_some())))
        .map(|state| &*state.name)
        .collect();
    let mut found: Vec<Diagnostic> = mocks
        .names()
        .filter_map(|(name, what)| {
            let (known, expected) = match what {
                "items" => (&maps, "a distributed `Map` with an `ItemReader`"),
                _ => (&tasks, "a task"),
            };
            if known.contains(&name) {
                return None;
            }
            let there = if what == "items" { "are items".to_owned() } else { format!("is a {what}") };
            let problem = format!("there {there} for `{name}`, which the workflow does not have; expected {expected}");
            Some(Diagnostic::error("F3003", "", problem).did_you_mean(name, known.iter().copied()))
        })
        .collect();
    sort(&mut found);
    found
}
