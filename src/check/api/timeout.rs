//! F6015: an integration that may take longer than API Gateway waits.

use crate::{
    check::{
        read::{each, id_of, number, resource},
        subject::{Check, Subject},
    },
    diagnostic::{Diagnostic, Severity},
    json::Json,
    rule::Rule,
};

static TOO_LONG: Rule = Rule {
    code: "F6015",
    severity: Severity::Warning,
    title: "an integration that is given more time than API Gateway has",
    why: "\
`TimeoutInMillis` is above the 29,000 of a REST API or WebSocket API, or the 30,000 of an HTTP API.
API Gateway refuses it, unless the quota of the account was raised, which AWS does only for regional
and private REST APIs. What takes longer is better started than waited for: a `StartExecution`, or
an asynchronous invocation.",
    fails: "\
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: reports, ProtocolType: HTTP}
  Render:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: HTTP_PROXY
      IntegrationMethod: GET
      IntegrationUri: https://example.com/reports
      PayloadFormatVersion: '1.0'
      TimeoutInMillis: 60000",
    passes: "\
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: reports, ProtocolType: HTTP}
  Render:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: HTTP_PROXY
      IntegrationMethod: GET
      IntegrationUri: https://example.com/reports
      PayloadFormatVersion: '1.0'
      TimeoutInMillis: 30000",
    docs: Some("https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html"),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&TOO_LONG], run: check };

const REST: &str = "AWS::ApiGateway::RestApi";
const API: &str = "AWS::ApiGatewayV2::Api";

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (id, method, _) in each(subject, "AWS::ApiGateway::Method") {
        let path = format!("Resources/{id}/Properties/Integration/TimeoutInMillis");
        let api = id_of(subject, &method["RestApiId"], REST).and_then(|api| resource(subject, api));
        let condition = match api.map(|api| is_at_the_edge(&api["Properties"]["EndpointConfiguration"])) {
            Some(true) => "",
            _ => " unless the quota of the account was raised",
        };
        report(&method["Integration"]["TimeoutInMillis"], 29_000, condition, path, found);
    }
    for (id, integration, _) in each(subject, "AWS::ApiGatewayV2::Integration") {
        let path = format!("Resources/{id}/Properties/TimeoutInMillis");
        let api = id_of(subject, &integration["ApiId"], API).and_then(|api| resource(subject, api));
        let is_web_socket = api.is_some_and(|api| api["Properties"]["ProtocolType"] == "WEBSOCKET");
        let most = if is_web_socket { 29_000 } else { 30_000 };
        report(&integration["TimeoutInMillis"], most, "", path, found);
    }
}

/// Whether a REST API is certain to be edge-optimized, which it is where nothing else is said.
fn is_at_the_edge(configuration: &Json) -> bool {
    configuration.is_null()
        || configuration["Types"].as_array().is_some_and(|types| types.iter().any(|one| one == "EDGE"))
}

fn report(timeout: &Json, most: i64, condition: &str, path: String, found: &mut Vec<Diagnostic>) {
    if let Some(timeout) = number(timeout).filter(|timeout| *timeout > most) {
        let message = format!("`TimeoutInMillis` is {timeout}; expected at most {most}{condition}");
        found.push(TOO_LONG.at(path, message));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::assert_finds;

    #[test]
    fn what_may_be_raised_is_told() {
        let api = |configuration: Json, timeout: Json| {
            json!({"Resources": {
                "Api": {"Type": REST, "Properties": {"Name": "a", "EndpointConfiguration": configuration}},
                "Get": {"Type": "AWS::ApiGateway::Method", "Properties": {
                    "RestApiId": {"Ref": "Api"}, "Integration": {"Type": "MOCK", "TimeoutInMillis": timeout}}},
            }})
        };
        let line = |condition: &str| {
            format!(
                "warning[F6015]: `TimeoutInMillis` is 29001; expected at most 29000{condition}\n  \
                 at   Resources/Get/Properties/Integration/TimeoutInMillis\n  \
                 docs https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html"
            )
        };
        let raised = " unless the quota of the account was raised";
        assert_finds(check, api(Json::Null, json!(29_000)), &[]);
        assert_finds(check, api(Json::Null, json!({"Ref": "Timeout"})), &[]);
        assert_finds(check, api(Json::Null, json!("29001")), &[&line("")]);
        assert_finds(check, api(json!({"Types": ["EDGE"]}), json!(29_001)), &[&line("")]);
        assert_finds(check, api(json!({"Types": ["REGIONAL"]}), json!(29_001)), &[&line(raised)]);
        assert_finds(check, api(json!({"Ref": "Kind"}), json!(29_001)), &[&line(raised)]);
    }

    #[test]
    fn a_web_socket_has_a_second_less() {
        let api = |protocol: &str| {
            json!({"Resources": {
                "Api": {"Type": API, "Properties": {"Name": "a", "ProtocolType": protocol}},
                "All": {"Type": "AWS::ApiGatewayV2::Integration", "Properties": {
                    "ApiId": {"Ref": "Api"}, "IntegrationType": "AWS_PROXY", "TimeoutInMillis": 30_000}},
            }})
        };
        assert_finds(check, api("HTTP"), &[]);
        assert_finds(
            check,
            api("WEBSOCKET"),
            &["warning[F6015]: `TimeoutInMillis` is 30000; expected at most 29000\n  \
               at   Resources/All/Properties/TimeoutInMillis\n  \
               docs https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html"],
        );
    }
}
