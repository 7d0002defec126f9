//! Schemas made of others: all of them, one of them, none of them, one if another.

use super::{
    Judge, scalar,
    verdict::{Fault, Faults, Verdict, fault, name, report},
};
use crate::{
    check::property::faults,
    json::{Json, Pointer},
    schema::{Inner, Schema},
};

impl<'a> Judge<'a, '_> {
    pub(super) fn combined(
        &self,
        schema: &Schema,
        json: &'a Json,
        at: &Pointer<'_>,
        mut faults: Faults<'_>,
    ) -> Verdict {
        let mut verdict = Verdict::Holds;
        if (json.is_array() || json.is_object()) && !scalar::is_a_value(schema, json, self.in_any_case) {
            verdict = Verdict::Fails;
            report(faults.as_deref_mut(), || scalar::not_a_value(schema, json, at));
        }
        for each in &schema.all_of {
            verdict = verdict.and(self.here(each, json, at, faults.as_deref_mut()));
        }
        if !schema.any_of.is_empty() {
            verdict = verdict.and(self.any_of(&schema.any_of, json, at, faults.as_deref_mut()));
        }
        if !schema.one_of.is_empty() {
            verdict = verdict.and(self.exactly_one_of(&schema.one_of, json, at, faults.as_deref_mut()));
        }
        if let Some(not) = &schema.not {
            verdict = verdict.and(match self.here(not, json, at, None) {
                Verdict::Holds => {
                    report(faults.as_deref_mut(), || excluded(not, json, at));
                    Verdict::Fails
                }
                Verdict::Fails => Verdict::Holds,
                Verdict::Unknown => Verdict::Unknown,
            });
        }
        if let Some(when) = &schema.when {
            let branch = match self.here(when, json, at, None) {
                Verdict::Holds => &schema.then,
                Verdict::Fails => &schema.otherwise,
                Verdict::Unknown => return verdict.and(Verdict::Unknown),
            };
            if let Some(branch) = branch {
                verdict = verdict.and(self.here(branch, json, at, faults));
            }
        }
        verdict
    }

    /// Judges a value whose function has been followed already.
    fn here(&self, schema: &Schema, json: &'a Json, at: &Pointer<'_>, faults: Faults<'_>) -> Verdict {
        self.known(schema, json, at, faults)
    }

    /// The verdicts on alternatives, and what is wrong by each.
    fn each(&self, schemas: &[Inner], json: &'a Json, at: &Pointer<'_>) -> Vec<(Verdict, Vec<Fault>)> {
        let judged = schemas.iter().map(|schema| {
            let mut found = Vec::new();
            (self.here(schema, json, at, Some(&mut found)), found)
        });
        judged.collect()
    }

    fn any_of(&self, schemas: &[Inner], json: &'a Json, at: &Pointer<'_>, faults: Faults<'_>) -> Verdict {
        let judged = self.each(schemas, json, at);
        if judged.iter().any(|(verdict, _)| *verdict == Verdict::Holds) {
            return Verdict::Holds;
        }
        if judged.iter().any(|(verdict, _)| *verdict == Verdict::Unknown) {
            return Verdict::Unknown;
        }
        if let Some(faults) = faults {
            faults.extend(nearest_of(schemas, judged, &faults::ANY_OF, "at least one", json, at));
        }
        Verdict::Fails
    }

    fn exactly_one_of(&self, schemas: &[Inner], json: &'a Json, at: &Pointer<'_>, faults: Faults<'_>) -> Verdict {
        let judged = self.each(schemas, json, at);
        let count = |wanted: Verdict| judged.iter().filter(|(verdict, _)| *verdict == wanted).count();
        match (count(Verdict::Holds), count(Verdict::Unknown)) {
            (1, 0) => Verdict::Holds,
            (0, 0) => {
                if let Some(faults) = faults {
                    faults.extend(nearest_of(schemas, judged, &faults::ONE_OF, "exactly one", json, at));
                }
                Verdict::Fails
            }
            // What the alternatives ask to be there is all that two of them can have in common.
            (2.., _) if schemas.iter().all(|schema| !schema.required.is_empty()) => {
                let names = required(schemas.iter().zip(&judged).filter(|(_, judged)| judged.0 == Verdict::Holds));
                report(faults, || {
                    let is = format!("{} has {}", name(at), names.join(" and "));
                    fault(&faults::ONE_OF, at, is, "only one of them".to_owned())
                });
                Verdict::Fails
            }
            _ => Verdict::Unknown,
        }
    }
}

fn required<'s>(schemas: impl Iterator<Item = (&'s Inner, &'s (Verdict, Vec<Fault>))>) -> Vec<String> {
    let of =
        |schema: &Schema| schema.required.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" with ");
    schemas.map(|(schema, _)| of(schema)).collect()
}

/// What is wrong by the alternatives: by the only one that the value has the type of, or by all of them.
fn nearest_of(
    schemas: &[Inner],
    judged: Vec<(Verdict, Vec<Fault>)>,
    rule: &'static crate::rule::Rule,
    many: &str,
    json: &Json,
    at: &Pointer<'_>,
) -> Vec<Fault> {
    let here = at.to_string();
    let names = required(schemas.iter().zip(&judged));
    if json.is_object() && names.iter().all(|name| !name.is_empty()) {
        let is_missing = |fault: &Fault| std::ptr::eq(fault.rule, &faults::REQUIRED) && fault.at == here;
        if judged.iter().all(|(_, faults)| faults.iter().any(is_missing)) {
            let is = format!("{} has none of {}", name(at), names.join(", "));
            return vec![fault(rule, at, is, many.to_owned())];
        }
    }
    // One that fails deeper inside, or not by its type, is the one that was meant.
    let is_type = |fault: &Fault| std::ptr::eq(fault.rule, &faults::TYPE) && fault.at == here;
    let mut meant: Vec<Vec<Fault>> =
        judged.into_iter().map(|(_, faults)| faults).filter(|faults| !faults.iter().any(is_type)).collect();
    if meant.len() == 1 {
        return meant.swap_remove(0);
    }
    let expected: Vec<String> =
        meant.iter().flatten().filter(|fault| fault.at == here).map(|fault| fault.expected.clone()).collect();
    let expected = if expected.is_empty() || expected.len() > 4 {
        format!("a value that fits {many} of {} forms", schemas.len())
    } else {
        expected.join(", or ")
    };
    vec![fault(rule, at, format!("{} is {}", name(at), scalar::shown(json)), expected)]
}

/// The fault of a value that fits what it must not.
fn excluded(not: &Schema, json: &Json, at: &Pointer<'_>) -> Fault {
    let listed = |names: &[String]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
    if json.is_object() && !not.required.is_empty() {
        let is = format!("{} has {}", name(at), listed(&not.required));
        return fault(&faults::EXCLUDED, at, is, "it left out, or one of them".to_owned());
    }
    fault(&faults::VALUE, at, format!("{} is {}", name(at), scalar::shown(json)), "another value".to_owned())
}
