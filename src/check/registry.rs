//! The registry: every check of templates, and every rule that holds for a template or a definition.

use super::{
    machine::{definition_given_twice, state_machine_definition},
    permission::empty_policy,
    property::{null_value, properties},
    quota::limits,
    reference::{
        circular_dependency, given_twice, language_extensions, left_out, mapping_key, unknown_reference, unused,
    },
    subject::Check,
};
use crate::{asl::validate, rule::Rule};

pub(in crate::check) static CHECKS: [&Check; 13] = [
    &circular_dependency::CHECK,
    &definition_given_twice::CHECK,
    &empty_policy::CHECK,
    &given_twice::CHECK,
    &language_extensions::CHECK,
    &left_out::CHECK,
    &limits::CHECK,
    &mapping_key::CHECK,
    &null_value::CHECK,
    &properties::CHECK,
    &state_machine_definition::CHECK,
    &unknown_reference::CHECK,
    &unused::CHECK,
];

/// The rules of templates, then those of definitions.
pub(crate) fn rules() -> impl Iterator<Item = &'static Rule> {
    CHECKS.iter().flat_map(|check| check.rules).chain(validate::rules()).copied()
}
