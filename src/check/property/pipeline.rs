//! E3700, E3701 and F4016: pipelines whose stages, artifacts or actions do not fit.

use std::collections::BTreeMap;

use crate::{
    check::{
        read::number,
        subject::{Check, Subject},
        view::{View, each_view},
    },
    diagnostic::{Diagnostic, Severity},
    json::Json,
    rule::Rule,
};

const SOUND: &str = "\
Resources:
  Pipeline:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/pipeline
      ArtifactStore: {Type: S3, Location: artifacts}
      Stages:
      - Name: Source
        Actions:
        - Name: Code
          ActionTypeId: {Category: Source, Owner: AWS, Provider: S3, Version: '1'}
          Configuration: {S3Bucket: code, S3ObjectKey: code.zip}
          OutputArtifacts: [{Name: code}]
      - Name: Build
        Actions:
        - Name: Build
          ActionTypeId: {Category: Build, Owner: AWS, Provider: CodeBuild, Version: '1'}
          Configuration: {ProjectName: build}
          InputArtifacts: [{Name: code}]";

static FIRST_STAGE: Rule = Rule {
    code: "E3700",
    severity: Severity::Error,
    title: "an action in a stage where its category does not belong",
    why: "\
The first stage of a pipeline has actions of the category `Source` only, and no other stage has
any. CodePipeline refuses the structure.",
    fails: "\
Resources:
  Pipeline:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/pipeline
      ArtifactStore: {Type: S3, Location: artifacts}
      Stages:
      - Name: Build
        Actions:
        - Name: Approve
          ActionTypeId: {Category: Approval, Owner: AWS, Provider: Manual, Version: '1'}
      - Name: Again
        Actions:
        - Name: Approve
          ActionTypeId: {Category: Approval, Owner: AWS, Provider: Manual, Version: '1'}",
    passes: SOUND,
    docs: DOCS,
};

static ARTIFACT: Rule = Rule {
    code: "E3701",
    severity: Severity::Error,
    title: "an artifact that no earlier action makes",
    why: "\
What an action takes is the output of an action before it: in an earlier stage, or in its own with
a smaller `RunOrder`. CodePipeline refuses the structure otherwise.",
    fails: "\
Resources:
  Pipeline:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/pipeline
      ArtifactStore: {Type: S3, Location: artifacts}
      Stages:
      - Name: Source
        Actions:
        - Name: Code
          ActionTypeId: {Category: Source, Owner: AWS, Provider: S3, Version: '1'}
          Configuration: {S3Bucket: code, S3ObjectKey: code.zip}
          OutputArtifacts: [{Name: code}]
      - Name: Build
        Actions:
        - Name: Build
          ActionTypeId: {Category: Build, Owner: AWS, Provider: CodeBuild, Version: '1'}
          Configuration: {ProjectName: build}
          InputArtifacts: [{Name: source}]",
    passes: SOUND,
    docs: DOCS,
};

static PROVIDER: Rule = Rule {
    code: "F4016",
    severity: Severity::Error,
    title: "a provider of actions that has another owner or category",
    why: "\
The type of an action is a category, an owner and a provider that go together. CodePipeline
refuses those that do not (\"ActionType is not available\").",
    fails: "\
Resources:
  Pipeline:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      RoleArn: arn:aws:iam::123456789012:role/pipeline
      ArtifactStore: {Type: S3, Location: artifacts}
      Stages:
      - Name: Source
        Actions:
        - Name: Code
          ActionTypeId: {Category: Source, Owner: ThirdParty, Provider: S3, Version: '1'}
          Configuration: {S3Bucket: code, S3ObjectKey: code.zip}
          OutputArtifacts: [{Name: code}]
      - Name: Approve
        Actions:
        - Name: Approve
          ActionTypeId: {Category: Approval, Owner: AWS, Provider: Manual, Version: '1'}",
    passes: SOUND,
    docs: Some("https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-pipeline-structure.html"),
};

const DOCS: Option<&str> = Some(
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-codepipeline-pipeline.html",
);

pub(in crate::check) static CHECK: Check = Check { rules: &[&FIRST_STAGE, &ARTIFACT, &PROVIDER], run: check };

/// Providers, their owner, and the categories of their actions.
const PROVIDERS: [(&str, &str, &[&str]); 15] = [
    ("CloudFormation", "AWS", &["Deploy"]),
    ("CodeBuild", "AWS", &["Build", "Test"]),
    ("CodeCommit", "AWS", &["Source"]),
    ("CodeDeploy", "AWS", &["Deploy"]),
    ("CodeDeployToECS", "AWS", &["Deploy"]),
    ("CodeStarSourceConnection", "AWS", &["Source"]),
    ("DeviceFarm", "AWS", &["Test"]),
    ("ECR", "AWS", &["Source"]),
    ("ECS", "AWS", &["Deploy"]),
    ("ElasticBeanstalk", "AWS", &["Deploy"]),
    ("GitHub", "ThirdParty", &["Source"]),
    ("Lambda", "AWS", &["Invoke"]),
    ("Manual", "AWS", &["Approval"]),
    ("S3", "AWS", &["Source", "Deploy"]),
    ("StepFunctions", "AWS", &["Invoke"]),
];

/// An action of a pipeline, with its place.
struct Action<'a> {
    stage: usize,
    json: &'a Json,
    at: String,
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    each_view(subject, &["AWS::CodePipeline::Pipeline"], found, &mut |view, found| {
        let Some(actions) = actions(view) else { return };
        for action in &actions {
            category(action, found);
            provider(action, found);
        }
        artifacts(&actions, found);
    });
}

/// The actions of all stages, if all are known.
fn actions<'a>(view: &View<'a, '_>) -> Option<Vec<Action<'a>>> {
    let mut actions = Vec::new();
    for (stage, json) in view.elements("Stages")?.into_iter().enumerate() {
        for (position, json) in json.get("Actions")?.as_array()?.iter().enumerate() {
            json.get("ActionTypeId")?;
            let at = format!("{}/{stage}/Actions/{position}", view.at("Stages"));
            actions.push(Action { stage, json, at });
        }
    }
    Some(actions)
}

fn category(action: &Action<'_>, found: &mut Vec<Diagnostic>) {
    let Some(category) = action.json["ActionTypeId"]["Category"].as_str() else { return };
    let expected = match (action.stage, category) {
        (0, "Source") => return,
        (0, _) => "`Source`, as all actions of the first stage",
        (_, "Source") => "another one in any stage but the first",
        _ => return,
    };
    let message = format!("`Category` is `{category}`; expected {expected}");
    found.push(FIRST_STAGE.at(format!("{}/ActionTypeId/Category", action.at), message));
}

fn provider(action: &Action<'_>, found: &mut Vec<Diagnostic>) {
    let of_type = |name| action.json["ActionTypeId"][name].as_str();
    let (Some(provider), Some(owner), Some(category)) = (of_type("Provider"), of_type("Owner"), of_type("Category"))
    else {
        return;
    };
    let Some((_, its_owner, categories)) = PROVIDERS.iter().find(|(name, ..)| *name == provider) else { return };
    if owner == "Custom" {
        return;
    }
    if owner != *its_owner {
        let message = format!("`Owner` is `{owner}`; expected `{its_owner}`, whose provider `{provider}` is");
        found.push(PROVIDER.at(format!("{}/ActionTypeId/Owner", action.at), message));
    }
    if !categories.contains(&category) {
        let message =
            format!("`Category` is `{category}`; expected one of the provider `{provider}`: {}", categories.join(", "));
        found.push(PROVIDER.at(format!("{}/ActionTypeId/Category", action.at), message));
    }
}

/// What is taken before it is made. An artifact whose name is not known may be any.
fn artifacts(actions: &[Action<'_>], found: &mut Vec<Diagnostic>) {
    let order = |action: &Action<'_>| match action.json.get("RunOrder") {
        None => Some((action.stage, 1)),
        Some(order) => number(order).map(|order| (action.stage, order)),
    };
    let mut made: BTreeMap<&str, (usize, i64)> = BTreeMap::new();
    for action in actions {
        let Some(outputs) = names(action.json, "OutputArtifacts") else { return };
        let Some(order) = order(action) else { return };
        for name in outputs {
            let first = made.entry(name).or_insert(order);
            *first = order.min(*first);
        }
    }
    for action in actions {
        let (Some(inputs), Some(order)) = (names(action.json, "InputArtifacts"), order(action)) else { continue };
        for (position, name) in inputs.into_iter().enumerate() {
            if made.get(name).is_none_or(|first| *first >= order) {
                let message = format!("no action before this one makes the artifact `{name}`; expected one that does");
                let at = format!("{}/InputArtifacts/{position}/Name", action.at);
                found.push(ARTIFACT.at(at, message).did_you_mean(name, made.keys().copied()));
            }
        }
    }
}

/// The names of the artifacts of an action, if all are known.
fn names<'a>(action: &'a Json, list: &str) -> Option<Vec<&'a str>> {
    match action.get(list) {
        None => Some(Vec::new()),
        Some(artifacts) => artifacts.as_array()?.iter().map(|artifact| artifact.get("Name")?.as_str()).collect(),
    }
}
