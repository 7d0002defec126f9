//! `http:invoke`: a call of an API beyond AWS.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/connect-third-party-apis.html>

use super::Task;
use crate::{
    asl::build::{Argument, QueryLanguage, setters},
    aws::events::Connection,
    iam::{Operator, allow},
    stack::Handle,
};

/// `arn:aws:states:::http:invoke`.
#[derive(Clone, Copy, Debug)]
pub enum HttpInvoke {}

impl<L: QueryLanguage> Task<L, HttpInvoke> {
    /// Calls an HTTPS endpoint, with the credentials of an EventBridge connection. The role gets
    /// `states:InvokeHTTPEndpoint` for this endpoint and method, where they are known now, and may read the
    /// credentials of the connection.
    ///
    /// ```
    /// use formwork::{Handle, asl::jsonata::*, aws::events::Connection, json};
    /// fn order(connection: &Handle<Connection>) -> Workflow {
    ///     let order = Task::http_invoke(connection, "https://beans.example.com/orders", "POST");
    ///     Workflow::new().state("Order", order.request_body(json!({"kilos": 12})).end())
    /// }
    /// ```
    pub fn http_invoke(connection: &Handle<Connection>, endpoint: impl Argument<L>, method: impl Argument<L>) -> Self {
        let mut task = Self::optimized("http:invoke");
        task.body.argument::<L>("ApiEndpoint", endpoint);
        task.body.argument::<L>("Method", method);
        let arn = task.body.token(connection, "Arn", connection.arn());
        task.body.argument::<L>("Authentication", serde_json::json!({"ConnectionArn": arn}));
        let known = |name| task.body.known_argument::<L>(name).map(str::to_owned);
        let mut calling = allow("states:InvokeHTTPEndpoint").on("*");
        if let Some(endpoint) = known("ApiEndpoint") {
            calling = calling.when(Operator::STRING_EQUALS, "states:HTTPEndpoint", endpoint);
        }
        if let Some(method) = known("Method") {
            calling = calling.when(Operator::STRING_EQUALS, "states:HTTPMethod", method);
        }
        let secret = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"];
        task.granting(calling)
            .granting(allow("events:RetrieveConnectionCredentials").on(connection.arn()))
            .granting(allow(secret).on(connection.secret_arn()))
    }

    setters::integration_arguments! {
        headers => "Headers", "a map.";
        query_parameters => "QueryParameters", "a map.";
        request_body => "RequestBody", "JSON, or text with another `Content-Type`.";
        transform => "Transform", "`{RequestBodyEncoding: URL_ENCODED, RequestEncodingOptions}`: a body like that of a form.";
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{Stack, asl::jsonata::*};

    #[test]
    fn a_call_is_granted_for_its_endpoint_alone() {
        let connection = Stack::new("test").handle("Connection");
        let task = Task::http_invoke(&connection, "https://example.com/orders", "POST").request_body(json!({"n": 1}));
        let workflow = Workflow::new().state("Order", task.end());
        assert_eq!(
            workflow.definition()["States"]["Order"]["Arguments"],
            json!({
                "ApiEndpoint": "https://example.com/orders",
                "Method": "POST",
                "Authentication": {"ConnectionArn": "${ConnectionArn}"},
                "RequestBody": {"n": 1},
            })
        );
        assert_eq!(
            serde_json::to_value(workflow.grants()).unwrap()["Statement"],
            json!([
                {
                    "Effect": "Allow",
                    "Action": "states:InvokeHTTPEndpoint",
                    "Resource": "*",
                    "Condition": {"StringEquals": {
                        "states:HTTPEndpoint": "https://example.com/orders", "states:HTTPMethod": "POST",
                    }},
                },
                {
                    "Effect": "Allow",
                    "Action": "events:RetrieveConnectionCredentials",
                    "Resource": {"Fn::GetAtt": ["Connection", "Arn"]},
                },
                {
                    "Effect": "Allow",
                    "Action": ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
                    "Resource": {"Fn::GetAtt": ["Connection", "SecretArn"]},
                },
            ])
        );
        let open = Task::http_invoke(&connection, "{% $states.input.url %}", "GET").end();
        let statements = serde_json::to_value(Workflow::new().state("Get", open).grants()).unwrap()["Statement"].take();
        assert_eq!(statements[0]["Condition"], json!({"StringEquals": {"states:HTTPMethod": "GET"}}));
    }
}
