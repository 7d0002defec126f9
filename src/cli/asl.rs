//! `asl`: the definition of a state machine.

use std::path::PathBuf;

use super::{
    invocation::{Done, Invocation, Which},
    source::{self, Form},
    substitution::Substitutions,
};
use crate::json;

/// Writes the definition of a state machine (Amazon States Language, JSON)
///
/// Its `${Token}`s are the keys of `DefinitionSubstitutions`, which CloudFormation replaces at deployment. The ARNs of
/// integrations, which are tokens in the template, are written as those of the partition `aws`. Of the template of a file,
/// tokens that are literals there or parameters with a default have their value.
#[derive(clap::Args)]
#[command(after_long_help = "Examples:
  PROGRAM asl > machine.asl.json
  PROGRAM asl --machine Importer | jq '.States | keys'
  PROGRAM asl --template template.yaml > machine.asl.json")]
pub(super) struct Arguments {
    #[command(flatten)]
    which: Which,
    /// File with a CloudFormation or SAM template (JSON or YAML) that has the state machine, in place of a stack
    #[arg(long, value_name = "FILE", conflicts_with = "stack")]
    template: Option<PathBuf>,
    /// Logical id of the state machine; may be left out while there is only one
    #[arg(long, value_name = "LOGICAL_ID")]
    machine: Option<String>,
}

pub(super) fn run(invocation: &mut Invocation<'_>, arguments: &Arguments) -> Done {
    let wanted = arguments.machine.as_deref();
    let definition = match &arguments.template {
        Some(file) => source::machine(file, Form::Template, wanted, &Substitutions::default())?.0.definition,
        None => {
            invocation.expect_stack(arguments.which.stack.as_deref(), "`--template FILE`")?;
            invocation.definition(&arguments.which, wanted)?
        }
    };
    writeln!(invocation.out, "{}", json::ascii(&definition, true))?;
    Ok(())
}
