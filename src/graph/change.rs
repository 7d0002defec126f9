//! What a change does to each resource, as a mark.

use std::collections::HashMap;

use super::model::Change;
use crate::{
    diff::{Action, diff},
    template::Template,
};

/// The marks of the resources that both templates have.
pub(super) fn changes(old: &Template, new: &Template) -> HashMap<String, Change> {
    let change = |action| match action {
        Action::None => None,
        Action::Update | Action::Interrupt => Some(Change::Changed),
        Action::Create => Some(Change::Added),
        Action::Replace | Action::MaybeReplace => Some(Change::Replaced),
        Action::Delete | Action::Retain => Some(Change::Removed),
    };
    diff(old, new).resources.into_iter().filter_map(|it| Some((it.id.clone(), change(it.action)?))).collect()
}
