//! The result of a state, or its fault: output, variables, retriers and catchers.

use std::sync::Arc;

use serde_json::json;

use super::{
    Interpreter, MAX_SILENT, beyond,
    scene::Scene,
    state::{Passed, assign, effective_input, filter},
    wake::Reason,
};
use crate::{
    asl::{
        definition::{Assign, Catcher, Language, PathField, Retrier, Sent, State, StateKind, Target},
        expression::{
            fault::{Fault, FaultKind},
            jsonpath::PathExpression,
            payload::Payload,
            time::Time,
            world::World,
        },
        run::{history::Details, trace::End},
    },
    json::Json,
};

/// Bytes that the variables in the scope of a state may have together.
const MAX_VARIABLES: usize = 10 << 20;

/// The output of a state, and the variables that it assigns.
struct Output {
    output: Payload,
    assigned: Vec<(String, Payload)>,
}

impl<'a> Interpreter<'a> {
    /// Makes the output of a state from its result, and leaves the state.
    pub(super) fn pass_on(&mut self, thread: usize, passed: Passed) {
        match self.output(thread, passed) {
            Ok((next, output)) => self.exit(thread, next, output, None),
            Err(fault) => self.fail(thread, fault),
        }
    }

    /// Makes the output of a `Parallel` or `Map` from the results of its branches or iterations. The exit follows the
    /// thread's last event; a fault of the output follows `succeeded`, the event that the branches or iterations are
    /// done.
    pub(super) fn pass_on_results(&mut self, thread: usize, results: Payload, succeeded: u64) {
        match self.output(thread, Passed::Result(results)) {
            Ok((next, output)) => self.exit(thread, next, output, None),
            Err(fault) => {
                self.threads[thread].previous = succeeded;
                self.fail(thread, fault);
            }
        }
    }

    fn output(&self, thread: usize, passed: Passed) -> Result<(Option<usize>, Output), Fault> {
        let state = self.state(thread);
        let scene = self.scene(thread);
        let (output, next) = match passed {
            Passed::Rule { position, next } => (by_rule(&scene, state, position)?, Some(next)),
            Passed::Result(result) => (by_result(&scene, state, result)?, state.next.as_ref().map(Target::position)),
        };
        self.check_size(thread, &output)?;
        Ok((next, output))
    }

    /// Checks an output and variables against the limits of the service.
    fn check_size(&self, thread: usize, output: &Output) -> Result<(), Fault> {
        if output.output.is_too_deep() {
            return Err(Fault::too_deep());
        }
        if output.output.is_too_large() {
            return Err(Fault::too_large(&self.state(thread).name));
        }
        if output.assigned.is_empty() {
            return Ok(());
        }
        let kept = self.threads[thread].variables.iter();
        let kept = kept.filter(|(name, _)| !output.assigned.iter().any(|(assigned, _)| assigned == *name));
        let bytes = kept.map(|(_, value)| value.bytes()).chain(output.assigned.iter().map(|(_, value)| value.bytes()));
        match bytes.sum::<usize>() <= MAX_VARIABLES {
            true => Ok(()),
            false => Err(Fault::data_limit(
                "The variables of the workflow exceed the maximum number of bytes service limit.",
            )),
        }
    }

    fn exit(&mut self, thread: usize, next: Option<usize>, output: Output, caught: Option<Fault>) {
        let state = self.state(thread);
        let Output { output, assigned } = output;
        self.hold_payload(&output);
        assigned.iter().for_each(|(_, value)| self.hold_payload(value));
        let (_, _, event) = state.kind.events();
        let details = || Details::Exited {
            name: Arc::clone(&state.name),
            output: output.share(),
            assigned: assigned.iter().map(|(name, value)| (name.clone(), value.share())).collect(),
        };
        self.record(thread, event, details);
        self.visit(thread).output = Some(output.share());
        let end = match caught.clone() {
            Some(fault) => End::Caught { error: fault.error, cause: fault.cause },
            None => End::Exited,
        };
        self.mark(thread, end);
        assign(&mut self.threads[thread].variables, assigned);
        match self.alone.is_some() {
            true => self.leave_alone(thread, next, &output, caught),
            false => self.go_on(thread, next, output),
        }
    }

    /// Takes the fault of a state: a retrier tries the state again, a catcher goes on elsewhere, or the thread ends.
    pub(super) fn fail(&mut self, thread: usize, fault: Fault) {
        if self.is_over() {
            return;
        }
        let state = self.state(thread);
        let event = self.entered(thread).event;
        let fault = self.told(fault, &state.name, event);
        self.hold(2 * fault.cause.as_ref().map_or(0, String::len));
        match fault.kind {
            FaultKind::Runtime => {
                // The service cannot go on: no catcher takes this error, and no event is recorded for the states that
                // it cuts.
                self.mark(thread, End::Failed { error: fault.error.clone(), cause: fault.cause.clone() });
                return self.abort_execution(thread, fault);
            }
            FaultKind::Query { .. } => {
                let details = || Details::Evaluation { fault: fault.clone(), state: Arc::clone(&state.name) };
                self.record(thread, "EvaluationFailed", details);
            }
            FaultKind::Reported => {}
        }
        let at = self.now - self.settings.start;
        self.visit(thread).fail_attempt(at, &fault);
        self.cut_children(thread);
        if !state.unresolved.failing.is_empty() {
            return self.stop_for(state.unresolved.failing.clone());
        }
        if !state.kind.retries() {
            return self.fail_for_good(thread, fault);
        }
        if let Some(delay) = self.retry_delay(thread, state, &fault) {
            if self.alone.is_some() {
                return self.retry_alone(fault);
            }
            let last = self.executions[self.threads[thread].execution].history.last();
            let entered = self.entered(thread);
            entered.retry_count += 1;
            entered.silent += u32::from(entered.recorded == last);
            entered.recorded = last;
            if entered.silent > MAX_SILENT {
                let problem = format!(
                    "`{}` is tried again more than {MAX_SILENT} times and tells nothing of it; expected an end",
                    state.name
                );
                return self.stop(beyond(problem));
            }
            if let Some(attempt) = self.visit(thread).attempts.last_mut() {
                attempt.retried_after = Some(delay);
            }
            return self.push(self.now.saturating_add(delay), thread, Reason::Attempt);
        }
        let last = self.threads[thread].previous;
        self.record_group_failed(thread, state);
        let catcher = state.catch.iter().enumerate().find(|(_, catcher)| catches(&catcher.errors, &fault));
        let Some((position, catcher)) = catcher else { return self.fail_for_good(thread, fault) };
        self.note_error("catchIndex", position);
        match caught(&self.scene(thread), state, catcher, position, &fault) {
            Ok(output) => match self.check_size(thread, &output) {
                Ok(()) => self.exit(thread, Some(catcher.next()), output, Some(fault)),
                Err(too_large) => self.fail_for_good(thread, too_large),
            },
            Err(second) if second.kind == FaultKind::Reported => self.fail_for_good(thread, second),
            Err(second) => {
                let second = self.told(second, &state.name, event);
                if second.kind == FaultKind::Runtime {
                    return self.abort_execution(thread, second);
                }
                let details = || Details::Evaluation { fault: second.clone(), state: Arc::clone(&state.name) };
                // The events follow as if the first fault had not been recorded.
                self.threads[thread].previous = last;
                self.record(thread, "EvaluationFailed", details);
                self.record_group_failed(thread, state);
                self.fail_for_good(thread, second);
            }
        }
    }

    /// The fault as it is told; that of a state which is run alone has no preamble.
    fn told(&self, fault: Fault, name: &str, event: u64) -> Fault {
        if self.alone.is_some() { fault } else { fault.in_state(name, event) }
    }

    fn record_group_failed(&mut self, thread: usize, state: &State) {
        match &state.kind {
            StateKind::Parallel { .. } => self.record(thread, "ParallelStateFailed", || Details::None),
            StateKind::Map(_) => self.record(thread, "MapStateFailed", || Details::None),
            _ => 0,
        };
    }

    fn fail_for_good(&mut self, thread: usize, fault: Fault) {
        self.mark(thread, End::Failed { error: fault.error.clone(), cause: fault.cause.clone() });
        self.give_up(thread, fault);
    }

    /// The delay before the state is tried again; none where no retrier does.
    fn retry_delay(&mut self, thread: usize, state: &State, fault: &Fault) -> Option<Time> {
        let position = state.retry.iter().position(|retrier| catches(&retrier.errors, fault))?;
        let retrier = &state.retry[position];
        self.note_error("retryIndex", position);
        let tried = &mut self.entered(thread).retries[position];
        if *tried >= retrier.max_attempts {
            return None;
        }
        let delay = delay(retrier, *tried);
        *tried += 1;
        self.note_error("retryBackoffIntervalSeconds", usize::try_from(delay / 1_000).unwrap_or_default());
        Some(if retrier.full_jitter { (delay as f64 * self.random.borrow_mut().fraction()) as Time } else { delay })
    }
}

/// Milliseconds before the next attempt, without jitter.
fn delay(retrier: &Retrier, tried: u32) -> Time {
    let power = i32::try_from(tried).unwrap_or(i32::MAX);
    let seconds = retrier.interval_seconds * retrier.backoff_rate.powi(power);
    let seconds = retrier.max_delay_seconds.map_or(seconds, |most| seconds.min(most));
    // The cast of a number that is too large gives the largest.
    (seconds.min(1e12) * 1_000.0) as Time
}

/// Whether `ErrorEquals` has a name that stands for the error.
fn catches(errors: &[String], fault: &Fault) -> bool {
    let error = fault.error.as_deref().unwrap_or_default();
    errors.iter().any(|name| match name.as_str() {
        "States.ALL" => true,
        // Any error but a timeout.
        "States.TaskFailed" => error != "States.Timeout",
        // A missed heartbeat is recorded as a timeout, and both names stand for it.
        "States.HeartbeatTimeout" => error == "States.Timeout" || error == name,
        name => name == error,
    })
}

/// The output and the variables of a state that has a result.
fn by_result(scene: &Scene, state: &State, result: Payload) -> Result<Output, Fault> {
    match (&state.kind, state.language) {
        (_, Language::Jsonata) => {
            let mut world = scene.world(&scene.input);
            // Only a state that gets a result from elsewhere has `$states.result`.
            world.result = state.kind.retries().then_some(&result);
            let output =
                state.output.as_ref().map(|output| output.evaluate(&mut world, "Output").and_then(Payload::computed));
            let assigned = variables(&mut world, state.assign.as_ref(), "Assign")?;
            Ok(Output { output: output.transpose()?.unwrap_or(result), assigned })
        }
        (kind, Language::JsonPath) => {
            let assigned = variables(&mut scene.world(&result), state.assign.as_ref(), "Assign")?;
            let (selector, result_path) = match kind {
                StateKind::Pass { result_path, .. } => (None, result_path),
                StateKind::Task(task) => of_sent(&task.sent),
                StateKind::Parallel { sent, .. } => of_sent(sent),
                StateKind::Map(map) => of_sent(&map.sent),
                _ => (None, &PathField::Whole),
            };
            let selected = selector.map(|selector| selector.evaluate(&mut scene.world(&result), "ResultSelector"));
            let selected = selected.transpose()?.map(Payload::computed).transpose()?.unwrap_or_else(|| result.clone());
            let has_result_path = kind.retries() || matches!(kind, StateKind::Pass { .. });
            if has_result_path {
                scene.note("afterResultSelector", &selected);
            }
            let merged = merge(&scene.input, result_path, selected)?;
            if has_result_path {
                scene.note("afterResultPath", &merged);
            }
            Ok(Output { output: filter(scene, &state.output_path, &merged)?, assigned })
        }
    }
}

fn of_sent(sent: &Sent) -> (Option<&crate::asl::definition::template::Template>, &PathField) {
    (sent.result_selector.as_ref(), &sent.result_path)
}

/// The output and the variables of a `Choice`, for the rule that was taken or for the default.
fn by_rule(scene: &Scene, state: &State, position: Option<usize>) -> Result<Output, Fault> {
    let StateKind::Choice(choice) = &state.kind else {
        return by_result(scene, state, scene.input.clone());
    };
    let rule = position.and_then(|position| Some((position, choice.rules.get(position)?)));
    let input = effective_input(scene, state)?;
    let (output, assign, prefix) = match rule {
        Some((position, rule)) => (rule.output.as_ref(), rule.assign.as_ref(), format!("Choices[{position}]/")),
        None => (state.output.as_ref(), state.assign.as_ref(), String::new()),
    };
    let mut world = scene.world(&input);
    let computed =
        output.map(|output| output.evaluate(&mut world, &format!("{prefix}Output")).and_then(Payload::computed));
    let assigned = variables(&mut world, assign, &format!("{prefix}Assign"))?;
    let output = match computed.transpose()? {
        Some(output) => output,
        None => filter(scene, &state.output_path, &input)?,
    };
    Ok(Output { output, assigned })
}

/// The output and the variables of a state whose error was caught.
fn caught(scene: &Scene, state: &State, catcher: &Catcher, position: usize, fault: &Fault) -> Result<Output, Fault> {
    let text = |text: &Option<String>| text.clone().map_or(Json::Null, Json::String);
    let cause = match (&fault.error, &fault.cause) {
        // A timeout has no cause in the history, and an empty one here.
        (Some(error), None) if error == "States.Timeout" => "".into(),
        (_, cause) => text(cause),
    };
    let error = Payload::new(json!({"Error": text(&fault.error), "Cause": cause}));
    let mut world = scene.world(&error);
    world.error_output = Some(&error);
    let assigned = variables(&mut world, catcher.assign.as_ref(), &format!("Catch[{position}]/Assign"))?;
    let output = match (&catcher.output, state.language) {
        (Some(output), _) => Payload::computed(output.evaluate(&mut world, &format!("Catch[{position}]/Output"))?)?,
        (None, Language::Jsonata) => error.clone(),
        (None, Language::JsonPath) => merge(&scene.input, &catcher.result_path, error.clone())?,
    };
    Ok(Output { output, assigned })
}

/// The values of `Assign`. Each sees the variables as they were before.
fn variables(world: &mut World<'_>, assign: Option<&Assign>, location: &str) -> Result<Vec<(String, Payload)>, Fault> {
    let Some(assign) = assign else { return Ok(Vec::new()) };
    let value = Payload::computed(assign.evaluate(world, location)?)?;
    if value.is_too_large() {
        let cause = "The variables that the state assigns exceed the maximum number of bytes service limit.";
        return Err(Fault::data_limit(cause));
    }
    let members = value.json().as_object().into_iter().flatten();
    Ok(members.map(|(name, value)| (name.clone(), Payload::new(value.clone()))).collect())
}

/// `ResultPath`: the result in its place in the input.
fn merge(input: &Payload, path: &PathField, result: Payload) -> Result<Payload, Fault> {
    match path {
        PathField::Whole => Ok(result),
        PathField::Nothing => Ok(input.clone()),
        PathField::Path(path) => place(input, path, &result),
    }
}

fn place(input: &Payload, path: &PathExpression, result: &Payload) -> Result<Payload, Fault> {
    let placed = path.set(input.json().clone(), result.json().clone()).map_err(|_| {
        let cause = format!("Unable to apply ReferencePath {} to input {}", path.text(), input.json());
        Fault { error: Some("States.ReferencePathConflict".to_owned()), ..Fault::runtime(cause) }
    })?;
    Payload::computed(placed)
}
