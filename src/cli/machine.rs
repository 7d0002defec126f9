//! The state machine that a command is about.

use super::invocation::{Error, Invocation, Stop, Which};
use crate::{
    json::Json,
    template::machine::{StateMachine, Unread, state_machines},
};

/// A state machine of a stack.
pub(super) struct DeclaredMachine {
    pub logical_id: String,
    pub definition: Json,
    /// The values of `${Token}`s that are plain text.
    pub substitutions: Vec<(String, String)>,
    pub express: bool,
}

impl Invocation<'_> {
    /// The state machine with that logical id, or the only one of the stack, which has no errors.
    pub fn machine(&mut self, which: &Which, logical_id: Option<&str>) -> Result<DeclaredMachine, Stop> {
        let stack = self.stack(which)?;
        let template = self.approve(stack)?;
        let machines: Vec<(StateMachine<'_>, Json)> = state_machines(&template)
            .filter_map(|mut machine| {
                let definition = std::mem::replace(&mut machine.definition, Err(Unread::Elsewhere)).ok()?;
                Some((machine, definition.json.into_owned()))
            })
            .collect();
        let names =
            machines.iter().map(|(machine, _)| format!("`{}`", machine.logical_id)).collect::<Vec<_>>().join(", ");
        let found = match (logical_id, machines.as_slice()) {
            (_, []) => Err(format!("stack `{}` has no state machine with a definition", stack.name())),
            (None, [only]) => Ok(only),
            (None, _) => Err(format!("no state machine is named; expected `--machine` with one of {names}")),
            (Some(wanted), _) => machines.iter().find(|(machine, _)| machine.logical_id == wanted).ok_or_else(|| {
                format!("stack `{}` has no state machine `{wanted}`; expected one of {names}", stack.name())
            }),
        };
        let (machine, definition) = found.map_err(Error::new)?;
        let plain = machine
            .substitutions
            .iter()
            .filter_map(|(token, value)| Some((token.to_owned(), value.as_str()?.to_owned())));
        Ok(DeclaredMachine {
            logical_id: machine.logical_id.to_owned(),
            definition: definition.clone(),
            substitutions: plain.collect(),
            express: machine.express,
        })
    }
}
