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

/// The text that a template has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::check) enum Written {
    /// That of a form, which a stack is written in.
    As(Form),
    /// That of a file, of so many bytes.
    File(usize),
}

/// A template, with what several checks read of it.
pub(in crate::check) struct Subject<'a> {
    pub template: &'a Template,
    /// What it takes to write it, which says how large it is.
    pub written: Written,
    pub references: Vec<Reference<'a>>,
    pub machines: Vec<StateMachine<'a>>,
}

impl<'a> Subject<'a> {
    pub fn new(template: &'a Template) -> Self {
        Self {
            template,
            written: Written::As(Form::Yaml),
            references: references(template),
            machines: state_machines(template).collect(),
        }
    }
}

/// A check of templates.
pub(in crate::check) type Check = rule::Check<fn(&Subject<'_>, &mut Vec<Diagnostic>)>;
