//! The state machine of a stack that a command is about.

use super::{
    invocation::{Error, Invocation, Stop, Which},
    source::{Machine, Origin, Tokens, choose},
    substitution::Substitutions,
};
use crate::{json::Json, template::machine::state_machines};

impl Invocation<'_> {
    /// The state machine with that logical id, or the only one of the stack, which has no errors; with the values of its
    /// tokens that are given or known.
    pub fn machine(&mut self, which: &Which, logical_id: Option<&str>, given: &Substitutions) -> Result<Machine, Stop> {
        let stack = self.stack(which)?;
        let template = self.approve(stack)?;
        let readable = state_machines(&template).filter(|machine| machine.definition.is_ok());
        let machine = choose(readable, logical_id, &format!("stack `{}`", stack.name()))?;
        let values = given.of_machine(&template, &machine);
        let tokens = Tokens::of(&machine);
        let origin = Origin::Stack { declared: stack.declared.clone(), property: machine.path };
        let definition = machine.definition.map(|definition| definition.json.into_owned());
        Ok(Machine {
            name: Some(machine.logical_id.to_owned()),
            definition: values.apply(definition.unwrap_or_default()),
            express: machine.express,
            origin,
            tokens,
        })
    }

    /// The definition of that state machine as it is in the template.
    pub fn definition(&mut self, which: &Which, logical_id: Option<&str>) -> Result<Json, Stop> {
        let stack = self.stack(which)?;
        let template = self.approve(stack)?;
        let readable = state_machines(&template).filter(|machine| machine.definition.is_ok());
        let machine = choose(readable, logical_id, &format!("stack `{}`", stack.name()))?;
        let definition = machine.definition.map(|definition| definition.json.into_owned());
        definition.map_err(|_| Error::new("the definition cannot be read; expected JSON").into())
    }
}
