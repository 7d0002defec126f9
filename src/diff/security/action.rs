//! Actions: those that patterns tell apart, how they are written, and what they do.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use super::{
    letters::{Letters, is_hole},
    pattern::matches,
};
use crate::data::iam::{self, AccessLevel};

/// The action of a service that no pattern names.
pub(super) const OTHER: &str = "\u{10fffc}:\u{10fffc}";

/// The actions that some patterns may mean, in lower case, each with what IAM knows of it: all that it has of the
/// services that they name, those that it does not know, and one for all other services.
pub(super) type Universe = BTreeMap<String, Option<iam::Action>>;

/// The actions of some patterns, and those that they tell apart.
pub(super) struct Catalogue {
    pub universe: Universe,
    /// Actions that the same patterns mean, with the places of these among the patterns.
    pub classes: Vec<(Vec<usize>, Vec<String>)>,
}

/// The catalogues that were made, by their patterns: most roles of a stack have those of another.
#[derive(Default)]
pub(super) struct Catalogues(RefCell<BTreeMap<Vec<String>, Rc<Catalogue>>>);

impl Catalogues {
    /// The catalogue of patterns in lower case, sorted, each once.
    pub fn of(&self, patterns: &[&str]) -> Rc<Catalogue> {
        let key: Vec<String> = patterns.iter().map(|pattern| (*pattern).to_owned()).collect();
        self.0.borrow_mut().entry(key).or_insert_with(|| Rc::new(Catalogue::new(patterns))).clone()
    }
}

impl Catalogue {
    fn new(patterns: &[&str]) -> Self {
        let universe = universe(patterns.iter().copied());
        let is_wild = |pattern: &str| pattern.contains(['*', '?']);
        let wild: Vec<usize> = (0..patterns.len()).filter(|at| is_wild(patterns[*at])).collect();
        let mut classes: BTreeMap<Vec<usize>, Vec<String>> = BTreeMap::new();
        for action in universe.keys() {
            let mut meaning: Vec<usize> = wild.iter().copied().filter(|at| matches(patterns[*at], action)).collect();
            let literal = patterns.binary_search(&action.as_str()).ok().filter(|at| !meaning.contains(at));
            meaning.extend(literal);
            meaning.sort_unstable();
            classes.entry(meaning).or_default().push(action.clone());
        }
        Self { universe, classes: classes.into_iter().collect() }
    }
}

fn universe<'p>(patterns: impl Iterator<Item = &'p str>) -> Universe {
    let mut found: Universe = [(OTHER.to_owned(), None)].into();
    let mut services: BTreeMap<&str, &'static iam::Service> = BTreeMap::new();
    let mut serve = |prefix: &str| services.extend(iam::service(prefix).map(|service| (service.prefix(), service)));
    for pattern in patterns {
        match pattern.split_once(':') {
            Some((prefix, _)) if !prefix.contains(['*', '?']) => serve(prefix),
            // Everything, of which the service that no pattern names is one.
            _ if pattern.bytes().all(|byte| matches!(byte, b'*' | b':')) => continue,
            Some((prefix, _)) => iam::prefixes().filter(|known| matches(prefix, known)).for_each(&mut serve),
            None if pattern.contains(['*', '?']) => iam::prefixes().for_each(&mut serve),
            None => {}
        }
        // What is not known stands for itself, and is known below otherwise.
        found.insert(pattern.to_owned(), None);
    }
    found.retain(|pattern, _| pattern == OTHER || !is_known(pattern));
    for service in services.into_values() {
        let named =
            |action: iam::Action| (format!("{}:{}", service.prefix(), action.name().to_lowercase()), Some(action));
        found.extend(service.actions().map(named));
    }
    found
}

/// Whether a pattern means actions that IAM knows.
fn is_known(pattern: &str) -> bool {
    let Some((prefix, name)) = pattern.split_once(':') else { return pattern.contains(['*', '?']) };
    if prefix.contains(['*', '?']) {
        return true;
    }
    iam::service(prefix).is_some_and(|service| match name.contains(['*', '?']) {
        true => service.actions().any(|action| matches(name, &action.name().to_lowercase())),
        false => service.action(name).is_some(),
    })
}

/// Whether an action writes, or gives permissions: the most that it may do.
pub(super) fn level(action: &str, universe: &Universe, letters: &Letters) -> AccessLevel {
    if action == OTHER {
        return AccessLevel::PermissionsManagement;
    }
    if action.contains(is_hole) {
        let shown = letters.show(action);
        return if shown.contains("ReadOnly") || shown.contains("ViewOnly") {
            AccessLevel::Read
        } else {
            AccessLevel::Write
        };
    }
    let known = universe.get(action).copied().flatten();
    known.and_then(|action| action.access_level()).unwrap_or(AccessLevel::Write)
}

/// Whether an action is more than reading.
pub(super) fn writes(level: AccessLevel) -> bool {
    matches!(level, AccessLevel::Write | AccessLevel::PermissionsManagement)
}

/// The actions for people: patterns as they are written where all that they mean is in the list, or all beside a few
/// that are named; verbs folded to `s3:Get*` where all actions of the verb are.
pub(super) fn folded(
    actions: &BTreeSet<&str>,
    written: &[String],
    universe: &Universe,
    letters: &Letters,
) -> Vec<String> {
    const FEW: usize = 6;
    if actions.contains(OTHER) {
        let missing = universe.keys().map(String::as_str).filter(|name| !actions.contains(name)).collect();
        let others = listed(&missing, letters);
        if (1..=FEW).contains(&others.len()) {
            return vec![beside("everything", &others)];
        }
    }
    let mut rest = actions.clone();
    let mut made = Vec::new();
    let mut partial = Vec::new();
    for pattern in written {
        let lower = pattern.to_lowercase();
        let meant: BTreeSet<&str> = match lower.contains(['*', '?']) {
            true => universe.keys().map(String::as_str).filter(|action| matches(&lower, action)).collect(),
            false => universe.get_key_value(&lower).map(|(action, _)| action.as_str()).into_iter().collect(),
        };
        if meant.is_empty() || meant.is_disjoint(actions) {
            continue;
        }
        if !meant.is_subset(actions) {
            partial.push((pattern, meant));
            continue;
        }
        let shown = letters.show(pattern);
        if !made.contains(&shown) {
            made.push(shown);
        }
        rest.retain(|action| !meant.contains(action));
    }
    for (pattern, meant) in partial {
        let inside: BTreeSet<&str> = rest.intersection(&meant).copied().collect();
        let others = listed(&meant.iter().copied().filter(|action| !actions.contains(action)).collect(), letters);
        if others.len() + 1 < listed(&inside, letters).len() {
            made.push(beside(&letters.show(pattern), &others));
            rest.retain(|action| !meant.contains(action));
        }
    }
    made.extend(listed(&rest, letters));
    made
}

/// What a pattern means without some of it.
fn beside(pattern: &str, others: &[String]) -> String {
    format!("{pattern} beside {}", others.join(" and "))
}

/// The actions one by one, those of a verb or of a service as one.
fn listed(actions: &BTreeSet<&str>, letters: &Letters) -> Vec<String> {
    let mut made = Vec::new();
    let mut by_service: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for action in actions {
        if *action == OTHER {
            made.push("all actions of other services".to_owned());
            continue;
        }
        match action.split_once(':').filter(|(prefix, _)| iam::service(prefix).is_some()) {
            Some((prefix, name)) => by_service.entry(prefix).or_default().push(name),
            None => made.push(letters.show(action)),
        }
    }
    for (prefix, names) in by_service {
        made.extend(verbs(prefix, &names));
    }
    made
}

/// Actions of one service, those of a verb as one where all of it are there.
fn verbs(prefix: &str, names: &[&str]) -> Vec<String> {
    let Some(service) = iam::service(prefix) else { return Vec::new() };
    let mut unknown: BTreeSet<&str> = names.iter().copied().collect();
    let mut all: BTreeMap<&str, Vec<(&str, bool)>> = BTreeMap::new();
    for action in service.actions() {
        let is_there = unknown.remove(action.name().to_lowercase().as_str());
        all.entry(verb(action.name())).or_default().push((action.name(), is_there));
    }
    if all.values().flatten().all(|(_, is_there)| *is_there) {
        return vec![format!("{prefix}:*")];
    }
    let mut made = Vec::new();
    for (verb, of_verb) in &all {
        // Another verb may begin the same: `Get` and `Getaway`.
        let mut alike = all.range(*verb..).take_while(|(other, _)| other.starts_with(verb));
        if of_verb.len() > 1 && alike.all(|(_, of_other)| of_other.iter().all(|(_, is_there)| *is_there)) {
            made.push(format!("{prefix}:{verb}*"));
        } else {
            let there = of_verb.iter().filter(|(_, is_there)| *is_there);
            made.extend(there.map(|(name, _)| format!("{prefix}:{name}")));
        }
    }
    made.extend(unknown.iter().map(|name| format!("{prefix}:{name}")));
    made
}

/// The first word of a name: `Get` of `GetObject`.
fn verb(name: &str) -> &str {
    let end =
        name.char_indices().skip(1).find(|(_, letter)| letter.is_ascii_uppercase()).map_or(name.len(), |(at, _)| at);
    &name[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_folded_where_all_of_a_pattern_are_there() {
        let letters = Letters::default();
        let all = universe(["sqs:*"].into_iter());
        let fold = |patterns: &[&str], written: &[&str]| {
            let some = all.keys().map(String::as_str);
            let some = some.filter(|action| patterns.iter().any(|pattern| matches(pattern, action))).collect();
            let written: Vec<String> = written.iter().map(|text| (*text).to_owned()).collect();
            folded(&some, &written, &all, &letters)
        };
        assert_eq!(fold(&["sqs:*"], &[]), ["sqs:*"]);
        assert_eq!(fold(&["sqs:get*", "sqs:sendmessage"], &[]), ["sqs:Get*", "sqs:SendMessage"]);
        assert_eq!(fold(&["sqs:getqueueurl"], &["sqs:Get*"]), ["sqs:GetQueueUrl"]);
        assert_eq!(fold(&["sqs:get*"], &["SQS:get*"]), ["SQS:get*"]);
        let most =
            all.keys().map(String::as_str).filter(|action| !["sqs:getqueueurl", OTHER].contains(action)).collect();
        assert_eq!(folded(&most, &["sqs:*".to_owned()], &all, &letters), ["sqs:* beside sqs:GetQueueUrl"]);
    }

    #[test]
    fn what_nobody_knows_stands_for_itself() {
        let all = universe(["new:Do*", "sqs:SendMessage", "*"].into_iter().collect::<Vec<_>>().into_iter());
        assert!(all.contains_key("new:Do*") && all.contains_key(OTHER) && all.contains_key("sqs:sendmessage"));
        assert!(!all.contains_key("*"));
    }
}
