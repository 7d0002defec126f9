//! The state machine that a command is about.

use super::{Error, Invocation, Stop, Which};
use crate::json::Json;

/// A state machine of a stack.
pub(super) struct Machine {
    pub logical_id: String,
    pub definition: Json,
    /// The values of `${Token}`s that are plain text.
    pub substitutions: Vec<(String, String)>,
    pub express: bool,
}

impl Invocation<'_> {
    /// The state machine with that logical id, or the only one of the stack, which has no errors.
    pub fn machine(&mut self, which: &Which, logical_id: Option<&str>) -> Result<Machine, Stop> {
        let stack = self.stack(which)?;
        let template = self.approve(stack)?;
        let machines: Vec<(&str, &Json, Json)> = template
            .section("Resources")
            .filter(|(_, resource)| resource["Type"] == "AWS::StepFunctions::StateMachine")
            .filter_map(|(id, resource)| {
                let properties = &resource["Properties"];
                Some((id, properties, definition(properties)?))
            })
            .collect();
        let names = machines.iter().map(|(id, _, _)| format!("`{id}`")).collect::<Vec<_>>().join(", ");
        let found = match (logical_id, machines.as_slice()) {
            (_, []) => Err(format!("stack `{}` has no state machine with a definition", stack.name())),
            (None, [only]) => Ok(only),
            (None, _) => Err(format!("no state machine is named; expected `--machine` with one of {names}")),
            (Some(wanted), _) => machines.iter().find(|(id, _, _)| *id == wanted).ok_or_else(|| {
                format!("stack `{}` has no state machine `{wanted}`; expected one of {names}", stack.name())
            }),
        };
        let (id, properties, definition) = found.map_err(Error::new)?;
        let substitutions = properties["DefinitionSubstitutions"].as_object().into_iter().flatten();
        let plain = substitutions.filter_map(|(token, value)| Some((token.clone(), value.as_str()?.to_owned())));
        Ok(Machine {
            logical_id: (*id).to_owned(),
            definition: definition.clone(),
            substitutions: plain.collect(),
            express: properties["StateMachineType"] == "EXPRESS",
        })
    }
}

/// `Definition`, or `DefinitionString` where that is plain text.
fn definition(properties: &Json) -> Option<Json> {
    match &properties["Definition"] {
        object @ Json::Object(_) => Some(object.clone()),
        _ => serde_json::from_str(properties["DefinitionString"].as_str()?).ok(),
    }
}
