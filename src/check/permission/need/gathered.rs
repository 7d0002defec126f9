//! What was gathered: who needs which action on what.

use crate::{
    check::permission::{
        names::Names,
        resource_policy::ResourcePolicies,
        role::Role,
        symbol::{Answer, Symbol},
    },
    diagnostic::{Path, Severity},
    json::Json,
};

/// An action that a role must be allowed.
#[derive(Debug)]
pub(in crate::check::permission) struct Need<'a> {
    /// The role's logical id.
    pub role: &'a str,
    /// Who needs it: ``the task `Render` ``.
    pub who: String,
    /// Where that is written.
    pub path: Path,
    pub action: String,
    /// What it is needed on; none where only the run knows.
    pub resource: Option<Symbol>,
    /// An error where something fails without it, a warning where something is only lost.
    pub severity: Severity,
}

/// What the needs are gathered from, and what was gathered.
pub(in crate::check::permission) struct Needs<'a> {
    pub names: Names<'a>,
    pub found: Vec<Need<'a>>,
    /// What may need something that nobody can tell here: where it is, and why.
    pub undecided: Vec<(Path, String)>,
}

/// Someone who needs something.
#[derive(Clone)]
pub(super) struct Needy<'a> {
    pub role: &'a str,
    pub who: String,
    pub path: Path,
}

impl<'a> Needs<'a> {
    pub fn new(names: Names<'a>) -> Self {
        Self { names, found: Vec::new(), undecided: Vec::new() }
    }

    /// The role of the template that a property names; none where it is another's.
    pub fn role(&self, json: &Json) -> Option<&'a str> {
        if json.is_null() { None } else { self.names.named(json, "AWS::IAM::Role") }
    }

    fn add(&mut self, needy: &Needy<'a>, severity: Severity, actions: &[&str], resource: Option<&Symbol>) {
        for action in actions {
            self.found.push(Need {
                role: needy.role,
                who: needy.who.clone(),
                path: needy.path.clone(),
                action: (*action).to_owned(),
                resource: resource.cloned(),
                severity,
            });
        }
    }

    /// Something that fails without it.
    pub(super) fn must(&mut self, needy: &Needy<'a>, actions: &[&str], resource: Option<&Symbol>) {
        self.add(needy, Severity::Error, actions, resource);
    }

    /// Something that loses by its lack.
    pub(super) fn should(&mut self, needy: &Needy<'a>, actions: &[&str], resource: Option<&Symbol>) {
        self.add(needy, Severity::Warning, actions, resource);
    }

    /// What a service needs to hand something to a target that is known by its ARN.
    pub(super) fn deliver(&mut self, needy: &Needy<'a>, target: &Symbol) {
        let service = target.prefix().strip_prefix("arn:aws:").and_then(|rest| rest.split(':').next());
        let actions: &[&str] = match service {
            Some("lambda") => &["lambda:InvokeFunction"],
            Some("sqs") => &["sqs:SendMessage"],
            Some("sns") => &["sns:Publish"],
            Some("states") => &["states:StartExecution"],
            Some("events") => &["events:PutEvents"],
            Some("kinesis") => &["kinesis:PutRecord"],
            Some("firehose") => &["firehose:PutRecord"],
            _ => {
                self.undecided.push((needy.path.clone(), format!("what {} needs for {target}", needy.who)));
                return;
            }
        };
        self.must(needy, actions, Some(target));
        self.encrypt(needy, target);
    }

    /// What a message to an encrypted topic or queue needs of the key.
    pub(super) fn encrypt(&mut self, needy: &Needy<'a>, target: &Symbol) {
        if let Some(key) = self.key_of(target) {
            self.must(needy, &["kms:GenerateDataKey", "kms:Decrypt"], Some(&key));
        }
    }

    /// The key of the template that a topic or queue of it is encrypted with.
    pub fn key_of(&self, target: &Symbol) -> Option<Symbol> {
        let names = self.names;
        let property = ["AWS::SNS::Topic", "AWS::SQS::Queue"].into_iter().find_map(|kind| {
            let id = names.named_by(target, kind)?;
            Some(&names.resource(id, kind)?["Properties"]["KmsMasterKeyId"])
        })?;
        if property.is_null() { None } else { names.arn(names.named(property, "AWS::KMS::Key")?) }
    }
}

impl Need<'_> {
    /// Whether the role is allowed it, by its own policies or by those of the resource.
    pub fn answer(&self, role: &Role<'_>, policies: &ResourcePolicies<'_>) -> Answer {
        let resource = self.resource.as_ref();
        match role.may(&self.action, resource) {
            Answer::No => policies.may_let_in(&self.action, resource).perhaps(),
            answer => answer,
        }
    }

    /// Whether it differs from another in nothing but the action.
    pub fn is_beside(&self, other: &Self) -> bool {
        (self.role, &self.who, &self.path, &self.resource, self.severity)
            == (other.role, &other.who, &other.path, &other.resource, other.severity)
    }
}
