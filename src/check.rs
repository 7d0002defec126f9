//! Template checks, one a file: each takes a template and reports what is wrong with it.
//!
//! They read the template, not the Rust that made it, so they hold for any template.

mod machine {
    pub(super) mod state_machine_definition;
}
mod permission {
    pub(super) mod empty_policy;
}
mod property {
    pub(super) mod null_value;
}
mod quota {
    pub(super) mod limits;
}
mod reference {
    pub(super) mod circular_dependency;
    pub(super) mod language_extensions;
    pub(super) mod unknown_reference;
}

use self::{
    machine::state_machine_definition,
    permission::empty_policy,
    property::null_value,
    quota::limits,
    reference::{circular_dependency, language_extensions, unknown_reference},
};
use crate::{diagnostic::Diagnostic, template::Template};

/// What a check is: it appends to what was found so far.
type Check = fn(&Template, &mut Vec<Diagnostic>);

const CHECKS: [Check; 7] = [
    circular_dependency::check,
    empty_policy::check,
    language_extensions::check,
    limits::check,
    null_value::check,
    state_machine_definition::check,
    unknown_reference::check,
];

/// Runs every check; what they find comes in no particular order.
pub fn all(template: &Template) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for check in CHECKS {
        check(template, &mut found);
    }
    found
}

/// Asserts the text of everything that one check finds in a template given as JSON.
#[cfg(test)]
fn assert_finds(check: Check, template: crate::json::Json, expected: &[&str]) {
    let mut found = Vec::new();
    check(&Template::new(template), &mut found);
    crate::diagnostic::sort(&mut found);
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(found, expected);
}
