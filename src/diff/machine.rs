//! State machines: which states are added, removed and changed, and what becomes of the executions that run.

use serde_json::Map as Object;

use super::model::{Action, Change, MachineChange, PropertyChange, Quiet, ResourceChange, StateChange};
use crate::{
    diagnostic::Path,
    json::Json,
    template::{Template, machine::state_machines},
};

/// The fields that hold inner workflows.
const PROCESSORS: [&str; 2] = ["ItemProcessor", "Iterator"];

/// What the fields of a state are about, in words.
const SUBJECTS: [(&str, &[&str]); 8] = [
    ("goes to", &["Next", "End", "Default", "Choices"]),
    ("retries", &["Retry"]),
    ("catches", &["Catch"]),
    ("arguments", &["Arguments", "Parameters", "InputPath", "ItemSelector", "ItemsPath", "Items", "Credentials"]),
    ("output", &["Output", "OutputPath", "ResultPath", "ResultSelector", "Result", "Assign", "ResultWriter"]),
    ("calls", &["Resource"]),
    (
        "time",
        &["TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath", "Seconds", "Timestamp"],
    ),
    ("comment", &["Comment"]),
];

/// The state machines whose definitions say something else.
pub(super) fn changes(resources: &[ResourceChange], old: &Template, new: &Template) -> Vec<MachineChange> {
    let is_touched = |id: &str| {
        resources.iter().any(|change| change.id == id && matches!(change.change, Change::Changed | Change::Affected))
    };
    let mut before: Vec<_> = state_machines(old).filter(|machine| is_touched(machine.logical_id)).collect();
    let mut found = Vec::new();
    for machine in state_machines(new).filter(|machine| is_touched(machine.logical_id)) {
        let Some(at) = before.iter().position(|was| was.logical_id == machine.logical_id) else { continue };
        let was = before.swap_remove(at);
        let (Ok(one), Ok(other)) = (&was.definition, &machine.definition) else { continue };
        let states = states(&one.json, &other.json);
        let fields = fields(&one.json, &other.json, &["States"]);
        if states.is_empty() && fields.is_empty() {
            continue;
        }
        let action = resources.iter().find(|change| change.id == machine.logical_id).map(|change| change.action);
        found.push(MachineChange {
            id: machine.logical_id.to_owned(),
            states,
            fields,
            executions: executions(action.unwrap_or(Action::None), machine.express).to_owned(),
        });
    }
    found
}

/// What becomes of the executions that run: <https://docs.aws.amazon.com/step-functions/latest/apireference/>, under
/// `UpdateStateMachine` and `DeleteStateMachine`.
fn executions(action: Action, express: bool) -> &'static str {
    match (action, express) {
        (Action::Replace, false) => {
            "the executions that run belong to the old machine: they are stopped at their next state once it is deleted"
        }
        (Action::Replace, true) => "the executions that run belong to the old machine, which is deleted",
        (Action::MaybeReplace, _) => {
            "the executions that run keep the old definition; where the machine is replaced, they are stopped"
        }
        _ => {
            "the executions that run keep the old definition and role to their end; those that start in the seconds \
             after the update may still have them"
        }
    }
}

/// A state with the place where it is.
type Found<'a> = (Path, &'a Object<String, Json>);

/// All states of a definition, in its order: those of an inner workflow after the state that holds it.
fn all(definition: &Json) -> Vec<Found<'_>> {
    let mut found = Vec::new();
    let mut waiting = vec![(Path::from("/"), definition)];
    while let Some((path, workflow)) = waiting.pop() {
        let path = path.join("States");
        let mut inner = Vec::new();
        for (name, state) in workflow.get("States").and_then(Json::as_object).into_iter().flatten() {
            let Some(state) = state.as_object() else { continue };
            let path = path.join(name);
            let branches = state.get("Branches").and_then(Json::as_array).into_iter().flatten().enumerate();
            inner.extend(branches.map(|(at, branch)| (path.join("Branches").join(at), branch)));
            let processors = PROCESSORS.iter().filter_map(|field| Some((path.join(field), state.get(*field)?)));
            inner.extend(processors);
            found.push((path, state));
        }
        waiting.extend(inner.into_iter().rev());
    }
    found
}

fn states(before: &Json, after: &Json) -> Vec<StateChange> {
    let (old, new) = (all(before), all(after));
    let known: std::collections::BTreeMap<&Path, &Object<String, Json>> =
        old.iter().map(|(path, state)| (path, *state)).collect();
    let mut found = Vec::new();
    for (path, state) in &new {
        let change = match known.get(path) {
            None => StateChange { path: path.clone(), change: Change::Added, subjects: Vec::new(), fields: Vec::new() },
            Some(was) => {
                let fields = of_state(was, state);
                if fields.is_empty() {
                    continue;
                }
                StateChange { path: path.clone(), change: Change::Changed, subjects: subjects(&fields), fields }
            }
        };
        found.push(change);
    }
    let there: std::collections::BTreeSet<&Path> = new.iter().map(|(path, _)| path).collect();
    let gone = old.iter().filter(|(path, _)| !there.contains(path));
    found.extend(gone.map(|(path, _)| StateChange {
        path: path.clone(),
        change: Change::Removed,
        subjects: Vec::new(),
        fields: Vec::new(),
    }));
    found
}

/// The fields of a state that differ, without the states of its inner workflows.
fn of_state(was: &Object<String, Json>, is: &Object<String, Json>) -> Vec<PropertyChange> {
    let mut found = differences(was, is, &["Branches", "ItemProcessor", "Iterator"]);
    for field in PROCESSORS {
        if let (Some(was), Some(is)) = (was.get(field), is.get(field)) {
            let inner = fields(was, is, &["States"]);
            found.extend(inner.into_iter().map(|change| PropertyChange { path: change.path.within(field), ..change }));
        } else if let (was, is) = (was.get(field), is.get(field))
            && was.is_some() != is.is_some()
        {
            found.push(property(field, was, is));
        }
    }
    let branches =
        |state: &Object<String, Json>| state.get("Branches").and_then(Json::as_array).cloned().unwrap_or_default();
    for (at, (was, is)) in branches(was).iter().zip(&branches(is)).enumerate() {
        let inner = fields(was, is, &["States"]);
        let outer = Path::from("Branches").join(at);
        found.extend(inner.into_iter().map(|change| PropertyChange { path: change.path.within(&outer), ..change }));
    }
    found
}

fn fields(before: &Json, after: &Json, without: &[&str]) -> Vec<PropertyChange> {
    match (before.as_object(), after.as_object()) {
        (Some(before), Some(after)) => differences(before, after, without),
        _ => Vec::new(),
    }
}

fn differences(was: &Object<String, Json>, is: &Object<String, Json>, without: &[&str]) -> Vec<PropertyChange> {
    let added = is.keys().filter(|name| !was.contains_key(*name));
    let names = was.keys().chain(added).filter(|name| !without.contains(&name.as_str()));
    names
        .filter(|name| was.get(*name) != is.get(*name))
        .map(|name| property(name, was.get(name), is.get(name)))
        .collect()
}

fn property(name: &str, before: Option<&Json>, after: Option<&Json>) -> PropertyChange {
    PropertyChange {
        path: Path::default().join(name),
        before: before.cloned(),
        after: after.cloned(),
        action: Action::Update,
        because: None,
        quiet: (name == "Comment").then_some(Quiet::Description),
    }
}

/// What the fields are about; a field without a word of its own by its name.
fn subjects(fields: &[PropertyChange]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for field in fields {
        let name = field.path.segments().next().unwrap_or_default().into_owned();
        let known = SUBJECTS.iter().find(|(_, names)| names.contains(&name.as_str()));
        let subject = known.map_or(name, |(subject, _)| (*subject).to_owned());
        if !found.contains(&subject) {
            found.push(subject);
        }
    }
    found
}
