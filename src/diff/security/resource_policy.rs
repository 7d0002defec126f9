//! Policies of resources: whom each lets in, as a document or as a permission of its own.

use serde_json::json;

use super::{
    condition::{clause, guard},
    listed::Listed,
    principal::{Principal, aws, service},
    read::{Entry, Reader, each},
    statement::{Effect, Meaning, Rule, made, rules},
    subject::{Kind, Subject, Subjects},
};
use crate::json::Json;

/// Where the document of a type stands, and the property that names what it is on; none where that is the resource.
struct Place {
    kind: &'static str,
    document: &'static str,
    on: &'static str,
    /// What holds without a document.
    without: Without,
}

#[derive(Clone, Copy, PartialEq)]
enum Without {
    Nothing,
    /// Everyone who can reach it.
    Everything,
}

const fn on(kind: &'static str, document: &'static str, on: &'static str) -> Place {
    Place { kind, document, on, without: Without::Nothing }
}

const fn open(kind: &'static str, document: &'static str) -> Place {
    Place { kind, document, on: "", without: Without::Everything }
}

const PLACES: [Place; 26] = [
    open("AWS::ApiGateway::RestApi", "Policy"),
    on("AWS::Backup::BackupVault", "AccessPolicy", ""),
    on("AWS::CodeArtifact::Domain", "PermissionsPolicyDocument", ""),
    on("AWS::CodeArtifact::Repository", "PermissionsPolicyDocument", ""),
    on("AWS::DynamoDB::Table", "ResourcePolicy/PolicyDocument", ""),
    open("AWS::EC2::VPCEndpoint", "PolicyDocument"),
    on("AWS::ECR::Repository", "RepositoryPolicyText", ""),
    open("AWS::EFS::FileSystem", "FileSystemPolicy"),
    on("AWS::Elasticsearch::Domain", "AccessPolicies", ""),
    on("AWS::Events::EventBus", "Policy", ""),
    on("AWS::KMS::Key", "KeyPolicy", ""),
    on("AWS::KMS::ReplicaKey", "KeyPolicy", ""),
    on("AWS::Kinesis::ResourcePolicy", "ResourcePolicy", "ResourceArn"),
    on("AWS::Logs::ResourcePolicy", "PolicyDocument", ""),
    on("AWS::OpenSearchService::Domain", "AccessPolicies", ""),
    on("AWS::S3::AccessPoint", "Policy", ""),
    on("AWS::S3::BucketPolicy", "PolicyDocument", "Bucket"),
    on("AWS::S3Express::BucketPolicy", "PolicyDocument", "Bucket"),
    on("AWS::S3ObjectLambda::AccessPointPolicy", "PolicyDocument", "ObjectLambdaAccessPoint"),
    on("AWS::SNS::TopicInlinePolicy", "PolicyDocument", "TopicArn"),
    on("AWS::SNS::TopicPolicy", "PolicyDocument", "Topics"),
    on("AWS::SQS::QueueInlinePolicy", "PolicyDocument", "Queue"),
    on("AWS::SQS::QueuePolicy", "PolicyDocument", "Queues"),
    on("AWS::SSM::ResourcePolicy", "Policy", "ResourceArn"),
    on("AWS::SecretsManager::ResourcePolicy", "ResourcePolicy", "SecretId"),
    on("AWS::SecretsManager::Secret", "ResourcePolicy", ""),
];

/// The types whose statements mean the resource where they say `*`.
const ALONE: [&str; 9] = [
    "AWS::KMS::Key",
    "AWS::KMS::ReplicaKey",
    "AWS::SNS::TopicInlinePolicy",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueueInlinePolicy",
    "AWS::SQS::QueuePolicy",
    "AWS::SecretsManager::ResourcePolicy",
    "AWS::Kinesis::ResourcePolicy",
    "AWS::ECR::Repository",
];

/// Takes the policies of resources of a template.
pub(super) fn collect(entries: &[Entry<'_>], reader: &Reader<'_>, found: &mut Subjects) {
    for entry in entries {
        if let Some(place) = PLACES.iter().find(|place| place.kind == entry.kind) {
            document(entry, place, reader, found);
        }
        match entry.kind {
            "AWS::Lambda::Permission" => permission(entry, "FunctionName", reader, found),
            "AWS::Lambda::LayerVersionPermission" => permission(entry, "LayerVersionArn", reader, found),
            "AWS::Events::EventBusPolicy" => bus(entry, reader, found),
            _ => {}
        }
    }
}

fn document(entry: &Entry<'_>, place: &Place, reader: &Reader<'_>, found: &mut Subjects) {
    let (mut path, mut json) = (entry.path(), entry.properties);
    for key in place.document.split('/') {
        (path, json) = (path.join(key), &json[key]);
    }
    let unknown = Principal::Else("whoever its policy names".to_owned());
    let targets = if place.on.is_empty() { &Json::Null } else { &entry.properties[place.on] };
    let named: Vec<String> = each(targets).into_iter().map(|item| reader.text(item)).collect();
    let own: Vec<String> = if place.on.is_empty() { vec![entry.id.to_owned()] } else { named };
    for target in own {
        let id = if place.on.is_empty() { entry.id } else { reader.resource(&target).map_or("", |(id, _)| id) };
        let shown = if id.is_empty() { reader.show(&target) } else { id.to_owned() };
        let kind = if entry.kind.starts_with("AWS::KMS::") { Kind::Key } else { Kind::Resource };
        let mut more = match (json, place.without) {
            (Json::Null, Without::Nothing) => Vec::new(),
            (Json::Null, Without::Everything) => {
                vec![made(Effect::Allow, &["*"], &entry.path(), &entry.guards, &Principal::Everyone)]
            }
            (json, _) => rules(json, &path, &entry.guards, &unknown, reader),
        };
        if ALONE.contains(&entry.kind) {
            more.iter_mut().for_each(|rule| alone(rule, id, reader));
        }
        found.subject(format!("resource {shown}"), || Subject::new(kind, id, &shown)).rules.extend(more);
    }
}

/// Says `*` for the resource itself, as another statement may.
fn alone(rule: &mut Rule, id: &str, reader: &Reader<'_>) {
    for item in &mut rule.meaning.resources.items {
        if reader.resource(item) == Some((id, "")) {
            "*".clone_into(item);
        }
    }
    let listed = &mut rule.meaning.resources;
    *listed = Listed::new(listed.except, std::mem::take(&mut listed.items));
}

/// A permission, which is a statement whose conditions are properties.
fn permission(entry: &Entry<'_>, on: &str, reader: &Reader<'_>, found: &mut Subjects) {
    let text = |key: &str| Some(&entry.properties[key]).filter(|json| !json.is_null()).map(|json| reader.text(json));
    let mut clauses: Vec<_> = entry.guards.iter().map(guard).collect();
    for (key, operator, asked) in [
        ("SourceArn", "ArnLike", "aws:SourceArn"),
        ("SourceAccount", "StringEquals", "aws:SourceAccount"),
        ("PrincipalOrgID", "StringEquals", "aws:PrincipalOrgID"),
        ("OrganizationId", "StringEquals", "aws:PrincipalOrgID"),
        ("EventSourceToken", "StringEquals", "lambda:EventSourceToken"),
        ("FunctionUrlAuthType", "StringEquals", "lambda:FunctionUrlAuthType"),
        ("InvokedViaFunctionUrl", "Bool", "lambda:InvokedViaFunctionUrl"),
    ] {
        clauses.extend(text(key).map(|value| clause(operator, asked, vec![value], reader)));
    }
    clauses.sort();
    let who = text("Principal").unwrap_or_else(|| "*".to_owned());
    let who = if who.contains(".amazon") { Principal::Service(service(who, reader)) } else { aws(who, reader) };
    let written = vec![text("Action").unwrap_or_default()];
    let meaning = Meaning {
        effect: Effect::Allow,
        principals: Listed::new(false, vec![who]),
        actions: Listed::new(false, written.iter().map(|action| action.to_lowercase()).collect()),
        resources: Listed::new(false, vec!["*".to_owned()]),
        clauses,
    };
    let target = text(on).unwrap_or_default();
    let id = reader.resource(&target).filter(|(_, rest)| !rest.starts_with('/')).map_or("", |(id, _)| id);
    let shown = if id.is_empty() { reader.show(&target) } else { id.to_owned() };
    let rule = Rule { meaning, written, path: entry.path() };
    found.subject(format!("resource {shown}"), || Subject::new(Kind::Resource, id, &shown)).rules.push(rule);
}

/// A statement on an event bus: as a whole, or as properties.
fn bus(entry: &Entry<'_>, reader: &Reader<'_>, found: &mut Subjects) {
    let properties = entry.properties;
    let (path, statement) = match &properties["Statement"] {
        Json::Null => {
            let condition = &properties["Condition"];
            let mut statement =
                json!({"Effect": "Allow", "Action": properties["Action"], "Principal": properties["Principal"]});
            if let (Json::String(operator), Json::String(key)) = (&condition["Type"], &condition["Key"]) {
                statement["Condition"] = json!({operator: {key: condition["Value"]}});
            }
            (entry.path(), statement)
        }
        statement => (entry.path().join("Statement"), statement.clone()),
    };
    let unknown = Principal::Else("whoever its policy names".to_owned());
    let mut more = rules(&json!({"Statement": [statement]}), &entry.path(), &entry.guards, &unknown, reader);
    let text = match &properties["EventBusName"] {
        Json::Null => "default".to_owned(),
        name => reader.text(name),
    };
    let id = reader.resource(&text).map_or("", |(id, _)| id);
    let shown = if id.is_empty() { reader.show(&text) } else { id.to_owned() };
    for rule in &mut more {
        rule.path = path.clone();
        rule.meaning.resources = Listed::new(false, vec!["*".to_owned()]);
    }
    found.subject(format!("resource {shown}"), || Subject::new(Kind::Resource, id, &shown)).rules.extend(more);
}
