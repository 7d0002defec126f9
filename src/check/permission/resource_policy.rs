//! Policies of resources: queues, topics, buckets, keys, functions, and whom each lets in.

use super::{
    names::Names,
    statement::{Statement, alternatives, each, is_service, statements},
    symbol::{Answer, Symbol},
};
use crate::{diagnostic::Path, json::Json};

/// A policy document on resources.
pub(super) struct ResourcePolicy<'a> {
    /// What it is on, by what names it: URLs of queues, ARNs of topics.
    on: Vec<Symbol>,
    /// None where a function gives the document.
    statements: Option<Vec<Statement<'a>>>,
}

/// The policies on resources: type, property of the document, property of what it is on.
pub(super) const KINDS: [(&str, &str, &str); 7] = [
    ("AWS::KMS::Key", "KeyPolicy", ""),
    ("AWS::S3::BucketPolicy", "PolicyDocument", "Bucket"),
    ("AWS::SNS::TopicInlinePolicy", "PolicyDocument", "TopicArn"),
    ("AWS::SNS::TopicPolicy", "PolicyDocument", "Topics"),
    ("AWS::SQS::QueueInlinePolicy", "PolicyDocument", "Queue"),
    ("AWS::SQS::QueuePolicy", "PolicyDocument", "Queues"),
    ("AWS::SecretsManager::ResourcePolicy", "ResourcePolicy", "SecretId"),
];

/// The policies of a template.
pub(super) struct ResourcePolicies<'a> {
    names: Names<'a>,
    found: Vec<ResourcePolicy<'a>>,
}

impl<'a> ResourcePolicies<'a> {
    pub fn new(names: Names<'a>) -> Self {
        let mut found = Vec::new();
        for (kind, document, on) in KINDS {
            for (id, properties) in names.resources(kind) {
                let path = Path::from("Resources").join(id).join("Properties").join(document);
                let on = match on {
                    "" => vec![names.read(id)],
                    on => each(&properties[on]).flat_map(alternatives).map(|item| names.symbol(item)).collect(),
                };
                found.push(ResourcePolicy { on, statements: statements(&properties[document], &path, names) });
            }
        }
        Self { names, found }
    }

    /// Whether one may let in whoever it names, roles too.
    pub fn may_let_in(&self, action: &str, resource: Option<&Symbol>) -> Answer {
        let by_statement = self.found.iter().map(|policy| {
            let statements = policy.statements.as_ref().map(|statements| {
                let for_roles =
                    statements.iter().filter(|statement| statement.allows && statement.may_be_for_a_role(self.names));
                for_roles.map(|statement| statement.speaks_of(action, resource)).max().unwrap_or(Answer::No)
            });
            statements.unwrap_or(Answer::Unknown)
        });
        let invokes = action.starts_with("lambda:");
        let by_permission =
            self.names.resources("AWS::Lambda::Permission").filter(|_| invokes).map(|(_, permission)| {
                let principal = self.names.symbol(&permission["Principal"]);
                Answer::from(principal.literal().is_none_or(|text| !text.contains(".amazonaws."))).perhaps()
            });
        by_statement.chain(by_permission).max().unwrap_or(Answer::No)
    }

    /// Whether the policy of what is named so lets a service in; none where it has no policy.
    pub fn lets_in(&self, on: &Symbol, service: &str, action: &str, resource: &Symbol) -> Option<Answer> {
        let mut answer = None;
        for policy in &self.found {
            let is_on = policy.on.iter().map(|named| named.equals(on)).max().unwrap_or(Answer::No);
            if is_on == Answer::No {
                continue;
            }
            let lets = match &policy.statements {
                None => Answer::Unknown,
                Some(statements) => {
                    let allow = statements.iter().filter(|statement| statement.allows);
                    let each = allow.map(|statement| {
                        statement.is_for_service(service, self.names).and(statement.speaks_of(action, Some(resource)))
                    });
                    each.max().unwrap_or(Answer::No)
                }
            };
            let lets = if is_on == Answer::Yes { lets } else { lets.or(Answer::Unknown) };
            answer = Some(answer.unwrap_or(Answer::No).or(lets));
        }
        answer
    }

    /// Whether a permission lets a service call a function, by its ARN with or without a qualifier, for a source.
    pub fn lets_call(&self, function: &Symbol, service: &str, source: Option<&Symbol>) -> Answer {
        let each = self.names.resources("AWS::Lambda::Permission").map(|(_, permission)| {
            let symbol = |key: &str| self.names.symbol(&permission[key]);
            let on = self.names.function_arn(&symbol("FunctionName")).equals(function);
            let action = Symbol::text(symbol("Action").to_string().to_ascii_lowercase());
            let action = match action.literal() {
                Some("lambda:invokefunction" | "lambda:*" | "*") => Answer::Yes,
                Some(text) => Answer::from(text.contains("${")).perhaps(),
                None => Answer::Unknown,
            };
            let who = is_service(&symbol("Principal"), service);
            let from = match (source, &permission["SourceArn"]) {
                (_, Json::Null) | (None, _) => Answer::Yes,
                (Some(source), written) => self.names.symbol(written).covers(source),
            };
            on.and(action).and(who).and(from)
        });
        each.max().unwrap_or(Answer::No)
    }
}
