//! The mock of a state that is run alone: whether the state takes it, and who gives it.

use std::sync::Arc;

use super::mock_file::StateMock;
use crate::{
    asl::{
        definition::{Distributed, State, StateKind},
        run::{
            execution::GroupReply,
            mock::wrong_answer,
            outside::{Answer, AnswerContent, Dataset, ItemReader, Outside, TaskCall, Unavailable},
        },
        validate::FieldValidation,
    },
    diagnostic::Diagnostic,
    json::Json,
};

/// A mock that the state takes.
#[derive(Default)]
pub(super) struct Mocked {
    /// For the call of a task.
    pub call: Option<Answer>,
    /// For a `Parallel` or `Map` as a whole.
    pub reply: Option<GroupReply>,
}

const NO_REPLY: &str = "a `Map` or `Parallel` is answered later or never; expected its result or its error";

/// The mock of a state, or why the state does not take it, in the words of `TestState`.
pub(super) fn take(mock: Option<StateMock>, state: &State, mode: FieldValidation) -> Result<Mocked, Vec<Diagnostic>> {
    let (mock, at) = mock.map(|mock| (mock.answer, mock.at)).unzip();
    let at = at.flatten();
    let refuse = |code, message: String| {
        // What is wrong with the mock is where the mock is.
        let place = at.as_deref().filter(|_| code == "F3008").unwrap_or(&state.pointer);
        Err(vec![Diagnostic::error(code, place, message)])
    };
    match (&state.kind, mock) {
        (StateKind::Parallel { .. } | StateKind::Map(_), None) => {
            let message = "TestState API does not support Map or Parallel states. Supported state types include: \
                           [Task, Wait, Pass, Succeed, Fail, Choice]";
            let fault = Diagnostic::error("F3009", state.pointer.as_str(), message);
            Err(vec![fault.help("with a mock of the result of the whole state, or of its error, it runs")])
        }
        (_, None) => Ok(Mocked::default()),
        (StateKind::Task(task), Some(answer)) => match wrong_answer(&task.resource, &answer.content, mode).first() {
            Some(wrong) => {
                let place = at.map_or_else(|| state.pointer.clone(), |at| at + &wrong.pointer);
                let message = format!("Mock result schema validation error: {}", wrong.message);
                Err(vec![Diagnostic::error("F3008", place, message)])
            }
            None => Ok(Mocked { call: Some(answer), reply: None }),
        },
        (StateKind::Parallel { branches, .. }, Some(answer)) => {
            let Some(reply) = reply(answer) else { return refuse("F3009", NO_REPLY.to_owned()) };
            if let GroupReply::Result(result) = &reply {
                match result {
                    Json::Array(items) if items.len() == branches.len() => {}
                    Json::Array(_) => {
                        let message =
                            "Mocked result must contain the same number of items as number of Parallel branches.";
                        return refuse("F3008", message.to_owned());
                    }
                    _ => return refuse("F3008", "Mocked result must be an array.".to_owned()),
                }
            }
            Ok(Mocked { call: None, reply: Some(reply) })
        }
        (StateKind::Map(map), Some(answer)) => {
            let Some(reply) = reply(answer) else { return refuse("F3009", NO_REPLY.to_owned()) };
            let writes = map.distributed.as_ref().is_some_and(writes);
            match &reply {
                GroupReply::Result(result) if writes && !result.is_object() => {
                    refuse("F3008", "Mocked result must be a JSON object.".to_owned())
                }
                GroupReply::Result(result) if !writes && !result.is_array() => {
                    refuse("F3008", "Mocked result must be an array.".to_owned())
                }
                _ => Ok(Mocked { call: None, reply: Some(reply) }),
            }
        }
        (kind, Some(_)) => {
            let kind = kind.events().0;
            refuse("F3009", format!("State type '{kind}' is not supported when a mock is specified"))
        }
    }
}

/// Whether the results of a `Map` go elsewhere, so that its own result says where.
fn writes(distributed: &Distributed) -> bool {
    distributed.writer.as_ref().is_some_and(|writer| writer.resource.is_some())
}

/// The reply that an answer is; none where it has yet to come.
fn reply(answer: Answer) -> Option<GroupReply> {
    match answer.content {
        AnswerContent::Result(result) => Some(GroupReply::Result(result)),
        AnswerContent::Response(response) => Some(GroupReply::Result(Arc::unwrap_or_clone(response))),
        AnswerContent::Error { error, cause } => Some(GroupReply::Error { error, cause }),
        AnswerContent::Never | AnswerContent::Background(_) => None,
    }
}

/// The outside of a state that is run alone: its mock, or another outside.
pub(super) struct Outer {
    pub answer: Option<Answer>,
    pub items: Option<Vec<u8>>,
    pub outside: Option<Box<dyn Outside>>,
}

impl Outside for Outer {
    fn call(&mut self, call: &TaskCall<'_>) -> Result<Answer, Unavailable> {
        match (self.answer.take(), &mut self.outside) {
            (Some(answer), _) => Ok(answer),
            (None, Some(outside)) => outside.call(call),
            (None, None) => {
                let problem = format!("the task `{}` is called and has no mock; expected one", call.state());
                Err(Unavailable::new(problem)
                    .help("give it one: `.mock(Answer::ok(…))` in a test, `--mock FILE` on the command line"))
            }
        }
    }

    fn items(&mut self, reader: &ItemReader<'_>) -> Result<Dataset, Unavailable> {
        match (self.items.take(), &mut self.outside) {
            (Some(items), _) => Ok(Dataset::file(items)),
            (None, Some(outside)) => outside.items(reader),
            (None, None) => {
                let problem = format!("`{}` has an `ItemReader` and no data for it; expected some", reader.state());
                Err(Unavailable::new(problem).help(
                    "give it some: `.item_reader_data(…)` in a test, `mapItemReaderData` of the state configuration",
                ))
            }
        }
    }
}
