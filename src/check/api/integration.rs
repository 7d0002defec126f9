//! F6003 to F6006: integrations of a REST API that nobody may call, or whose answers have no way back.

use crate::{
    check::{
        read::{Listed, each, list, text},
        subject::{Check, Subject},
    },
    diagnostic::{Diagnostic, Severity},
    json::Json,
    rule::Rule,
};

/// A method that starts a state machine, as it works.
const WORKS: &str = "\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: reports}
  Start:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      AuthorizationType: AWS_IAM
      Integration:
        Type: AWS
        IntegrationHttpMethod: POST
        Uri: !Sub arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution
        Credentials: arn:aws:iam::123456789012:role/Api
        IntegrationResponses:
        - {StatusCode: 202}
        - {StatusCode: 502, SelectionPattern: '[45]\\d{2}'}
      MethodResponses: [{StatusCode: 202}, {StatusCode: 502}]";

const DOCS: Option<&str> =
    Some("https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-integration-settings.html");

pub(super) static NO_CREDENTIALS: Rule = Rule {
    code: "F6003",
    severity: Severity::Warning,
    title: "an integration with an AWS service without credentials",
    why: "\
The integration calls an action of an AWS service other than Lambda, and says no role to call it
with: `Credentials`, or `CredentialsArn` in an HTTP API. Few services take such calls by a policy of
the resource; the others refuse them, and the caller gets a 500.",
    fails: "\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: reports}
  Start:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      AuthorizationType: AWS_IAM
      Integration:
        Type: AWS
        IntegrationHttpMethod: POST
        Uri: !Sub arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution
        IntegrationResponses:
        - {StatusCode: 202}
        - {StatusCode: 502, SelectionPattern: '[45]\\d{2}'}
      MethodResponses: [{StatusCode: 202}, {StatusCode: 502}]",
    passes: WORKS,
    docs: DOCS,
};

pub(super) static NO_ERRORS: Rule = Rule {
    code: "F6004",
    severity: Severity::Warning,
    title: "an integration whose errors are answered as a success",
    why: "\
An integration that is no proxy has responses, and none has a `SelectionPattern` that tells
failures from the rest: a 400 or 500 of what it calls, or the error of a Lambda function, goes to
the caller as a 200.",
    fails: "\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: reports}
  Start:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      AuthorizationType: AWS_IAM
      Integration:
        Type: AWS
        IntegrationHttpMethod: POST
        Uri: !Sub arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution
        Credentials: arn:aws:iam::123456789012:role/Api
        IntegrationResponses:
        - {StatusCode: 202}
      MethodResponses: [{StatusCode: 202}]",
    passes: WORKS,
    docs: Some(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-integration-settings-integration-response.html",
    ),
};

pub(super) static NO_RESPONSE: Rule = Rule {
    code: "F6005",
    severity: Severity::Warning,
    title: "an integration without a response",
    why: "\
An integration that is no proxy has no `IntegrationResponses`, so that API Gateway has nothing to
make an answer of and gives a 500 to each call (\"No match for output mapping and no default output
mapping configured\").",
    fails: "\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: reports}
  Start:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      AuthorizationType: AWS_IAM
      Integration:
        Type: AWS
        IntegrationHttpMethod: POST
        Uri: !Sub arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution
        Credentials: arn:aws:iam::123456789012:role/Api
      MethodResponses: [{StatusCode: 202}, {StatusCode: 502}]",
    passes: WORKS,
    docs: Some(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-integration-settings-integration-response.html",
    ),
};

pub(super) static UNKNOWN_STATUS: Rule = Rule {
    code: "F6006",
    severity: Severity::Error,
    title: "an integration response for a status that the method does not have",
    why: "\
`StatusCode` of an integration response is that of none of the `MethodResponses`. API Gateway
refuses it (\"Invalid Response status code specified\"), and the stack is rolled back.",
    fails: "\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: reports}
  Start:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      AuthorizationType: AWS_IAM
      Integration:
        Type: AWS
        IntegrationHttpMethod: POST
        Uri: !Sub arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution
        Credentials: arn:aws:iam::123456789012:role/Api
        IntegrationResponses:
        - {StatusCode: 202}
        - {StatusCode: 500, SelectionPattern: '[45]\\d{2}'}
      MethodResponses: [{StatusCode: 202}, {StatusCode: 502}]",
    passes: WORKS,
    docs: Some("https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegrationResponse.html"),
};

pub(in crate::check) static CHECK: Check =
    Check { rules: &[&NO_CREDENTIALS, &NO_ERRORS, &NO_RESPONSE, &UNKNOWN_STATUS], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for (id, method, _) in each(subject, "AWS::ApiGateway::Method") {
        let integration = &method["Integration"];
        let path = format!("Resources/{id}/Properties/Integration");
        if integration["Type"] == "AWS"
            && integration["Credentials"].is_null()
            && let Some(service) = text(&integration["Uri"]).and_then(|uri| service(&uri))
            && service != "lambda"
        {
            let message = format!("the integration calls `{service}` with no role; expected `Credentials`");
            found.push(
                NO_CREDENTIALS
                    .at(path.clone(), message)
                    .help("set `Credentials` to the ARN of a role that API Gateway may assume"),
            );
        }
        responses(method, &path, found);
    }
    for (id, integration, _) in each(subject, "AWS::ApiGatewayV2::Integration") {
        if let (Some(action), Json::Null) = (integration["IntegrationSubtype"].as_str(), &integration["CredentialsArn"])
        {
            let message = format!("the integration calls `{action}` with no role; expected `CredentialsArn`");
            let diagnostic = NO_CREDENTIALS.at(format!("Resources/{id}/Properties"), message);
            found.push(diagnostic.help("set `CredentialsArn` to the ARN of a role that API Gateway may assume"));
        }
    }
}

/// The service of the URI of an integration: `arn:aws:apigateway:eu-west-1:states:action/StartExecution`.
pub(super) fn service(uri: &str) -> Option<String> {
    let parts: Vec<_> = uri.splitn(6, ':').collect();
    let [_, _, "apigateway", _, service, action] = parts.as_slice() else { return None };
    // A host of the caller's account, such as `{account}.s3`, is before the last dot.
    let service = service.rsplit('.').next()?;
    let is_known =
        service.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-');
    (is_known && !service.is_empty() && (action.starts_with("action/") || action.starts_with("path/")))
        .then(|| service.to_owned())
}

fn responses(method: &Json, path: &str, found: &mut Vec<Diagnostic>) {
    let integration = &method["Integration"];
    let Some(kind @ ("AWS" | "HTTP" | "MOCK")) = integration["Type"].as_str() else { return };
    let path = format!("{path}/IntegrationResponses");
    let responses = match list(&integration["IntegrationResponses"]) {
        Listed::Absent | Listed::Known([]) => {
            let message = format!("the `{kind}` integration has no response; expected one at least");
            found.push(NO_RESPONSE.at(path, message).help("add a response, or use a proxy integration"));
            return;
        }
        Listed::Known(responses) => responses,
        Listed::Unknown => return,
    };
    // A function may stand in place of any of them.
    if responses.iter().any(|response| response["StatusCode"].is_null()) {
        return;
    }
    if kind != "MOCK" && responses.iter().all(|response| response["SelectionPattern"].is_null()) {
        let message =
            "no response has a `SelectionPattern`, so that failures are answered as a success; expected one for them";
        found.push(NO_ERRORS.at(path.clone(), message).help("add a response with the pattern `[45]\\d{2}`"));
    }
    let known: Option<Vec<String>> = match list(&method["MethodResponses"]) {
        Listed::Absent => Some(Vec::new()),
        Listed::Known(responses) => responses.iter().map(|response| status(&response["StatusCode"])).collect(),
        Listed::Unknown => None,
    };
    let Some(known) = known else { return };
    for (position, response) in responses.iter().enumerate() {
        if let Some(code) = status(&response["StatusCode"])
            && !known.contains(&code)
        {
            let message = format!("the method has no response {code}; expected one in `MethodResponses`");
            found.push(UNKNOWN_STATUS.at(format!("{path}/{position}/StatusCode"), message));
        }
    }
}

/// A status code, which is a number or a text.
fn status(json: &Json) -> Option<String> {
    match json {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
