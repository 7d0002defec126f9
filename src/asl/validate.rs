//! What is wrong with a definition, anyone's: one rule a file.
//!
//! What its fields may hold is told when it is read, by the one table of them; the rules here look at the whole.
//! A definition is read as JSON, so that what holds for a [`Workflow`](super::Workflow) holds for a file, and for the
//! `Definition` of a template. Paths are JSON pointers, as those of AWS's `ValidateStateMachineDefinition`, whose codes
//! are used where it has one: <https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html>.

mod answer;
mod argument;
mod definition_size;
mod duplicate_state_name;
mod error_equals;
mod error_name;
mod express;
mod flow;
mod heartbeat;
mod integration;
mod invalid_state_name;
mod label;
mod missing_end_state;
mod missing_transition_target;
mod optimized;
mod outer_variable;
mod pages;
mod query_language;
mod rules;
mod sdk_action;
mod substitution;
mod task_token;
mod unreachable_state;

use super::definition::Definition;
use crate::{
    diagnostic::{Diagnostic, Severity, sort},
    json::Json,
};

/// The signature of a check, which appends to what was found so far.
type Check = fn(&Definition, &mut Vec<Diagnostic>);

const CHECKS: [Check; 17] = [
    argument::check,
    definition_size::check,
    duplicate_state_name::check,
    error_equals::check,
    error_name::check,
    express::check,
    heartbeat::check,
    integration::check,
    invalid_state_name::check,
    label::check,
    missing_end_state::check,
    missing_transition_target::check,
    outer_variable::check,
    query_language::check,
    sdk_action::check,
    task_token::check,
    unreachable_state::check,
];

/// Everything that is wrong with a definition, sorted by path.
///
/// ```
/// use formwork::{asl::validate::definition, json};
/// let found = definition(&json!({
///     "StartAt": "Render",
///     "States": {
///         "Render": {"Type": "Pass", "Next": "Publsh"},
///         "Publish": {"Type": "Pass", "Next": "Done"},
///         "Done": {"Type": "Succeed"},
///     },
/// }));
/// let found: Vec<_> = found.iter().filter(|fault| fault.path.ends_with("/Next")).collect();
/// assert_eq!(found[0].code, "MISSING_TRANSITION_TARGET");
/// assert_eq!(found[0].path, "/States/Render/Next");
/// assert_eq!(found[0].help.as_deref(), Some("did you mean `Publish`?"));
/// ```
pub fn definition(json: &Json) -> Vec<Diagnostic> {
    checked(json, false, &Declared::default())
}

/// What an express workflow may not do, where the whole definition is one. What it may not do as the iteration of a
/// distributed `Map`, [`definition`] finds.
pub fn express(definition: &Json) -> Vec<Diagnostic> {
    as_express(&Definition::read(definition).0)
}

/// The same of a definition that was read.
pub(crate) fn as_express(definition: &Definition) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    express::within(definition, "", &mut found);
    sort(&mut found);
    found
}

/// The model of a definition with everything that is wrong with it, sorted by path: what its fields do not allow, and
/// what the rules find. `is_express` says that the whole is an express workflow.
pub(crate) fn read(json: &Json, is_express: bool) -> (Definition, Vec<Diagnostic>) {
    let (definition, mut found) = Definition::read(json);
    for check in CHECKS {
        check(&definition, &mut found);
    }
    if is_express {
        express::within(&definition, "", &mut found);
    }
    sort(&mut found);
    (definition, found)
}

/// Everything that is wrong with a definition, what its states read in vain included: a run finds that out itself.
pub(crate) fn checked(json: &Json, is_express: bool, declared: &Declared) -> Vec<Diagnostic> {
    let (definition, mut found) = read(json, is_express);
    found.extend(read_in_vain(&definition, &found, declared));
    sort(&mut found);
    found
}

/// What the states of a definition read in vain, if these are its faults. Of one that has errors, nothing is known.
pub(crate) fn read_in_vain(definition: &Definition, faults: &[Diagnostic], declared: &Declared) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if faults.iter().all(|fault| fault.severity != Severity::Error) {
        flow::check(definition, declared, &mut found);
    }
    found
}

/// `${Token}`s of a definition without a substitution (errors), and substitutions that nothing uses (warnings).
pub fn substitutions<'a>(definition: &Json, tokens: impl IntoIterator<Item = &'a str>) -> Vec<Diagnostic> {
    let mut found = substitution::check(definition, &tokens.into_iter().collect::<Vec<_>>());
    sort(&mut found);
    found
}

pub use answer::FieldValidation;
pub(crate) use answer::{WrongResult, wrong_error, wrong_results};
pub(crate) use duplicate_state_name::duplicate;
pub(crate) use flow::Declared;
pub(crate) use optimized::operation_of;
pub(crate) use rules::rules;
pub(crate) use substitution::GIVE_IT_A_VALUE;

/// Asserts the text of everything that one check finds.
#[cfg(test)]
fn assert_finds(check: Check, json: Json, expected: &[&str]) {
    let mut found = Vec::new();
    check(&Definition::read(&json).0, &mut found);
    sort(&mut found);
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(found, expected);
}
