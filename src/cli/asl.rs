//! `asl`: the definition of a state machine.

use super::invocation::{Done, Invocation, Which};
use crate::json;

/// Writes the definition of a state machine (Amazon States Language, JSON)
///
/// Its `${Token}`s are the keys of `DefinitionSubstitutions`, which CloudFormation replaces at deployment. The ARNs of
/// integrations, which are tokens in the template, are written as those of the partition `aws`.
#[derive(clap::Args)]
#[command(after_long_help = "Examples:
  PROGRAM asl > machine.asl.json
  PROGRAM asl --machine Importer | jq '.States | keys'")]
pub(super) struct Arguments {
    #[command(flatten)]
    which: Which,
    /// Logical id of the state machine; may be left out while the stack has only one
    #[arg(long, value_name = "LOGICAL_ID")]
    machine: Option<String>,
}

pub(super) fn run(invocation: &mut Invocation<'_>, arguments: &Arguments) -> Done {
    let definition = invocation.definition(&arguments.which, arguments.machine.as_deref())?;
    writeln!(invocation.out, "{}", json::ascii(&definition, true))?;
    Ok(())
}
