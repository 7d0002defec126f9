//! `mock`: a file of mocks, made of a recorded execution or of what the services can answer.

mod skeleton;

use std::path::PathBuf;

use self::skeleton::skeleton;
use super::{
    file::{self, name},
    invocation::{Done, Error, Invocation, Which},
    output,
    source::{self, Form},
    substitution::Substitutions,
};
use crate::{
    asl::run::Recording,
    json::{self, Json},
};

/// Writes a file of mocks, in the format of AWS's MockConfigFile.json
///
/// With --from, of what an execution was answered, so that `run` goes the same way again: the failure of last night as a
/// test. With --skeleton, of what the services of a state machine can answer, to be filled in.
#[derive(clap::Args)]
#[command(after_long_help = "Examples:
  aws stepfunctions get-execution-history --execution-arn ARN --include-execution-data > history.json
  PROGRAM mock --from history.json > mocks.json
  PROGRAM run --mock-config mocks.json
  PROGRAM mock --skeleton > mocks.json
  PROGRAM mock --skeleton --definition any.asl.json --output mocks.json")]
pub(super) struct Arguments {
    #[command(flatten)]
    which: Which,
    /// File with the history of an execution, as `aws stepfunctions get-execution-history` prints it, or - for stdin
    #[arg(long, value_name = "HISTORY", conflicts_with = "skeleton", required_unless_present = "skeleton")]
    from: Option<PathBuf>,
    /// Write a mock for each task of a state machine, with the members that the service gives
    #[arg(long)]
    skeleton: bool,
    /// File with a definition (Amazon States Language, JSON or YAML), in place of a stack's
    #[arg(long, value_name = "FILE", conflicts_with_all = ["stack", "from"])]
    definition: Option<PathBuf>,
    /// File with a CloudFormation or SAM template (JSON or YAML) that has the state machine
    #[arg(long, value_name = "FILE", conflicts_with_all = ["stack", "definition", "from"])]
    template: Option<PathBuf>,
    /// Logical id of the state machine, or its name in the file [default: the only one, or StateMachine]
    #[arg(long, value_name = "NAME")]
    machine: Option<String>,
    /// Name of the test case [default: Recorded, or Happy]
    #[arg(long, value_name = "NAME")]
    test_case: Option<String>,
    /// File to write, or - for stdout, which is the default
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// What a state machine is called where nothing says it.
const MACHINE: &str = "StateMachine";

pub(super) fn run(invocation: &mut Invocation<'_>, arguments: &Arguments) -> Done {
    let case = |default: &'static str| arguments.test_case.clone().unwrap_or_else(|| default.to_owned());
    let config = match &arguments.from {
        Some(file) => {
            let machine = arguments.machine.clone().or_else(|| only_machine(invocation, arguments));
            recording(file)?.mock_config(machine.as_deref().unwrap_or(MACHINE), &case("Recorded"))
        }
        None => {
            let (machine, definition) = definition(invocation, arguments)?;
            skeleton(&definition, machine.as_deref().unwrap_or(MACHINE), &case("Happy"))
        }
    };
    write(invocation, arguments.output.as_deref(), &config)
}

/// Reads the history of an execution.
pub(super) fn recording(file: &std::path::Path) -> Result<Recording, Error> {
    Recording::parse(&file::text(file)?).map_err(|problem| Error::new(format!("`{}`: {problem}", name(file))))
}

/// Writes a file of mocks.
pub(super) fn write(invocation: &mut Invocation<'_>, file: Option<&std::path::Path>, config: &Json) -> Done {
    let text = json::ascii(config, true) + "\n";
    match file.filter(|file| file.as_os_str() != "-") {
        Some(file) => output::write(file, &text)?,
        None => invocation.out.write_all(text.as_bytes())?,
    }
    Ok(())
}

/// The logical id of the state machine of the stack, where it has one.
fn only_machine(invocation: &Invocation<'_>, arguments: &Arguments) -> Option<String> {
    let stack = invocation.stack(&arguments.which).ok()?;
    let template = stack.template();
    let mut machines = crate::template::machine::state_machines(&template);
    let only = machines.next()?.logical_id.to_owned();
    machines.next().is_none().then_some(only)
}

fn definition(
    invocation: &mut Invocation<'_>,
    arguments: &Arguments,
) -> Result<(Option<String>, Json), super::invocation::Stop> {
    let given = Substitutions::default();
    let wanted = arguments.machine.as_deref();
    let file = arguments.definition.as_ref().map(|file| (file, Form::Definition));
    let file = file.or_else(|| arguments.template.as_ref().map(|file| (file, Form::Template)));
    let machine = match file {
        Some((file, form)) => source::machine(file, form, wanted, &given)?.0,
        None => {
            let name = arguments.which.stack.as_deref();
            invocation.expect_stack(name, "`--definition FILE` or `--template FILE`")?;
            invocation.machine(&arguments.which, wanted, &given)?
        }
    };
    Ok((machine.name, machine.definition))
}
