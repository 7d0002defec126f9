//! Mocks: the outside of a run in a test.

use std::{collections::HashMap, fs, path::PathBuf};

use super::{
    mock_config::TestCase,
    outside::{Answer, AnswerContent, Dataset, ItemReader, Outside, TaskCall, Unavailable, is_lambda},
};
use crate::{
    asl::{
        definition::{Definition, Resource, State, tokens_of},
        validate::{FieldValidation, WrongResult, wrong_error, wrong_results},
    },
    diagnostic::{Diagnostic, nearest, sort},
};

/// Bytes of a file of items that is read; the service reads up to 10 GB.
const MAX_FILE: u64 = 1 << 30;

type Mock = Box<dyn FnMut(&TaskCall<'_>) -> Answer>;

/// The mocks of a run, each for a state, and the outside for what they do not answer.
#[derive(Default)]
pub(super) struct Mocks {
    tasks: HashMap<String, Mock>,
    pub config: Option<TestCase>,
    items: HashMap<String, PathBuf>,
    pub outside: Option<Box<dyn Outside>>,
    /// How strictly they are checked against the models of the APIs.
    pub validation: FieldValidation,
}

impl Mocks {
    pub fn task(&mut self, state: String, mock: Mock) {
        self.tasks.insert(state, mock);
    }

    pub fn read_items_of(&mut self, state: String, file: PathBuf) {
        self.items.insert(state, file);
    }

    /// Names that mocks are for.
    pub fn names(&self) -> impl Iterator<Item = (&str, &'static str)> {
        let tasks = self.tasks.keys().map(|name| (name.as_str(), "mock"));
        let items = self.items.keys().map(|name| (name.as_str(), "items"));
        let config = self.config.iter().flat_map(TestCase::states).map(|name| (name, "mocked response"));
        tasks.chain(items).chain(config)
    }
}

impl Outside for Mocks {
    fn call(&mut self, call: &TaskCall<'_>) -> Result<Answer, Unavailable> {
        if let Some(mock) = self.tasks.get_mut(call.state()) {
            let answer = mock(call);
            return match wrong_answer(call.resource, &answer.content, self.validation).first() {
                None => Ok(answer),
                Some(wrong) => Err(Unavailable::new(impossible(call.state(), wrong)).help(CHECK_LESS).coded("F3008")),
            };
        }
        if let Some(answer) = self.config.as_ref().and_then(|config| configured(config, call)) {
            return answer;
        }
        match &mut self.outside {
            Some(outside) => outside.call(call),
            None => Err(missing(call, self.config.as_ref())),
        }
    }

    fn items(&mut self, reader: &ItemReader<'_>) -> Result<Dataset, Unavailable> {
        let state = reader.state();
        let Some(file) = self.items.get(state) else {
            return match &mut self.outside {
                Some(outside) => outside.items(reader),
                None => Err(Unavailable::new(format!(
                    "`{state}` has an `ItemReader` and no items; expected a file that stands in for it"
                ))
                .help(format!(
                    "give it one: `.items(\"{state}\", …)` in a test, `--items {state}=FILE` on the command line"
                ))),
            };
        };
        let unreadable = |problem: String| Unavailable::new(format!("`{}` cannot be read: {problem}", file.display()));
        let size = fs::metadata(file).map_err(|error| unreadable(error.to_string()))?.len();
        if size > MAX_FILE {
            return Err(unreadable(format!("it has {size} bytes; expected at most {MAX_FILE}")));
        }
        fs::read(file).map(Dataset::file).map_err(|error| unreadable(error.to_string()))
    }
}

const CHECK_LESS: &str = "it is not checked with `.validate_mocks(FieldValidation::None)` in a test, \
                          `--validate-mocks none` on the command line";

/// The message of an answer that the service could not give.
fn impossible(state: &str, wrong: &WrongResult) -> String {
    format!("the mock of `{state}` is what the service could not answer: {}", wrong.message)
}

/// The diagnostics of the responses of a test case that a task could not be answered with. They are at the place in the
/// mock file.
pub(super) fn wrong_responses(definition: &Definition, mocks: &Mocks) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    for (state, name, response) in mocks.config.iter().flat_map(TestCase::responses) {
        let task = definition.states().find(|it| *it.name == *state);
        let Some(resource) = task.and_then(State::resource) else { continue };
        let content = response.answer();
        for wrong in wrong_answer(resource, &content, mocks.validation) {
            let path = response.place(name) + &wrong.pointer;
            let fault = Diagnostic::error("F3008", path, impossible(state, &wrong)).help(CHECK_LESS);
            // Two states may share the responses.
            if found.iter().all(|known| known.path != fault.path) {
                found.push(fault);
            }
        }
    }
    sort(&mut found);
    found
}

/// Everything that is wrong with the answer to a task: what the service could not give.
pub(super) fn wrong_answer(resource: &Resource, answer: &AnswerContent, mode: FieldValidation) -> Vec<WrongResult> {
    match answer {
        // A function is asked for its own result.
        AnswerContent::Result(_) if is_lambda(resource, &["invoke"]) => Vec::new(),
        AnswerContent::Result(result) => wrong_results(resource, result, mode),
        AnswerContent::Response(response) => wrong_results(resource, response, mode),
        AnswerContent::Error { error: Some(error), .. } if mode == FieldValidation::Strict => {
            let wrong = wrong_error(resource, error);
            wrong.into_iter().map(|message| WrongResult { pointer: String::new(), message }).collect()
        }
        // What work gives is what was really called.
        AnswerContent::Error { .. } | AnswerContent::Never | AnswerContent::Background(_) => Vec::new(),
    }
}

/// The answer of a test case; none where it does not mock the state.
fn configured(config: &TestCase, call: &TaskCall<'_>) -> Option<Result<Answer, Unavailable>> {
    let (state, number) = (call.state(), call.number());
    Some(match config.response(state, number - 1)? {
        Ok(response) => Ok(Answer::from(response.answer()).after(response.after)),
        Err(name) => Err(Unavailable::new(format!(
            "`MockedResponses/{name}` has no `{}`, the response to call {number} of the task `{state}`; expected one",
            number - 1
        ))
        .help("the first call gets the response `0`; a range such as `1-3` is for several")),
    })
}

fn missing(call: &TaskCall<'_>, config: Option<&TestCase>) -> Unavailable {
    let state = call.state();
    let help = match config.map(|config| (config.name(), nearest(state, config.states()))) {
        Some((case, Some(near))) => format!("the test case `{case}` mocks `{near}`"),
        Some((case, None)) => format!("add `{state}` to the test case `{case}` of the mock configuration"),
        None => {
            format!("give it one: `.task(\"{state}\", |input| Ok(…))` in a test, a mocked response on the command line")
        }
    };
    let hidden = match tokens_of(call.resource()).next() {
        Some(token) if call.resource.hidden => {
            format!("; what it calls is not known before `--substitute {token}=ARN` says it")
        }
        _ => String::new(),
    };
    Unavailable::new(format!("the task `{state}` is called and has no mock; expected one"))
        .help(format!("{help}{hidden}"))
}
