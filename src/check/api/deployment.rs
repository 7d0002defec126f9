//! F6001 and F6002: deployments that do not wait for what they deploy, or describe a stage that they do not make.

use std::collections::BTreeMap;

use crate::{
    check::{
        read::{each, id_of},
        subject::{Check, Subject},
        waits::Waits,
    },
    diagnostic::{Budget, Diagnostic, Severity},
    rule::Rule,
};

static DOES_NOT_WAIT: Rule = Rule {
    code: "F6001",
    severity: Severity::Warning,
    title: "a deployment of an API that does not wait for a method or route",
    why: "\
A deployment is a copy of the API at the time when it is made. One that neither refers to a method
or route of the API nor depends on it may be made first: it has no method then, which API Gateway
refuses, or lacks that one, so that calls of it find nothing. Which is first is chance.",
    fails: "\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: reports}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: AWS_IAM
      Integration: {Type: HTTP_PROXY, IntegrationHttpMethod: GET, Uri: 'https://example.com'}
  Deployment:
    Type: AWS::ApiGateway::Deployment
    Properties: {RestApiId: !Ref Api}",
    passes: "\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: reports}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: AWS_IAM
      Integration: {Type: HTTP_PROXY, IntegrationHttpMethod: GET, Uri: 'https://example.com'}
  Deployment:
    Type: AWS::ApiGateway::Deployment
    DependsOn: Get
    Properties: {RestApiId: !Ref Api}",
    docs: Some(
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-deployment.html",
    ),
};

static NO_STAGE_NAME: Rule = Rule {
    code: "F6002",
    severity: Severity::Error,
    title: "the description of a stage that a deployment does not make",
    why: "\
`StageDescription` of a deployment says what the stage is like that it makes, whose name is
`StageName`. Without a name there is no stage, and CloudFormation refuses the deployment.",
    fails: "\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: reports}
  Deployment:
    Type: AWS::ApiGateway::Deployment
    Properties:
      RestApiId: !Ref Api
      StageDescription: {ThrottlingRateLimit: 5}",
    passes: "\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: reports}
  Deployment:
    Type: AWS::ApiGateway::Deployment
    Properties:
      RestApiId: !Ref Api
      StageName: live
      StageDescription: {ThrottlingRateLimit: 5}",
    docs: Some(
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-deployment.html",
    ),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&DOES_NOT_WAIT, &NO_STAGE_NAME], run: check };

/// What a deployment copies: its type, the property that names its API, and the same of the copied parts.
struct Kind {
    deployment: &'static str,
    part: &'static str,
    api: &'static str,
    property: &'static str,
}

const KINDS: [Kind; 2] = [
    Kind {
        deployment: "AWS::ApiGateway::Deployment",
        part: "AWS::ApiGateway::Method",
        api: "AWS::ApiGateway::RestApi",
        property: "RestApiId",
    },
    Kind {
        deployment: "AWS::ApiGatewayV2::Deployment",
        part: "AWS::ApiGatewayV2::Route",
        api: "AWS::ApiGatewayV2::Api",
        property: "ApiId",
    },
];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let waits = Waits::new(subject);
    let looks = Budget::new(MOST_LOOKS);
    for Kind { deployment, part, api, property } in KINDS {
        let mut parts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (id, properties, _) in each(subject, part).filter(|(.., certain)| *certain) {
            if let Some(of) = id_of(subject, &properties[property], api) {
                parts.entry(of).or_default().push(id);
            }
        }
        for (id, properties, _) in each(subject, deployment) {
            if !properties["StageDescription"].is_null() && properties["StageName"].is_null() {
                let path = format!("Resources/{id}/Properties/StageDescription");
                let message = "the deployment describes a stage and makes none; expected `StageName` beside it";
                found.push(NO_STAGE_NAME.at(path, message).help("set `StageName`, or describe a stage of its own"));
            }
            let Some((of, parts)) = id_of(subject, &properties[property], api).and_then(|api| parts.get_key_value(api))
            else {
                continue;
            };
            let Some(waits) = waits.of(id).filter(|_| looks.spend(parts.len())) else { continue };
            let missed: Vec<&str> = parts.iter().copied().filter(|part| !waits.contains(part)).collect();
            if let Some(first) = missed.first() {
                let others = match missed.len() {
                    1 => String::new(),
                    count => format!(" and {} more", count - 1),
                };
                let message = format!("`{id}` does not wait for `{first}`{others} of `{of}`; expected it to");
                let mut help = format!("add to `DependsOn`: {}", missed[..missed.len().min(SHOWN)].join(", "));
                if missed.len() > SHOWN {
                    help.push_str(", …");
                }
                found.push(DOES_NOT_WAIT.at(format!("Resources/{id}"), message).help(help));
            }
        }
    }
}

/// Parts that are looked at for all deployments: more than any template within CloudFormation's limits has.
const MOST_LOOKS: usize = 1_000_000;

/// The names of parts that a help lists.
const SHOWN: usize = 10;
