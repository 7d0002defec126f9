//! The rules about descriptions of APIs.

use crate::{diagnostic::Severity, rule::Rule};

const SOUND: &str = "\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        openapi: 3.0.1
        info: {title: orders, version: '1'}
        paths:
          /orders/{id}:
            get:
              security: [{iam: []}]
              x-amazon-apigateway-integration:
                type: http_proxy
                httpMethod: GET
                uri: https://example.com/orders
        components:
          securitySchemes:
            iam: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}";

pub(super) static VERSION: Rule = Rule {
    code: "F6016",
    severity: Severity::Error,
    title: "a description of an API in a version that API Gateway does not read",
    why: "\
A REST API takes `swagger: \"2.0\"` and `openapi` 3.0, an HTTP API `openapi` 3.0 alone. API Gateway
refuses anything else (\"Invalid OpenAPI input\"), and the stack is rolled back.",
    fails: "\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        info: {title: orders, version: '1'}
        paths: {}",
    passes: SOUND,
    docs: Some("https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html"),
};

pub(super) static PATHS: Rule = Rule {
    code: "F6017",
    severity: Severity::Error,
    title: "a path in a description of an API that API Gateway does not take",
    why: "\
A variable is a whole part of a path, `{name+}` is the last one, and in a REST API one place of a
path has one variable (\"A sibling of this resource already has a variable path part\"). API Gateway
refuses the description.",
    fails: "\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        openapi: 3.0.1
        info: {title: orders, version: '1'}
        paths:
          /orders/{id}: {}
          /orders/{name}/lines: {}",
    passes: "\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        openapi: 3.0.1
        info: {title: orders, version: '1'}
        paths:
          /orders/{id}: {}
          /orders/{id}/lines: {}",
    docs: Some("https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html"),
};

pub(super) static INTEGRATION: Rule = Rule {
    code: "F6018",
    severity: Severity::Error,
    title: "an integration in a description of an API that cannot work",
    why: "\
`x-amazon-apigateway-integration` has a type that API Gateway has not, or lacks what its type needs:
`uri`, and `httpMethod` in a REST API, where it is `POST` for a function, which every other method
fails to call; `connectionId` behind a VPC link.",
    fails: "\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        openapi: 3.0.1
        info: {title: orders, version: '1'}
        paths:
          /orders/{id}:
            get:
              x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET}",
    passes: SOUND,
    docs: Some(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html",
    ),
};

pub(super) static PASSED_OVER: Rule = Rule {
    code: "F6019",
    severity: Severity::Warning,
    title: "a part of a description of an API that API Gateway passes over",
    why: "\
A reference to what the description does not have, a security scheme that it has not, a path
without `/` before it, a member of one that is no method, an operation with the id of another one,
an integration without a type or with one that an HTTP API does not have: API Gateway warns of it
and makes the API without it, so that a method may be open or missing. With `FailOnWarnings` it
makes none.",
    fails: "\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        openapi: 3.0.1
        info: {title: orders, version: '1'}
        paths:
          /orders/{id}:
            get:
              security: [{imm: []}]
              x-amazon-apigateway-integration:
                type: http_proxy
                httpMethod: GET
                uri: https://example.com/orders
        components:
          securitySchemes:
            iam: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}",
    passes: SOUND,
    docs: Some(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api-errors-warnings.html",
    ),
};
