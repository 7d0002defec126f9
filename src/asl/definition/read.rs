//! Reads the model of a definition, and reports every fault of it at once.

mod choice;
mod map;
#[cfg(test)]
mod tests;
mod values;

use std::{collections::HashMap, sync::Arc};

use self::values::Values;
use super::{
    fields::Part,
    language::Language,
    model::{
        Catcher, Definition, PathField, ProcessorConfig, Resource, ResourceKind, Retrier, Scope, Sent, State,
        StateKind, Target, Task, Unresolved, Wait,
    },
    problems::Problems,
    template::Template,
    token::tokens_of,
    wording::short,
};
use crate::{
    asl::expression::payload::bytes,
    diagnostic::Diagnostic,
    json::{Json, MAX_NESTING, Pointer, is_too_deep},
};

/// The `Mode` of a `Map` whose iterations are executions of their own.
const DISTRIBUTED: &str = "DISTRIBUTED";
/// Scopes in scopes, and rules in rules; the service's limit is on the size of the definition.
const MAX_LEVELS: usize = 64;

impl Definition {
    /// The model of a definition, and everything that the table of fields does not allow in it.
    pub fn read(json: &Json) -> (Self, Vec<Diagnostic>) {
        let mut reader = ModelReader { problems: Problems::default(), scopes: Vec::new(), default: Language::JsonPath };
        let mut timeout_seconds = None;
        if is_too_deep(json) {
            // Whatever looks at a definition goes down into it.
            let message = format!("the definition is nested too deep; expected at most {MAX_NESTING} levels");
            reader.problems.faults.push(Diagnostic::error("TOO_DEEPLY_NESTED", "", message));
        } else {
            reader.default = Language::of(json.get("QueryLanguage").and_then(Json::as_str));
            reader.scope(json, Part::Workflow, &Pointer::START, MAX_LEVELS);
            timeout_seconds = json.get("TimeoutSeconds").and_then(Json::as_i64);
        }
        let ModelReader { problems, scopes, default } = reader;
        let bytes = if scopes.is_empty() { 0 } else { bytes(json) };
        (Self { scopes, language: default, timeout_seconds, bytes, unresolved: problems.unresolved }, problems.faults)
    }
}

/// Reads scopes and what is in them.
struct ModelReader {
    problems: Problems,
    scopes: Vec<Scope>,
    /// `QueryLanguage` of the workflow.
    default: Language,
}

/// What the states of a scope are called.
type Positions = HashMap<Arc<str>, usize>;

impl ModelReader {
    /// Reads the states of a workflow, a branch or an iteration; gives its position among the scopes.
    fn scope(&mut self, json: &Json, part: Part, at: &Pointer<'_>, depth: usize) -> usize {
        let position = self.scopes.len();
        self.scopes.push(Scope {
            part,
            pointer: at.to_string(),
            states: Vec::new(),
            positions: Positions::new(),
            start: None,
            config: ProcessorConfig::default(),
        });
        let Some(depth) = depth.checked_sub(1) else {
            let message = format!("states are nested too deep; expected at most {MAX_LEVELS} levels");
            self.problems.fault(part, at, message);
            return position;
        };
        let values = self.problems.part(json, part, at, self.default);
        let states: Vec<(Arc<str>, &Json)> = match values.json("States") {
            Some(Json::Object(states)) => states.iter().map(|(name, json)| (name.as_str().into(), json)).collect(),
            _ => Vec::new(),
        };
        let positions: Positions =
            states.iter().enumerate().map(|(position, (name, _))| (Arc::clone(name), position)).collect();
        let start = self.target(&values, "StartAt", at, &positions);
        let config = self.config(&values, at);
        let at = at.key("States");
        let mut read = Vec::with_capacity(states.len());
        for (name, json) in states {
            let at = at.key(&name);
            read.push(self.state(Arc::clone(&name), json, &at, &positions, depth));
        }
        let scope = &mut self.scopes[position];
        (scope.states, scope.positions, scope.start, scope.config) = (read, positions, start, config);
        position
    }

    fn config(&mut self, values: &Values<'_>, at: &Pointer<'_>) -> ProcessorConfig {
        let Some(json) = values.json("ProcessorConfig") else { return ProcessorConfig::default() };
        let at = at.key("ProcessorConfig");
        let values = self.problems.part(json, Part::ProcessorConfig, &at, self.default);
        let text = |field: &str| values.text(field).map(str::to_owned);
        if values.text("Mode") == Some(DISTRIBUTED) && !values.has("ExecutionType") {
            let message =
                "the `ProcessorConfig` of a distributed `Map` has no `ExecutionType`; expected STANDARD or EXPRESS";
            self.problems.fault(Part::ProcessorConfig, &at, message.to_owned());
        }
        ProcessorConfig { mode: text("Mode"), execution_type: text("ExecutionType") }
    }

    fn state(&mut self, name: Arc<str>, json: &Json, at: &Pointer<'_>, names: &Positions, depth: usize) -> State {
        let said = json.get("QueryLanguage").and_then(Json::as_str);
        let language = said.map_or(self.default, |said| Language::of(Some(said)));
        let mut state = State {
            name,
            pointer: at.to_string(),
            language,
            says_language: said.is_some(),
            kind: StateKind::Unknown,
            input_path: PathField::Whole,
            output_path: PathField::Whole,
            output: None,
            assign: None,
            next: None,
            end: false,
            retry: Vec::new(),
            catch: Vec::new(),
            unresolved: Unresolved::default(),
        };
        let before = self.problems.unresolved.len();
        let Some(part) = self.part_of(json, at) else {
            state.unresolved.entering = self.problems.unresolved.split_off(before);
            return state;
        };
        let mut values = self.problems.part(json, part, at, language);
        state.kind = self.kind(part, &mut values, at, names, depth);
        state.input_path = values.path_field("InputPath");
        state.output_path = values.path_field("OutputPath");
        state.output = values.template("Output");
        state.assign = values.template("Assign");
        state.next = self.target(&values, "Next", at, names);
        // What cannot be known, or is wrong, is taken for an end, so that nothing else follows from it.
        state.end = json.get("End").is_some_and(|end| *end != Json::Bool(false));
        state.unresolved.entering = self.problems.unresolved.split_off(before);
        let retry = at.key("Retry");
        let elements = values.list("Retry").iter().enumerate();
        state.retry = elements.map(|(index, json)| self.retrier(json, &retry.index(index), language)).collect();
        let catch = at.key("Catch");
        let elements = values.list("Catch").iter().enumerate();
        state.catch = elements.map(|(index, json)| self.catcher(json, &catch.index(index), language, names)).collect();
        state.unresolved.failing = self.problems.unresolved.split_off(before);
        state
    }

    /// The part that the `Type` of a state names.
    fn part_of(&mut self, json: &Json, at: &Pointer<'_>) -> Option<Part> {
        let (at, value, message) = match json.get("Type") {
            _ if !json.is_object() => (*at, json, format!("the state is {}; expected an object", short(json))),
            None => (*at, &Json::Null, "the state has no `Type`; expected one".to_owned()),
            Some(said @ Json::String(name)) => match Part::of_type(name) {
                Some(part) => return Some(part),
                None => {
                    let names = Part::STATES.map(Part::type_name);
                    let message = format!("`{name}` is not a type of states; expected one of {}", names.join(", "));
                    let fault = self.problems.diagnostic(Part::Workflow, &at.key("Type"), message);
                    self.problems.refuse_with(said, fault.did_you_mean(name, names));
                    return None;
                }
            },
            Some(other) => (at.key("Type"), other, format!("`Type` is {}; expected a type of states", short(other))),
        };
        self.problems.refuse(Part::Workflow, &at, value, message);
        None
    }

    fn kind(
        &mut self,
        part: Part,
        values: &mut Values<'_>,
        at: &Pointer<'_>,
        names: &Positions,
        depth: usize,
    ) -> StateKind {
        match part {
            Part::Pass => StateKind::Pass {
                parameters: values.template("Parameters"),
                result: values.json("Result").cloned(),
                result_path: values.path_field("ResultPath"),
            },
            Part::Task => StateKind::Task(Box::new(task(values))),
            Part::Choice => StateKind::Choice(self.choice(values, at, names)),
            Part::Wait => StateKind::Wait(wait(values)),
            Part::Succeed => StateKind::Succeed,
            Part::Fail => StateKind::Fail {
                error: values.computed("Error", "ErrorPath"),
                cause: values.computed("Cause", "CausePath"),
            },
            Part::Parallel => {
                let at = at.key("Branches");
                let branches = values.list("Branches").iter().enumerate();
                let branches =
                    branches.map(|(index, branch)| self.scope(branch, Part::Branch, &at.index(index), depth));
                let branches = branches.collect();
                StateKind::Parallel { branches, sent: sent(values) }
            }
            Part::Map => StateKind::Map(Box::new(self.map(values, at, depth))),
            _ => StateKind::Unknown,
        }
    }

    fn retrier(&mut self, json: &Json, at: &Pointer<'_>, language: Language) -> Retrier {
        let mut values = self.problems.part(json, Part::Retrier, at, language);
        Retrier {
            errors: values.strings("ErrorEquals"),
            interval_seconds: values.number("IntervalSeconds").unwrap_or(1.0),
            max_attempts: values.number("MaxAttempts").map_or(3, |attempts| attempts as u32),
            backoff_rate: values.number("BackoffRate").unwrap_or(2.0),
            max_delay_seconds: values.number("MaxDelaySeconds"),
            full_jitter: values.text("JitterStrategy") == Some("FULL"),
        }
    }

    fn catcher(&mut self, json: &Json, at: &Pointer<'_>, language: Language, names: &Positions) -> Catcher {
        let mut values = self.problems.part(json, Part::Catcher, at, language);
        let next = self.target(&values, "Next", at, names);
        Catcher {
            errors: values.strings("ErrorEquals"),
            next,
            result_path: values.path_field("ResultPath"),
            output: values.template("Output"),
            assign: values.template("Assign"),
        }
    }

    /// The state that a field names; whether the scope has it is for a rule to say.
    fn target(
        &mut self,
        values: &Values<'_>,
        field: &'static str,
        at: &Pointer<'_>,
        names: &Positions,
    ) -> Option<Target> {
        let json = values.json(field)?;
        let name = json.as_str()?;
        let position = names.get_key_value(name);
        let hidden = position.is_none() && tokens_of(name).next().is_some();
        if hidden {
            let message = format!("`{field}` is `{name}`; expected the name of a state");
            self.problems.refuse(Part::Workflow, &at.key(field), json, message);
        }
        Some(Target {
            name: position.map_or_else(|| name.into(), |(name, _)| Arc::clone(name)),
            pointer: at.key(field).to_string(),
            position: position.map(|(_, position)| *position),
            hidden,
        })
    }
}

fn sent(values: &mut Values<'_>) -> Sent {
    Sent {
        arguments: arguments(values),
        result_selector: values.template("ResultSelector"),
        result_path: values.path_field("ResultPath"),
    }
}

/// `Arguments` or `Parameters`, as the language has it.
fn arguments(values: &mut Values<'_>) -> Option<Template> {
    values.template("Arguments").or_else(|| values.template("Parameters"))
}

fn task(values: &mut Values<'_>) -> Task {
    let arn = values.text("Resource").unwrap_or_default().to_owned();
    Task {
        resource: Resource { kind: resource_kind(&arn), hidden: arn.starts_with("${"), arn },
        sent: sent(values),
        timeout_seconds: values.count("TimeoutSeconds", "TimeoutSecondsPath"),
        heartbeat_seconds: values.count("HeartbeatSeconds", "HeartbeatSecondsPath"),
        credentials: values.template("Credentials"),
    }
}

fn wait(values: &mut Values<'_>) -> Wait {
    if let Some(seconds) = values.count("Seconds", "SecondsPath") {
        return Wait::Seconds(seconds);
    }
    if let Some(path) = values.path("TimestampPath") {
        return Wait::UntilPath(path);
    }
    match values.time("Timestamp") {
        Some(time) => Wait::Until(time),
        None => values.expression("Timestamp").map_or(Wait::Unknown, Wait::UntilExpression),
    }
}

/// What an ARN names. One that is still a `${Token}` is taken for that of a function.
fn resource_kind(arn: &str) -> ResourceKind {
    // The colons of a `${AWS::Partition}` separate no parts.
    let (mut plain, mut inside) = (String::new(), false);
    for (at, letter) in arn.char_indices() {
        inside = arn[at..].starts_with("${") || (inside && letter != '}');
        plain.extend((!inside || letter != ':').then_some(letter));
    }
    let arn = plain.as_str();
    let parts: Vec<&str> = arn.splitn(7, ':').collect();
    match parts.as_slice() {
        ["arn", _, "states", "", "", service, action] => match (*service, action.split_once(':')) {
            ("aws-sdk", Some((service, action))) => {
                ResourceKind::Integration { service: format!("aws-sdk:{service}"), action: action.to_owned() }
            }
            _ => ResourceKind::Integration { service: (*service).to_owned(), action: (*action).to_owned() },
        },
        ["arn", _, "states", _, _, "activity", _] => ResourceKind::Activity,
        _ => ResourceKind::Lambda,
    }
}
