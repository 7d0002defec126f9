//! Subjects: what a set of statements is on, a role or a resource, in one of two templates.

use std::collections::BTreeMap;

use super::statement::Rule;
use crate::diagnostic::Path;

/// What statements are attached to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A role, a user, a group: what it may do.
    Identity,
    /// A role: who may assume it.
    Trust,
    /// A resource: who may do what on it, besides those of the account whose own policies allow it.
    Resource,
    /// A key, which nothing else gives access to.
    Key,
}

/// The statements on one thing.
#[derive(Debug)]
pub(super) struct Subject {
    pub kind: Kind,
    /// Its logical id; empty where it is not of the template.
    pub id: String,
    /// Its name for people.
    pub shown: String,
    pub rules: Vec<Rule>,
    pub is_bounded: bool,
    /// The place of the boundary.
    pub boundary: Option<Path>,
}

impl Subject {
    pub fn new(kind: Kind, id: &str, shown: &str) -> Self {
        let (id, shown) = (id.to_owned(), shown.to_owned());
        Self { kind, id, shown, rules: Vec::new(), is_bounded: false, boundary: None }
    }
}

/// The subjects of a template, in its order, each by what it is the same in another template by.
#[derive(Default)]
pub(super) struct Subjects {
    order: Vec<(String, Subject)>,
    places: BTreeMap<String, usize>,
}

impl Subjects {
    /// The subject of a key, made where it is new.
    pub fn subject(&mut self, key: String, new: impl FnOnce() -> Subject) -> &mut Subject {
        let place = *self.places.entry(key).or_insert_with_key(|key| {
            self.order.push((key.clone(), new()));
            self.order.len() - 1
        });
        &mut self.order[place].1
    }

    /// The subject of a key, where there is one.
    pub fn of(&self, key: &str) -> Option<&Subject> {
        self.places.get(key).map(|place| &self.order[*place].1)
    }

    /// All subjects with their keys.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Subject)> {
        self.order.iter().map(|(key, subject)| (key.as_str(), subject))
    }
}
