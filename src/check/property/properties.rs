//! E3002, E3003, E3012 and what else AWS's schemas say of properties: each resource against the table of its type, in
//! every world that its conditions allow.

use std::collections::BTreeSet;

use super::{
    faults,
    judge::{Fault, Judge, Verdict},
};
use crate::{
    check::{
        subject::{Check, Entry, Subject},
        value::{Eyes, Seen},
    },
    diagnostic::Diagnostic,
    json::{Json, Pointer},
    schema::{self, ResourceSchema},
};

pub(in crate::check) static CHECK: Check = Check { rules: faults::ALL, run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if subject.is_open() {
        return;
    }
    for entry in &subject.resources {
        match schema::of(entry.kind) {
            Some(schema) => resource(subject, entry, schema, found),
            None => found.extend(unknown_type(entry)),
        }
    }
}

/// What is wrong with a resource in any world, each fault once.
fn resource(subject: &Subject<'_>, entry: &Entry<'_>, schema: &'static ResourceSchema, found: &mut Vec<Diagnostic>) {
    let mut said = BTreeSet::new();
    let start = Pointer::at(&entry.path);
    let at = start.key("Properties");
    let nothing = Json::Object(serde_json::Map::new());
    let properties = entry.json.get("Properties").unwrap_or(&nothing);
    for world in entry.worlds.iter() {
        let eyes = Eyes { template: subject.template, world };
        let judge = Judge { eyes, schema, in_any_case: false, kind: entry.kind };
        let mut faults = Vec::new();
        judge.judge(schema.root(), properties, &at, Some(&mut faults));
        set_by_aws(&judge, properties, &at, &mut faults);
        for fault in faults {
            if said.insert((fault.rule.code, fault.at.clone(), fault.is.clone())) {
                found.push(diagnostic(fault));
            }
        }
        let between_them = Judge { in_any_case: true, ..judge };
        for rule in schema.rules.iter() {
            between(&between_them, rule, properties, &at, &mut |code, fault| {
                if said.insert((code, fault.at.clone(), String::new())) {
                    found.push(of_rule(rule, fault));
                }
            });
        }
    }
}

fn diagnostic(fault: Fault) -> Diagnostic {
    let diagnostic = fault.rule.at(fault.at, format!("{}; expected {}", fault.is, fault.expected));
    match &fault.near {
        Some((wrong, known)) => diagnostic.did_you_mean(wrong, known.iter().map(String::as_str)),
        None => diagnostic,
    }
}

/// Reports what breaks a rule between properties at the first place where it does.
fn between<'a>(
    judge: &Judge<'a, '_>,
    rule: &'static schema::Rule,
    json: &'a Json,
    at: &Pointer<'_>,
    report: &mut dyn FnMut(&'static str, Fault),
) {
    fn within<'a>(
        judge: &Judge<'a, '_>,
        rule: &'static schema::Rule,
        steps: &str,
        json: &'a Json,
        at: &Pointer<'_>,
        report: &mut dyn FnMut(&'static str, Fault),
    ) {
        if steps.is_empty() {
            let mut faults = Vec::new();
            if judge.judge(&rule.schema, json, at, Some(&mut faults)) == Verdict::Fails
                && let Some(first) = faults.into_iter().next()
            {
                report(&rule.id, first);
            }
            return;
        }
        let (step, rest) = steps.split_once('.').unwrap_or((steps, ""));
        judge.eyes.see(json, at, &mut |seen, at| match seen {
            Seen::Known(std::borrow::Cow::Borrowed(Json::Array(items))) if step == "*" => {
                for (position, item) in items.iter().enumerate() {
                    within(judge, rule, rest, item, &at.index(position), report);
                }
            }
            Seen::Known(std::borrow::Cow::Borrowed(Json::Object(members))) => {
                for (key, member) in members.iter().filter(|(key, _)| step == "*" || step == key.as_str()) {
                    within(judge, rule, rest, member, &at.key(key), report);
                }
            }
            _ => {}
        });
    }
    within(judge, rule, &rule.at, json, at, report);
}

fn of_rule(rule: &'static schema::Rule, fault: Fault) -> Diagnostic {
    let message = format!("{}; {}", fault.is, rule.says);
    let make = if rule.is_warning() { Diagnostic::warning } else { Diagnostic::error };
    make(&rule.id, fault.at, message)
}

/// What AWS sets itself, and what it advises against.
fn set_by_aws<'a>(judge: &Judge<'a, '_>, properties: &'a Json, at: &Pointer<'_>, faults: &mut Vec<Fault>) {
    let schema = judge.schema;
    for (rule, paths, is, expected) in [
        (&faults::READ_ONLY, &schema.read_only_properties, "set by AWS", "it left out"),
        (&faults::DEPRECATED, &schema.deprecated_properties, "deprecated", "it left out, or what has replaced it"),
    ] {
        for path in paths {
            let Some(path) = path.strip_prefix("/properties/") else { continue };
            each_at(judge, path, properties, at, &mut |at| {
                let name = path.rsplit('/').find(|step| *step != "*").unwrap_or(path);
                faults.push(Fault {
                    rule,
                    at: at.to_string(),
                    is: format!("`{name}` is {is}"),
                    expected: expected.to_owned(),
                    near: None,
                });
            });
        }
    }
}

/// Visits what stands at a path such as `Volumes/*/Status`.
fn each_at<'a>(
    judge: &Judge<'a, '_>,
    path: &str,
    json: &'a Json,
    at: &Pointer<'_>,
    visit: &mut dyn FnMut(&Pointer<'_>),
) {
    let (step, rest) = match path.split_once('/') {
        Some((step, rest)) => (step, rest),
        None => (path, ""),
    };
    judge.eyes.see(json, at, &mut |seen, at| match seen {
        Seen::Known(std::borrow::Cow::Borrowed(Json::Array(items))) => {
            let inner = if step == "*" { rest } else { path };
            for (position, item) in items.iter().enumerate() {
                let at = at.index(position);
                if inner.is_empty() { visit(&at) } else { each_at(judge, inner, item, &at, visit) }
            }
        }
        Seen::Known(std::borrow::Cow::Borrowed(Json::Object(members))) => {
            let Some(member) = members.get(step) else { return };
            if judge.eyes.look(member, 0) == Seen::Nothing {
                return;
            }
            let at = at.key(step);
            if rest.is_empty() { visit(&at) } else { each_at(judge, rest, member, &at, visit) }
        }
        _ => {}
    });
}

/// A type named like one of AWS's that the tables do not have; a module's is the business of the registry.
fn unknown_type(entry: &Entry<'_>) -> Option<Diagnostic> {
    let of_aws = ["AWS::", "Alexa::"].iter().any(|prefix| entry.kind.starts_with(prefix));
    if !of_aws || entry.kind.ends_with("::MODULE") {
        return None;
    }
    let message = format!("`{}` is no resource type that is known; expected one that AWS has", entry.kind);
    let at = format!("{}/Type", entry.path);
    Some(faults::UNKNOWN_TYPE.at(at, message).did_you_mean(entry.kind, schema::resource_types()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::assert_finds;

    #[test]
    fn a_rule_about_all_properties_says_what_does_not_go_together() {
        let cluster = json!({
            "Type": "AWS::RDS::DBCluster",
            "Properties": {"Engine": "aurora-mysql", "EngineVersion": "5.7.mysql_aurora.2.04.0"},
        });
        assert_finds(
            check,
            json!({"Resources": {"Data": cluster}}),
            &[
                "warning[W3690]: the properties do not go together; RDS no longer offers this `EngineVersion` to new clusters\n  \
               at   Resources/Data/Properties",
            ],
        );
    }
}
