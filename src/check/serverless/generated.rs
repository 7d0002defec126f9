//! What the transform of the Serverless Application Model declares: resources with ids of its own making, and the names
//! by which a template refers to some of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    check::subject::{Entry, Subject},
    json::Json,
    template::intrinsic::{Place, call},
};

/// The beginnings of ids that belong to no single resource of the template.
const SHARED: [&str; 9] = [
    "ApiGatewayDomainName",
    "CodeDeployServiceRole",
    "DomainNameAccessAssociation",
    "RecordSetGroup",
    "ServerlessDeploymentApplication",
    "ServerlessHttpApi",
    "ServerlessRestApi",
    "ServerlessUsagePlan",
    "ServerlessWebSocketApi",
];

/// The one key of an API that all have in common.
const SHARED_KEY: &str = "ServerlessApiKey";

/// What follows a function's id in the ids of what the transform makes for it, beside the names of its events.
const OF_FUNCTION: [&str; 8] =
    ["Alias", "DeploymentGroup", "EventInvokeConfig", "Role", "URL", "Url", "Version", "ToLambda"];

/// The parts of a resource that `Ref`, `Fn::Sub` and `Fn::GetAtt` reach behind its id and a point: `Worker.Alias`.
const PARTS: [(&str, &[&str]); 4] = [
    (
        "AWS::Serverless::Api",
        &["ApiKey", "Deployment", "DomainName", "DomainNameV2", "Stage", "UsagePlan", "UsagePlanKey"],
    ),
    ("AWS::Serverless::Function", &["Alias", "DestinationQueue", "DestinationTopic", "Version"]),
    ("AWS::Serverless::HttpApi", &["DomainName", "Stage"]),
    ("AWS::Serverless::WebSocketApi", &["DomainName", "Stage"]),
];

/// What the transform declares beside the resources of the template.
pub(in crate::check) struct Generated<'a, 's> {
    /// The resources of which the transform makes others, by their ids.
    transformed: BTreeMap<&'a str, &'s Entry<'a>>,
    /// The ids that properties name for queues and policies that the transform makes.
    named: BTreeSet<&'a str>,
}

impl<'a, 's> Generated<'a, 's> {
    pub fn new(subject: &'s Subject<'a>) -> Self {
        let transformed: BTreeMap<&str, &Entry<'_>> = subject
            .resources
            .iter()
            .filter(|entry| is_transformed(entry.json))
            .map(|entry| (entry.name, entry))
            .collect();
        let mut named = BTreeSet::new();
        for entry in transformed.values() {
            given_ids(entry.json, 0, &mut named);
        }
        Self { transformed, named }
    }

    /// Tells whether a name may be one that the transform declares.
    pub fn may_have(&self, name: &str) -> bool {
        if SHARED.iter().any(|shared| name.starts_with(shared)) || name == SHARED_KEY || self.named.contains(name) {
            return true;
        }
        if let Some((id, part)) = name.split_once('.') {
            return self.has_part(id, part);
        }
        // No id of CloudFormation is longer.
        let ends = name.char_indices().map(|(end, _)| end).skip(1).take(255);
        ends.into_iter().any(|end| {
            let (id, rest) = name.split_at(end);
            self.transformed
                .get(id)
                .is_some_and(|entry| entry.kind != "AWS::Serverless::Function" || of_function(entry.json, rest))
        })
    }

    /// Tells whether a resource has a part of that name: a function has an alias and a version where it publishes one.
    pub fn has_part(&self, id: &str, part: &str) -> bool {
        let part = part.split('.').next().unwrap_or_default();
        self.transformed.get(id).is_some_and(|entry| {
            let published = entry.properties().is_none_or(|properties| properties.get("AutoPublishAlias").is_some());
            Self::parts(entry.kind).contains(&part) && (published || !["Alias", "Version"].contains(&part))
        })
    }

    /// The parts that a resource of a type may have.
    pub fn parts(kind: &str) -> &'static [&'static str] {
        PARTS.iter().find(|(of, _)| *of == kind).map_or(&[], |(_, parts)| parts)
    }
}

/// Tells whether the transform makes other resources of one.
fn is_transformed(resource: &Json) -> bool {
    let kind = resource.get("Type").and_then(Json::as_str);
    kind.is_some_and(|kind| kind.starts_with("AWS::Serverless::")) || resource.get("Connectors").is_some()
}

/// Tells whether the transform may make a resource for a function whose id ends so.
fn of_function(function: &Json, rest: &str) -> bool {
    let properties = &function["Properties"];
    // With a role of its own it gets none.
    if rest == "Role" {
        return match properties.get("Role") {
            None => true,
            Some(role) => matches!(call(role, Place::Other), Some(("Fn::If" | "Ref", _))),
        };
    }
    if function.get("Connectors").is_some() || !properties.is_object() {
        return true;
    }
    let events = match properties.get("Events") {
        None => return OF_FUNCTION.iter().any(|known| rest.starts_with(known)),
        Some(events) => events.as_object(),
    };
    events.is_none_or(|events| {
        let is_open = events.keys().any(|name| name.starts_with("Fn::"));
        is_open || OF_FUNCTION.iter().copied().chain(events.keys().map(String::as_str)).any(|it| rest.starts_with(it))
    })
}

/// Collects the ids that the properties of events name.
fn given_ids<'a>(json: &'a Json, depth: usize, found: &mut BTreeSet<&'a str>) {
    match json {
        Json::Object(members) if depth < 12 => {
            for (key, member) in members {
                match member.as_str() {
                    Some(id) if key == "QueueLogicalId" || key == "QueuePolicyLogicalId" => drop(found.insert(id)),
                    _ => given_ids(member, depth + 1, found),
                }
            }
        }
        Json::Array(items) if depth < 12 => items.iter().for_each(|item| given_ids(item, depth + 1, found)),
        _ => {}
    }
}
