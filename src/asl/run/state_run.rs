//! One state of a machine, run alone: what AWS's `TestState` does, with its answer.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html>

mod answer;
mod mock_file;
mod mocked;

use std::{collections::BTreeMap, rc::Rc, sync::Arc};

use serde_json::json;

use self::mocked::Mocked;
pub use answer::{InspectionLevel, StateOutcome, StateStatus};
pub use mock_file::StateMock;

use super::{
    execution::{Given, Interpreter, Settings},
    mock_config::TestCase,
    outside::{Answer, AnswerContent, Outside},
    session::Machine,
};
use crate::{
    asl::{
        definition::{Definition, State},
        expression::{
            payload::{self, Payload},
            random::Random,
            time::{START, parse, text},
            world::Variables,
        },
        validate::FieldValidation,
    },
    diagnostic::{Declarations, Diagnostic},
    json::{Json, MAX_NESTING, is_too_deep, take_apart},
};

impl Machine {
    /// A run of one of its states alone, with that input: the state may be inside of a `Map` or `Parallel`.
    ///
    /// ```
    /// use formwork::{asl::run::{Answer, Machine, StateStatus}, json};
    ///
    /// let machine = Machine::new(&json!({
    ///     "StartAt": "Publish",
    ///     "States": {
    ///         "Publish": {
    ///             "Type": "Task",
    ///             "QueryLanguage": "JSONata",
    ///             "Resource": "arn:aws:states:::sns:publish",
    ///             "Arguments": {"TopicArn": "{% $topic %}", "Message": "{% 'Hello ' & $states.input.name %}"},
    ///             "Output": "{% $states.result.MessageId %}",
    ///             "Retry": [{"ErrorEquals": ["SNS.ThrottledException"], "IntervalSeconds": 2, "MaxAttempts": 2}],
    ///             "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Sorry"}],
    ///             "End": true,
    ///         },
    ///         "Sorry": {"Type": "Fail"},
    ///     },
    /// }))
    /// .unwrap();
    /// let publish = || machine.run_state("Publish", json!({"name": "Ada"})).variables(json!({"topic": "arn:…"}));
    ///
    /// let outcome = publish().mock(Answer::ok(json!({"MessageId": "1"}))).finish();
    /// assert_eq!(outcome.status(), StateStatus::Succeeded);
    /// assert_eq!(outcome.output(), Some(&json!("1")));
    /// assert_eq!(outcome.inspection()["afterArguments"], json!({"TopicArn": "arn:…", "Message": "Hello Ada"}));
    ///
    /// // The first retry comes, after the second the error is caught.
    /// let busy = || Answer::error("SNS.ThrottledException", "slow down");
    /// let outcome = publish().mock(busy()).retries(1).finish();
    /// assert_eq!(outcome.status(), StateStatus::Retriable);
    /// assert_eq!(outcome.inspection()["errorDetails"], json!({"retryIndex": 0, "retryBackoffIntervalSeconds": 4}));
    /// let outcome = publish().mock(busy()).retries(2).finish();
    /// assert_eq!((outcome.status(), outcome.next_state()), (StateStatus::CaughtError, Some("Sorry")));
    ///
    /// // A mock that the service could not give is refused.
    /// let outcome = publish().mock(Answer::ok(json!({"MessageId": 1}))).finish();
    /// assert_eq!(outcome.status(), StateStatus::Refused);
    /// assert_eq!(
    ///     outcome.diagnostics()[0].message,
    ///     "Mock result schema validation error: Field 'MessageId' must be a string",
    /// );
    /// ```
    pub fn run_state(&self, name: impl Into<String>, input: Json) -> StateRun {
        StateRun::new(Ok(self.clone()), name.into(), input, Declarations::default())
    }

    /// Reads the definition of a single state, which is then the only one that can be run, under that name. The states
    /// that it goes to need not be there.
    pub fn of_state(name: &str, state: &Json) -> Result<Self, Vec<Diagnostic>> {
        let mut states = serde_json::Map::new();
        let lists = ["Choices", "Catch"].iter().filter_map(|list| state.get(*list)?.as_array()).flatten();
        let named = std::iter::once(state).chain(lists);
        let targets = named.flat_map(|it| [it.get("Next"), it.get("Default")]).flatten().filter_map(Json::as_str);
        for target in targets {
            states.insert(target.to_owned(), json!({"Type": "Succeed"}));
        }
        states.insert(name.to_owned(), state.clone());
        Self::new(&json!({"StartAt": name, "States": states}))
    }
}

/// A run of one state that has not begun: it takes a mock and what was before, and [`finish`](Self::finish) runs it.
///
/// It is what AWS's `TestState` runs, on a clock that is virtual. A task needs a [mock](Self::mock) or an
/// [`outside`](Self::outside); a `Map` or `Parallel` is answered with a mock as a whole; another state has none. The
/// context object is that of `TestState`: an express execution whose state is called `StateName`.
///
/// <https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html>
#[must_use = "nothing runs before `finish`"]
pub struct StateRun {
    machine: Result<Machine, Vec<Diagnostic>>,
    name: String,
    input: Json,
    variables: Json,
    context: Option<Json>,
    role: Option<String>,
    mock: Option<StateMock>,
    case: Option<TestCase>,
    validation: FieldValidation,
    outside: Option<Box<dyn Outside>>,
    items: Option<Vec<u8>>,
    retries: u32,
    failed_iterations: usize,
    caused_by: Option<String>,
    seed: u64,
    problems: Vec<Diagnostic>,
    /// Where the states were declared.
    declared: Declarations,
}

impl StateRun {
    pub(crate) fn new(
        machine: Result<Machine, Vec<Diagnostic>>,
        name: String,
        input: Json,
        declared: Declarations,
    ) -> Self {
        let mut run = Self {
            machine,
            name,
            input: Json::Null,
            variables: json!({}),
            context: None,
            role: None,
            mock: None,
            case: None,
            validation: FieldValidation::Strict,
            outside: None,
            items: None,
            retries: 0,
            failed_iterations: 0,
            caused_by: None,
            seed: 0,
            problems: Vec::new(),
            declared,
        };
        run.input = run.checked(input, "F3004", "the input");
        run
    }

    /// The answer that a task gets, or a `Map` or `Parallel` as a whole. [`Answer::ok`] is for `lambda:invoke` what the
    /// function returns, [`Answer::response`] the whole response, which is the `result` of AWS's mocks; [`StateMock`] is
    /// such a mock.
    pub fn mock(mut self, mock: impl Into<StateMock>) -> Self {
        let mut mock = mock.into();
        mock.answer.content = match mock.answer.content {
            AnswerContent::Result(result) => AnswerContent::Result(self.checked(result, "F3008", "the mock")),
            AnswerContent::Response(response) if is_too_deep(&response) => {
                // One that is shared is dropped with the others.
                let response = Arc::try_unwrap(response).map(|response| self.checked(response, "F3008", "the mock"));
                if response.is_err() {
                    self.problems.push(too_deep("F3008", "the mock"));
                }
                AnswerContent::Result(Json::Null)
            }
            content => content,
        };
        self.validation = mock.validation.unwrap_or(self.validation);
        self.mock = Some(mock);
        self
    }

    /// The test case of AWS's mock file that answers a task without a mock: with its response to the first call, or after
    /// as many [`retries`](Self::retries) to a later one.
    pub fn test_case(mut self, case: TestCase) -> Self {
        self.case = Some(case);
        self
    }

    /// How strictly the mock is checked against the model of the API; as [`Strict`](FieldValidation::Strict) as may be
    /// unless it is set. `fieldValidationMode` of AWS's mocks.
    pub fn validate_mocks(mut self, validation: FieldValidation) -> Self {
        self.validation = validation;
        self
    }

    /// The [`Outside`] that answers where there is no mock.
    pub fn outside(mut self, outside: impl Outside + 'static) -> Self {
        self.outside = Some(Box::new(outside));
        self
    }

    /// The variables that are set when the state is entered: an object.
    pub fn variables(mut self, variables: Json) -> Self {
        self.variables = self.checked(variables, "F3009", "the variables");
        self
    }

    /// The context object, all of it, in place of the one that would be made up.
    pub fn context(mut self, context: Json) -> Self {
        self.context = Some(self.checked(context, "F3005", "the context"));
        self
    }

    /// ARN of the role that the context object names; it has none unless it is set.
    pub fn role(mut self, arn: impl Into<String>) -> Self {
        self.role = Some(arn.into());
        self
    }

    /// The number of retries that were before, of the retrier that takes the error; 0 unless it is set.
    /// `retrierRetryCount` of AWS's state configuration.
    pub fn retries(mut self, count: u32) -> Self {
        self.retries = count;
        self
    }

    /// The number of iterations of a `Map` that have failed, which it tolerates or not; 0 unless it is set.
    /// `mapIterationFailureCount` of AWS's state configuration.
    pub fn failed_iterations(mut self, count: usize) -> Self {
        self.failed_iterations = count;
        self
    }

    /// Name of the state inside of a `Map` or `Parallel` that has the mocked error. `errorCausedByState` of AWS's state
    /// configuration.
    pub fn error_caused_by(mut self, state: impl Into<String>) -> Self {
        self.caused_by = Some(state.into());
        self
    }

    /// What the `ItemReader` of a distributed `Map` reads: the content of the object in S3. `mapItemReaderData` of AWS's
    /// state configuration.
    pub fn item_reader_data(mut self, data: impl Into<Vec<u8>>) -> Self {
        self.items = Some(data.into());
        self
    }

    /// Seed of everything random; 0 unless it is set.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Runs the state.
    pub fn finish(mut self) -> StateOutcome {
        let outcome = self.outcome();
        let mut outcome = outcome.unwrap_or_else(StateOutcome::refused);
        self.declared.locate(&mut outcome.diagnostics);
        outcome
    }

    fn outcome(&mut self) -> Result<StateOutcome, Vec<Diagnostic>> {
        let machine = self.machine.clone()?;
        if !self.problems.is_empty() {
            return Err(std::mem::take(&mut self.problems));
        }
        let definition = machine.definition();
        let at = find(definition, &self.name)?;
        let state = &definition.scopes[at.0].states[at.1];
        self.expect_cause_inside(definition, state)?;
        let Mocked { call, reply } = mocked::take(self.taken_mock()?, state, self.validation)?;
        let has_context = self.context.is_some();
        let settings = self.settings()?;
        let variables: Variables = match std::mem::take(&mut self.variables) {
            Json::Object(members) => {
                let members = members.into_iter().map(|(name, value)| (name, Payload::new(value)));
                Rc::new(members.collect::<BTreeMap<_, _>>())
            }
            _ => {
                let problem = "the variables are no object; expected one, with a value for each name";
                return Err(vec![Diagnostic::error("F3009", "", problem)]);
            }
        };
        let input = Payload::new(std::mem::take(&mut self.input));
        if input.is_too_large() {
            let problem = format!("the input is too large; expected at most {} bytes of JSON", payload::MAX_BYTES);
            return Err(vec![Diagnostic::error("F3004", "", problem)]);
        }
        let given = Given { reply, retries: self.retries, failed_iterations: self.failed_iterations, has_context };
        let mut outside = mocked::Outer { answer: call, items: self.items.take(), outside: self.outside.take() };
        let interpreter = Interpreter::new(definition, &settings, &mut outside);
        Ok(StateOutcome::of(interpreter.run_alone(at, input, variables, given)))
    }

    /// Gives the value back; null instead of one that is nested too deep, which is reported.
    fn checked(&mut self, value: Json, code: &'static str, what: &str) -> Json {
        if !is_too_deep(&value) {
            return value;
        }
        take_apart(value);
        self.problems.push(too_deep(code, what));
        Json::Null
    }

    /// The mock, or the response of the test case.
    fn taken_mock(&mut self) -> Result<Option<StateMock>, Vec<Diagnostic>> {
        let of_case = || self.case.as_ref()?.response_with_name(&self.name, self.retries);
        match (self.mock.take(), of_case()) {
            (None, Some((list, Some(response)))) => {
                let answer = Answer::from(response.answer()).after(response.after);
                Ok(Some(StateMock { answer, at: Some(response.place(list)), validation: None }))
            }
            (None, Some((list, None))) => {
                let (name, number) = (&self.name, self.retries);
                let problem = format!(
                    "`MockedResponses/{list}` has no `{number}`, the response to the task `{name}` after {number} \
                     retries; expected one"
                );
                Err(vec![Diagnostic::error("F3001", "", problem)])
            }
            (mock, _) => Ok(mock),
        }
    }

    fn expect_cause_inside(&self, definition: &Definition, state: &State) -> Result<(), Vec<Diagnostic>> {
        let Some(cause) = &self.caused_by else { return Ok(()) };
        let inside = format!("{}/", state.pointer);
        let names = definition.states().filter(|it| it.pointer.starts_with(&inside)).map(|it| &*it.name);
        let names: Vec<&str> = names.collect();
        if names.contains(&cause.as_str()) {
            return Ok(());
        }
        let name = &state.name;
        let problem = match names.as_slice() {
            [] => format!(
                "`{cause}` cannot cause the error of `{name}`, which has no states; expected a `Map` or `Parallel`"
            ),
            _ => format!("`{cause}` cannot cause the error of `{name}`; expected a state inside of it"),
        };
        Err(vec![Diagnostic::error("F3009", state.pointer.as_str(), problem).did_you_mean(cause, names)])
    }

    fn settings(&mut self) -> Result<Settings, Vec<Diagnostic>> {
        let mut random = Random::new(self.seed);
        let context = match self.context.take() {
            Some(context @ Json::Object(_)) => context,
            Some(_) => {
                return Err(vec![Diagnostic::error("F3005", "", "the context is no object; expected one")]);
            }
            None => {
                let (machine, name) = (random.uuid(), random.uuid());
                json!({
                    "Execution": {
                        "Id": format!("arn:aws:states:us-east-1:123456789012:express:{machine}:{name}"),
                        "Input": self.input,
                        "Name": name,
                        "RoleArn": self.role,
                        "StartTime": text(START),
                    },
                    "StateMachine": {
                        "Id": format!("arn:aws:states:us-east-1:123456789012:stateMachine:{machine}"),
                        "Name": machine,
                    },
                })
            }
        };
        let part = |pointer: &str| context.pointer(pointer).and_then(Json::as_str).unwrap_or_default();
        let start = parse(part("/Execution/StartTime")).unwrap_or(START);
        let region = part("/StateMachine/Id").split(':').nth(3).unwrap_or("us-east-1").to_owned();
        Ok(Settings {
            context: Payload::new(context),
            region,
            express: true,
            start,
            seed: random.next(),
            real_time: false,
            interrupt: None,
        })
    }
}

fn too_deep(code: &'static str, what: &str) -> Diagnostic {
    Diagnostic::error(code, "", format!("{what} is nested too deep; expected at most {MAX_NESTING} levels"))
}

/// The scope and the position in it of the state with that name.
fn find(definition: &Definition, name: &str) -> Result<(usize, usize), Vec<Diagnostic>> {
    let mut places = definition.scopes.iter().enumerate().flat_map(|(scope, it)| {
        let states = it.states.iter().enumerate();
        states.map(move |(position, state)| (scope, position, state))
    });
    match places.find(|(.., state)| &*state.name == name) {
        Some((scope, position, _)) => Ok((scope, position)),
        None => {
            let problem = format!("there is no state `{name}`; expected one of the state machine");
            let names = definition.states().map(|state| &*state.name);
            Err(vec![Diagnostic::error("F3003", "", problem).did_you_mean(name, names)])
        }
    }
}
