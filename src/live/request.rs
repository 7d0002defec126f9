//! The call of a task as it is when it was made, for the thread that answers it.

use std::time::Duration;

use crate::{asl::run::TaskCall, json::Json};

/// The call of a task that is answered in the background.
#[derive(Clone, Debug)]
#[expect(dead_code, reason = "functions need less of a call than services do")]
pub(super) struct Request {
    /// Name of the state.
    pub state: String,
    /// `Resource` of the state.
    pub resource: String,
    /// `Arguments` or `Parameters` with their values.
    pub arguments: Json,
    pub region: String,
    pub execution_id: String,
    pub execution_name: String,
    /// The token that the task is answered with, where its resource has one.
    pub token: Option<String>,
    pub timeout: Option<Duration>,
    pub heartbeat: Option<Duration>,
    /// `RoleArn` of the state's `Credentials`.
    pub role: Option<String>,
}

impl Request {
    pub fn new(call: &TaskCall<'_>) -> Self {
        Self {
            state: call.state().to_owned(),
            resource: call.resource().to_owned(),
            arguments: call.arguments().clone(),
            region: call.region().to_owned(),
            execution_id: call.execution_id().to_owned(),
            execution_name: call.execution_name().to_owned(),
            token: call.token().map(str::to_owned),
            timeout: call.timeout(),
            heartbeat: call.heartbeat(),
            role: call.role().map(str::to_owned),
        }
    }

    /// Whether the task goes on once somebody has given its token back.
    pub fn waits_for_token(&self) -> bool {
        self.resource.ends_with(".waitForTaskToken")
    }

    /// The service and the action of an integration, the action with its pattern: `lambda` and
    /// `invoke.waitForTaskToken`, `aws-sdk:s3` and `getObject`.
    pub fn integration(&self) -> Option<(&str, &str)> {
        let mut parts = self.resource.splitn(6, ':');
        let of_states = parts.nth(2) == Some("states") && parts.next() == Some("") && parts.next() == Some("");
        let called = parts.next().filter(|_| of_states)?;
        // The pattern `.sync:2` has a colon of its own.
        let end = called.strip_suffix(".sync:2").unwrap_or(called).rfind(':')?;
        Some((&called[..end], &called[end + 1..]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_integration_is_a_service_and_an_action() {
        let integration = |resource: &str| {
            let request = Request {
                state: String::new(),
                resource: resource.to_owned(),
                arguments: Json::Null,
                region: String::new(),
                execution_id: String::new(),
                execution_name: String::new(),
                token: None,
                timeout: None,
                heartbeat: None,
                role: None,
            };
            request.integration().map(|(service, action)| format!("{service} {action}"))
        };
        assert_eq!(integration("arn:aws:states:::lambda:invoke").as_deref(), Some("lambda invoke"));
        assert_eq!(integration("arn:aws-cn:states:::aws-sdk:s3:getObject").as_deref(), Some("aws-sdk:s3 getObject"));
        let nested = integration("arn:aws:states:::states:startExecution.sync:2");
        assert_eq!(nested.as_deref(), Some("states startExecution.sync:2"));
        assert_eq!(integration("arn:aws:lambda:us-east-1:123456789012:function:f"), None);
        assert_eq!(integration("arn:aws:states:us-east-1:123456789012:activity:a"), None);
        assert_eq!(integration("nothing"), None);
    }
}
