//! Policies of identities: all that a template attaches to each role, user and group, and who may assume each role.

use super::{
    principal::Principal,
    read::{Entry, Guards, Reader, each},
    statement::{Effect, Rule, made, rules, unseen},
    subject::{Kind, Subject, Subjects},
};
use crate::{check::permission::managed_policy, diagnostic::Path, json::Json};

/// The types of identities.
pub(super) const IDENTITIES: [&str; 4] =
    ["AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group", "AWS::SSO::PermissionSet"];

/// The types that attach a policy: the properties that name whom to.
const ATTACHED: [(&str, &[&str]); 5] = [
    ("AWS::IAM::Policy", &["Roles", "Users", "Groups"]),
    ("AWS::IAM::ManagedPolicy", &["Roles", "Users", "Groups"]),
    ("AWS::IAM::RolePolicy", &["RoleName"]),
    ("AWS::IAM::UserPolicy", &["UserName"]),
    ("AWS::IAM::GroupPolicy", &["GroupName"]),
];

/// Takes the identities of a template, and what is attached to others.
pub(super) fn collect(entries: &[Entry<'_>], reader: &Reader<'_>, found: &mut Subjects) {
    for entry in entries {
        if IDENTITIES.contains(&entry.kind) {
            identity(entry, entries, reader, found);
        } else if let Some((_, properties)) = ATTACHED.iter().find(|(kind, _)| *kind == entry.kind) {
            attach(entry, properties, reader, found);
        }
    }
}

fn identity(entry: &Entry<'_>, entries: &[Entry<'_>], reader: &Reader<'_>, found: &mut Subjects) {
    let (path, properties) = (entry.path(), entry.properties);
    let whom = Principal::Holder;
    let mut own = Vec::new();
    for (number, item) in each(&properties["Policies"]).into_iter().enumerate() {
        let place = path.join("Policies").join(number).join("PolicyDocument");
        for world in reader.worlds(item) {
            let guards = [entry.guards.clone(), world.guards.clone()].concat();
            for policy in each(&world.json) {
                own.extend(rules(&policy["PolicyDocument"], &place, &guards, &whom, reader));
            }
        }
    }
    if !properties["InlinePolicy"].is_null() {
        own.extend(rules(&properties["InlinePolicy"], &path.join("InlinePolicy"), &entry.guards, &whom, reader));
    }
    for key in ["ManagedPolicyArns", "ManagedPolicies"] {
        let place = path.join(key);
        for item in each(&properties[key]) {
            for world in reader.worlds(item) {
                let guards = [entry.guards.clone(), world.guards.clone()].concat();
                each(&world.json)
                    .into_iter()
                    .for_each(|arn| own.extend(managed(arn, &place, &guards, entries, reader)));
            }
        }
    }
    let subject = found.subject(format!("identity {}", entry.id), || Subject::new(Kind::Identity, entry.id, entry.id));
    subject.rules.extend(own);
    let boundary = &properties["PermissionsBoundary"];
    if !boundary.is_null() {
        let place = path.join("PermissionsBoundary");
        subject.is_bounded = true;
        subject.boundary = Some(place.clone());
        for world in reader.sides(boundary) {
            let guards = [entry.guards.clone(), world.guards.clone()].concat();
            let bounds = managed(&world.json, &place, &guards, entries, reader);
            subject.rules.extend(bounds.into_iter().map(|mut rule| {
                if rule.meaning.effect == Effect::Allow {
                    rule.meaning.effect = Effect::Bound;
                }
                rule
            }));
        }
    }
    if entry.kind == "AWS::IAM::Role" {
        let place = path.join("AssumeRolePolicyDocument");
        let unknown = Principal::Else("whoever its trust policy names".to_owned());
        let trust = rules(&properties["AssumeRolePolicyDocument"], &place, &entry.guards, &unknown, reader);
        found.subject(format!("trust {}", entry.id), || Subject::new(Kind::Trust, entry.id, entry.id)).rules.extend(
            trust.into_iter().map(|mut rule| {
                // The role is what it is on.
                rule.meaning.resources.items = vec!["*".to_owned()];
                rule
            }),
        );
    }
}

/// What a managed policy allows: one of the template, one of AWS that is known here, or nobody knows what.
fn managed(arn: &Json, path: &Path, guards: &Guards, entries: &[Entry<'_>], reader: &Reader<'_>) -> Vec<Rule> {
    let whom = Principal::Holder;
    let text = reader.text(arn);
    if let Some((id, "")) = reader.resource(&text)
        && let Some(policy) = entries.iter().find(|entry| entry.id == id && entry.kind == "AWS::IAM::ManagedPolicy")
    {
        let guards = [guards.clone(), policy.guards.clone()].concat();
        return rules(
            &policy.properties["PolicyDocument"],
            &policy.path().join("PolicyDocument"),
            &guards,
            &whom,
            reader,
        );
    }
    let name = text.rsplit_once(":policy/").map_or(text.as_str(), |(_, name)| name);
    match managed_policy(&text) {
        Some(policy) => {
            let mut found = Vec::new();
            if !policy.actions.is_empty() {
                found.push(made(Effect::Allow, policy.actions, path, guards, &whom));
            }
            if !policy.is_whole {
                found.push(unseen(&format!("the managed policy {name}"), path, guards, &whom, reader));
            }
            found
        }
        None => vec![unseen(&format!("the managed policy {name}"), path, guards, &whom, reader)],
    }
}

fn attach(entry: &Entry<'_>, properties: &[&str], reader: &Reader<'_>, found: &mut Subjects) {
    let path = entry.path().join("PolicyDocument");
    for world in properties.iter().flat_map(|key| reader.worlds(&entry.properties[*key])) {
        let guards = [entry.guards.clone(), world.guards.clone()].concat();
        for name in each(&world.json) {
            let text = reader.text(name);
            let own = reader
                .resource(&text)
                .filter(|(id, rest)| rest.is_empty() && reader.kind(id).is_some_and(|kind| IDENTITIES.contains(&kind)));
            let who = own.map_or_else(|| reader.show(&text), |(id, _)| id.to_owned());
            let id = own.map_or("", |(id, _)| id);
            let more = rules(&entry.properties["PolicyDocument"], &path, &guards, &Principal::Holder, reader);
            found.subject(format!("identity {who}"), || Subject::new(Kind::Identity, id, &who)).rules.extend(more);
        }
    }
}
