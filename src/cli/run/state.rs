//! `run --state`: one state alone, as AWS's `TestState` runs it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::ValueEnum;
use serde::Deserialize;

use super::{Arguments, Format, Mocks, input, report};
use crate::{
    asl::run::{FieldValidation, InspectionLevel, Machine, StateMock, StateRun, StateStatus},
    cli::{
        file::{json, name, text},
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
    #[arg(long, value_name = "NAME", conflicts_with_all = ["graph", "express"])]
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

impl Alone {
    /// How strictly mocks are checked: of a stack of one's own, all that can be.
    pub fn validation(&self, origin: &Origin) -> FieldValidation {
        match (self.validate_mocks, origin) {
            (Some(Mode::Strict), _) | (None, Origin::Stack { .. }) => FieldValidation::Strict,
            (Some(Mode::Present), _) | (None, _) => FieldValidation::Present,
            (Some(Mode::None), _) => FieldValidation::None,
        }
    }
}

/// The file that holds a single state, and no machine around it.
pub(super) fn single(arguments: &Arguments) -> Result<Option<source::Machine>, Error> {
    let (Some(_), Some(file)) = (&arguments.alone.state, &arguments.definition) else { return Ok(None) };
    // What is read once cannot be read again as a machine.
    if file.as_os_str() == "-" {
        return Ok(None);
    }
    let given = Substitutions::read(&arguments.substitute, arguments.substitutions.as_deref())?;
    source::state(file, &given)
}

/// The machine to run: that of a single state has only this.
pub(super) fn machine(of: &source::Machine, arguments: &Arguments) -> Result<Machine, Vec<Diagnostic>> {
    let is_state = matches!(of.origin, Origin::Document { .. }) && source::is_state(&of.definition);
    let Some(name) = arguments.alone.state.as_ref().filter(|_| is_state) else { return Machine::new(&of.definition) };
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

/// Runs that state of the machine, and prints what it came to.
pub(super) fn run(
    invocation: &mut Invocation<'_>,
    arguments: &Arguments,
    of: &source::Machine,
    machine: &Machine,
    state: &str,
    mocks: Option<Mocks>,
) -> Done {
    let alone = &arguments.alone;
    let (run, mocks) = prepare(arguments, of, machine, state, mocks)?;
    let outcome = run.finish();
    report(invocation, outcome.diagnostics().to_vec(), &of.origin, mocks.as_ref());
    if outcome.status() == StateStatus::Refused {
        return Err(Stop::Faulty);
    }
    let level = match alone.inspection_level {
        Level::Info => InspectionLevel::Info,
        Level::Debug => InspectionLevel::Debug,
        Level::Trace => InspectionLevel::Trace,
    };
    match (arguments.format, level) {
        (Format::Json, _) => writeln!(invocation.out, "{:#}", outcome.to_json(level))?,
        (Format::Text, InspectionLevel::Info) => write!(invocation.out, "{outcome}")?,
        (Format::Text, _) => write!(invocation.out, "{outcome:#}")?,
    }
    // Where an error is caught the machine goes on.
    match outcome.status() {
        StateStatus::Succeeded | StateStatus::CaughtError => Ok(()),
        StateStatus::Failed | StateStatus::Retriable | StateStatus::Refused => Err(Stop::Faulty),
    }
}

/// The run, and the mocks that it is given.
fn prepare(
    arguments: &Arguments,
    of: &source::Machine,
    machine: &Machine,
    state: &str,
    mocks: Option<Mocks>,
) -> Result<(StateRun, Option<Mocks>), Stop> {
    let alone = &arguments.alone;
    let mut run = machine.run_state(state, input(arguments)?);
    let mocks = match &alone.mock {
        Some(file) => {
            let text = text(file)?;
            let mock = StateMock::parse(&text);
            let mock = mock.map_err(|problem| Error::new(format!("`{}`: {problem}", file.display())))?;
            run = run.mock(mock);
            // A mock of TestState says itself how strictly it is checked.
            if alone.validate_mocks.is_some() {
                run = run.validate_mocks(alone.validation(&of.origin));
            }
            Some(Mocks { file: Some(name(file)), text, case: None })
        }
        None => {
            if let Some(case) = mocks.as_ref().and_then(|mocks| mocks.case.clone()) {
                run = run.test_case(case).validate_mocks(alone.validation(&of.origin));
            }
            mocks
        }
    };
    if let Some(file) = &alone.variables {
        run = run.variables(object(file)?);
    }
    if let Some(file) = &arguments.context {
        run = run.context(object(file)?);
    }
    if let Some((_, file)) = arguments.items.iter().find(|(name, _)| name == state) {
        let read = fs::read(file);
        let data = read.map_err(|error| Error::new(format!("`{}` cannot be read: {error}", file.display())))?;
        run = run.item_reader_data(data);
    }
    if let Some((name, _)) = arguments.items.iter().find(|(name, _)| name != state) {
        let problem = format!("`--items` is for `{name}`, and `{state}` is run alone; expected items for it");
        return Err(Error::new(problem).into());
    }
    if let Some(file) = &alone.state_configuration {
        let configuration = serde_json::from_str(&text(file)?);
        let Configuration {
            retrier_retry_count,
            error_caused_by_state,
            map_iteration_failure_count,
            map_item_reader_data,
        } = configuration.map_err(|error| Error::new(format!("`{}`: {error}", file.display())))?;
        run = run.retries(retrier_retry_count).failed_iterations(map_iteration_failure_count);
        if let Some(state) = error_caused_by_state {
            run = run.error_caused_by(state);
        }
        if let Some(data) = map_item_reader_data {
            run = run.item_reader_data(data);
        }
    }
    Ok((run, mocks))
}

/// The object of a file.
pub(super) fn object(file: &Path) -> Result<Json, Error> {
    let json = json(file)?;
    match json.is_object() {
        true => Ok(json),
        false => Err(Error::new(format!("`{}` holds no JSON object; expected one", file.display()))),
    }
}
