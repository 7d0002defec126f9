//! What is wrong with a definition, anyone's: one fault a file.
//!
//! A definition is read as JSON, so that what holds for a [`Workflow`](super::Workflow) holds for a file, and for the
//! `Definition` of a template. Paths are JSON pointers, as those of AWS's `ValidateStateMachineDefinition`, whose codes
//! are used where it has one: <https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html>.

mod definition_size;
mod duplicate_state_name;
mod error_equals;
mod express;
mod invalid_state_name;
mod missing_end_state;
mod missing_field;
mod missing_transition_target;
mod nothing_to_run;
mod out_of_range;
mod query_language;
mod rules;
mod substitution;
mod task_token;
mod unknown_field;
mod unreachable_state;

use serde_json::Map as Object;

use super::definition::Language;
use crate::{
    diagnostic::{Diagnostic, sort},
    json::{Json, escape},
};

const DOCS: &str = "https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html";

/// What a check is: it appends to what was found so far.
type Check = fn(&Definition<'_>, &mut Vec<Diagnostic>);

const CHECKS: [Check; 14] = [
    definition_size::check,
    duplicate_state_name::check,
    error_equals::check,
    express::check,
    invalid_state_name::check,
    missing_end_state::check,
    missing_field::check,
    missing_transition_target::check,
    nothing_to_run::check,
    out_of_range::check,
    query_language::check,
    task_token::check,
    unknown_field::check,
    unreachable_state::check,
];

/// Everything that is wrong with a definition, sorted by path.
///
/// ```
/// use formwork::asl::validate::definition;
/// let found = definition(&serde_json::json!({
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
    let definition = Definition::new(json);
    let mut found = Vec::new();
    for check in CHECKS {
        check(&definition, &mut found);
    }
    sort(&mut found);
    found
}

/// What an express workflow may not do, where the whole definition is one. What it may not do as the iteration of a
/// distributed `Map`, [`definition`] finds.
pub fn express(definition: &Json) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    express::within(&Definition::new(definition), "", &mut found);
    sort(&mut found);
    found
}

/// `${Token}`s of a definition without a substitution (errors), and substitutions that nothing uses (warnings).
pub fn substitutions<'a>(definition: &Json, tokens: impl IntoIterator<Item = &'a str>) -> Vec<Diagnostic> {
    let mut found = substitution::check(definition, &tokens.into_iter().collect::<Vec<_>>());
    sort(&mut found);
    found
}

pub(super) use duplicate_state_name::duplicate;
pub(crate) use rules::rules;
pub(crate) use substitution::GIVE_IT_A_VALUE;

/// A definition, taken apart into its scopes.
struct Definition<'a> {
    json: &'a Json,
    /// The workflow itself first, then the branches and iterations in it.
    scopes: Vec<Scope<'a>>,
}

/// States that may go to each other: a workflow, a branch of a `Parallel` or the iteration of a `Map`.
struct Scope<'a> {
    /// Where it is: `""` for the workflow itself.
    pointer: String,
    json: &'a Json,
    states: Vec<Node<'a>>,
}

/// A state with its name and pointer.
struct Node<'a> {
    name: &'a str,
    pointer: String,
    fields: &'a Object<String, Json>,
}

impl<'a> Definition<'a> {
    fn new(json: &'a Json) -> Self {
        let mut scopes = Vec::new();
        collect(json, String::new(), &mut scopes);
        Self { json, scopes }
    }

    /// What a state says, else the workflow; the states around it do not count.
    fn language(&self, state: &Node<'_>) -> Language {
        Language::of(state.text("QueryLanguage").or_else(|| self.json.get("QueryLanguage")?.as_str()))
    }
}

fn collect<'a>(json: &'a Json, pointer: String, scopes: &mut Vec<Scope<'a>>) {
    let states = json.get("States").and_then(Json::as_object).into_iter().flatten();
    let states = states.filter_map(|(name, state)| {
        let pointer = format!("{pointer}/States/{}", escape(name));
        state.as_object().map(|fields| Node { name, pointer, fields })
    });
    let states: Vec<Node<'a>> = states.collect();
    let mut inner = Vec::new();
    for state in &states {
        let branches = state.fields.get("Branches").and_then(Json::as_array).into_iter().flatten();
        for (position, branch) in branches.enumerate() {
            inner.push((branch, format!("{}/Branches/{position}", state.pointer)));
        }
        for field in ["ItemProcessor", "Iterator"] {
            inner.extend(state.fields.get(field).map(|scope| (scope, format!("{}/{field}", state.pointer))));
        }
    }
    scopes.push(Scope { pointer, json, states });
    for (json, pointer) in inner {
        collect(json, pointer, scopes);
    }
}

impl Scope<'_> {
    /// What it is, in a sentence.
    fn kind(&self) -> &'static str {
        match self.pointer.rsplit('/').next().unwrap_or_default() {
            "" => "the workflow",
            "ItemProcessor" => "the item processor",
            "Iterator" => "the iterator",
            _ => "the branch",
        }
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.states.iter().map(|state| state.name)
    }

    /// Whether it has a state of that name.
    fn has(&self, name: &str) -> bool {
        self.json["States"].get(name).is_some()
    }

    fn start_at(&self) -> Option<&str> {
        self.json.get("StartAt")?.as_str()
    }
}

impl<'a> Node<'a> {
    fn text(&self, field: &str) -> Option<&'a str> {
        self.fields.get(field)?.as_str()
    }

    fn is(&self, kind: &str) -> bool {
        self.text("Type") == Some(kind)
    }

    /// Each target with its pointer.
    fn targets(&self) -> Vec<(&'a str, String)> {
        let mut targets = Vec::new();
        for field in ["Next", "Default"] {
            targets.extend(self.text(field).map(|target| (target, format!("{}/{field}", self.pointer))));
        }
        for field in ["Choices", "Catch"] {
            let rules = self.fields.get(field).and_then(Json::as_array).into_iter().flatten();
            for (position, rule) in rules.enumerate() {
                let target = rule.get("Next").and_then(Json::as_str);
                targets.extend(target.map(|target| (target, format!("{}/{field}/{position}/Next", self.pointer))));
            }
        }
        targets
    }
}

/// Asserts the text of everything that one check finds.
#[cfg(test)]
fn assert_finds(check: Check, json: Json, expected: &[&str]) {
    let mut found = Vec::new();
    check(&Definition::new(&json), &mut found);
    sort(&mut found);
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(found, expected);
}
