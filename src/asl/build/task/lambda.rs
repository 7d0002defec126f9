//! `lambda:invoke`.

use super::{Task, WAIT_FOR_TASK_TOKEN};
use crate::{
    asl::build::{Argument, QueryLanguage, setters},
    aws::lambda::Function,
    grants::attribute_and,
    iam::allow,
    stack::Handle,
};

/// `arn:aws:states:::lambda:invoke`.
#[derive(Clone, Copy, Debug)]
pub enum Lambda {}

impl<L: QueryLanguage> Task<L, Lambda> {
    /// Invokes a function with the state's input, unless [`payload`](Self::payload) says otherwise, and waits for
    /// its answer. The role gets `lambda:InvokeFunction` on it.
    ///
    /// The result is the answer of the API: what the function returned is `$states.result.Payload`, in JSONPath
    /// `$.Payload`; without `Output` (JSONPath: `ResultSelector` or `OutputPath`) the whole answer is passed on.
    ///
    /// <https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html>
    pub fn lambda(function: &Handle<Function>) -> Self {
        let mut task = Self::optimized("lambda:invoke");
        let arn = task.body.token(function, "Arn", function.arn());
        task.body.argument::<L>("FunctionName", arn);
        task.body.argument_from_input::<L>("Payload");
        task.granting(function.allow_invoke())
    }

    /// Invokes a version or an alias (`Qualifier`). The role gets `lambda:InvokeFunction` on that alone; where an
    /// expression chooses it, on all versions and aliases of the function.
    pub fn lambda_qualified(function: &Handle<Function>, qualifier: impl Argument<L>) -> Self {
        let mut task = Self::lambda(function);
        task.body.argument::<L>("Qualifier", qualifier);
        let known = task.body.known_argument::<L>("Qualifier").unwrap_or("*");
        let resource = attribute_and(function, "Arn", &format!(":{known}"));
        task.body.needs.grants.clear();
        task.granting(allow("lambda:InvokeFunction").on(resource))
    }

    /// Waits until the token is sent back (`.waitForTaskToken`) in place of the function's answer. The payload must
    /// hand the token on: `$states.context.Task.Token`, in JSONPath `$$.Task.Token`.
    pub fn wait_for_task_token(self) -> Self {
        self.pattern(WAIT_FOR_TASK_TOKEN)
    }

    setters::integration_arguments! {
        payload => "Payload", "the event that the function gets.";
        invocation_type => "InvocationType",
            "`RequestResponse` (AWS's default), `Event` (does not wait) or `DryRun`.";
        client_context => "ClientContext", "up to 3,583 bytes of Base64 about the caller.";
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        asl::{jsonata, jsonpath},
        json::Json,
        stack::Stack,
    };

    fn function() -> Handle<Function> {
        Stack::new("test").handle("GenerateHtml")
    }

    fn statements(policy: crate::iam::Policy) -> Json {
        serde_json::to_value(policy).unwrap()["Statement"].take()
    }

    #[test]
    fn the_function_gets_the_input_and_the_role_may_invoke_it() {
        let workflow = jsonata::Workflow::new().state("Render", jsonata::Task::lambda(&function()).end());
        assert_eq!(
            workflow.definition()["States"]["Render"].to_string(),
            r#"{"Type":"Task","Resource":"${LambdaInvoke}","Arguments":{"FunctionName":"${GenerateHtmlArn}","Payload":"{% $states.input %}"},"End":true}"#
        );
        let arn = json!({"Fn::GetAtt": ["GenerateHtml", "Arn"]});
        assert_eq!(
            serde_json::to_value(workflow.substitutions()).unwrap(),
            json!({"GenerateHtmlArn": arn, "LambdaInvoke": {"Fn::Sub": "arn:${AWS::Partition}:states:::lambda:invoke"}})
        );
        assert_eq!(
            statements(workflow.grants()),
            json!([{"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": arn}])
        );
        let workflow = jsonpath::Workflow::new().state("Render", jsonpath::Task::lambda(&function()).end());
        assert_eq!(
            workflow.definition()["States"]["Render"]["Parameters"],
            json!({"FunctionName": "${GenerateHtmlArn}", "Payload.$": "$"})
        );
    }

    #[test]
    fn a_payload_takes_the_place_of_the_input() {
        let task = jsonpath::Task::lambda(&function()).payload(json!({"id.$": "$.id"})).wait_for_task_token().end();
        let definition = jsonpath::Workflow::new().state("Render", task).definition();
        assert_eq!(
            definition["States"]["Render"]["Parameters"],
            json!({"FunctionName": "${GenerateHtmlArn}", "Payload": {"id.$": "$.id"}})
        );
        assert_eq!(definition["States"]["Render"]["Resource"], "${LambdaInvokeWaitForTaskToken}");
    }

    #[test]
    fn only_the_alias_that_is_called_is_granted() {
        let grants = |qualifier: &str| {
            let task = jsonata::Task::lambda_qualified(&function(), qualifier).end();
            statements(jsonata::Workflow::new().state("Render", task).grants())[0]["Resource"].take()
        };
        assert_eq!(grants("live"), json!({"Fn::Sub": "${GenerateHtml.Arn}:live"}));
        assert_eq!(grants("{% $states.input.alias %}"), json!({"Fn::Sub": "${GenerateHtml.Arn}:*"}));
    }
}
