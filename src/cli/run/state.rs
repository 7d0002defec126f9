//! `run --state`: one state alone, as AWS's `TestState` runs it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::ValueEnum;
use serde::Deserialize;

use super::mocks::{Mocks, report};
use crate::{
    asl::run::{FieldValidation, InspectionLevel, Machine, StateMock, StateRun, StateStatus},
    cli::{
        file::{name, object, text},
        invocation::{Done, Error, Invocation, Stop},
        source::{self, Origin},
        substitution::Substitutions,
    },
    diagnostic::Diagnostic,
    json::{Json, Pointer},
};

/// What a run of one state is given.
#[derive(clap::Args)]
pub(super) struct Alone {
    /// Run this state alone, as AWS's TestState does: one inside of a Map or Parallel too
    #[arg(long, value_name = "NAME", conflicts_with_all = ["graph", "express", "live"])]
    pub state: Option<String>,
    /// File with what it is answered with, as TestState takes it: {"result": …} or {"errorOutput": {"error": …, "cause":
    /// …}}; without it a task has the response of the test case
    #[arg(long, value_name = "FILE", requires = "state")]
    mock: Option<PathBuf>,
    /// File with an object of the variables that are set
    #[arg(long, value_name = "FILE", requires = "state")]
    variables: Option<PathBuf>,
    /// File with what was before, as TestState takes it: {"retrierRetryCount": 1, "errorCausedByState": "Name",
    /// "mapIterationFailureCount": 1, "mapItemReaderData": "[1, 2]"}
    #[arg(long, value_name = "FILE", requires = "state")]
    state_configuration: Option<PathBuf>,
    /// What is told of the steps of the state
    #[arg(long, value_enum, default_value_t = Level::Info, requires = "state")]
    inspection_level: Level,
    /// How strictly mocks are checked against the models of the APIs [default: strict for a stack, present for a file]
    #[arg(long, value_enum, value_name = "MODE")]
    validate_mocks: Option<Mode>,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Level {
    /// Output or error, and the next state
    Info,
    /// What each step gives too
    Debug,
    /// The same, since no HTTP request is made
    Trace,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Mode {
    /// Required fields are there, all fields are as the model has them, errors are those of the call
    Strict,
    /// The fields that are there are as the model has them
    Present,
    /// They are not checked
    None,
}

/// `stateConfiguration` of AWS's `TestState`.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct Configuration {
    retrier_retry_count: u32,
    error_caused_by_state: Option<String>,
    map_iteration_failure_count: usize,
    map_item_reader_data: Option<String>,
}

/// What a run of one state is given that an execution has too.
pub(super) struct Given {
    pub input: Json,
    pub context: Option<Json>,
    pub items: Vec<(String, PathBuf)>,
    pub mocks: Option<Mocks>,
    pub is_json: bool,
}

impl Alone {
    /// How strictly mocks are checked: of a stack of one's own, all that can be.
    pub fn validation(&self, origin: &Origin) -> FieldValidation {
        match (self.validate_mocks, origin) {
            (Some(Mode::Strict), _) | (None, Origin::Stack { .. }) => FieldValidation::Strict,
            (Some(Mode::Present), _) | (None, _) => FieldValidation::Present,
            (Some(Mode::None), _) => FieldValidation::None,
        }
    }

    /// The file that holds a single state, and no machine around it.
    pub fn single(&self, definition: Option<&Path>, given: &Substitutions) -> Result<Option<source::Machine>, Error> {
        // What is read once from stdin cannot be read again as a machine.
        match definition.filter(|file| self.state.is_some() && file.as_os_str() != "-") {
            Some(file) => source::state(file, given),
            None => Ok(None),
        }
    }

    /// The machine to run: that of a single state has only this.
    pub fn machine(&self, of: &source::Machine) -> Result<Machine, Vec<Diagnostic>> {
        let is_state = matches!(of.origin, Origin::Document { .. }) && source::is_state(&of.definition);
        let Some(name) = self.state.as_ref().filter(|_| is_state) else { return Machine::new(&of.definition) };
        Machine::of_state(name, &of.definition).map_err(|mut found| {
            let around = Pointer::START;
            let around = around.key("States").key(name).to_string();
            for fault in &mut found {
                if let Some(path) = fault.path.as_str().strip_prefix(&around) {
                    fault.path = path.to_owned().into();
                }
            }
            found
        })
    }

    /// Runs the state of the machine, and prints what it came to.
    pub fn run(
        &self,
        invocation: &mut Invocation<'_>,
        of: &source::Machine,
        machine: &Machine,
        mut given: Given,
    ) -> Done {
        let run = self.prepare(of, machine, &mut given)?;
        let outcome = run.finish();
        report(invocation, outcome.diagnostics().to_vec(), &of.origin, given.mocks.as_ref());
        if outcome.status() == StateStatus::Refused {
            return Err(Stop::Faulty);
        }
        let level = match self.inspection_level {
            Level::Info => InspectionLevel::Info,
            Level::Debug => InspectionLevel::Debug,
            Level::Trace => InspectionLevel::Trace,
        };
        match (given.is_json, level) {
            (true, _) => writeln!(invocation.out, "{:#}", outcome.to_json(level))?,
            (false, InspectionLevel::Info) => write!(invocation.out, "{outcome}")?,
            (false, _) => write!(invocation.out, "{outcome:#}")?,
        }
        // Where an error is caught the machine goes on.
        match outcome.status() {
            StateStatus::Succeeded | StateStatus::CaughtError => Ok(()),
            StateStatus::Failed | StateStatus::Retriable | StateStatus::Refused => Err(Stop::Faulty),
        }
    }

    fn prepare(&self, of: &source::Machine, machine: &Machine, given: &mut Given) -> Result<StateRun, Stop> {
        let state = self.state.as_deref().unwrap_or_default();
        let mut run = machine.run_state(state, std::mem::take(&mut given.input));
        if let Some(file) = &self.mock {
            let text = text(file)?;
            let mock = StateMock::parse(&text);
            run = run.mock(mock.map_err(|problem| Error::new(format!("`{}`: {problem}", file.display())))?);
            // A mock of TestState says itself how strictly it is checked.
            if self.validate_mocks.is_some() {
                run = run.validate_mocks(self.validation(&of.origin));
            }
            given.mocks = Some(Mocks { source: name(file), text, case: None });
        } else if let Some(case) = given.mocks.as_ref().and_then(|mocks| mocks.case.clone()) {
            run = run.test_case(case).validate_mocks(self.validation(&of.origin));
        }
        if let Some(file) = &self.variables {
            run = run.variables(object(file)?);
        }
        if let Some(context) = given.context.take() {
            run = run.context(context);
        }
        for (of, file) in &given.items {
            if of != state {
                let problem = format!("`--items` is for `{of}`, and `{state}` is run alone; expected items for it");
                return Err(Error::new(problem).into());
            }
            let read = fs::read(file);
            let data = read.map_err(|error| Error::new(format!("`{}` cannot be read: {error}", file.display())))?;
            run = run.item_reader_data(data);
        }
        if let Some(file) = &self.state_configuration {
            let configuration = serde_json::from_str::<Configuration>(&text(file)?);
            let configuration = configuration.map_err(|error| Error::new(format!("`{}`: {error}", file.display())))?;
            run = run.retries(configuration.retrier_retry_count);
            run = run.failed_iterations(configuration.map_iteration_failure_count);
            if let Some(state) = configuration.error_caused_by_state {
                run = run.error_caused_by(state);
            }
            if let Some(data) = configuration.map_item_reader_data {
                run = run.item_reader_data(data);
            }
        }
        Ok(run)
    }
}
