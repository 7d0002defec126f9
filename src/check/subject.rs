//! The subject of the checks: what they look at.

use std::collections::BTreeMap;

use crate::{
    diagnostic::Diagnostic,
    json::Json,
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
    /// The resources of each type, in their order.
    of_type: BTreeMap<&'a str, Vec<(&'a str, &'a Json)>>,
    /// The places of the references of each resource.
    of_resource: BTreeMap<&'a str, Vec<usize>>,
}

impl<'a> Subject<'a> {
    pub fn new(template: &'a Template) -> Self {
        let references = references(template);
        let mut of_resource: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (place, reference) in references.iter().enumerate() {
            if let ("Resources", id) = reference.from {
                of_resource.entry(id).or_default().push(place);
            }
        }
        let mut of_type: BTreeMap<&str, Vec<(&str, &Json)>> = BTreeMap::new();
        for (id, resource) in template.section("Resources") {
            if let Some(kind) = resource["Type"].as_str() {
                of_type.entry(kind).or_default().push((id, resource));
            }
        }
        Self {
            template,
            written: Written::As(Form::Yaml),
            references,
            machines: state_machines(template).collect(),
            of_type,
            of_resource,
        }
    }

    /// The same with another text.
    pub fn written(self, written: Written) -> Self {
        Self { written, ..self }
    }

    /// The resources of a type, in their order.
    pub fn of_type(&self, type_name: &str) -> &[(&'a str, &'a Json)] {
        self.of_type.get(type_name).map_or(&[], Vec::as_slice)
    }

    /// What a resource refers to.
    pub fn references_of(&self, id: &str) -> impl ExactSizeIterator<Item = &Reference<'a>> {
        let places = self.of_resource.get(id).map_or(&[][..], Vec::as_slice);
        places.iter().map(|place| &self.references[*place])
    }
}

/// A check of templates.
pub(in crate::check) type Check = rule::Check<fn(&Subject<'_>, &mut Vec<Diagnostic>)>;
