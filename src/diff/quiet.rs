//! Changes that nobody need look at: texts for people, hashes of code, deployments that follow from a change of an API.

use super::{
    compare::Leaf,
    model::{Action, Change, MachineChange, Quiet, ResourceChange},
};
use crate::template::{Template, machine::state_machines};

/// The last names of properties that are texts for people.
const DESCRIPTIONS: [&str; 6] =
    ["AlarmDescription", "Comment", "Description", "DocumentationVersion", "GroupDescription", "RoleDescription"];

/// The properties that say where an archive of code lies.
const CODE: [(&str, &str); 8] = [
    ("AWS::Lambda::Function", "Code.S3Bucket"),
    ("AWS::Lambda::Function", "Code.S3Key"),
    ("AWS::Lambda::Function", "Code.S3ObjectVersion"),
    ("AWS::Lambda::Function", "Code.ImageUri"),
    ("AWS::Serverless::Function", "CodeUri"),
    ("AWS::Serverless::Function", "ImageUri"),
    ("AWS::CloudFormation::Stack", "TemplateURL"),
    ("AWS::StepFunctions::StateMachine", "DefinitionS3Location.Key"),
];

/// The types of which a change makes a new deployment of the API.
const OF_API: [&str; 8] = [
    "AWS::ApiGateway::Authorizer",
    "AWS::ApiGateway::GatewayResponse",
    "AWS::ApiGateway::Method",
    "AWS::ApiGateway::Model",
    "AWS::ApiGateway::RequestValidator",
    "AWS::ApiGateway::Resource",
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGatewayV2::Route",
];

/// Whether a property is one that nobody need look at.
pub(super) fn of_property(kind: &str, leaf: &Leaf, action: Action) -> Option<Quiet> {
    let name = leaf.names.rsplit('.').next().unwrap_or_default();
    let is_code = CODE.contains(&(kind, leaf.names.as_str()));
    let texts = [&leaf.before, &leaf.after].iter().all(|side| side.as_ref().is_none_or(|json| !json.is_array()));
    match action {
        _ if is_code && leaf.before.is_some() && leaf.after.is_some() => Some(Quiet::CodeHash),
        Action::None | Action::Update if DESCRIPTIONS.contains(&name) && texts => Some(Quiet::Description),
        _ => None,
    }
}

/// Whether an attribute is one that nobody need look at.
pub(super) fn of_attribute(name: &str) -> Option<Quiet> {
    (name == "Metadata").then_some(Quiet::Description)
}

/// Quiets the definitions of state machines that are written otherwise and say the same.
pub(super) fn machines(resources: &mut [ResourceChange], machines: &[MachineChange], old: &Template, new: &Template) {
    let read = |template: &Template| -> Vec<String> {
        let known = state_machines(template).filter(|machine| machine.definition.is_ok());
        known.map(|machine| machine.logical_id.to_owned()).collect()
    };
    let changed = resources.iter_mut().filter(|change| {
        change.change == Change::Changed
            && change.kind == "AWS::StepFunctions::StateMachine"
            && !machines.iter().any(|machine| machine.id == change.id)
    });
    let mut known: Option<[Vec<String>; 2]> = None;
    for change in changed {
        let known = known.get_or_insert_with(|| [read(old), read(new)]);
        if !known.iter().all(|ids| ids.contains(&change.id)) {
            continue;
        }
        for property in &mut change.properties {
            if ["Definition", "DefinitionString"].iter().any(|name| within(&property.path, name)) {
                property.quiet = Some(Quiet::Form);
            }
        }
        fold(change);
    }
}

fn within(path: &str, name: &str) -> bool {
    path.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Makes a change quiet of which every part is.
fn fold(change: &mut ResourceChange) {
    let mut kinds = change.properties.iter().chain(&change.attributes).map(|property| property.quiet);
    change.quiet = kinds.next().flatten().filter(|_| kinds.all(|quiet| quiet.is_some()));
}

/// Quiets the deployments that follow from a change of their API.
pub(super) fn deployments(resources: &mut [ResourceChange]) {
    let follows = resources.iter().any(|change| OF_API.contains(&change.kind.as_str()) && change.quiet.is_none());
    let is_remade = |change: Change| {
        resources.iter().any(|known| known.kind == "AWS::ApiGateway::Deployment" && known.change == change)
    };
    if !follows || !(is_remade(Change::Added) && is_remade(Change::Removed) || is_remade(Change::Changed)) {
        return;
    }
    for change in resources {
        match change.kind.as_str() {
            "AWS::ApiGateway::Deployment" => change.quiet = Some(Quiet::Deployment),
            "AWS::ApiGateway::Stage" => {
                for property in &mut change.properties {
                    if property.path == *"DeploymentId" {
                        property.quiet = Some(Quiet::Deployment);
                    }
                }
                fold(change);
            }
            _ => {}
        }
    }
}
