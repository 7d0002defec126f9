//! Calls of services, answered by mocks.

use super::{
    Execution,
    state::{Passed, effective_input, number},
    wake::What,
};
use crate::{
    asl::{
        definition::{ResourceKind, State, Task},
        expression::{fault::Fault, payload::Payload},
        run::{
            history::{Details, Scheduled, TaskPart},
            mock::{Answered, Call, Reply},
            trace::Attempt,
        },
    },
    diagnostic::Diagnostic,
    json::Json,
};

/// Seconds after which a task without `TimeoutSeconds` is given up.
const LONGEST_TASK: i64 = 99_999_999;

impl<'a> Execution<'a> {
    /// Sends the task, and puts into the queue when it is answered.
    pub(super) fn call(&mut self, thread: usize, state: &'a State, task: &'a Task) -> Result<(), Fault> {
        if task.resource.answers_later() || task.resource.kind == ResourceKind::Activity {
            let token = format!("AQ{}", self.random.borrow_mut().uuid().replace('-', ""));
            self.entered(thread).token = Some(token);
        }
        let scene = self.scene(thread);
        let input = effective_input(&scene, state)?;
        let mut world = scene.world(&input);
        let field = match state.language {
            crate::asl::definition::Language::Jsonata => "Arguments",
            crate::asl::definition::Language::JsonPath => "Parameters",
        };
        let arguments = task.sent.arguments.as_ref().map(|template| template.evaluate(&mut world, field));
        let arguments = arguments.transpose()?.map(Payload::computed).transpose()?.unwrap_or_else(|| input.clone());
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
            role,
        };
        self.tell(thread, events.scheduled, || Details::Scheduled(Box::new(scheduled)));
        self.tell(thread, events.started, || match task.resource.kind {
            ResourceKind::Activity => Details::None,
            _ => task.resource.details(TaskPart::Started),
        });
        if task.resource.answers_later() {
            let nothing = Payload::new(Json::Object(serde_json::Map::new()));
            self.tell(thread, "TaskSubmitted", || task.resource.details(TaskPart::Output(nothing.share())));
        }
        let at = self.now - self.settings.start;
        self.visit(thread).attempts.push(Attempt::new(at, Some(arguments.share())));

        let retry_count = self.entered(thread).retry_count;
        let item = self.threads[thread].item.as_ref().map(|item| item.index);
        let call = Call { state: &state.name, resource: &task.resource, arguments: &arguments, retry_count, item, at };
        let reply = self.mocks.answer(&call);
        let limit = [timeout, heartbeat].into_iter().flatten().min().unwrap_or(LONGEST_TASK).saturating_mul(1_000);
        match reply.after() {
            Some(after) if after <= limit => {
                self.push(self.now.saturating_add(after), thread, What::Answer(task, Box::new(reply)));
            }
            _ => self.push(self.now.saturating_add(limit), thread, What::TimedOut(task)),
        }
        Ok(())
    }

    pub(super) fn answer(&mut self, thread: usize, task: &'a Task, reply: Reply) {
        let events = task.resource.events();
        let answered = match reply {
            Reply::Answered { answered, .. } => answered,
            Reply::Never => return self.task_timed_out(thread, task),
            Reply::Missing(problem) => {
                let diagnostic = Diagnostic::error("F3001", self.state(thread).pointer.clone(), problem.message);
                return self.stop(diagnostic.help(problem.help));
            }
        };
        match answered {
            Answered::Returned(result) => {
                let result = Payload::from(result);
                self.hold_payload(&result);
                if result.is_too_large() {
                    return self.task_failed(thread, task, Fault::too_large(task.resource.called()));
                }
                self.tell(thread, events.succeeded, || task.resource.details(TaskPart::Output(result.share())));
                self.visit(thread).succeed_attempt(result.share());
                self.pass_on(thread, Passed::Result(result));
            }
            Answered::Threw { error, cause } => self.task_failed(thread, task, Fault::told(error, cause)),
            Answered::TimedOut => self.task_timed_out(thread, task),
        }
    }

    fn task_failed(&mut self, thread: usize, task: &'a Task, fault: Fault) {
        let part = TaskPart::Error { error: fault.error.clone(), cause: fault.cause.clone() };
        self.tell(thread, task.resource.events().failed, || task.resource.details(part));
        self.fail(thread, fault);
    }

    pub(super) fn task_timed_out(&mut self, thread: usize, task: &'a Task) {
        let part = TaskPart::Error { error: Some("States.Timeout".to_owned()), cause: None };
        self.tell(thread, task.resource.events().timed_out, || task.resource.details(part));
        self.fail(thread, Fault::told(Some("States.Timeout".to_owned()), None));
    }
}
