//! The subject of the checks: what they look at.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use super::world::{Conditions, World};
use crate::{
    diagnostic::Diagnostic,
    json::{Json, escape},
    rule,
    template::{
        Form, Template,
        intrinsic::{LANGUAGE_EXTENSIONS, for_each, is_function},
        machine::{StateMachine, state_machines},
        reference::{Reference, ReferenceKind, references},
    },
};

/// The text that a template has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::check) enum Written {
    /// That of a form, which a stack is written in.
    As(Form),
    /// That of a file.
    File { bytes: usize, is_ascii: bool },
}

/// A template, with what several checks read of it.
pub(in crate::check) struct Subject<'a> {
    pub template: &'a Template,
    /// What it takes to write it, which says how large it is.
    pub written: Written,
    pub references: Vec<Reference<'a>>,
    pub machines: Vec<StateMachine<'a>>,
    pub conditions: Conditions<'a>,
    pub resources: Vec<Entry<'a>>,
    /// The resources of each type, in their order.
    of_type: BTreeMap<&'a str, Vec<(&'a str, &'a Json)>>,
    /// The places of the references of each resource.
    of_resource: BTreeMap<&'a str, Vec<usize>>,
}

impl<'a> Entry<'a> {
    /// Its properties as they are written; none where a function or a macro gives them.
    pub fn properties(&self) -> Option<&'a Json> {
        let given = self.json.get("Properties").unwrap_or(&Json::Null);
        let is_known =
            given.is_null() || given.as_object().is_some_and(|members| !members.keys().any(|key| is_function(key)));
        is_known.then_some(given)
    }
}

/// Resources of the largest template in which any resource is held against any other; CloudFormation takes 500.
pub(in crate::check) const MOST_RESOURCES: usize = 1_000;

/// A resource.
pub(in crate::check) struct Entry<'a> {
    pub name: &'a str,
    /// Where it stands: in a loop, perhaps.
    pub path: String,
    pub kind: &'a str,
    pub json: &'a Json,
    /// The worlds that it is in, as far as its conditions tell them apart.
    pub worlds: Rc<[World<'a>]>,
}

/// The transforms that leave the properties of resources as they are written.
const HARMLESS: [&str; 6] = [
    LANGUAGE_EXTENSIONS,
    "AWS::CodeDeployBlueGreen",
    "AWS::Include",
    "AWS::SecretsManager-2020-07-23",
    "AWS::SecretsManager-2024-09-16",
    "AWS::Serverless-2016-10-31",
];

impl<'a> Subject<'a> {
    pub fn new(template: &'a Template) -> Self {
        let references = references(template);
        let conditions = Conditions::new(template);
        let mut resources = Vec::new();
        if let Some(section) = template.as_json().get("Resources") {
            collect(section, "Resources", &mut resources);
        }
        let mut named: Vec<(&str, &str)> = references
            .iter()
            .filter(|reference| reference.from.0 == "Resources" && reference.kind == ReferenceKind::If)
            .map(|reference| (reference.from.1, reference.to))
            .collect();
        named.sort_unstable();
        // Most resources are in the same worlds as others.
        let mut known: BTreeMap<_, Rc<[World<'a>]>> = BTreeMap::new();
        for entry in &mut resources {
            let start = named.partition_point(|(from, _)| *from < entry.name);
            let names: BTreeSet<&'a str> =
                named[start..].iter().take_while(|(from, _)| *from == entry.name).map(|(_, to)| *to).collect();
            let given = entry.json.get("Condition").and_then(Json::as_str);
            let worlds = known
                .entry((names, given))
                .or_insert_with_key(|(names, given)| Rc::from(conditions.worlds(names, given.as_slice())));
            entry.worlds = Rc::clone(worlds);
        }
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
            conditions,
            resources,
        }
    }

    /// Tells whether a macro may change anything of the template.
    pub fn is_open(&self) -> bool {
        self.template.transforms().any(|name| name.is_none_or(|name| !HARMLESS.contains(&name)))
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

/// Collects the resources, and those that loops repeat.
fn collect<'a>(section: &'a Json, path: &str, found: &mut Vec<Entry<'a>>) {
    for (name, json) in section.as_object().into_iter().flatten() {
        let path = format!("{path}/{}", escape(name));
        match for_each(name, json) {
            Some(each) => collect(each.body, &format!("{path}/2"), found),
            None => {
                let kind = json.get("Type").and_then(Json::as_str);
                found.extend(kind.map(|kind| Entry { name, path, kind, json, worlds: Rc::from([]) }));
            }
        }
    }
}

/// A check of templates.
pub(in crate::check) type Check = rule::Check<fn(&Subject<'_>, &mut Vec<Diagnostic>)>;
