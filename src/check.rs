//! Template checks, one a file: each takes a template and reports what is wrong with it.
//!
//! They read the template, not the Rust that made it, so they hold for any template.

mod circular_dependency;
mod empty_policy;
mod language_extensions;
mod limits;
mod null_value;
mod state_machine_definition;
mod unknown_reference;

use crate::{diagnostic::Diagnostic, template::Template, value::Json};

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

/// A call of an intrinsic function somewhere in a template.
struct Call<'a> {
    /// `Ref`, `Condition` or `Fn::…`.
    function: &'a str,
    argument: &'a Json,
    path: &'a str,
}

/// Visits every intrinsic of the sections that may hold some, inner ones first.
fn each_call(template: &Template, visit: &mut dyn FnMut(Call<'_>)) {
    let mut look = |json: &Json, path: &str| {
        if let Json::Object(entries) = json
            && let (1, Some((function, argument))) = (entries.len(), entries.iter().next())
            && (function == "Ref" || function == "Condition" || function.starts_with("Fn::"))
        {
            visit(Call { function, argument, path });
        }
    };
    for section in ["Conditions", "Resources", "Outputs", "Rules"] {
        for (id, entry) in template.section(section) {
            let mut path = format!("{section}/{id}");
            if section != "Resources" {
                walk(entry, &mut path, &mut look);
                continue;
            }
            for (attribute, value) in entry.as_object().into_iter().flatten() {
                if ["Properties", "CreationPolicy", "UpdatePolicy"].contains(&attribute.as_str()) {
                    walk(value, &mut format!("{path}/{attribute}"), &mut look);
                }
            }
        }
    }
}

/// Visits every value with its path, inner ones first.
fn walk(json: &Json, path: &mut String, visit: &mut dyn FnMut(&Json, &str)) {
    let length = path.len();
    let mut inside = |key: &str, value: &Json| {
        path.push('/');
        path.push_str(key);
        walk(value, path, visit);
        path.truncate(length);
    };
    match json {
        Json::Array(items) => items.iter().enumerate().for_each(|(i, item)| inside(&i.to_string(), item)),
        Json::Object(entries) => entries.iter().for_each(|(key, value)| inside(key, value)),
        _ => {}
    }
    visit(json, path);
}

/// Asserts the text of everything that one check finds in a template given as JSON.
#[cfg(test)]
fn assert_finds(check: Check, template: Json, expected: &[&str]) {
    let mut found = Vec::new();
    check(&Template::new(template), &mut found);
    crate::diagnostic::sort(&mut found);
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(found, expected);
}
