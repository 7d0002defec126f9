//! E3510, E3512, E3530, F5007: a policy document that IAM or the service of the resource refuses.

mod rules;

use self::rules::{IDENTITY, RESOURCE, SIZE, TRUST};
use super::{
    names::Names,
    place::places,
    resource_policy,
    statement::{alternatives, each},
    symbol::{Answer, Symbol},
};
use crate::{
    check::subject::{Check, Subject},
    diagnostic::{Diagnostic, Path},
    json::Json,
    rule::Rule,
    template::intrinsic::{Place as Within, call},
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&IDENTITY, &RESOURCE, &TRUST, &SIZE], run: check };

/// The properties with policies of users, groups and roles.
const IDENTITIES: [(&str, &str); 9] = [
    ("AWS::IAM::Group", "Policies/*/PolicyDocument"),
    ("AWS::IAM::GroupPolicy", "PolicyDocument"),
    ("AWS::IAM::ManagedPolicy", "PolicyDocument"),
    ("AWS::IAM::Policy", "PolicyDocument"),
    ("AWS::IAM::Role", "Policies/*/PolicyDocument"),
    ("AWS::IAM::RolePolicy", "PolicyDocument"),
    ("AWS::IAM::User", "Policies/*/PolicyDocument"),
    ("AWS::IAM::UserPolicy", "PolicyDocument"),
    ("AWS::Serverless::Function", "Policies/*/PolicyDocument"),
];

/// The characters that the policies of something may have together, white space not counted.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
const SIZES: [(&str, &str, usize); 6] = [
    ("AWS::IAM::Group", "Policies/*/PolicyDocument", 5120),
    ("AWS::IAM::ManagedPolicy", "PolicyDocument", 6144),
    // 2,048 unless one has asked for more.
    ("AWS::IAM::Role", "AssumeRolePolicyDocument", 8192),
    ("AWS::IAM::Role", "Policies/*/PolicyDocument", 10240),
    ("AWS::IAM::User", "Policies/*/PolicyDocument", 2048),
    ("AWS::S3::BucketPolicy", "PolicyDocument", 20480),
];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let names = Names::new(subject.template);
    for (kind, property) in IDENTITIES {
        for place in places(names, kind, property) {
            Document { kind: Kind::Identity, names, rule: &IDENTITY }.check(place.value, &place.path, found);
        }
    }
    for (kind, property, _) in resource_policy::KINDS {
        for place in places(names, kind, property) {
            Document { kind: Kind::Resource, names, rule: &RESOURCE }.check(place.value, &place.path, found);
        }
    }
    for place in places(names, "AWS::IAM::Role", "AssumeRolePolicyDocument") {
        Document { kind: Kind::Trust, names, rule: &TRUST }.check(place.value, &place.path, found);
    }
    for (kind, property, most) in SIZES {
        let places = places(names, kind, property);
        for of_one in places.chunk_by(|one, next| one.id == next.id) {
            let Some(first) = of_one.first() else { continue };
            let size: usize = of_one.iter().map(|place| least(place.value)).sum();
            if size > most {
                let what = if of_one.len() == 1 {
                    "the policy has".to_owned()
                } else {
                    format!("the {} policies have", of_one.len())
                };
                let message = format!("{what} at least {size} characters without white space; expected at most {most}");
                found.push(SIZE.at(first.path.clone(), message));
            }
        }
    }
}

/// The characters that a document has at least, whatever stands in for its functions.
fn least(json: &Json) -> usize {
    match json {
        _ if call(json, Within::Other).is_some() => 2,
        Json::String(text) => text.split_whitespace().map(str::len).sum::<usize>() + 2,
        Json::Array(items) => items.iter().map(|item| least(item) + 1).sum::<usize>().max(1) + 1,
        Json::Object(members) => {
            members.iter().map(|(key, member)| key.len() + 4 + least(member)).sum::<usize>().max(1) + 1
        }
        other => other.to_string().len(),
    }
}

/// What a policy is attached to.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Identity,
    Resource,
    Trust,
}

/// A document that is looked at.
struct Document<'a> {
    kind: Kind,
    names: Names<'a>,
    rule: &'static Rule,
}

const ELEMENTS: [&str; 9] =
    ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];

impl Document<'_> {
    fn check(&self, document: &Json, path: &Path, found: &mut Vec<Diagnostic>) {
        let Some(members) = document.as_object().filter(|_| call(document, Within::Other).is_none()) else { return };
        for key in members.keys() {
            if !["Version", "Id", "Statement"].contains(&key.as_str()) && !key.starts_with("Fn::") {
                let message = format!("`{key}` is no element of a policy; expected `Version`, `Id` or `Statement`");
                found.push(self.rule.at(path.join(key), message).did_you_mean(key, ["Version", "Id", "Statement"]));
            }
        }
        if let Some(version) = document["Version"].as_str()
            && !["2008-10-17", "2012-10-17"].contains(&version)
        {
            let message = format!("`Version` is `{version}`; expected `2012-10-17` or `2008-10-17`");
            found.push(self.rule.at(path.join("Version"), message));
        }
        let list = &document["Statement"];
        let mut sids: Vec<&str> = Vec::new();
        for (number, item) in each(list).enumerate() {
            let path = path.join("Statement");
            let path = if list.is_array() { path.join(number.to_string()) } else { path };
            let sides = alternatives(item);
            for statement in &sides {
                self.statement(statement, &path, found);
            }
            // Only one of the sides of a condition comes to be.
            let Some(sid) = item["Sid"].as_str().filter(|sid| !sid.is_empty()) else { continue };
            if self.kind != Kind::Resource && sids.contains(&sid) {
                let message = format!("`Sid` is `{sid}`, as that of another statement; expected it once in a policy");
                found.push(self.rule.at(path.join("Sid"), message));
            }
            sids.push(sid);
        }
    }

    fn statement(&self, statement: &Json, path: &Path, found: &mut Vec<Diagnostic>) {
        let Some(members) = statement.as_object().filter(|_| call(statement, Within::Other).is_none()) else { return };
        // What a loop or a macro adds cannot be told.
        if members.keys().any(|key| key.starts_with("Fn::")) {
            return;
        }
        let mut report = |key: &str, message: String| {
            let path = if key.is_empty() { path.clone() } else { path.join(key) };
            found.push(self.rule.at(path, message));
        };
        for key in members.keys().filter(|key| !ELEMENTS.contains(&key.as_str())) {
            report(
                key,
                format!(
                    "`{key}` is no element of a statement; expected one of {}",
                    ELEMENTS.map(|known| format!("`{known}`")).join(", ")
                ),
            );
        }
        match &statement["Effect"] {
            Json::Null => report("", "the statement has no `Effect`; expected `Allow` or `Deny`".to_owned()),
            Json::String(effect) if !["Allow", "Deny"].contains(&effect.as_str()) => {
                report("Effect", format!("`Effect` is `{effect}`; expected `Allow` or `Deny`"));
            }
            _ => {}
        }
        if let (Kind::Identity | Kind::Trust, Some(sid)) = (self.kind, statement["Sid"].as_str())
            && !sid.bytes().all(|letter| letter.is_ascii_alphanumeric())
        {
            report("Sid", format!("`Sid` is `{sid}`; expected letters and digits alone"));
        }
        let has = |key: &str| members.contains_key(key);
        for (key, negated, expected) in [
            ("Action", "NotAction", true),
            ("Resource", "NotResource", self.kind != Kind::Trust),
            ("Principal", "NotPrincipal", self.kind != Kind::Identity),
        ] {
            match (has(key), has(negated)) {
                (true, true) => {
                    report(negated, format!("the statement has `{key}` and `{negated}`; expected one of them"))
                }
                (false, false) if expected => {
                    report("", format!("the statement has neither `{key}` nor `{negated}`; expected one of them"));
                }
                (true, false) | (false, true) if !expected => {
                    let key = if has(key) { key } else { negated };
                    report(key, format!("the statement has `{key}`; expected none in {}", self.place()));
                }
                _ => {}
            }
        }
        self.principal(statement, path, found);
        self.condition(statement, path, found);
        for key in ["Action", "NotAction"] {
            for (path, item) in items(statement, key, path) {
                found.extend(self.action(item, path));
            }
        }
        for key in ["Resource", "NotResource"] {
            for (path, item) in items(statement, key, path).filter(|_| self.kind != Kind::Trust) {
                found.extend(self.resource(key, item, path));
            }
        }
    }

    fn place(&self) -> &'static str {
        match self.kind {
            Kind::Identity => "a policy of a role, a user or a group: it is for whom it is attached to",
            Kind::Resource => "a policy of a resource",
            Kind::Trust => "a trust policy: it is for the role that it belongs to",
        }
    }

    fn principal(&self, statement: &Json, path: &Path, found: &mut Vec<Diagnostic>) {
        const KINDS: [&str; 4] = ["AWS", "CanonicalUser", "Federated", "Service"];
        for key in ["Principal", "NotPrincipal"] {
            match &statement[key] {
                Json::String(text) if text != "*" => {
                    let message = format!(
                        "`{key}` is the text `{text}`; expected `*`, or an object with `AWS`, `Service` or `Federated`"
                    );
                    found.push(self.rule.at(path.join(key), message));
                }
                Json::Object(members) if call(&statement[key], Within::Other).is_none() => {
                    for kind in
                        members.keys().filter(|kind| !KINDS.contains(&kind.as_str()) && !kind.starts_with("Fn::"))
                    {
                        let message = format!(
                            "`{kind}` is no kind of principal; expected `AWS`, `CanonicalUser`, `Federated` or `Service`"
                        );
                        found.push(self.rule.at(path.join(key).join(kind), message).did_you_mean(kind, KINDS));
                    }
                }
                _ => {}
            }
        }
    }

    fn condition(&self, statement: &Json, path: &Path, found: &mut Vec<Diagnostic>) {
        let condition = &statement["Condition"];
        let Some(operators) = condition.as_object().filter(|_| call(condition, Within::Other).is_none()) else {
            return;
        };
        for operator in operators.keys().filter(|operator| !is_operator(operator)) {
            let message = format!("`{operator}` is no operator of a condition; expected one that IAM has");
            found.push(self.rule.at(path.join("Condition").join(operator), message).did_you_mean(operator, OPERATORS));
        }
    }

    fn action(&self, item: &Json, path: Path) -> Option<Diagnostic> {
        let text = item.as_str()?;
        let is_name = |part: &str| {
            !part.is_empty() && part.bytes().all(|letter| letter.is_ascii_alphanumeric() || b"-*?".contains(&letter))
        };
        let is_action =
            text == "*" || text.split_once(':').is_some_and(|(service, action)| is_name(service) && is_name(action));
        if is_action || self.kind == Kind::Resource {
            return None;
        }
        let message = format!("the action is `{text}`; expected `*`, or one such as `s3:GetObject`");
        Some(self.rule.at(path, message))
    }

    fn resource(&self, key: &str, item: &Json, path: Path) -> Option<Diagnostic> {
        let symbol = self.names.symbol(item);
        let begins_openly = symbol.begins_openly() || symbol.prefix().starts_with(['*', '?', '$']);
        // Most are seen to be ARNs without a comparison.
        let is_arn = || symbol.prefix().starts_with("arn:") || Symbol::text("arn:*").covers(&symbol) != Answer::No;
        if begins_openly || is_arn() {
            return None;
        }
        let shown = self.names.shown(&symbol);
        let message = format!("`{key}` is `{shown}`; expected an ARN, or `*`");
        let fault = self.rule.at(path, message);
        Some(match call(item, Within::Other) {
            Some(("Ref", Json::String(id))) if self.names.arn(id).is_some() => {
                fault.help(format!("`Ref` gives no ARN of `{id}`: use `!GetAtt {id}.Arn`"))
            }
            _ => fault,
        })
    }
}

/// The items of an element, both sides of conditions among them.
fn items<'j>(statement: &'j Json, key: &str, path: &Path) -> impl Iterator<Item = (Path, &'j Json)> {
    let list = &statement[key];
    let path = path.join(key);
    each(list).enumerate().flat_map(move |(number, item)| {
        let path = if list.is_array() { path.join(number.to_string()) } else { path.clone() };
        alternatives(item).into_iter().map(move |side| (path.clone(), side))
    })
}

const OPERATORS: [&str; 27] = [
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "Null",
];

fn is_operator(name: &str) -> bool {
    let bare = name.strip_prefix("ForAllValues:").or(name.strip_prefix("ForAnyValue:")).unwrap_or(name);
    let bare = bare.strip_suffix("IfExists").unwrap_or(bare);
    name.starts_with("Fn::") || OPERATORS.iter().any(|known| known.eq_ignore_ascii_case(bare))
}
