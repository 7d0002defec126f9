//! Security: what a change of a template lets whom do that it did not, and what it no longer lets them do.
//!
//! It is decided by meaning: statements that are reordered, split, merged or moved to another policy are no change.

mod action;
mod change;
mod compare;
mod condition;
mod describe;
mod exposure;
mod gain;
mod identity;
mod letters;
mod listed;
mod network;
mod opening;
mod pattern;
mod principal;
mod read;
mod resource_policy;
mod row;
mod statement;
mod subject;

pub use change::{Change, Direction, Rank};

use self::{
    action::Catalogues,
    compare::Comparison,
    describe::Scene,
    gain::gains,
    letters::Letters,
    principal::own_account,
    read::{Entry, Reader},
    statement::{Effect, Rule},
    subject::{Kind, Subject, Subjects},
};
use crate::template::Template;

/// Whether a change lets somebody do more, and not merely parts of the template among each other.
pub fn broadens(change: &Change) -> bool {
    change.broadens()
}

/// What the new template lets whom do more and less than the old: gains first, the most alarming first.
pub(in crate::diff) fn changes(old: &Template, new: &Template) -> Vec<Change> {
    if old.as_json() == new.as_json() {
        return Vec::new();
    }
    let (letters, catalogues) = (Letters::default(), Catalogues::default());
    let readers = [Reader::new(old, new, &letters, "before"), Reader::new(new, old, &letters, "after")];
    let entries = [readers[0].entries().collect::<Vec<_>>(), readers[1].entries().collect()];
    let subjects = [subjects(&entries[0], &readers[0]), subjects(&entries[1], &readers[1])];
    let mut found = Vec::new();
    let added = subjects[1].all().map(|(key, _)| key);
    let removed = subjects[0].all().map(|(key, _)| key).filter(|key| subjects[1].of(key).is_none());
    for key in added.chain(removed) {
        compare([subjects[0].of(key), subjects[1].of(key)], &readers, &catalogues, &mut found);
    }
    network::changes([&entries[0], &entries[1]], &readers, &mut found);
    exposure::changes([&entries[0], &entries[1]], &readers, &mut found);
    exposure::parameters(old, new, &mut found);
    found.sort_by_key(|change| (change.direction, change.rank));
    found
}

/// The subjects of a template.
fn subjects(entries: &[Entry<'_>], reader: &Reader<'_>) -> Subjects {
    let mut found = Subjects::default();
    identity::collect(entries, reader, &mut found);
    resource_policy::collect(entries, reader, &mut found);
    found
}

/// Compares a subject before and after.
fn compare<'r>(
    sides: [Option<&'r Subject>; 2],
    readers: &'r [Reader<'r>; 2],
    catalogues: &Catalogues,
    found: &mut Vec<Change>,
) {
    let rules: [&[Rule]; 2] = sides.map(|side| side.map_or(&[][..], |subject| &subject.rules));
    let is_bounded = sides.map(|side| side.is_some_and(|subject| subject.is_bounded));
    if is_bounded[0] == is_bounded[1] && are_same(rules) {
        return;
    }
    let own = own_account(&readers[1]);
    let Some(comparison) = Comparison::new(rules[0], rules[1], is_bounded, &own, catalogues) else {
        found.extend(sides[1].or(sides[0]).map(undecided));
        return;
    };
    for (direction, from, to) in [(Direction::Gained, 0, 1), (Direction::Lost, 1, 0)] {
        let Some(subject) = sides[to].or(sides[from]) else { continue };
        let scene = Scene {
            direction,
            subject,
            before: sides[from],
            reader: &readers[to],
            other: &readers[from],
            rules: rules[from],
            own: rules[to],
        };
        let mut gained = gains(&comparison, from, to, false);
        // What others allow, a statement that denies takes back.
        if subject.kind == Kind::Resource || has_unseen(rules[to]) {
            let known: Vec<_> = gained.iter().filter_map(|gain| gain.denied).map(|rule| &rule.meaning).collect();
            let more = gains(&comparison, from, to, true);
            gained.extend(
                more.into_iter().filter(|gain| gain.denied.is_some_and(|rule| !known.contains(&&rule.meaning))),
            );
        }
        found.extend(scene.changes(&gained, &comparison));
    }
}

/// Whether statements mean the same, one by one.
fn are_same(sides: [&[Rule]; 2]) -> bool {
    let [old, new] = sides.map(|rules| {
        let mut meanings: Vec<_> = rules.iter().map(|rule| &rule.meaning).collect();
        meanings.sort();
        meanings.dedup();
        meanings
    });
    old == new
}

/// Whether there are statements that nobody can see here.
fn has_unseen(rules: &[Rule]) -> bool {
    rules.iter().any(|rule| {
        rule.meaning.effect == Effect::Allow
            && rule.meaning.actions.items.iter().any(|action| action.contains(letters::is_hole))
    })
}

/// The change of a subject with too many statements to compare by their meaning.
fn undecided(subject: &Subject) -> Change {
    Change {
        rank: Rank::Write,
        direction: Direction::Gained,
        certain: false,
        who: subject.shown.clone(),
        actions: Vec::new(),
        resources: Vec::new(),
        conditions: Vec::new(),
        old: None,
        new: subject.rules.first().map(|rule| rule.path.clone()),
        sentence: format!(
            "the statements on {} differ, and are too many to be compared by their meaning",
            subject.shown
        ),
    }
}
