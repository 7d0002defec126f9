//! The registry: every check of templates, and every rule that holds for a template or a definition.

use super::{
    machine::{definition_given_twice, state_machine_definition},
    permission::empty_policy,
    property::{null_value, properties},
    quota::limits,
    reference::{circular_dependency, language_extensions, unknown_reference},
    subject::Check,
};
use crate::{asl::validate, rule::Rule};

pub(in crate::check) static CHECKS: [&Check; 9] = [
    &circular_dependency::CHECK,
    &definition_given_twice::CHECK,
    &empty_policy::CHECK,
    &language_extensions::CHECK,
    &limits::CHECK,
    &null_value::CHECK,
    &properties::CHECK,
    &state_machine_definition::CHECK,
    &unknown_reference::CHECK,
];

/// The rules of templates, then those of definitions.
pub(crate) fn rules() -> impl Iterator<Item = &'static Rule> {
    CHECKS.iter().flat_map(|check| check.rules).chain(validate::rules()).copied()
}
