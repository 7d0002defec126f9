//! Tasks: calls of services, which the outside answers.

use std::sync::Arc;

use serde_json::json;

use super::{
    Interpreter,
    background::OpenCall,
    state::{Passed, noted_input, number},
    wake::{Reason, Reply},
};
use crate::{
    asl::{
        definition::{Resource, ResourceKind, State, Task},
        expression::{fault::Fault, payload::Payload, random::Random, time::Time},
        run::{
            history::{Details, Scheduled, TaskPart},
            outside::{Answer, AnswerContent, TaskCall, Unavailable, is_lambda},
            trace::Attempt,
        },
    },
    json::{Json, MAX_NESTING, is_too_deep, take_apart},
};

/// Seconds after which a task without `TimeoutSeconds` is given up.
const LONGEST_TASK: i64 = 99_999_999;

impl<'a> Interpreter<'a> {
    /// Sends a task, and puts its reply or its timeout into the queue.
    pub(super) fn call(&mut self, thread: usize, state: &'a State, task: &'a Task) -> Result<(), Fault> {
        let resource = &task.resource;
        // What a token hides may wait for its answer.
        if resource.answers_later() || resource.hidden || resource.kind == ResourceKind::Activity {
            let token = format!("AQ{}", self.random.borrow_mut().uuid().replace('-', ""));
            self.entered(thread).token = Some(token);
        }
        let scene = self.scene(thread);
        let input = noted_input(&scene, state)?;
        let mut world = scene.world(&input);
        let field = match state.language {
            crate::asl::definition::Language::Jsonata => "Arguments",
            crate::asl::definition::Language::JsonPath => "Parameters",
        };
        let arguments = task.sent.arguments.as_ref().map(|template| template.evaluate(&mut world, field));
        let arguments = arguments.transpose()?.map(Payload::computed).transpose()?.unwrap_or_else(|| input.clone());
        scene.note(if field == "Arguments" { "afterArguments" } else { "afterParameters" }, &arguments);
        let timeout = task.timeout_seconds.as_ref().map(|count| number(&world, count)).transpose()?;
        let heartbeat = task.heartbeat_seconds.as_ref().map(|count| number(&world, count)).transpose()?;
        let credentials = task.credentials.as_ref().map(|template| template.evaluate(&mut world, "Credentials"));
        let role = credentials.transpose()?.and_then(|credentials| credentials.get("RoleArn").cloned());
        if arguments.is_too_large() {
            let what = task.resource.called();
            let cause = format!(
                "The state/task '{what}' provided parameters with a size exceeding the maximum number of bytes service limit."
            );
            return Err(Fault::data_limit(cause));
        }

        self.hold_payload(&arguments);
        let events = task.resource.events();
        let integration = match &task.resource.kind {
            ResourceKind::Integration { service, action } => Some((service.clone(), action.clone())),
            _ => None,
        };
        let scheduled = Scheduled {
            integration,
            arn: task.resource.arn.clone(),
            region: self.settings.region.clone(),
            parameters: arguments.share(),
            timeout,
            heartbeat,
            role: role.clone(),
        };
        self.record(thread, events.scheduled, || Details::Scheduled(Box::new(scheduled)));
        self.record(thread, events.started, || match task.resource.kind {
            ResourceKind::Activity => Details::None,
            _ => task.resource.details(TaskPart::Started),
        });
        if task.resource.answers_later() {
            let nothing = Payload::new(Json::Object(serde_json::Map::new()));
            self.record(thread, "TaskSubmitted", || task.resource.details(TaskPart::Output(nothing.share())));
        }
        let at = self.now - self.settings.start;
        self.visit(thread).attempts.push(Attempt::new(at, Some(arguments.share())));

        let number = self.calls.entry(&state.name).or_default();
        *number += 1;
        let number = *number;
        let of = &self.threads[thread];
        let entered = of.entered.as_ref();
        let call = TaskCall {
            state: &state.name,
            resource: &task.resource,
            arguments: arguments.json(),
            number,
            retry_count: entered.map_or(0, |entered| entered.retry_count),
            item: of.item.as_ref().map(|item| item.index),
            at,
            region: &self.settings.region,
            context: self.executions[of.execution].context.json(),
            token: entered.and_then(|entered| entered.token.as_deref()),
            timeout,
            heartbeat,
            role: role.as_ref().and_then(Json::as_str),
        };
        let answered = self.outside.call(&call);
        let after = |seconds: i64| self.now.saturating_add(seconds.saturating_mul(1_000));
        let deadline = after(timeout.unwrap_or(LONGEST_TASK));
        let limit = heartbeat.map_or(deadline, |seconds| deadline.min(after(seconds)));
        match answered {
            Ok(Answer { content: AnswerContent::Background(work), after, .. }) => {
                self.push(limit, thread, Reason::TimedOut(task));
                let ticket = self.threads[thread].ticket;
                let heartbeat = heartbeat.map(|seconds| seconds.saturating_mul(1_000));
                let call = OpenCall { thread, ticket, state, task, deadline, heartbeat, limit, after };
                self.background.begin(call, work);
            }
            answered => {
                if !self.reply(thread, state, task, limit, answered) {
                    self.push(limit, thread, Reason::TimedOut(task));
                }
            }
        }
        Ok(())
    }

    /// Puts the reply to a call into the queue, unless it comes later than the task waits for it.
    pub(super) fn reply(
        &mut self,
        thread: usize,
        state: &'a State,
        task: &'a Task,
        limit: Time,
        answered: Result<Answer, Unavailable>,
    ) -> bool {
        let (after, reply) = match answered {
            Ok(answer) => {
                if let Some(logs) = answer.logs {
                    self.hold(logs.len());
                    self.visit(thread).log(logs);
                }
                let after = Time::try_from(answer.after.as_millis()).unwrap_or(Time::MAX);
                // The mocked error of a state that is run alone is told as it is.
                let reply = match answer.content {
                    AnswerContent::Error { error, cause } if self.alone.is_some() => {
                        Some(Reply::Failed { error, cause })
                    }
                    content => reply(&state.name, &task.resource, content, &mut self.requests),
                };
                (after, reply)
            }
            Err(unavailable) => (0, Some(Reply::Unavailable(unavailable))),
        };
        let at = self.now.saturating_add(after);
        match reply {
            Some(reply) if at <= limit => {
                self.push(at, thread, Reason::Answer(task, Box::new(reply)));
                true
            }
            _ => false,
        }
    }

    /// Takes the reply to a task's call.
    pub(super) fn answer(&mut self, thread: usize, task: &'a Task, reply: Reply) {
        match reply {
            Reply::Succeeded(result) => {
                let result = Payload::from(result);
                self.hold_payload(&result);
                if result.is_too_large() {
                    return self.task_failed(thread, task, Fault::too_large(task.resource.called()));
                }
                let succeeded = task.resource.events().succeeded;
                self.record(thread, succeeded, || task.resource.details(TaskPart::Output(result.share())));
                self.visit(thread).succeed_attempt(result.share());
                self.note("result", &result);
                self.pass_on(thread, Passed::Result(result));
            }
            Reply::Failed { error, cause } => self.task_failed(thread, task, Fault::reported(error, cause)),
            Reply::TimedOut => self.task_timed_out(thread, task),
            Reply::Unavailable(unavailable) => {
                let pointer = self.state(thread).pointer.clone();
                self.stop(unavailable.diagnostic("F3001", pointer));
            }
        }
    }

    fn task_failed(&mut self, thread: usize, task: &'a Task, fault: Fault) {
        let part = TaskPart::Error { error: fault.error.clone(), cause: fault.cause.clone() };
        self.record(thread, task.resource.events().failed, || task.resource.details(part));
        self.fail(thread, fault);
    }

    pub(super) fn task_timed_out(&mut self, thread: usize, task: &'a Task) {
        let part = TaskPart::Error { error: Some("States.Timeout".to_owned()), cause: None };
        self.record(thread, task.resource.events().timed_out, || task.resource.details(part));
        self.fail(thread, Fault::reported(Some("States.Timeout".to_owned()), None));
    }
}

/// The reply to a call, made from its answer; none where it never comes.
fn reply(state: &str, resource: &Resource, answer: AnswerContent, requests: &mut Random) -> Option<Reply> {
    let too_deep = match &answer {
        AnswerContent::Result(json) => is_too_deep(json),
        AnswerContent::Response(json) => is_too_deep(json),
        _ => false,
    };
    if too_deep {
        return Some(Reply::Unavailable(nested_too_deep(state, answer)));
    }
    Some(match answer {
        AnswerContent::Result(result) if is_lambda(resource, &["invoke"]) => {
            Reply::Succeeded(Arc::new(response_of_function(result, requests)))
        }
        AnswerContent::Result(result) => Reply::Succeeded(Arc::new(result)),
        AnswerContent::Response(response) => Reply::Succeeded(response),
        AnswerContent::Error { error, cause } => match error.as_deref() {
            Some("States.Timeout" | "States.HeartbeatTimeout") => Reply::TimedOut,
            _ => Reply::Failed { error, cause },
        },
        // Work within work is done where that is.
        AnswerContent::Never | AnswerContent::Background(_) => return None,
    })
}

/// The response of `lambda:invoke` around what a function returns.
fn response_of_function(result: Json, requests: &mut Random) -> Json {
    json!({
        "Payload": result,
        "ExecutedVersion": "$LATEST",
        "SdkHttpMetadata": {"HttpStatusCode": 200},
        "SdkResponseMetadata": {"RequestId": requests.uuid()},
        "StatusCode": 200,
    })
}

fn nested_too_deep(state: &str, answer: AnswerContent) -> Unavailable {
    match answer {
        AnswerContent::Result(result) => take_apart(result),
        // A response that the mock file shares is dropped with the file.
        AnswerContent::Response(response) => drop(Arc::try_unwrap(response).map(take_apart)),
        _ => {}
    }
    let message =
        format!("the task `{state}` is answered with more than {MAX_NESTING} levels of nesting; expected fewer");
    Unavailable::new(message).help("this is no limit of the service, which has one that it does not publish")
}
