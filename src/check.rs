//! Template checks, one a file: each takes a template and reports what is wrong with it.
//!
//! They read the template, not the Rust that made it, so they hold for any template, and what they say holds for
//! whoever wrote it. Each file declares its rules beside its check; `registry.rs` has them all.

mod acknowledgement;
mod api {
    pub(super) mod authorizer;
    pub(super) mod deployment;
    pub(super) mod description;
    pub(super) mod integration;
    pub(super) mod open;
    pub(super) mod other_api;
    pub(super) mod protocol;
    pub(super) mod route;
    pub(super) mod timeout;
}
mod container {
    pub(super) mod fargate;
    pub(super) mod service;
}
mod machine {
    pub(super) mod definition_given_twice;
    pub(super) mod state_machine_definition;
}
/// Networks: who reaches what.
pub(crate) mod network {
    mod acl;
    mod address;
    pub(super) mod addresses;
    mod answer;
    pub(super) mod block;
    mod client;
    pub(super) mod data_api;
    mod database;
    pub(super) mod database_settings;
    pub(super) mod different_vpcs;
    pub(super) mod endpoint_without_route;
    pub(super) mod gateway;
    mod group;
    mod model;
    pub(super) mod one_zone;
    mod paths;
    mod reach;
    pub(super) mod unreachable_database;
    pub(super) mod unreachable_service;

    pub(crate) use paths::{Paths, Stands, paths};
}
/// Permissions: what the roles of a template need, and are allowed.
pub mod permission {
    mod closed;
    mod deploy_policy;
    pub(super) mod empty_policy;
    mod form;
    pub(super) mod malformed_policy;
    mod managed;
    pub(super) mod missing_permission;
    mod names;
    mod need;
    mod place;
    mod report;
    mod resource_policy;
    mod rights;
    mod role;
    pub(super) mod shut_out;
    mod statement;
    mod symbol;
    pub(super) mod unfit_resource;
    pub(super) mod unknown_action;
    pub(super) mod unknown_managed_policy;
    pub(super) mod wrong_trust;

    pub use deploy_policy::{DeployPolicy, deploy_policy};
    pub(crate) use form::{Form, of as form_of};
    pub(crate) use managed::of as managed_policy;
    pub(crate) use names::Names;
    pub use report::{Excess, Needed, Report, Standing, report};
    pub(crate) use rights::rights;
}
mod property {
    pub(super) mod batch_window;
    pub(super) mod event_pattern;
    pub(super) mod event_source;
    mod faults;
    pub(super) mod fifo;
    pub(super) mod form;
    pub(super) mod index_throughput;
    mod judge;
    pub(super) mod lambda_function;
    pub(super) mod null_value;
    pub(super) mod order;
    pub(super) mod other_value;
    pub(super) mod parameter;
    pub(super) mod pattern;
    pub(super) mod pipeline;
    pub(super) mod properties;
    pub(super) mod runtime;
    pub(super) mod schedule;
    pub(super) mod table_keys;
    pub(super) mod target_origin;
}
mod quota {
    pub(super) mod limits;
    pub(super) mod not_ascii;
}
mod reference {
    pub(super) mod attribute_needs;
    pub(super) mod beyond_the_list;
    pub(super) mod circular_dependency;
    pub(super) mod export_name;
    pub(super) mod given_twice;
    pub(super) mod language_extensions;
    pub(super) mod left_out;
    pub(super) mod mapping_key;
    pub(super) mod unknown_reference;
    pub(super) mod unused;
}
mod serverless {
    pub(super) mod function;
    pub(super) mod generated;
    pub(super) mod globals;
    pub(super) mod policy_template;
    pub(super) mod transform;
}
mod storage {
    pub(super) mod deletion_policy;
    pub(super) mod log_retention;
}

mod read;
mod registry;
mod subject;
mod value;
mod view;
mod waits;
mod world;

pub(crate) use self::{acknowledgement::acknowledge, reference::language_extensions::DECLARE_IT, registry::rules};

use self::{
    registry::CHECKS,
    serverless::globals::with_globals,
    subject::{Subject, Written},
};
use crate::{
    diagnostic::Diagnostic,
    template::{Form, Template},
};

/// Runs every check; what they find comes in no particular order. The template is as large as it is in YAML.
pub fn all(template: &Template) -> Vec<Diagnostic> {
    written(template, Form::Yaml)
}

/// The same for a template that is written in that form, which tells how large it is.
pub(crate) fn written(template: &Template, form: Form) -> Vec<Diagnostic> {
    with_globals(template, |template| find(&Subject::new(template).written(Written::As(form))))
}

/// The same for a template that was read from a file of that text.
pub(crate) fn file(template: &Template, text: &str) -> Vec<Diagnostic> {
    let written = Written::File { bytes: text.len(), is_ascii: text.is_ascii() };
    with_globals(template, |template| find(&Subject::new(template).written(written)))
}

fn find(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for check in CHECKS {
        (check.run)(subject, &mut found);
    }
    acknowledge(&mut found, &acknowledgement::of_template(subject.template));
    found
}

/// Asserts the text of everything that one check finds in a template given as JSON.
#[cfg(test)]
fn assert_finds(check: fn(&Subject<'_>, &mut Vec<Diagnostic>), template: crate::json::Json, expected: &[&str]) {
    let mut found = Vec::new();
    check(&Subject::new(&Template::new(template)), &mut found);
    crate::diagnostic::sort(&mut found);
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(found, expected);
}
