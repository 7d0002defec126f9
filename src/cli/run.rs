//! `run`: an execution of a state machine on a virtual clock.

mod batch;
mod live;
mod mocks;
mod replay;
mod state;

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use self::mocks::{Mocks, report};
use super::{
    file::{json, name, object, text},
    graph,
    invocation::{Done, Error, Invocation, Stop, Which},
    progress::Progress,
    source::{self, Form, Origin},
    substitution::{self, Substitutions},
};
use crate::{
    asl::run::{FieldValidation, Machine, MockConfig, Run, Status, TestCase},
    diagnostic::nearest,
    graph::Graph,
    json::Json,
    live::Settings,
};

/// Runs a state machine on this computer, with mocks for its tasks
///
/// Time is virtual: a wait of a year takes none. Without --mock-config the tasks get the sample results that come with
/// the stack. Exit code 1 is also that of an execution that does not succeed.
#[derive(clap::Args)]
#[command(after_long_help = "Examples:
  PROGRAM run
  echo '{\"name\": \"Ada\"}' | PROGRAM run --input - --test-case Refused
  PROGRAM run --definition any.asl.json --input input.json --mock-config MockConfigFile.json --test-case Happy
  PROGRAM run --definition any.asl.json --substitute Wait=30 --substitute Queue=https://example.com
  PROGRAM run --template template.yaml --machine Importer --items EachRow=rows.csv
  PROGRAM run --graph run.svg
  PROGRAM run --replay history.json
  PROGRAM run --events history.json --record mocks.json
  PROGRAM run --state PublishReport --input input.json --mock mock.json --inspection-level debug
  PROGRAM run --live --input input.json
  PROGRAM run --definition any.asl.json --live --code Render=render.py
  PROGRAM run --live --inputs inputs.jsonl --jobs 8
  PROGRAM run --format json | jq -r '.events[].type'")]
pub(super) struct Arguments {
    #[command(flatten)]
    which: Which,
    /// File with a definition (Amazon States Language, JSON or YAML), in place of a stack's
    #[arg(long, value_name = "FILE", conflicts_with = "stack")]
    definition: Option<PathBuf>,
    /// File with a CloudFormation or SAM template (JSON or YAML) that has the state machine
    #[arg(long, value_name = "FILE", conflicts_with_all = ["stack", "definition"])]
    template: Option<PathBuf>,
    /// Logical id of the state machine, or its name in the mock file; may be left out while there is only one
    #[arg(long, value_name = "NAME")]
    machine: Option<String>,
    /// Value of a ${KEY} in the definition; may be given several times
    #[arg(long, value_name = "KEY=VALUE", value_parser = substitution::pair)]
    substitute: Vec<(String, String)>,
    /// File with an object (JSON or YAML) of such values by key
    #[arg(long, value_name = "FILE")]
    substitutions: Option<PathBuf>,
    /// File with the input, or - for stdin [default: {}]
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// File with mocks, in the format of AWS's MockConfigFile.json; a response may also have "x-after-seconds": 5,
    /// or be {"x-never": true}
    #[arg(long, value_name = "FILE")]
    mock_config: Option<PathBuf>,
    /// Test case of the mock file [default: its first]
    #[arg(long, value_name = "NAME")]
    test_case: Option<String>,
    /// File with an object that is merged over the context object
    #[arg(long, value_name = "FILE")]
    context: Option<PathBuf>,
    /// File that stands in for the ItemReader of a distributed Map: what the object in S3 would hold; for Parquet and
    /// manifests their rows, as JSON lines or CSV
    #[arg(long, value_name = "STATE=FILE", value_parser = items)]
    items: Vec<(String, PathBuf)>,
    /// Run it as an express workflow; a stack's machine knows what it is
    #[arg(long)]
    express: bool,
    /// File for a picture (SVG) of the way that the execution took, with times, attempts and errors
    #[arg(long, value_name = "FILE")]
    graph: Option<PathBuf>,
    #[command(flatten)]
    alone: state::Alone,
    /// Form of what is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    histories: replay::Arguments,
    #[command(flatten)]
    live: live::Arguments,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    /// The states as a tree, with times, retries, arguments and results
    Text,
    /// {status, output, error, cause, events}, events as GetExecutionHistory gives them; of a live run also logs; of
    /// one state {status, output, error, cause, nextState, inspectionData}
    Json,
}

fn items(text: &str) -> Result<(String, PathBuf), String> {
    let (state, file) = text.split_once('=').ok_or("expected the name of a state, `=` and a file")?;
    Ok((state.to_owned(), file.into()))
}

pub(super) fn run(invocation: &mut Invocation<'_>, arguments: &Arguments) -> Done {
    let alone = &arguments.alone;
    let given = Substitutions::read(&arguments.substitute, arguments.substitutions.as_deref())?;
    let (machine, mocks) = match alone.single(arguments.definition.as_deref(), &given)? {
        Some(machine) => (machine, None),
        None => machine(invocation, arguments, &given)?,
    };
    if arguments.live.live {
        return live(invocation, arguments, machine, mocks);
    }
    if let Some(file) = &arguments.histories.replay {
        // It has its own answers.
        let prepared = prepare(invocation, arguments, &machine, None)?;
        let is_json = arguments.format == Format::Json;
        let within = |run| prepared.within(run);
        return replay::replay(invocation, file, &arguments.histories, &prepared.machine, is_json, within);
    }
    let prepared = prepare(invocation, arguments, &machine, mocks)?;
    let input = input(arguments)?;
    if alone.state.is_some() {
        let Prepared { machine: read, mocks, context, items, .. } = prepared;
        let is_json = arguments.format == Format::Json;
        return alone.run(invocation, &machine, &read, state::Given { input, context, items, mocks, is_json });
    }
    let run = prepared.run(input);
    finish(invocation, arguments, &machine, run, prepared.mocks.as_ref())
}

/// Runs it to its end, and shows what it was.
fn finish(
    invocation: &mut Invocation<'_>,
    arguments: &Arguments,
    machine: &source::Machine,
    mut run: Run,
    mocks: Option<&Mocks>,
) -> Done {
    if invocation.screens.err.is_watched {
        run = run.watched(Progress::default().of_stderr(invocation.screens.err.width));
    }
    let outcome = run.finish();
    // What was run so far is shown all the same.
    report(invocation, outcome.diagnostics().to_vec(), &machine.origin, mocks);
    if outcome.events().is_empty() {
        return Err(Stop::Faulty);
    }
    arguments.histories.keep(invocation, &outcome, machine.name.as_deref())?;
    if let Some(file) = &arguments.graph {
        let mut graph = Graph::of_workflow(graph::title(machine.name.as_deref()), &machine.definition);
        graph.mark_run(&outcome);
        graph::write(invocation, file, &graph.svg())?;
    }
    match arguments.format {
        Format::Json => writeln!(invocation.out, "{:#}", outcome.to_json())?,
        Format::Text => {
            let screen = invocation.screens.out;
            write!(invocation.out, "{}", outcome.trace(screen.width, screen.colour))?;
        }
    }
    if outcome.status() == Status::Succeeded { Ok(()) } else { Err(Stop::Faulty) }
}

/// Runs it with what the template deploys behind its tasks.
fn live(
    invocation: &mut Invocation<'_>,
    arguments: &Arguments,
    mut machine: source::Machine,
    mocks: Option<OwnMocks<'_>>,
) -> Done {
    let inputs = arguments.live.inputs.as_deref().map(batch::inputs).transpose()?;
    let input = input(arguments)?;
    let mut settings = Settings::new();
    let template = match &machine.origin {
        Origin::Document { .. } => None,
        Origin::Template { template, .. } => {
            settings = settings.template(template);
            Some((**template).clone())
        }
        Origin::Stack { .. } => {
            let stack = invocation.stack(&arguments.which)?;
            settings = Settings::of(stack);
            Some(stack.template())
        }
    };
    if let Some(folder) = arguments.template.as_deref().and_then(Path::parent) {
        settings = settings.folder(folder);
    }
    let session = live::Session::start(&arguments.live, settings, machine.name.as_deref())?;
    if let (Some(template), Some(name)) = (&template, &machine.name) {
        let (definition, problems) = session.resolve(template, name, std::mem::take(&mut machine.definition));
        machine.definition = definition;
        for problem in problems {
            let _ = writeln!(invocation.err, "note: {problem}");
        }
    }
    let text = machine.definition.to_string();
    if text.contains(".waitForTaskToken") || text.contains(":activity:") {
        let url = session.callback_url();
        let _ =
            writeln!(invocation.err, "note: tokens are taken back at {url}: aws stepfunctions --endpoint-url {url}");
    }
    let prepared = prepare(invocation, arguments, &machine, mocks)?;
    let done = match inputs {
        Some(inputs) => {
            let make = |input| prepared.within(session.prepare(prepared.bare(input)));
            batch::run(invocation, &session, &inputs, arguments.live.jobs, make)
        }
        None => {
            let run = prepared.within(session.prepare(prepared.bare(input)));
            finish(invocation, arguments, &machine, run, prepared.mocks.as_ref())
        }
    };
    session.end();
    match done {
        Err(Stop::Faulty) if session.is_interrupted() => Err(Stop::Interrupted),
        done => done,
    }
}

/// What messages call the mocks that come with a stack, and their text.
type OwnMocks<'p> = (String, &'p str);

/// The state machine that the arguments name, with the mocks that come with it.
fn machine<'p>(
    invocation: &mut Invocation<'p>,
    arguments: &Arguments,
    given: &Substitutions,
) -> Result<(source::Machine, Option<OwnMocks<'p>>), Stop> {
    let wanted = arguments.machine.as_deref();
    let file = arguments.definition.as_ref().map(|file| (file, Form::Definition));
    let file = file.or_else(|| arguments.template.as_ref().map(|file| (file, Form::Template)));
    let (machine, mocks) = match file {
        Some((file, form)) => {
            let (machine, notes) = source::machine(file, form, wanted, given)?;
            for note in notes {
                let _ = writeln!(invocation.err, "{note}");
            }
            if matches!(machine.origin, Origin::Document { .. })
                && form == Form::Definition
                && wanted.is_some()
                && arguments.mock_config.is_none()
            {
                let problem = "`--machine` names a state machine of a mock file, and a definition is only one; expected \
                               `--mock-config` too";
                return Err(Error::new(problem).into());
            }
            (machine, None)
        }
        None => {
            let name = arguments.which.stack.as_deref();
            invocation.expect_stack(name, "`--definition FILE` or `--template FILE`")?;
            let machine = invocation.machine(&arguments.which, wanted, given)?;
            (machine, invocation.composition(&arguments.which)?.mock_file())
        }
    };
    for warning in given.unused(&machine.tokens.text, &machine.tokens.names) {
        let _ = writeln!(invocation.err, "{warning}");
    }
    Ok((machine, mocks))
}

/// All that runs of a machine are made of, but for their inputs.
struct Prepared {
    machine: Machine,
    express: bool,
    mocks: Option<Mocks>,
    validation: FieldValidation,
    context: Option<Json>,
    items: Vec<(String, PathBuf)>,
}

impl Prepared {
    fn run(&self, input: Json) -> Run {
        self.within(self.bare(input))
    }

    /// A run without what the user has said of it.
    fn bare(&self, input: Json) -> Run {
        self.machine.run(input)
    }

    /// A run with what the user has said of it.
    fn within(&self, mut run: Run) -> Run {
        if self.express {
            run = run.express(true);
        }
        run = run.validate_mocks(self.validation);
        if let Some(case) = self.mocks.as_ref().and_then(|mocks| mocks.case.clone()) {
            run = run.test_case(case);
        }
        if let Some(context) = &self.context {
            run = run.context(context.clone());
        }
        for (state, file) in &self.items {
            run = run.items(state, file);
        }
        run
    }
}

/// The input of the one run.
fn input(arguments: &Arguments) -> Result<Json, Error> {
    match &arguments.input {
        Some(file) => json(file),
        None => Ok(Json::Object(serde_json::Map::new())),
    }
}

/// The machine with its mocks, and what else is given for its runs.
fn prepare(
    invocation: &mut Invocation<'_>,
    arguments: &Arguments,
    of: &source::Machine,
    own_mocks: Option<OwnMocks<'_>>,
) -> Result<Prepared, Stop> {
    let machine = match arguments.alone.machine(of) {
        Ok(machine) => machine,
        Err(faults) => {
            report(invocation, faults, &of.origin, None);
            return Err(Stop::Faulty);
        }
    };
    // The samples of a stack are no answers of what is called live, unless one is asked for.
    let own_mocks = own_mocks.filter(|_| !arguments.live.live || arguments.test_case.is_some());
    let mocks = mocks(arguments, of, own_mocks)?;
    let context = arguments.context.as_deref().map(object).transpose()?;
    let express = arguments.express || of.express;
    let validation = arguments.alone.validation(&of.origin);
    Ok(Prepared { machine, express, mocks, validation, context, items: arguments.items.clone() })
}

/// The mocks that are named, or those that come with the stack.
fn mocks(arguments: &Arguments, of: &source::Machine, own_mocks: Option<OwnMocks<'_>>) -> Result<Option<Mocks>, Error> {
    let (called, source, text) = match (&arguments.mock_config, own_mocks) {
        (Some(file), _) => (format!("`{}`", file.display()), name(file), text(file)?),
        (None, Some((source, text))) => (source.clone(), source, text.to_owned()),
        (None, None) if arguments.test_case.is_some() => {
            return Err(Error::new("`--test-case` names a test case of no file; expected `--mock-config` too"));
        }
        (None, None) => return Ok(None),
    };
    // A name that was given must be there; the one of a template may be another in a file that was made before.
    let is_given = arguments.machine.is_some() && matches!(of.origin, Origin::Document { .. });
    let case = MockConfig::parse(&text)
        .and_then(|config| test_case(&config, of.name.as_deref(), !is_given, arguments.test_case.as_deref()));
    let case = case.map_err(|problem| Error::new(format!("{called}: {problem}")))?;
    Ok(Some(Mocks { source, text, case }))
}

/// The test case of that name, or the first.
fn test_case(
    config: &MockConfig,
    machine: Option<&str>,
    of_stack: bool,
    name: Option<&str>,
) -> Result<Option<TestCase>, String> {
    let machines = config.machines();
    let machine = match (machine, machines.as_slice()) {
        (Some(machine), _) if machines.contains(&machine) => machine,
        // A file that was made for another name of the machine.
        (Some(_), [only]) if of_stack => only,
        (Some(machine), _) => {
            let near = nearest(machine, machines.iter().copied()).map(|near| format!("; did you mean `{near}`?"));
            return Err(format!("there is no state machine `{machine}`{}", near.unwrap_or_default()));
        }
        (None, [only]) => only,
        (None, []) => return Err("there is no state machine; expected one in `StateMachines`".to_owned()),
        (None, _) => {
            let names = machines.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            return Err(format!("no state machine is named; expected `--machine` with one of {names}"));
        }
    };
    let cases = config.test_cases(machine);
    match (name, cases.first()) {
        (Some(name), _) => config.test_case(machine, name).map(Some),
        (None, Some(first)) => config.test_case(machine, first).map(Some),
        (None, None) => Ok(None),
    }
}
