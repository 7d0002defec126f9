//! Views: the properties of a resource in one world, by their paths.

use std::{borrow::Cow, collections::BTreeSet};

use super::{
    subject::{Entry, Subject},
    value::{Eyes, Kind, Seen},
    world::World,
};
use crate::{
    diagnostic::Diagnostic,
    json::{Json, escape},
    template::intrinsic::{Place, TRANSFORM, attribute, call, for_each},
};

/// The properties of a resource in one of the worlds that it is in.
pub(in crate::check) struct View<'a, 'w> {
    pub entry: &'w Entry<'a>,
    eyes: Eyes<'a, 'w>,
}

/// Visits each resource of some types in each of its worlds; a fault that is found in several is kept once.
pub(in crate::check) fn each_view<'a>(
    subject: &Subject<'a>,
    kinds: &[&str],
    found: &mut Vec<Diagnostic>,
    visit: &mut dyn FnMut(&View<'a, '_>, &mut Vec<Diagnostic>),
) {
    if subject.is_open() {
        return;
    }
    for entry in subject.resources.iter().filter(|entry| kinds.contains(&entry.kind)) {
        let mut of_entry = Vec::new();
        for world in entry.worlds.iter() {
            visit(&View::new(subject, entry, world), &mut of_entry);
        }
        let mut said = BTreeSet::new();
        of_entry.retain(|fault| said.insert((fault.code, fault.path.clone())));
        found.extend(of_entry);
    }
}

impl<'a, 'w> View<'a, 'w> {
    pub fn new(subject: &Subject<'a>, entry: &'w Entry<'a>, world: &'w World<'a>) -> Self {
        Self { entry, eyes: Eyes { template: subject.template, world } }
    }

    /// What is seen at a path such as `Code.ZipFile`.
    pub fn seen(&self, path: &str) -> Seen<'a> {
        let Some(properties) = self.entry.json.get("Properties") else { return Seen::Nothing };
        let mut here = self.eyes.look(properties, 0);
        for step in path.split('.').filter(|step| !step.is_empty()) {
            here = match here {
                Seen::Known(Cow::Borrowed(Json::Object(members))) => match members.get(step) {
                    Some(member) => self.eyes.look(member, 0),
                    None if members.iter().any(|(key, it)| key == TRANSFORM || for_each(key, it).is_some()) => {
                        return Seen::Some(Kind::Any);
                    }
                    None => return Seen::Nothing,
                },
                Seen::Nothing => return Seen::Nothing,
                Seen::Known(_) => return Seen::Some(Kind::Any),
                unknown => return unknown,
            };
        }
        here
    }

    /// Whether a property is there: neither can be told where a macro may add it.
    pub fn is_missing(&self, path: &str) -> bool {
        self.seen(path) == Seen::Nothing
    }

    pub fn is_there(&self, path: &str) -> bool {
        match self.seen(path) {
            Seen::Nothing => false,
            Seen::Some(Kind::Any) => self.raw(path).is_some(),
            _ => true,
        }
    }

    /// The text of a scalar that is certain.
    pub fn text(&self, path: &str) -> Option<String> {
        match self.seen(path) {
            Seen::Known(known) => match known.as_ref() {
                Json::String(text) => Some(text.clone()),
                Json::Number(_) | Json::Bool(_) => Some(known.to_string()),
                _ => None,
            },
            _ => None,
        }
    }

    pub fn number(&self, path: &str) -> Option<f64> {
        self.text(path)?.parse().ok()
    }

    /// Whether a property is `true`; a boolean that is left out is not.
    pub fn is_true(&self, path: &str) -> Option<bool> {
        match self.seen(path) {
            Seen::Nothing => Some(false),
            _ => self.text(path).map(|text| text.eq_ignore_ascii_case("true")),
        }
    }

    /// The elements of a list whose elements are all seen, without those that are taken away.
    pub fn elements(&self, path: &str) -> Option<Vec<&'a Json>> {
        let Seen::Known(Cow::Borrowed(Json::Array(items))) = self.seen(path) else { return None };
        let mut there = Vec::new();
        for item in items {
            match self.eyes.look(item, 0) {
                Seen::Nothing => {}
                Seen::Known(Cow::Borrowed(item)) => there.push(item),
                _ => return None,
            }
        }
        Some(there)
    }

    /// The text of a member of what an element is.
    pub fn text_of(&self, element: &'a Json, key: &str) -> Option<String> {
        match self.eyes.look(element.get(key)?, 0) {
            Seen::Known(known) => known.as_str().map(str::to_owned),
            _ => None,
        }
    }

    /// The value as it is written, where nothing but maps is around it.
    pub fn raw(&self, path: &str) -> Option<&'a Json> {
        path.split('.').try_fold(self.entry.json.get("Properties")?, |here, step| here.get(step))
    }

    /// The logical id of the resource that a property names, by `Ref` or an attribute.
    pub fn target(&self, path: &str) -> Option<&'a str> {
        match call(self.raw(path)?, Place::Other)? {
            ("Ref", Json::String(id)) => Some(id),
            ("Fn::GetAtt", argument) => attribute(argument).map(|(id, _)| id),
            _ => None,
        }
    }

    pub fn at(&self, path: &str) -> String {
        let steps: String = path.split('.').map(|step| format!("/{}", escape(step))).collect();
        format!("{}/Properties{steps}", self.entry.path)
    }
}

impl<'a> Subject<'a> {
    /// The views of a resource that is named, in the worlds that it is in.
    pub fn views(&self, id: &str) -> Vec<View<'a, '_>> {
        let entries = self.resources.iter().filter(|entry| entry.name == id);
        entries.flat_map(|entry| entry.worlds.iter().map(|world| View::new(self, entry, world))).collect()
    }
}
