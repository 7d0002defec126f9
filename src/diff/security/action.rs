//! Actions: those that patterns tell apart, how they are written, and what they do.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    letters::{Letters, is_hole},
    pattern::matches,
};
use crate::data::iam::{self, AccessLevel};

/// The action of a service that no pattern names.
pub(super) const OTHER: &str = "\u{10fffc}:\u{10fffc}";

/// The actions that some patterns may mean, in lower case: all that IAM knows of the services that they name, those that
/// it does not know, and one for all other services.
pub(super) fn universe<'p>(patterns: impl Iterator<Item = &'p str>) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = [OTHER.to_owned()].into();
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
        found.insert(pattern.to_owned());
    }
    found.retain(|pattern| pattern == OTHER || !is_known(pattern));
    for service in services.into_values() {
        let name = |action: iam::Action| format!("{}:{}", service.prefix(), action.name().to_lowercase());
        found.extend(service.actions().map(name));
    }
    found
}

/// Whether a pattern means actions that IAM knows.
fn is_known(pattern: &str) -> bool {
    let Some((prefix, name)) = pattern.split_once(':') else { return pattern.contains(['*', '?']) };
    if prefix.contains(['*', '?']) {
        return true;
    }
    iam::service(prefix)
        .is_some_and(|service| service.actions().any(|action| matches(name, &action.name().to_lowercase())))
}

/// Whether an action writes, or gives permissions: the most that it may do.
pub(super) fn level(action: &str, letters: &Letters) -> AccessLevel {
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
    iam::action(action).and_then(|action| action.access_level()).unwrap_or(AccessLevel::Write)
}

/// Whether an action is more than reading.
pub(super) fn writes(level: AccessLevel) -> bool {
    matches!(level, AccessLevel::Write | AccessLevel::PermissionsManagement)
}

/// The actions for people: patterns as they are written where all that they mean is in the list, verbs folded to
/// `s3:Get*` where all actions of the verb are.
pub(super) fn folded(
    actions: &BTreeSet<&str>,
    written: &[String],
    universe: &BTreeSet<String>,
    letters: &Letters,
) -> Vec<String> {
    const FEW: usize = 6;
    let missing: BTreeSet<&str> = universe.iter().map(String::as_str).filter(|name| !actions.contains(name)).collect();
    if actions.contains(OTHER) && (1..=FEW).contains(&missing.len()) {
        let others = folded(&missing, written, universe, letters);
        return vec![format!("everything but {}", others.join(", "))];
    }
    let mut rest = actions.clone();
    let mut made = Vec::new();
    for pattern in written {
        let lower = pattern.to_lowercase();
        let meant: Vec<&str> = universe.iter().map(String::as_str).filter(|action| matches(&lower, action)).collect();
        if !meant.is_empty() && meant.iter().all(|action| actions.contains(action)) {
            let shown = letters.show(pattern);
            if !made.contains(&shown) {
                made.push(shown);
            }
            meant.iter().for_each(|action| _ = rest.remove(action));
        }
    }
    if rest.remove(OTHER) {
        made.push("all actions of other services".to_owned());
    }
    let mut by_service: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for action in rest {
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
    let mut all: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for action in service.actions() {
        all.entry(verb(action.name())).or_default().push(action.name());
    }
    let has = |name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    if all.values().flatten().all(|name| has(name)) {
        return vec![format!("{prefix}:*")];
    }
    let mut made = Vec::new();
    for (verb, of_verb) in all {
        // Another verb may begin the same: `Get` and `Getaway`.
        let whole = service.actions().filter(|action| action.name().starts_with(verb)).all(|action| has(action.name()));
        if of_verb.len() > 1 && whole {
            made.push(format!("{prefix}:{verb}*"));
        } else {
            made.extend(of_verb.iter().filter(|name| has(name)).map(|name| format!("{prefix}:{name}")));
        }
    }
    let unknown = names.iter().filter(|name| service.action(name).is_none());
    made.extend(unknown.map(|name| format!("{prefix}:{name}")));
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
            let some = all.iter().map(String::as_str);
            let some = some.filter(|action| patterns.iter().any(|pattern| matches(pattern, action))).collect();
            let written: Vec<String> = written.iter().map(|text| (*text).to_owned()).collect();
            folded(&some, &written, &all, &letters)
        };
        assert_eq!(fold(&["sqs:*"], &[]), ["sqs:*"]);
        assert_eq!(fold(&["sqs:get*", "sqs:sendmessage"], &[]), ["sqs:Get*", "sqs:SendMessage"]);
        assert_eq!(fold(&["sqs:getqueueurl"], &["sqs:Get*"]), ["sqs:GetQueueUrl"]);
        assert_eq!(fold(&["sqs:get*"], &["SQS:get*"]), ["SQS:get*"]);
    }

    #[test]
    fn what_nobody_knows_stands_for_itself() {
        let all = universe(["new:Do*", "sqs:SendMessage", "*"].into_iter().collect::<Vec<_>>().into_iter());
        assert!(all.contains("new:Do*") && all.contains(OTHER) && all.contains("sqs:sendmessage"));
        assert!(!all.contains("*"));
    }
}
