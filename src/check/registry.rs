//! The registry: every check of templates, and every rule that holds for a template or a definition.

use super::{
    acknowledgement,
    api::{authorizer, deployment, integration, open, other_api, route},
    container::{fargate, service},
    machine::{definition_given_twice, state_machine_definition},
    network::{
        addresses, block, data_api, database_settings, different_vpcs, endpoint_without_route, gateway, one_zone,
        unreachable_database, unreachable_service,
    },
    permission::{
        empty_policy, malformed_policy, missing_permission, shut_out, unfit_resource, unknown_action,
        unknown_managed_policy, wrong_trust,
    },
    property::{
        event_pattern, event_source, fifo, form, index_throughput, lambda_function, null_value, order, other_value,
        parameter, properties, runtime, schedule, table_keys, target_origin,
    },
    quota::limits,
    reference::{
        attribute_needs, beyond_the_list, circular_dependency, given_twice, language_extensions, left_out, mapping_key,
        unknown_reference, unused,
    },
    subject::Check,
};
use crate::{asl::validate, rule::Rule};

pub(in crate::check) static CHECKS: &[&Check] = &[
    &acknowledgement::CHECK,
    &addresses::CHECK,
    &attribute_needs::CHECK,
    &authorizer::CHECK,
    &beyond_the_list::CHECK,
    &block::CHECK,
    &circular_dependency::CHECK,
    &data_api::CHECK,
    &database_settings::CHECK,
    &definition_given_twice::CHECK,
    &deployment::CHECK,
    &different_vpcs::CHECK,
    &empty_policy::CHECK,
    &endpoint_without_route::CHECK,
    &event_pattern::CHECK,
    &event_source::CHECK,
    &fargate::CHECK,
    &fifo::CHECK,
    &form::CHECK,
    &gateway::CHECK,
    &given_twice::CHECK,
    &index_throughput::CHECK,
    &integration::CHECK,
    &lambda_function::CHECK,
    &language_extensions::CHECK,
    &left_out::CHECK,
    &limits::CHECK,
    &malformed_policy::CHECK,
    &mapping_key::CHECK,
    &missing_permission::CHECK,
    &null_value::CHECK,
    &one_zone::CHECK,
    &open::CHECK,
    &order::CHECK,
    &other_api::CHECK,
    &other_value::CHECK,
    &parameter::CHECK,
    &properties::CHECK,
    &route::CHECK,
    &runtime::CHECK,
    &schedule::CHECK,
    &service::CHECK,
    &shut_out::CHECK,
    &state_machine_definition::CHECK,
    &table_keys::CHECK,
    &target_origin::CHECK,
    &unfit_resource::CHECK,
    &unknown_action::CHECK,
    &unknown_managed_policy::CHECK,
    &unknown_reference::CHECK,
    &unreachable_database::CHECK,
    &unreachable_service::CHECK,
    &unused::CHECK,
    &wrong_trust::CHECK,
];

/// The rules of templates, then those of definitions.
pub(crate) fn rules() -> impl Iterator<Item = &'static Rule> {
    CHECKS.iter().flat_map(|check| check.rules).chain(validate::rules()).copied()
}
