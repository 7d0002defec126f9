//! E3698, E3699 and F6007: parts of different APIs.

use crate::{
    check::{
        read::{each, named, resource},
        subject::{Check, Subject},
    },
    diagnostic::{Diagnostic, Severity},
    json::Json,
    rule::Rule,
};

static OTHER_DEPLOYMENT: Rule = Rule {
    code: "E3698",
    severity: Severity::Error,
    title: "a stage with the deployment of another API",
    why: "\
The stage and the deployment that it shows are of different APIs of the template. API Gateway finds
no such deployment in the API of the stage and refuses it, and the stack is rolled back.",
    fails: "\
Resources:
  Reports:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: reports}
  Letters:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: letters}
  Deployment:
    Type: AWS::ApiGateway::Deployment
    Properties: {RestApiId: !Ref Letters}
  Live:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !Ref Reports
      DeploymentId: !Ref Deployment
      StageName: live
      MethodSettings: [{HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 5, ThrottlingBurstLimit: 5}]",
    passes: "\
Resources:
  Reports:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: reports}
  Deployment:
    Type: AWS::ApiGateway::Deployment
    Properties: {RestApiId: !Ref Reports}
  Live:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !Ref Reports
      DeploymentId: !Ref Deployment
      StageName: live
      MethodSettings: [{HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 5, ThrottlingBurstLimit: 5}]",
    docs: Some("https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html"),
};

static OTHER_AUTHORIZER: Rule = Rule {
    code: "E3699",
    severity: Severity::Error,
    title: "a method or route with the authorizer of another API",
    why: "\
The method or route and its authorizer are of different APIs of the template. API Gateway refuses
it (\"Invalid authorizer ID specified\"), and the stack is rolled back.",
    fails: "\
Resources:
  Reports:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: reports, ProtocolType: HTTP}
  Letters:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: letters, ProtocolType: HTTP}
  Users:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties:
      ApiId: !Ref Letters
      AuthorizerType: JWT
      IdentitySource: [$request.header.Authorization]
      JwtConfiguration: {Audience: [reports], Issuer: 'https://example.com'}
      Name: users
  Get:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Reports, RouteKey: GET /, AuthorizationType: JWT, AuthorizerId: !Ref Users}",
    passes: "\
Resources:
  Reports:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: reports, ProtocolType: HTTP}
  Users:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties:
      ApiId: !Ref Reports
      AuthorizerType: JWT
      IdentitySource: [$request.header.Authorization]
      JwtConfiguration: {Audience: [reports], Issuer: 'https://example.com'}
      Name: users
  Get:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Reports, RouteKey: GET /, AuthorizationType: JWT, AuthorizerId: !Ref Users}",
    docs: Some("https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html"),
};

static OTHER_PART: Rule = Rule {
    code: "F6007",
    severity: Severity::Error,
    title: "parts of different APIs in one resource",
    why: "\
A method, resource, route or response names a part of another API of the template than its own: a
resource, model, validator or integration. API Gateway finds no such part in the API and refuses
it, and the stack is rolled back.",
    fails: "\
Resources:
  Reports:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: reports}
  Letters:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: letters}
  Resource:
    Type: AWS::ApiGateway::Resource
    Properties: {RestApiId: !Ref Reports, ParentId: !GetAtt Letters.RootResourceId, PathPart: reports}",
    passes: "\
Resources:
  Reports:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: reports}
  Letters:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: letters}
  Resource:
    Type: AWS::ApiGateway::Resource
    Properties: {RestApiId: !Ref Reports, ParentId: !GetAtt Reports.RootResourceId, PathPart: reports}",
    docs: Some("https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-create-api.html"),
};

pub(in crate::check) static CHECK: Check =
    Check { rules: &[&OTHER_DEPLOYMENT, &OTHER_AUTHORIZER, &OTHER_PART], run: check };

/// The properties that name a part of an API, by type; that of the API itself is the second.
const PARTS: [(&str, &str, &[&str]); 9] = [
    (
        "AWS::ApiGateway::Method",
        "RestApiId",
        &["ResourceId", "AuthorizerId", "RequestValidatorId", "RequestModels/*", "MethodResponses/*/ResponseModels/*"],
    ),
    ("AWS::ApiGateway::Resource", "RestApiId", &["ParentId"]),
    ("AWS::ApiGateway::Stage", "RestApiId", &["DeploymentId"]),
    ("AWS::ApiGatewayV2::Route", "ApiId", &["AuthorizerId", "Target", "RequestModels/*"]),
    ("AWS::ApiGatewayV2::Stage", "ApiId", &["DeploymentId"]),
    ("AWS::ApiGatewayV2::IntegrationResponse", "ApiId", &["IntegrationId"]),
    ("AWS::ApiGatewayV2::RouteResponse", "ApiId", &["RouteId"]),
    ("AWS::ApiGateway::BasePathMapping", "RestApiId", &["Stage"]),
    ("AWS::ApiGatewayV2::ApiMapping", "ApiId", &["Stage"]),
];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (kind, api, parts) in PARTS {
        for (id, properties, _) in each(subject, kind) {
            let Some(own) = api_of(subject, &properties[api]) else { continue };
            for part in parts {
                let mut given = Vec::new();
                collect(properties, part, format!("Resources/{id}/Properties"), &mut given);
                for (path, json) in given {
                    let Some((name, other)) = owner(subject, json).filter(|(_, other)| *other != own) else { continue };
                    let rule = match *part {
                        "DeploymentId" => &OTHER_DEPLOYMENT,
                        "AuthorizerId" => &OTHER_AUTHORIZER,
                        _ => &OTHER_PART,
                    };
                    let message = match name == other {
                        true => format!(
                            "this is the root of `{other}`, and `{id}` a part of `{own}`; expected the same API"
                        ),
                        false => {
                            format!("`{name}` is a part of `{other}`, and `{id}` of `{own}`; expected the same API")
                        }
                    };
                    found.push(rule.at(path, message));
                }
            }
        }
    }
}

/// The values at a path in which `*` is each member or item.
fn collect<'a>(json: &'a Json, path: &str, at: String, found: &mut Vec<(String, &'a Json)>) {
    let (first, rest) = path.split_once('/').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let inner: Vec<(String, &Json)> = match (first, json) {
        ("*", Json::Array(items)) => {
            items.iter().enumerate().map(|(index, item)| (format!("{at}/{index}"), item)).collect()
        }
        ("*", Json::Object(members)) => {
            members.iter().map(|(key, member)| (format!("{at}/{}", crate::json::escape(key)), member)).collect()
        }
        (name, json) => vec![(format!("{at}/{name}"), &json[name])],
    };
    for (at, json) in inner {
        match rest {
            Some(rest) => collect(json, rest, at, found),
            None => found.push((at, json)),
        }
    }
}

/// The API of the template that a value is the id of.
fn api_of<'a>(subject: &Subject<'a>, json: &'a Json) -> Option<&'a str> {
    let (id, attribute) = named(json)?;
    let is_id = attribute.is_none_or(|attribute| ["RestApiId", "ApiId"].contains(&attribute));
    (is_id && is_api(subject, id)).then_some(id)
}

fn is_api(subject: &Subject<'_>, id: &str) -> bool {
    let kind = resource(subject, id).and_then(|resource| resource["Type"].as_str());
    kind.is_some_and(|kind| ["AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api"].contains(&kind))
}

/// The part of an API that a value names, and the API.
fn owner<'a>(subject: &Subject<'a>, json: &'a Json) -> Option<(&'a str, &'a str)> {
    let (id, attribute) = named(json).or_else(|| target(json))?;
    if attribute == Some("RootResourceId") {
        return is_api(subject, id).then_some((id, id));
    }
    let part = resource(subject, id)
        .filter(|part| part["Type"].as_str().is_some_and(|kind| kind.starts_with("AWS::ApiGateway")))?;
    let api = ["RestApiId", "ApiId"].iter().find_map(|name| api_of(subject, &part["Properties"][name]))?;
    Some((id, api))
}

/// What the target of a route names: `integrations/${Integration}`, or the same put together.
fn target(json: &Json) -> Option<(&str, Option<&str>)> {
    if let Some(text) = json.get("Fn::Sub").and_then(Json::as_str) {
        let name = text.strip_prefix("integrations/${")?.strip_suffix('}')?;
        return name.chars().all(|letter| letter.is_ascii_alphanumeric()).then_some((name, None));
    }
    let (delimiter, parts) = crate::template::intrinsic::join(json.get("Fn::Join")?)?;
    match (delimiter, parts) {
        ("/", [Json::String(first), integration]) if first == "integrations" => named(integration),
        ("", [Json::String(first), integration]) if first == "integrations/" => named(integration),
        _ => None,
    }
}
