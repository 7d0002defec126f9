//! The registry: every check of templates, and every rule that holds for a template or a definition.

use super::{
    machine::{definition_given_twice, state_machine_definition},
    permission::empty_policy,
    property::{
        event_pattern, event_source, fifo, lambda_function, null_value, parameter, properties, schedule, table_keys,
    },
    quota::limits,
    reference::{
        attribute_needs, circular_dependency, given_twice, language_extensions, left_out, mapping_key,
        unknown_reference, unused,
    },
    subject::Check,
};
use crate::{asl::validate, rule::Rule};

pub(in crate::check) static CHECKS: [&Check; 21] = [
    &attribute_needs::CHECK,
    &circular_dependency::CHECK,
    &definition_given_twice::CHECK,
    &empty_policy::CHECK,
    &event_pattern::CHECK,
    &event_source::CHECK,
    &fifo::CHECK,
    &given_twice::CHECK,
    &lambda_function::CHECK,
    &language_extensions::CHECK,
    &left_out::CHECK,
    &limits::CHECK,
    &mapping_key::CHECK,
    &null_value::CHECK,
    &parameter::CHECK,
    &properties::CHECK,
    &schedule::CHECK,
    &state_machine_definition::CHECK,
    &table_keys::CHECK,
    &unknown_reference::CHECK,
    &unused::CHECK,
];

/// The rules of templates, then those of definitions.
pub(crate) fn rules() -> impl Iterator<Item = &'static Rule> {
    CHECKS.iter().flat_map(|check| check.rules).chain(validate::rules()).copied()
}
