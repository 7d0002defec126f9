//! F6014: a part of an HTTP or a WebSocket API that its protocol does not have.

use crate::{
    check::{
        subject::{Check, Subject},
        view::each_view,
    },
    diagnostic::{Diagnostic, Severity},
    rule::Rule,
};

static PROTOCOL: Rule = Rule {
    code: "F6014",
    severity: Severity::Error,
    title: "a value that APIs of this protocol do not take",
    why: "\
HTTP APIs hand requests on as they are, to a function or an endpoint: their integrations are
proxies. Tokens (JWT) are checked by HTTP APIs only. API Gateway refuses what the protocol of the
API does not have.",
    fails: "\
Resources:
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: orders, ProtocolType: HTTP}}
  Orders:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: AWS
      IntegrationUri: arn:aws:lambda:eu-west-1:123456789012:function:orders",
    passes: "\
Resources:
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: orders, ProtocolType: HTTP}}
  Orders:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: AWS_PROXY
      PayloadFormatVersion: '2.0'
      IntegrationUri: arn:aws:lambda:eu-west-1:123456789012:function:orders",
    docs: Some("https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations.html"),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&PROTOCOL], run: check };

/// Types, properties, a protocol of APIs, and the values of the property that it has.
const VALUES: [(&str, &str, &str, &[&str]); 3] = [
    ("AWS::ApiGatewayV2::Authorizer", "AuthorizerType", "WEBSOCKET", &["REQUEST"]),
    ("AWS::ApiGatewayV2::Integration", "IntegrationType", "HTTP", &["AWS_PROXY", "HTTP_PROXY"]),
    ("AWS::ApiGatewayV2::Route", "AuthorizationType", "WEBSOCKET", &["NONE", "AWS_IAM", "CUSTOM"]),
];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (kind, name, protocol, values) in VALUES {
        each_view(subject, &[kind], found, &mut |view, found| {
            let (Some(value), Some(api)) = (view.text(name), view.target("ApiId")) else { return };
            let apis = subject.views(api);
            let is_of_protocol = !apis.is_empty()
                && apis.iter().all(|api| {
                    api.entry.kind == "AWS::ApiGatewayV2::Api" && api.text("ProtocolType").as_deref() == Some(protocol)
                });
            if is_of_protocol && !values.contains(&value.as_str()) {
                let message = format!(
                    "`{name}` is `{value}`, and the protocol of `{api}` is `{protocol}`; expected {}",
                    values.join(" or ")
                );
                found.push(PROTOCOL.at(view.at(name), message));
            }
        });
    }
}
