//! Maps: which members there may be, which there must be, and which exclude each other.

use serde_json::Map;

use super::{
    Judge,
    verdict::{Fault, Faults, Verdict, fault, name, report},
};
use crate::{
    check::{
        property::{faults, pattern},
        value::Seen,
    },
    json::{Json, Pointer},
    schema::Schema,
    template::intrinsic::{TRANSFORM, for_each},
};

impl<'a> Judge<'a, '_> {
    pub(super) fn map(
        &self,
        schema: &Schema,
        members: &'a Map<String, Json>,
        at: &Pointer<'_>,
        mut faults: Faults<'_>,
    ) -> Verdict {
        let mut verdict = Verdict::Holds;
        let is_open = members.iter().any(|(key, member)| is_made(key, member));
        let mut there: Vec<&str> = Vec::with_capacity(members.len());
        for (key, member) in members.iter().filter(|(key, member)| !is_made(key, member)) {
            let seen = self.eyes.look(member, 0);
            if seen == Seen::Nothing {
                continue;
            }
            there.push(key);
            let at = at.key(key);
            if let Some(names) = &schema.property_names {
                let judged = super::scalar::judge(names, &Json::String(key.clone()), &at, false, None);
                let judged = judged.and(self.key_is_not_excluded(names, key));
                if judged == Verdict::Fails {
                    let is = || format!("`{key}` is the name of a member of {}", name(&at_parent(&at.to_string())));
                    report(faults.as_deref_mut(), || fault(&faults::UNKNOWN, &at, is(), "another name".to_owned()));
                }
                verdict = verdict.and(judged);
            }
            verdict = verdict.and(self.member(schema, key, member, &at, faults.as_deref_mut()));
        }
        verdict.and(self.groups(schema, &there, is_open, at, faults))
    }

    /// Judges the name of a member by a schema `{"not": …}`.
    fn key_is_not_excluded(&self, names: &Schema, key: &str) -> Verdict {
        match &names.not {
            Some(not) => {
                let key = Json::String(key.to_owned());
                Verdict::from(super::scalar::judge(not, &key, &Pointer::START, false, None) == Verdict::Fails)
            }
            None => Verdict::Holds,
        }
    }

    fn member(
        &self,
        schema: &Schema,
        key: &str,
        member: &'a Json,
        at: &Pointer<'_>,
        mut faults: Faults<'_>,
    ) -> Verdict {
        let mut verdict = Verdict::Holds;
        let mut is_known = false;
        if let Some(property) = schema.properties.get(key) {
            is_known = true;
            verdict = verdict.and(self.judge(property, member, at, faults.as_deref_mut()));
        }
        for (pattern, property) in &schema.pattern_properties {
            match pattern::is_found(pattern, key) {
                Some(false) => {}
                Some(true) => {
                    is_known = true;
                    verdict = verdict.and(self.judge(property, member, at, faults.as_deref_mut()));
                }
                None => is_known = true,
            }
        }
        if schema.ignores_others && !is_known {
            report(faults, || {
                let known: Vec<String> = schema.properties.keys().cloned().collect();
                let is = format!("`{key}` is no property that is read here");
                let fault = fault(&faults::IGNORED, at, is, "it left out".to_owned());
                Fault { near: Some((key.to_owned(), known)), ..fault }
            });
            return Verdict::Holds;
        }
        match &schema.additional_properties {
            Some(others) if !is_known && others.never => {
                report(faults, || self.unknown(schema, key, at));
                Verdict::Fails
            }
            Some(others) if !is_known => verdict.and(self.judge(others, member, at, faults)),
            _ => verdict,
        }
    }

    fn unknown(&self, schema: &Schema, key: &str, at: &Pointer<'_>) -> Fault {
        let whole = at_parent(&at.to_string()).to_string();
        let of = match whole.ends_with("/Properties") {
            true => "the resource type".to_owned(),
            false => name(&Pointer::at(&whole)),
        };
        let known: Vec<String> = schema.properties.keys().cloned().collect();
        let expected = match (known.len(), schema.pattern_properties.len()) {
            (0, 0) => "none".to_owned(),
            (0, _) => {
                let patterns: Vec<String> = schema.pattern_properties.keys().map(|key| format!("`{key}`")).collect();
                format!("a key that {} matches", patterns.join(" or "))
            }
            (1..=6, _) => known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or "),
            _ => "one of those that AWS documents".to_owned(),
        };
        Fault {
            near: Some((key.to_owned(), known)),
            ..fault(&faults::UNKNOWN, at, format!("`{key}` is no property of {of}"), expected)
        }
    }

    /// Judges which members there are.
    fn groups(
        &self,
        schema: &Schema,
        there: &[&str],
        is_open: bool,
        at: &Pointer<'_>,
        mut faults: Faults<'_>,
    ) -> Verdict {
        let has = |name: &String| there.contains(&name.as_str());
        let mut verdict = if is_open { Verdict::Unknown } else { Verdict::Holds };
        let mut fails = |make: &dyn Fn() -> Fault| {
            verdict = Verdict::Fails;
            report(faults.as_deref_mut(), make);
        };
        let listed = |names: &[String]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let list = |names: &[&String]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
        if !is_open {
            for required in schema.required.iter().filter(|name| !has(name)) {
                fails(&|| {
                    let is = format!("{} has no `{required}`", name(at));
                    fault(&faults::REQUIRED, at, is, "it, since it is required".to_owned())
                });
            }
            if !schema.required_or.is_empty() && !schema.required_or.iter().any(has) {
                fails(&|| {
                    let is = format!("{} has none of {}", name(at), listed(&schema.required_or));
                    fault(&faults::ANY_OF_GROUP, at, is, "at least one".to_owned())
                });
            }
        }
        let of_group: Vec<&String> = schema.required_xor.iter().filter(|name| has(name)).collect();
        match of_group.as_slice() {
            [] if schema.required_xor.is_empty() || is_open => {}
            [] => fails(&|| {
                let is = format!("{} has none of {}", name(at), listed(&schema.required_xor));
                fault(&faults::ONE_OF_GROUP, at, is, "exactly one".to_owned())
            }),
            [_] => {}
            several => fails(&|| {
                let is = format!("{} has {}", name(at), list(several));
                fault(&faults::ONE_OF_GROUP, at, is, format!("exactly one of {}", listed(&schema.required_xor)))
            }),
        }
        for (key, excluded) in schema.dependent_excluded.iter().filter(|(key, _)| has(key)) {
            for other in excluded.iter().filter(|name| has(name)) {
                fails(&|| {
                    // In the order of the template, so that two properties which exclude each other are one fault.
                    let place = |name: &str| there.iter().position(|there| *there == name);
                    let (first, second) = if place(key) < place(other) { (key, other) } else { (other, key) };
                    let is = format!("{} has `{first}` and `{second}`", name(at));
                    fault(&faults::EXCLUDED, &at.key(second), is, "only one of them".to_owned())
                });
            }
        }
        for (key, needed) in schema.dependent_required.iter().filter(|(key, _)| has(key) && !is_open) {
            for other in needed.iter().filter(|name| !has(name)) {
                fails(&|| {
                    let is = format!("{} has `{key}` without `{other}`", name(at));
                    fault(&faults::DEPENDENT, &at.key(key), is, "both or neither".to_owned())
                });
            }
        }
        let count = there.len() as u64;
        if let Some(least) = schema.min_properties.filter(|least| count < *least && !is_open) {
            fails(&|| {
                fault(&faults::COUNT, at, format!("{} has {count} members", name(at)), format!("at least {least}"))
            });
        }
        if let Some(most) = schema.max_properties.filter(|most| count > *most) {
            fails(&|| {
                fault(&faults::COUNT, at, format!("{} has {count} members", name(at)), format!("at most {most}"))
            });
        }
        verdict
    }
}

/// Tells whether a member is made by a macro or a loop, or has a name that a loop makes.
fn is_made(key: &str, member: &Json) -> bool {
    key == TRANSFORM || for_each(key, member).is_some() || key.contains("${") || key.contains("&{")
}

fn at_parent(path: &str) -> Pointer<'_> {
    Pointer::at(path.rsplit_once('/').map_or("", |(parent, _)| parent))
}
