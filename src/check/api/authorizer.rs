//! E3708 and F6008: an authorization that its authorizer does not give.

use crate::{
    check::{
        read::{each, id_of, resource},
        subject::{Check, Subject},
    },
    diagnostic::{Diagnostic, Severity},
    rule::Rule,
};

static OTHER_TYPE: Rule = Rule {
    code: "E3708",
    severity: Severity::Error,
    title: "an authorizer of another type than the method's authorization",
    why: "\
`AuthorizationType` is not what the authorizer does: `CUSTOM` takes one of type `TOKEN` or
`REQUEST`, `COGNITO_USER_POOLS` one of that type; in an HTTP or WebSocket API, `JWT` and `CUSTOM`
take `JWT` and `REQUEST`. API Gateway refuses the method or route, and the stack is rolled back.",
    fails: "\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: reports}
  Users:
    Type: AWS::ApiGateway::Authorizer
    Properties:
      Name: users
      RestApiId: !Ref Api
      Type: COGNITO_USER_POOLS
      IdentitySource: method.request.header.Authorization
      ProviderARNs: ['arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_a']
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: CUSTOM
      AuthorizerId: !Ref Users
      Integration: {Type: HTTP_PROXY, IntegrationHttpMethod: GET, Uri: 'https://example.com'}",
    passes: COGNITO,
    docs: Some("https://docs.aws.amazon.com/apigateway/latest/api/API_Method.html"),
};

const COGNITO: &str = "\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: reports}
  Users:
    Type: AWS::ApiGateway::Authorizer
    Properties:
      Name: users
      RestApiId: !Ref Api
      Type: COGNITO_USER_POOLS
      IdentitySource: method.request.header.Authorization
      ProviderARNs: ['arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_a']
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: COGNITO_USER_POOLS
      AuthorizerId: !Ref Users
      Integration: {Type: HTTP_PROXY, IntegrationHttpMethod: GET, Uri: 'https://example.com'}";

static NO_AUTHORIZER: Rule = Rule {
    code: "F6008",
    severity: Severity::Error,
    title: "an authorization that wants an authorizer, and has none",
    why: "\
`AuthorizationType` is `CUSTOM`, `COGNITO_USER_POOLS` or `JWT`, and there is no `AuthorizerId`. API
Gateway refuses the method or route (\"Invalid authorizer ID specified\"), and the stack is rolled
back.",
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
      AuthorizationType: COGNITO_USER_POOLS
      Integration: {Type: HTTP_PROXY, IntegrationHttpMethod: GET, Uri: 'https://example.com'}",
    passes: COGNITO,
    docs: Some("https://docs.aws.amazon.com/apigateway/latest/api/API_Method.html"),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&OTHER_TYPE, &NO_AUTHORIZER], run: check };

/// Types of methods and routes, their authorizers', and the property that says what type one is.
const KINDS: [(&str, &str, &str); 2] = [
    ("AWS::ApiGateway::Method", "AWS::ApiGateway::Authorizer", "Type"),
    ("AWS::ApiGatewayV2::Route", "AWS::ApiGatewayV2::Authorizer", "AuthorizerType"),
];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (kind, authorizers, type_property) in KINDS {
        for (id, properties, _) in each(subject, kind) {
            let Some(wanted) = properties["AuthorizationType"].as_str().and_then(|given| types(kind, given)) else {
                continue;
            };
            let given = &properties["AuthorizerId"];
            if given.is_null() {
                let message = format!("`{id}` has no authorizer; expected one of type {}", wanted.join(" or "));
                let path = format!("Resources/{id}/Properties/AuthorizationType");
                found.push(NO_AUTHORIZER.at(path, message).help("set `AuthorizerId`"));
                continue;
            }
            let Some(name) = id_of(subject, given, authorizers) else { continue };
            let Some(authorizer) = resource(subject, name).map(|authorizer| &authorizer["Properties"]) else {
                continue;
            };
            if let Some(own) = authorizer[type_property].as_str()
                && !wanted.contains(&own)
            {
                let message = format!("`{name}` is of type {own}; expected {}", wanted.join(" or "));
                found.push(OTHER_TYPE.at(format!("Resources/{id}/Properties/AuthorizerId"), message));
            }
        }
    }
}

/// The types of authorizer that an authorization wants.
fn types(kind: &str, authorization: &str) -> Option<&'static [&'static str]> {
    match (kind, authorization) {
        ("AWS::ApiGateway::Method", "CUSTOM") => Some(&["TOKEN", "REQUEST"]),
        ("AWS::ApiGateway::Method", "COGNITO_USER_POOLS") => Some(&["COGNITO_USER_POOLS"]),
        ("AWS::ApiGatewayV2::Route", "CUSTOM") => Some(&["REQUEST"]),
        ("AWS::ApiGatewayV2::Route", "JWT") => Some(&["JWT"]),
        _ => None,
    }
}
