//! F6009, F6010 and F6011: routes that are none, or there twice.

use std::collections::BTreeMap;

use crate::{
    check::{
        read::{each, id_of, named, resource},
        subject::{Check, Subject},
    },
    diagnostic::{Diagnostic, Severity},
    json::Json,
    rule::Rule,
};

static NO_ROUTE_KEY: Rule = Rule {
    code: "F6009",
    severity: Severity::Error,
    title: "a route key of an HTTP API that is none",
    why: "\
The key of a route of an HTTP API is a method and a path, `GET /reports`, with `ANY` for every
method, or `$default`. API Gateway refuses another one (\"The provided route key is not formatted
properly\"), and the stack is rolled back.",
    fails: "\
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: reports, ProtocolType: HTTP}
  Get:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Api, RouteKey: GET reports, AuthorizationType: AWS_IAM}",
    passes: "\
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: reports, ProtocolType: HTTP}
  Get:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Api, RouteKey: GET /reports, AuthorizationType: AWS_IAM}",
    docs: Some("https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html"),
};

static TWICE: Rule = Rule {
    code: "F6010",
    severity: Severity::Error,
    title: "a method, route or path that an API has already",
    why: "\
Two routes of an API have the same key, two methods the same resource and HTTP method, or two
resources the same parent and path part; of parts in braces, a parent has only one, whatever its
name. API Gateway refuses the second, and the stack is rolled back.",
    fails: "\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: reports}
  ById:
    Type: AWS::ApiGateway::Resource
    Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: '{id}'}
  ByName:
    Type: AWS::ApiGateway::Resource
    Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: '{name}'}",
    passes: "\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: reports}
  ById:
    Type: AWS::ApiGateway::Resource
    Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: '{id}'}
  Newest:
    Type: AWS::ApiGateway::Resource
    Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: newest}",
    docs: Some(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-settings-method-request.html",
    ),
};

static NO_SELECTION: Rule = Rule {
    code: "F6011",
    severity: Severity::Error,
    title: "a WebSocket API that does not say how it selects a route",
    why: "\
A WebSocket API finds the route of a message by its `RouteSelectionExpression`, such as
`$request.body.action`. API Gateway refuses one without, and the stack is rolled back.",
    fails: "\
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: chat, ProtocolType: WEBSOCKET}",
    passes: "\
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: chat, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action}",
    docs: Some("https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-routes.html"),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&NO_ROUTE_KEY, &TWICE, &NO_SELECTION], run: check };

const API: &str = "AWS::ApiGatewayV2::Api";
const METHODS: [&str; 8] = ["ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (id, api, _) in each(subject, API) {
        if api["ProtocolType"] == "WEBSOCKET"
            && api["RouteSelectionExpression"].is_null()
            && api["Body"].is_null()
            && api["BodyS3Location"].is_null()
        {
            let message = "the WebSocket API has no `RouteSelectionExpression`; expected one";
            found.push(
                NO_SELECTION
                    .at(format!("Resources/{id}/Properties"), message)
                    .help("set it to `$request.body.action`, say"),
            );
        }
    }
    let mut taken = Taken::default();
    for (id, route, certain) in each(subject, "AWS::ApiGatewayV2::Route") {
        let Some((api, key)) = id_of(subject, &route["ApiId"], API).zip(route["RouteKey"].as_str()) else { continue };
        let is_http = resource(subject, api).is_some_and(|api| api["Properties"]["ProtocolType"] == "HTTP");
        let path = format!("Resources/{id}/Properties/RouteKey");
        if is_http && !is_route_key(key) {
            let message =
                format!("`{key}` is no route key; expected a method and a path, as `GET /reports`, or `$default`");
            found.push(NO_ROUTE_KEY.at(path, message));
        } else if certain {
            let what = format!("the route `{key}`");
            taken.take(
                (api, key.to_owned()),
                id,
                |first| (path, format!("`{first}` is {what} of `{api}` already; expected one")),
                found,
            );
        }
    }
    let mut taken = Taken::default();
    for (id, method, certain) in each(subject, "AWS::ApiGateway::Method") {
        let place = place(&method["ResourceId"]).zip(method["HttpMethod"].as_str());
        let Some((place, verb)) = place.filter(|_| certain) else { continue };
        let path = format!("Resources/{id}/Properties/HttpMethod");
        let say = |first: &str| (path, format!("`{first}` is the {verb} of this resource already; expected one"));
        taken.take((verb, place), id, say, found);
    }
    let mut taken = Taken::default();
    for (id, properties, certain) in each(subject, "AWS::ApiGateway::Resource") {
        let place = place(&properties["ParentId"]).zip(properties["PathPart"].as_str());
        let Some((place, part)) = place.filter(|_| certain) else { continue };
        let key = if part.starts_with('{') { "{}" } else { part };
        let path = format!("Resources/{id}/Properties/PathPart");
        let say =
            |first: &str| (path, format!("`{first}` takes this part of the path already; expected one such part"));
        taken.take((key, place), id, say, found);
    }
}

/// The resource of a path that a value names, as a text.
fn place(json: &Json) -> Option<String> {
    let (id, attribute) = named(json)?;
    Some(match attribute {
        Some("RootResourceId") => format!("{id}."),
        _ => id.to_owned(),
    })
}

/// What is taken, with who has it.
#[derive(Default)]
struct Taken<'a>(BTreeMap<(&'a str, String), &'a str>);

impl<'a> Taken<'a> {
    fn take(
        &mut self,
        key: (&'a str, String),
        id: &'a str,
        say: impl FnOnce(&str) -> (String, String),
        found: &mut Vec<Diagnostic>,
    ) {
        match self.0.get(&key) {
            Some(first) => {
                let (path, message) = say(first);
                found.push(TWICE.at(path, message));
            }
            None => {
                self.0.insert(key, id);
            }
        }
    }
}

fn is_route_key(key: &str) -> bool {
    key == "$default"
        || key.split_once(' ').is_some_and(|(method, path)| {
            METHODS.iter().any(|known| known.eq_ignore_ascii_case(method)) && path.starts_with('/')
        })
}
