//! `asl`: the definition of a state machine.

use super::{Done, Error, Project, Which};
use crate::value::Json;

/// Writes the definition of a state machine (Amazon States Language, JSON)
///
/// Its `${Token}`s are the keys of `DefinitionSubstitutions`, which CloudFormation replaces at deployment.
#[derive(clap::Args)]
#[command(after_long_help = "Examples:
  PROGRAM asl > report.asl.json
  PROGRAM asl --machine ReportStateMachine | jq '.States | keys'")]
pub(super) struct Arguments {
    #[command(flatten)]
    which: Which,
    /// Logical id of the state machine; may be left out while the stack has only one
    #[arg(long, value_name = "LOGICAL_ID")]
    machine: Option<String>,
}

pub(super) fn run(project: &mut Project<'_>, arguments: &Arguments) -> Done {
    let stack = project.stack(arguments.which.stack.as_deref())?;
    let template = project.approve(&stack)?;
    let machines: Vec<(&str, Json)> = template
        .section("Resources")
        .filter(|(_, resource)| resource["Type"] == "AWS::StepFunctions::StateMachine")
        .filter_map(|(id, resource)| Some((id, definition(&resource["Properties"])?)))
        .collect();
    let names = machines.iter().map(|(id, _)| format!("`{id}`")).collect::<Vec<_>>().join(", ");
    let definition = match (&arguments.machine, machines.as_slice()) {
        (_, []) => {
            return Err(Error::new(format!("stack `{}` has no state machine with a definition", stack.name())).into());
        }
        (None, [(_, only)]) => only,
        (None, _) => {
            return Err(
                Error::new(format!("no state machine is named; expected `--machine` with one of {names}")).into()
            );
        }
        (Some(wanted), _) => {
            machines.iter().find(|(id, _)| id == wanted).map(|(_, definition)| definition).ok_or_else(|| {
                Error::new(format!("stack `{}` has no state machine `{wanted}`; expected one of {names}", stack.name()))
            })?
        }
    };
    writeln!(project.out, "{definition:#}")?;
    Ok(())
}

/// `Definition`, or `DefinitionString` where that is plain text.
fn definition(properties: &Json) -> Option<Json> {
    match &properties["Definition"] {
        object @ Json::Object(_) => Some(object.clone()),
        _ => serde_json::from_str(properties["DefinitionString"].as_str()?).ok(),
    }
}
