//! The states of a thread: how one is entered, and what is particular to its type.

use std::{rc::Rc, sync::Arc};

use super::{Interpreter, scene::Scene, thread::Entered, wake::Reason};
use crate::{
    asl::{
        definition::{
            Choice, Count, Language, PathField, State, StateKind, Text, Wait, choice::unexpected, template::not_found,
        },
        expression::{
            fault::Fault,
            jsonata::Expression,
            jsonpath::PathExpression,
            payload::Payload,
            time::{self, Time},
            world::{Variables, World, required},
        },
        run::{
            history::Details,
            trace::{End, Visit},
        },
    },
    json::Json,
};

/// Seconds that a `Wait` may take: what 31 bits hold.
const LONGEST_WAIT: i64 = 2_147_483_647;

/// The result of a state, before its output is made.
pub(super) enum Passed {
    /// The result that `ResultPath` and the other fields then work on.
    Result(Payload),
    /// The rule of a `Choice` that was taken, whose own `Output` and `Assign` count.
    Rule { position: Option<usize>, next: usize },
}

impl StateKind {
    /// Name of the type, and of the events at entry and exit.
    pub(in crate::asl::run) fn events(&self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Pass { .. } => ("Pass", "PassStateEntered", "PassStateExited"),
            Self::Task(_) => ("Task", "TaskStateEntered", "TaskStateExited"),
            Self::Choice(_) => ("Choice", "ChoiceStateEntered", "ChoiceStateExited"),
            Self::Wait(_) => ("Wait", "WaitStateEntered", "WaitStateExited"),
            Self::Succeed => ("Succeed", "SucceedStateEntered", "SucceedStateExited"),
            Self::Fail { .. } => ("Fail", "FailStateEntered", ""),
            Self::Parallel { .. } => ("Parallel", "ParallelStateEntered", "ParallelStateExited"),
            Self::Map(_) => ("Map", "MapStateEntered", "MapStateExited"),
            Self::Unknown => unreachable!("a state without a type is refused, not run"),
        }
    }

    /// Whether a state of this type may have `Retry` and `Catch`.
    pub(in crate::asl::run) fn retries(&self) -> bool {
        matches!(self, Self::Task(_) | Self::Parallel { .. } | Self::Map(_))
    }
}

impl<'a> Interpreter<'a> {
    pub(super) fn enter(&mut self, thread: usize) {
        let state = self.state(thread);
        if !state.unresolved.entering.is_empty() {
            return self.stop_for(state.unresolved.entering.clone());
        }
        let input = self.threads[thread].input.clone();
        let (kind, event, _) = state.kind.events();
        let details = || Details::Entered { name: Arc::clone(&state.name), input: input.share() };
        let event = self.record(thread, event, details);
        let parent = self.threads[thread].parent;
        self.visits.push(Visit {
            name: Arc::clone(&state.name),
            kind,
            parent: parent.map(|parent| parent.visit),
            lane: parent.map(|parent| parent.index),
            entered: self.now - self.settings.start,
            left: None,
            input: input.share(),
            output: None,
            attempts: Vec::new(),
            end: End::Running,
        });
        self.hold(size_of::<Visit>());
        self.hold_payload(&input);
        let tried = self.alone.as_ref().map_or(0, |alone| alone.given.retries);
        self.threads[thread].entered = Some(Entered {
            event,
            at: self.now,
            visit: self.visits.len() - 1,
            retries: vec![tried; state.retry.len()],
            retry_count: tried,
            recorded: event,
            silent: 0,
            token: None,
        });
        self.attempt(thread);
    }

    /// Tries a state, for the first time or again.
    pub(super) fn attempt(&mut self, thread: usize) {
        let state = self.state(thread);
        let done = match &state.kind {
            StateKind::Task(task) => self.call(thread, state, task).map(|()| None),
            StateKind::Parallel { branches, sent } => self.fork(thread, state, branches, sent).map(|()| None),
            StateKind::Map(map) => self.iterate(thread, state, map).map(|()| None),
            StateKind::Wait(wait) => self.wait(thread, state, wait).map(|()| None),
            StateKind::Fail { error, cause } => {
                let scene = self.scene(thread);
                let computed = fail(&scene, state, error.as_ref(), cause.as_ref());
                Err(computed.unwrap_or_else(|fault| fault))
            }
            StateKind::Choice(choice) => {
                let scene = self.scene(thread);
                noted_input(&scene, state).and_then(|input| choose(&scene, choice, &input)).map(Some)
            }
            StateKind::Pass { parameters, result, .. } => {
                let passed = || {
                    let scene = self.scene(thread);
                    let input = effective_input(&scene, state)?;
                    let mut world = scene.world(&input);
                    let computed = parameters.as_ref().map(|template| template.evaluate(&mut world, "Parameters"));
                    Ok(match (result, computed.transpose()?) {
                        (Some(result), _) => {
                            let result = Payload::new(result.clone());
                            scene.note("result", &result);
                            result
                        }
                        (None, computed) => {
                            let sent = computed.map(Payload::computed).transpose()?.unwrap_or_else(|| input.clone());
                            if state.language == Language::JsonPath {
                                scene.note("afterInputPath", &input);
                                scene.note("afterParameters", &sent);
                            }
                            sent
                        }
                    })
                };
                passed().map(|result| Some(Passed::Result(result)))
            }
            StateKind::Succeed | StateKind::Unknown => {
                let scene = self.scene(thread);
                noted_input(&scene, state).map(|input| Some(Passed::Result(input)))
            }
        };
        match done {
            // The thread waits, and is woken later.
            Ok(None) => {}
            Ok(Some(passed)) => self.pass_on(thread, passed),
            Err(fault) => self.fail(thread, fault),
        }
    }

    fn wait(&mut self, thread: usize, state: &'a State, wait: &'a Wait) -> Result<(), Fault> {
        let scene = self.scene(thread);
        let input = noted_input(&scene, state)?;
        let until = moment(&scene.world(&input), wait, self.now)?;
        if until.saturating_sub(self.now) > LONGEST_WAIT * 1_000 {
            return Err(of_language(state.language, "Wait state delay is too long."));
        }
        self.push(until, thread, Reason::Waited);
        Ok(())
    }

    pub(super) fn waited(&mut self, thread: usize) {
        let state = self.state(thread);
        match effective_input(&self.scene(thread), state) {
            Ok(input) => self.pass_on(thread, Passed::Result(input)),
            Err(fault) => self.fail(thread, fault),
        }
    }

    /// Goes on to the next state, or to the end of the scope.
    pub(super) fn go_on(&mut self, thread: usize, next: Option<usize>, output: Payload) {
        self.threads[thread].entered = None;
        match next {
            Some(next) => {
                self.threads[thread].state = next;
                self.threads[thread].input = output;
                self.push(self.now, thread, Reason::Enter);
            }
            None => self.finish(thread, output),
        }
    }
}

/// The input after `InputPath`, for who runs the state alone.
pub(super) fn noted_input(scene: &Scene, state: &State) -> Result<Payload, Fault> {
    let input = effective_input(scene, state)?;
    if state.language == Language::JsonPath {
        scene.note("afterInputPath", &input);
    }
    Ok(input)
}

/// The input after `InputPath`.
pub(super) fn effective_input(scene: &Scene, state: &State) -> Result<Payload, Fault> {
    filter(scene, &state.input_path, &scene.input)
}

/// Data after `InputPath` or `OutputPath`.
pub(super) fn filter(scene: &Scene, field: &PathField, data: &Payload) -> Result<Payload, Fault> {
    Ok(match field {
        PathField::Whole => data.clone(),
        PathField::Nothing => Payload::new(Json::Object(serde_json::Map::new())),
        PathField::Path(path) => Payload::new(required(&scene.world(data), path)?),
    })
}

fn choose(scene: &Scene, choice: &Choice, input: &Payload) -> Result<Passed, Fault> {
    let world = scene.world(input);
    for (position, rule) in choice.rules.iter().enumerate() {
        if rule.test().holds(&world, position)? {
            return Ok(Passed::Rule { position: Some(position), next: rule.next() });
        }
    }
    match &choice.default {
        Some(next) => Ok(Passed::Rule { position: None, next: next.position() }),
        None => Err(Fault::runtime("Failed to transition out of the state. The state does not point to a next state.")),
    }
}

/// The fault that a `Fail` state ends with; the error is the fault of its own expressions.
fn fail(scene: &Scene, state: &State, error: Option<&Text>, cause: Option<&Text>) -> Result<Fault, Fault> {
    let input = effective_input(scene, state)?;
    let mut world = scene.world(&input);
    let error = error.map(|text| self::text(&mut world, text)).transpose()?;
    let cause = cause.map(|text| self::text(&mut world, text)).transpose()?;
    Ok(Fault::reported(error, cause))
}

fn text(world: &mut World<'_>, text: &Text) -> Result<String, Fault> {
    let (field, value) = match text {
        Text::Literal(text) => return Ok(text.clone()),
        Text::Path { field, path } => (
            field,
            world
                .find(path)
                .map(std::borrow::Cow::into_owned)
                .map_err(|missing| not_found(world, path, &missing, field))?,
        ),
        Text::Intrinsic { field, call } => (
            field,
            call.evaluate(world).map_err(|failure| {
                let (call, message) = (call.text(), failure.message);
                Fault::runtime(format!("The function '{call}' had the following error: {message}"))
            })?,
        ),
        Text::Expression { field, expression } => match expression.evaluate(world, field)? {
            Json::String(text) => return Ok(text),
            other => return Err(unexpected(expression, field, "string", &other)),
        },
    };
    match value {
        Json::String(text) => Ok(text),
        other => Err(Fault::runtime(format!("The {field} field refers to value {other} which is not a string"))),
    }
}

/// The moment at which a `Wait` is over.
fn moment(world: &World<'_>, wait: &Wait, now: Time) -> Result<Time, Fault> {
    // The service drops parts of a second.
    let parse = |text: &str| time::parse(text).map(|time| time.div_euclid(1_000) * 1_000);
    const EXPECTED: &str = "a valid ISO-8601 extended offset date-time format string";
    match wait {
        Wait::Seconds(count) => Ok(now.saturating_add(seconds(world, count)?.saturating_mul(1_000))),
        Wait::Until(time) => Ok(time.div_euclid(1_000) * 1_000),
        Wait::UntilPath(path) => {
            let found = world.find(path);
            let value = found.map_err(|missing| {
                if missing.is_in_nothing() {
                    return Fault::runtime(missing.to_string());
                }
                let text = path.text();
                Fault::runtime(format!("The TimestampPath parameter does not reference an input value: {text}"))
            })?;
            value.as_str().and_then(parse).ok_or_else(|| {
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                let text = path.text();
                Fault::runtime(format!("The TimestampPath parameter does not reference {EXPECTED}: {text} == {value}"))
            })
        }
        Wait::UntilExpression(expression) => match expression.evaluate(world, "Timestamp")? {
            Json::String(text) => parse(&text).ok_or_else(|| {
                let cause = format!(
                    "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: {text}"
                );
                Fault::query(Some("Timestamp".to_owned()), cause)
            }),
            other => Err(unexpected(expression, "Timestamp", "string", &other)),
        },
        Wait::Unknown => unreachable!("a `Wait` that does not say how long is refused, not run"),
    }
}

/// The seconds of a `Wait`.
fn seconds(world: &World<'_>, count: &Count) -> Result<i64, Fault> {
    if let Count::Path { path, .. } = count {
        let found = world.find(path);
        let value = found.map_err(|missing| {
            if missing.is_in_nothing() {
                return Fault::runtime(missing.to_string());
            }
            let text = path.text();
            Fault::runtime(format!("The SecondsPath parameter does not reference an input value: {text}"))
        })?;
        return match value.as_i64() {
            Some(seconds) if seconds >= 0 => Ok(seconds),
            Some(_) => {
                let text = path.text();
                Err(Fault::runtime(format!("The SecondsPath parameter references a negative value: {text} == {value}")))
            }
            None => {
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                let text = path.text();
                Err(Fault::runtime(format!(
                    "The SecondsPath parameter cannot be parsed as a long value: {text} == {value}"
                )))
            }
        };
    }
    number(world, count)
}

/// The value of a field that takes a whole number, from 0 on.
pub(super) fn number(world: &World<'_>, count: &Count) -> Result<i64, Fault> {
    match count {
        Count::Literal(number) => Ok(*number as i64),
        Count::Path { field, path } => {
            let value = required(world, path)?;
            // The service also takes a number that stands in a string.
            let number = value.as_i64().or_else(|| value.as_str()?.parse().ok());
            match number {
                Some(number) if number >= 0 => Ok(number),
                Some(number) => Err(negative(field, number)),
                None => Err(no_number(field, path, &value, "integer")),
            }
        }
        Count::Expression { field, expression } => {
            let value = evaluated(world, field, expression)?;
            let whole = value.as_i64().filter(|number| *number >= 0);
            whole.ok_or_else(|| unexpected(expression, field, "integer", &value))
        }
    }
}

/// The value of a field that takes a percentage, from 0 to 100.
pub(super) fn percentage(world: &World<'_>, count: &Count) -> Result<f64, Fault> {
    let number = match count {
        Count::Literal(number) => return Ok(*number),
        Count::Path { field, path } => {
            let value = required(world, path)?;
            value.as_f64().ok_or_else(|| no_number(field, path, &value, "float"))?
        }
        Count::Expression { field, expression } => evaluated(world, field, expression)?.as_f64().unwrap_or(f64::NAN),
    };
    if (0.0..=100.0).contains(&number) {
        return Ok(number);
    }
    let cause = "ToleratedFailurePercentage must be between 0 and 100.";
    match count {
        Count::Expression { field, .. } => Err(Fault::query(Some((*field).to_owned()), cause)),
        _ => Err(Fault::runtime(cause)),
    }
}

/// The number that an expression gives.
fn evaluated(world: &World<'_>, field: &str, expression: &Expression) -> Result<Json, Fault> {
    let value = expression.evaluate(world, field)?;
    if value.is_number() { Ok(value) } else { Err(unexpected(expression, field, "number", &value)) }
}

fn no_number(field: &str, path: &PathExpression, value: &Json, expected: &str) -> Fault {
    let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let text = path.text();
    Fault::runtime(format!(r#"The {field} field refers to value "{value}" which is not a valid {expected}: {text}"#))
}

/// The fault of a negative number, in the words that the service has for the field.
fn negative(field: &str, number: i64) -> Fault {
    match field {
        "MaxConcurrencyPath" => {
            Fault::runtime(format!("Expected non-negative integer for MaxConcurrency, got '{number}' instead."))
        }
        "ToleratedFailureCountPath" => Fault::runtime("ToleratedFailureCount cannot be negative."),
        "MaxItemsPath" => {
            let cause = Some("field MaxItems must be positive".to_owned());
            Fault::reported(Some("States.ItemReaderFailed".to_owned()), cause)
        }
        _ => Fault::runtime(format!("The {field} field refers to a negative value: {number}")),
    }
}

/// The fault of a state, of the kind that its query language has.
pub(super) fn of_language(language: Language, cause: impl Into<String>) -> Fault {
    match language {
        Language::Jsonata => Fault::query(None, cause),
        Language::JsonPath => Fault::runtime(cause),
    }
}

/// Assigns variables. Threads share a set of variables until one of them assigns.
pub(super) fn assign(variables: &mut Variables, assigned: Vec<(String, Payload)>) {
    if !assigned.is_empty() {
        Rc::make_mut(variables).extend(assigned);
    }
}
