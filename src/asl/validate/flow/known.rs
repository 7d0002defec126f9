//! What is known beside what reaches a state: what is declared, what comes out of the scopes, the context object.

use std::collections::HashMap;

use super::{
    schema,
    shape::{Shape, origin},
};
use crate::{
    asl::definition::{Definition, State},
    json::Json,
};

/// What is declared of a workflow beside its definition, as JSON Schemas.
#[derive(Clone, Debug, Default)]
pub(crate) struct Declared {
    /// Of the input of an execution.
    pub input: Option<Json>,
    /// Of what tasks call, by the pointer of the task.
    pub returns: HashMap<String, Json>,
}

impl Declared {
    /// Whether nothing is declared.
    pub fn is_empty(&self) -> bool {
        self.input.is_none() && self.returns.is_empty()
    }
}

/// What a scope inside of a state has in its context object.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Inside {
    /// That of the state.
    Same,
    /// An item.
    Item(Shape),
    /// Another execution.
    Apart,
}

/// What is known, and becomes known, of a definition as a whole.
pub(super) struct Known {
    /// The input of an execution.
    pub input: Shape,
    /// What is returned by what tasks call, by the pointer of the task.
    returns: HashMap<String, Shape>,
    /// What comes out of each scope.
    pub outputs: Vec<Option<Shape>>,
}

impl Known {
    pub fn new(definition: &Definition, declared: &Declared) -> Self {
        let from = origin("the input of the execution");
        let returns = definition.states().filter_map(|state| {
            let schema = declared.returns.get(&state.pointer)?;
            Some((state.pointer.clone(), schema::shape(schema, &origin(&format!("`{}`", state.name)))))
        });
        Self {
            input: declared.input.as_ref().map_or(Shape::Unknown, |schema| schema::shape(schema, &from)),
            returns: returns.collect(),
            outputs: vec![None; definition.scopes.len()],
        }
    }

    /// What comes out of a scope, if anything does.
    pub fn output(&self, scope: usize) -> Option<&Shape> {
        self.outputs[scope].as_ref()
    }

    /// What is declared of what a task calls.
    pub fn returns(&self, state: &State) -> Option<&Shape> {
        self.returns.get(&state.pointer)
    }

    /// The variables at the start of an execution: none.
    pub fn no_variables(&self) -> Shape {
        Shape::object(Vec::new(), false, origin("the start of the execution"))
    }

    /// The context object: <https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html>
    pub fn context(&self, inside: &Inside) -> Shape {
        let from = origin("the context object");
        let object = |members: &[(&str, Shape)]| Shape::closed(members.iter().cloned(), &from);
        const TEXT: Shape = Shape::TEXT;
        let input = if *inside == Inside::Apart { Shape::Unknown } else { self.input.clone() };
        let execution = object(&[
            ("Id", TEXT),
            ("Input", input),
            ("Name", TEXT),
            ("RoleArn", TEXT),
            ("StartTime", TEXT),
            ("RedriveCount", Shape::NUMBER),
            ("RedriveTime", TEXT),
        ]);
        let state = object(&[("EnteredTime", TEXT), ("Name", TEXT), ("RetryCount", Shape::NUMBER)]);
        let mut members = vec![
            ("Execution", execution),
            ("State", state),
            ("StateMachine", object(&[("Id", TEXT), ("Name", TEXT)])),
            ("Task", object(&[("Token", TEXT)])),
        ];
        match inside {
            Inside::Same => {}
            Inside::Item(item) => {
                let item = [("Index", Shape::NUMBER), ("Value", item.clone()), ("Key", TEXT), ("Source", TEXT)];
                members.push(("Map", object(&[("Item", object(&item))])));
            }
            Inside::Apart => members.push(("Map", Shape::Unknown)),
        }
        object(&members)
    }
}
