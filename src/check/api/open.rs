//! F6012 and F6013: APIs that take anybody's calls, or any number of them.

use std::collections::BTreeSet;

use crate::{
    check::{
        read::{each, id_of, is_incomplete, named, resource},
        subject::{Check, Subject},
    },
    diagnostic::{Diagnostic, Severity},
    json::{Json, Pointer, has_key, walk},
    rule::Rule,
};

static NO_AUTHORIZATION: Rule = Rule {
    code: "F6012",
    severity: Severity::Warning,
    title: "a method or route that anybody may call",
    why: "\
The method or route has no authorization and wants no API key, and its API has no resource policy:
whoever knows the address may call it. It is a warning, since that may be meant. The preflight
requests of browsers (`OPTIONS`), which carry none, are left out, and of a WebSocket API only
`$connect` is asked for one.",
    fails: "\
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: reports, ProtocolType: HTTP}
  Get:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Api, RouteKey: GET /reports}",
    passes: "\
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: reports, ProtocolType: HTTP}
  Get:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Api, RouteKey: GET /reports, AuthorizationType: AWS_IAM}",
    docs: Some("https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html"),
};

static NO_THROTTLING: Rule = Rule {
    code: "F6013",
    severity: Severity::Warning,
    title: "a stage of an API without a limit of its own",
    why: "\
The stage sets no `ThrottlingRateLimit`, and no usage plan of the template has one for it: its calls
share the limit of the account and region (10,000 a second) with all other APIs, so that one caller
may use it up, and costs have no bound.",
    fails: "\
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: reports, ProtocolType: HTTP}
  Live:
    Type: AWS::ApiGatewayV2::Stage
    Properties: {ApiId: !Ref Api, StageName: live, AutoDeploy: true}",
    passes: "\
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: reports, ProtocolType: HTTP}
  Live:
    Type: AWS::ApiGatewayV2::Stage
    Properties:
      ApiId: !Ref Api
      StageName: live
      AutoDeploy: true
      DefaultRouteSettings: {ThrottlingBurstLimit: 5, ThrottlingRateLimit: 5}",
    docs: Some("https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html"),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&NO_AUTHORIZATION, &NO_THROTTLING], run: check };

const REST: &str = "AWS::ApiGateway::RestApi";
const API: &str = "AWS::ApiGatewayV2::Api";

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if is_incomplete(subject.template) {
        return;
    }
    // A policy, or an address in a VPC alone, says who may call.
    let public: BTreeSet<&str> = each(subject, REST)
        .filter(|(_, api, _)| api["Policy"].is_null() && !is_private(&api["EndpointConfiguration"]))
        .map(|(id, ..)| id)
        .collect();
    for (id, method, _) in each(subject, "AWS::ApiGateway::Method") {
        let is_public = id_of(subject, &method["RestApiId"], REST).is_some_and(|api| public.contains(api));
        let has_key = match &method["ApiKeyRequired"] {
            Json::Null => false,
            required => *required != false && required != "false",
        };
        if is_public && method["AuthorizationType"] == "NONE" && method["HttpMethod"] != "OPTIONS" && !has_key {
            report(id, found);
        }
    }
    for (id, route, _) in each(subject, "AWS::ApiGatewayV2::Route") {
        let Some(api) = id_of(subject, &route["ApiId"], API).and_then(|api| resource(subject, api)) else { continue };
        let Some(key) = route["RouteKey"].as_str() else { continue };
        let is_asked = match api["Properties"]["ProtocolType"].as_str() {
            Some("HTTP") => !key.starts_with("OPTIONS "),
            Some("WEBSOCKET") => key == "$connect",
            _ => false,
        };
        let kind = &route["AuthorizationType"];
        if is_asked && (kind.is_null() || kind == "NONE") && route["ApiKeyRequired"].is_null() {
            report(id, found);
        }
    }
    stages(subject, found);
}

fn report(id: &str, found: &mut Vec<Diagnostic>) {
    let message = format!(
        "`{id}` has no authorization; expected an `AuthorizationType` other than NONE, unless anybody may call it"
    );
    let path = format!("Resources/{id}/Properties/AuthorizationType");
    found.push(NO_AUTHORIZATION.at(path, message).help("AWS_IAM lets in who signs the call"));
}

fn stages(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    // A plan may name its stages in ways that are not told apart here.
    let has_plan = each(subject, "AWS::ApiGateway::UsagePlan").any(|(_, plan, _)| !plan["Throttle"].is_null())
        || each(subject, "AWS::ApiGateway::UsagePlan")
            .any(|(_, plan, _)| has_key(&plan["ApiStages"], |key| key == "Throttle"));
    let mut say = |id: &str, property: &str| {
        let message = format!("the stage has no `ThrottlingRateLimit`; expected one in `{property}`");
        found.push(NO_THROTTLING.at(format!("Resources/{id}/Properties"), message).help(format!("set `{property}`")));
    };
    for (id, stage, _) in each(subject, "AWS::ApiGateway::Stage") {
        if !has_plan && named(&stage["RestApiId"]).is_some() && is_unlimited(&stage["MethodSettings"]) {
            say(id, "MethodSettings");
        }
    }
    for (id, deployment, _) in each(subject, "AWS::ApiGateway::Deployment") {
        if !has_plan && !deployment["StageName"].is_null() && is_unlimited(&deployment["StageDescription"]) {
            say(id, "StageDescription");
        }
    }
    for (id, stage, _) in each(subject, "AWS::ApiGatewayV2::Stage") {
        if named(&stage["ApiId"]).is_some()
            && is_unlimited(&stage["DefaultRouteSettings"])
            && is_unlimited(&stage["RouteSettings"])
        {
            say(id, "DefaultRouteSettings");
        }
    }
}

/// Whether settings have no limit for certain: nothing in them is one, and no function makes them.
fn is_unlimited(settings: &Json) -> bool {
    !has_key(settings, |key| key == "ThrottlingRateLimit" || key == "Ref" || key.starts_with("Fn::"))
}

/// Whether a type of the endpoint is `PRIVATE`.
fn is_private(endpoint: &Json) -> bool {
    let mut is = false;
    walk(endpoint, &Pointer::START, &mut |json, _| is |= json == "PRIVATE");
    is
}
