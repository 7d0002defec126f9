//! API Gateway: REST, HTTP and WebSocket APIs.

use super::sub;
use crate::{
    aws::{apigateway, apigatewayv2},
    iam::{Statement, allow},
    stack::Handle,
};

const EXECUTE: &str = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${}";

impl Handle<apigateway::RestApi> {
    /// `execute-api:Invoke` of one method in every stage: `("POST", "/create_report")`; `*` is a wildcard in both.
    pub fn allow_invoke(&self, method: &str, path: &str) -> Statement {
        allow("execute-api:Invoke").on(sub(self, EXECUTE, &format!("/*/{method}{path}")))
    }
}

impl Handle<apigatewayv2::Api> {
    /// `execute-api:Invoke` of one route in every stage: `("GET", "/reports")`; `*` is a wildcard in both.
    pub fn allow_invoke(&self, method: &str, path: &str) -> Statement {
        allow("execute-api:Invoke").on(sub(self, EXECUTE, &format!("/*/{method}{path}")))
    }

    /// `execute-api:ManageConnections` of a WebSocket API: sends to connected clients, or disconnects them.
    pub fn allow_manage_connections(&self) -> Statement {
        allow("execute-api:ManageConnections").on(sub(self, EXECUTE, "/*/*/@connections/*"))
    }
}
