//! The subject of the checks: what they look at.

use crate::{
    diagnostic::Diagnostic,
    rule,
    template::{
        Form, Template,
        machine::{StateMachine, state_machines},
        reference::{Reference, references},
    },
};

/// A template, with what several checks read of it.
pub(in crate::check) struct Subject<'a> {
    pub template: &'a Template,
    /// The form that it is written in.
    pub form: Form,
    pub references: Vec<Reference<'a>>,
    pub machines: Vec<StateMachine<'a>>,
}

impl<'a> Subject<'a> {
    pub fn new(template: &'a Template) -> Self {
        Self {
            template,
            form: Form::Yaml,
            references: references(template),
            machines: state_machines(template).collect(),
        }
    }
}

/// A check of templates.
pub(in crate::check) type Check = rule::Check<fn(&Subject<'_>, &mut Vec<Diagnostic>)>;
