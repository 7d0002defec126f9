//! Statements as rules: what each allows or denies to whom, on what, when.

use super::{
    condition::{Clause, clauses, guard},
    listed::Listed,
    principal::{Principal, principals},
    read::{Guards, Reader, each},
};
use crate::{
    diagnostic::Path,
    json::{Json, is_too_deep},
    template::intrinsic::{Place, call},
};

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Effect {
    Allow,
    Deny,
    /// An `Allow` of a permissions boundary.
    Bound,
}

/// What a statement means: two of the same meaning are one, wherever they stand.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Meaning {
    pub effect: Effect,
    pub principals: Listed<Principal>,
    /// In lower case.
    pub actions: Listed<String>,
    pub resources: Listed<String>,
    /// Sorted.
    pub clauses: Vec<Clause>,
}

/// A statement, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub meaning: Meaning,
    /// The actions as they are written.
    pub written: Vec<String>,
    pub path: Path,
}

/// The statements of a document, each in each combination of the conditions that it names. What a function gives is a
/// rule that allows what nobody can see here.
pub(super) fn rules(document: &Json, path: &Path, guards: &Guards, whom: &Principal, reader: &Reader<'_>) -> Vec<Rule> {
    let mut found = Vec::new();
    for world in reader.sides(document) {
        let outer = together(guards, &world.guards);
        let document = match world.json.as_str().map(serde_json::from_str::<Json>) {
            Some(Ok(read)) if read.is_object() && !is_too_deep(&read) => read,
            _ => world.json.into_owned(),
        };
        if call(&document, Place::Other).is_some() || !document.is_object() {
            found.push(unseen(&reader.text(&document), path, &outer, whom, reader));
            continue;
        }
        for list in reader.sides(&document["Statement"]) {
            let outer = together(&outer, &list.guards);
            let items = list.json.as_array().map_or(std::slice::from_ref(&*list.json), Vec::as_slice);
            for (number, item) in items.iter().enumerate().filter(|(_, item)| !item.is_null()) {
                let place = path.join("Statement");
                let place = if list.json.is_array() { place.join(number) } else { place };
                statement(item, &place, &outer, whom, reader, &mut found);
            }
        }
    }
    found
}

/// A statement, or the list of them that stands in its place.
fn statement(item: &Json, place: &Path, guards: &Guards, whom: &Principal, reader: &Reader<'_>, found: &mut Vec<Rule>) {
    for world in reader.worlds(item) {
        let guards = together(guards, &world.guards);
        for json in each(&world.json) {
            found.push(if call(json, Place::Other).is_some() || !json.is_object() {
                unseen(&reader.text(json), place, &guards, whom, reader)
            } else {
                rule(json, place.clone(), &guards, whom, reader)
            });
        }
    }
}

fn together(outer: &Guards, inner: &Guards) -> Guards {
    let mut all = outer.clone();
    all.extend(inner.iter().cloned());
    all
}

/// A rule that allows what is not seen here: a document that a function gives, a managed policy.
pub(super) fn unseen(what: &str, path: &Path, guards: &Guards, whom: &Principal, reader: &Reader<'_>) -> Rule {
    let action = reader.letters.letter(&format!("what {} allows", reader.show(what)));
    made(Effect::Allow, &[&action.to_string()], path, guards, whom)
}

/// A rule on everything.
pub(super) fn made(effect: Effect, actions: &[&str], path: &Path, guards: &Guards, whom: &Principal) -> Rule {
    let written: Vec<String> = actions.iter().map(|action| (*action).to_owned()).collect();
    let meaning = Meaning {
        effect,
        principals: Listed::new(false, vec![whom.clone()]),
        actions: Listed::new(false, written.iter().map(|action| action.to_lowercase()).collect()),
        resources: Listed::new(false, vec!["*".to_owned()]),
        clauses: guards.iter().map(guard).collect(),
    };
    Rule { meaning, written, path: path.clone() }
}

fn rule(json: &Json, path: Path, guards: &Guards, whom: &Principal, reader: &Reader<'_>) -> Rule {
    let listed = |key: &str| {
        let negated = format!("Not{key}");
        let (except, list) = match (&json[key], &json[&negated]) {
            (Json::Null, Json::Null) => return None,
            (Json::Null, list) => (true, list),
            (list, _) => (false, list),
        };
        Some((except, each(list).into_iter().map(|item| reader.text(item)).collect::<Vec<String>>()))
    };
    let (except, written) = listed("Action").unwrap_or_default();
    let actions = written.iter().map(|action| action.to_lowercase()).collect();
    let (no_resource, resources) = listed("Resource").unwrap_or((false, vec!["*".to_owned()]));
    let mut clauses = clauses(&json["Condition"], reader);
    clauses.extend(guards.iter().map(guard));
    clauses.sort();
    clauses.dedup();
    let given = || Listed::new(false, vec![whom.clone()]);
    let meaning = Meaning {
        effect: if json["Effect"] == "Deny" { Effect::Deny } else { Effect::Allow },
        principals: principals(json, reader).unwrap_or_else(given),
        actions: Listed::new(except, actions),
        resources: Listed::new(no_resource, resources),
        clauses,
    };
    Rule { meaning, written, path }
}
