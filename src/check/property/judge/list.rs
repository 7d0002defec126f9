//! Lists: how many elements, which, and that no two are equal.

use super::{
    Judge,
    verdict::{Faults, Verdict, fault, name, report},
};
use crate::{
    check::{
        property::faults,
        value::{Kind, Seen},
    },
    json::{Json, Pointer},
    schema::Schema,
};

impl<'a> Judge<'a, '_> {
    pub(super) fn list(&self, schema: &Schema, items: &'a [Json], at: &Pointer<'_>, mut faults: Faults<'_>) -> Verdict {
        let mut verdict = Verdict::Holds;
        // Elements that `AWS::NoValue` takes away are not there.
        let there: Vec<usize> =
            (0..items.len()).filter(|position| self.eyes.look(&items[*position], 0) != Seen::Nothing).collect();
        for (nth, position) in there.iter().enumerate() {
            let item = schema.prefix_items.get(nth).or(schema.items.as_ref());
            if let Some(item) = item {
                let at = at.index(*position);
                verdict = verdict.and(self.judge(item, &items[*position], &at, faults.as_deref_mut()));
            }
        }
        let count = there.len() as u64;
        let mut counted = |limit: Option<u64>, holds: bool, words: &str| {
            if let Some(limit) = limit.filter(|_| !holds) {
                verdict = Verdict::Fails;
                let has = || format!("{} has {count} element{}", name(at), if count == 1 { "" } else { "s" });
                report(faults.as_deref_mut(), || fault(&faults::COUNT, at, has(), format!("{words} {limit}")));
            }
        };
        // One that a macro makes, or of which nothing is known, may be several.
        let is_open = there.iter().any(|position| self.eyes.look(&items[*position], 0) == Seen::Some(Kind::Any));
        counted(schema.min_items, is_open || schema.min_items.is_none_or(|least| count >= least), "at least");
        counted(schema.max_items, is_open || schema.max_items.is_none_or(|most| count <= most), "at most");
        if schema.unique_items {
            verdict = verdict.and(self.unique(items, &there, at, faults.as_deref_mut()));
        }
        for key in &schema.unique_keys {
            verdict = verdict.and(self.unique_key(key, items, &there, at, faults.as_deref_mut()));
        }
        verdict
    }

    /// Whether no two elements are equal: as they are written, in the branches of this world.
    fn unique(&self, items: &'a [Json], there: &[usize], at: &Pointer<'_>, mut faults: Faults<'_>) -> Verdict {
        let mut verdict = Verdict::Holds;
        let seen: Vec<(usize, Seen<'a>)> =
            there.iter().map(|position| (*position, self.eyes.look(&items[*position], 0))).collect();
        for (nth, (position, value)) in seen.iter().enumerate() {
            let is_same = |(earlier, other): &&(usize, Seen<'a>)| {
                items[*earlier] == items[*position] || (matches!(value, Seen::Known(_)) && value == other)
            };
            if let Some((earlier, _)) = seen[..nth].iter().find(is_same) {
                verdict = Verdict::Fails;
                let at = at.index(*position);
                let is = || format!("{} equals element {earlier}", name(&at));
                report(faults.as_deref_mut(), || fault(&faults::UNIQUE, &at, is(), "each element once".to_owned()));
            }
        }
        verdict
    }

    /// Whether no two elements have the same value of a property.
    fn unique_key(
        &self,
        key: &str,
        items: &'a [Json],
        there: &[usize],
        at: &Pointer<'_>,
        mut faults: Faults<'_>,
    ) -> Verdict {
        let mut verdict = Verdict::Holds;
        let of = |position: usize| match self.eyes.look(&items[position], 0) {
            Seen::Known(item) => match item {
                std::borrow::Cow::Borrowed(item) => item.get(key).map(|value| self.eyes.look(value, 0)),
                std::borrow::Cow::Owned(_) => None,
            },
            _ => None,
        };
        let values: Vec<(usize, Option<Seen<'a>>)> = there.iter().map(|position| (*position, of(*position))).collect();
        for (nth, (position, value)) in values.iter().enumerate() {
            let Some(Seen::Known(shown)) = value else { continue };
            if let Some((earlier, _)) = values[..nth].iter().find(|(_, other)| other == value) {
                verdict = Verdict::Fails;
                let item = at.index(*position);
                let is = || format!("`{key}` is {shown} as in element {earlier} of {}", name(at));
                report(faults.as_deref_mut(), || {
                    fault(&faults::UNIQUE, &item.key(key), is(), "each value once".to_owned())
                });
            }
        }
        verdict
    }
}
