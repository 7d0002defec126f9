//! `run`: an execution of a state machine on a virtual clock.

use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use clap::ValueEnum;

use super::invocation::{Done, Error, Invocation, Stop, Which};
use crate::{
    asl::run::{Machine, MockConfig, Run, Status, TestCase, substitute},
    diagnostic::{Diagnostic, nearest},
    json::Json,
    template::{Document, ParseError},
};

/// Runs a state machine on this computer, with mocks for its tasks
///
/// Time is virtual: a wait of a year takes none. Without --mock-config the tasks get the sample results that come with
/// the stack. Exit code 1 is also that of an execution that does not succeed.
#[derive(clap::Args)]
#[command(after_long_help = "Examples:
  PROGRAM run
  echo '{\"title\": \"Monday\"}' | PROGRAM run --input - --test-case Report
  PROGRAM run --definition any.asl.json --input input.json --mock-config MockConfigFile.json --test-case Happy
  PROGRAM run --format json | jq -r '.events[].type'")]
pub(super) struct Arguments {
    #[command(flatten)]
    which: Which,
    /// File with a definition (Amazon States Language; JSON, or YAML in a .yaml file), in place of a stack's
    #[arg(long, value_name = "FILE", conflicts_with = "stack")]
    definition: Option<PathBuf>,
    /// Logical id of the state machine, or its name in the mock file; may be left out while there is only one
    #[arg(long, value_name = "NAME")]
    machine: Option<String>,
    /// File with the input, or - for stdin [default: {}]
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// File with mocks, in the format of AWS's MockConfigFile.json
    #[arg(long, value_name = "FILE")]
    mock_config: Option<PathBuf>,
    /// Test case of the mock file [default: its first]
    #[arg(long, value_name = "NAME")]
    test_case: Option<String>,
    /// File with an object that is merged over the context object
    #[arg(long, value_name = "FILE")]
    context: Option<PathBuf>,
    /// File that stands in for the ItemReader of a distributed Map
    #[arg(long, value_name = "STATE=FILE", value_parser = items)]
    items: Vec<(String, PathBuf)>,
    /// Run it as an express workflow; a stack's machine knows what it is
    #[arg(long)]
    express: bool,
    /// Form of what is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    /// The states as a tree, with times, retries, arguments and results
    Text,
    /// {status, output, error, cause, events}, events as GetExecutionHistory gives them
    Json,
}

fn items(text: &str) -> Result<(String, PathBuf), String> {
    let (state, file) = text.split_once('=').ok_or("expected the name of a state, `=` and a file")?;
    Ok((state.to_owned(), file.into()))
}

pub(super) fn run(invocation: &mut Invocation<'_>, arguments: &Arguments) -> Done {
    let definition = arguments.definition.as_deref().map(Definition::read).transpose()?;
    let mut run = prepare(invocation, arguments, definition.as_ref())?;
    if let Some(file) = &arguments.context {
        let context = json(file)?;
        if !context.is_object() {
            return Err(Error::new(format!("`{}` holds no JSON object; expected one", file.display())).into());
        }
        run = run.context(context);
    }
    for (state, file) in &arguments.items {
        run = run.items(state, file);
    }
    let outcome = run.finish();
    // What was run so far is shown all the same.
    report(invocation, outcome.diagnostics().to_vec(), definition.as_ref());
    match arguments.format {
        Format::Json => writeln!(invocation.out, "{:#}", outcome.to_json())?,
        Format::Text => {
            let (width, colour) = (invocation.screen.width, invocation.screen.colour);
            write!(invocation.out, "{}", outcome.trace(width, colour))?;
        }
    }
    if outcome.status() == Status::Succeeded { Ok(()) } else { Err(Stop::Faulty) }
}

/// A definition that was read from a file.
struct Definition {
    /// What messages call the file.
    file: String,
    document: Document,
}

impl Definition {
    /// Reads YAML where the name says that it is YAML, else JSON, which is all that Step Functions takes.
    fn read(file: &Path) -> Result<Self, Error> {
        let is_yaml = file.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
        let text = text(file)?;
        let document = if is_yaml { Document::yaml(&text) } else { Document::json(&text) };
        let name = if file.as_os_str() == "-" { "stdin".to_owned() } else { file.display().to_string() };
        match document {
            Ok(document) => Ok(Self { file: name, document }),
            Err(ParseError { message, line: Some(line), column: Some(column) }) if message.starts_with("not ") => {
                Err(Error::new(format!("`{}` is {message} at line {line} column {column}", file.display())))
            }
            Err(error) => Err(Error::new(format!("`{}`: {error}", file.display()))),
        }
    }
}

/// Prints what is wrong, with the place in the definition's file.
fn report(invocation: &mut Invocation<'_>, mut found: Vec<Diagnostic>, definition: Option<&Definition>) {
    if let Some(Definition { file, document }) = definition {
        document.locate(&mut found, file);
    }
    for diagnostic in found {
        // It is as wrong when nobody reads why.
        let _ = writeln!(invocation.err, "{diagnostic}\n");
    }
}

/// A run of what the arguments name, with its input and its mocks.
fn prepare(invocation: &mut Invocation<'_>, arguments: &Arguments, file: Option<&Definition>) -> Result<Run, Stop> {
    let (definition, own_mocks, name, express) = match file {
        Some(file) => (file.document.as_json().clone(), None, arguments.machine.clone(), arguments.express),
        None => {
            let machine = invocation.machine(&arguments.which, arguments.machine.as_deref())?;
            let mocks = invocation.composition(&arguments.which)?.mock_file();
            let definition = substitute(machine.definition, &machine.substitutions);
            (definition, mocks, Some(machine.logical_id), arguments.express || machine.express)
        }
    };
    let input = match &arguments.input {
        Some(file) => json(file)?,
        None => Json::Object(serde_json::Map::new()),
    };
    let machine = match Machine::new(&definition) {
        Ok(machine) => machine,
        Err(faults) => {
            report(invocation, faults, file);
            return Err(Stop::Faulty);
        }
    };
    let mut run = machine.run(input);
    if express {
        run = run.express(true);
    }
    let config = match (&arguments.mock_config, own_mocks) {
        (Some(file), _) => Some((format!("`{}`", file.display()), text(file)?)),
        (None, Some((source, text))) => Some((source, text.to_owned())),
        (None, None) => None,
    };
    let case = match config {
        Some((source, text)) => {
            let case = MockConfig::parse(&text).and_then(|config| {
                test_case(&config, name.as_deref(), arguments.definition.is_none(), arguments.test_case.as_deref())
            });
            case.map_err(|problem| Error::new(format!("{source}: {problem}")))?
        }
        None if arguments.test_case.is_some() => {
            return Err(Error::new("`--test-case` names a test case of no file; expected `--mock-config` too").into());
        }
        None => None,
    };
    Ok(match case {
        Some(case) => run.test_case(case),
        None => run,
    })
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

fn text(file: &Path) -> Result<String, Error> {
    let mut text = String::new();
    let read = match file.as_os_str() == "-" {
        true => io::stdin().read_to_string(&mut text).map(|_| text),
        false => fs::read_to_string(file),
    };
    read.map_err(|error| Error::new(format!("`{}` cannot be read: {error}", file.display())))
}

fn json(file: &Path) -> Result<Json, Error> {
    serde_json::from_str(&text(file)?).map_err(|error| Error::new(format!("`{}` is not JSON: {error}", file.display())))
}
