//! F2005: a task waits for its token and hands it to nobody, so that it waits until it times out.

use super::Definition;
use crate::{diagnostic::Diagnostic, json::Json};

pub(super) fn check(definition: &Definition<'_>, found: &mut Vec<Diagnostic>) {
    for state in definition.scopes.iter().flat_map(|scope| &scope.states) {
        let waits = state.text("Resource").is_some_and(|resource| resource.ends_with(".waitForTaskToken"));
        let arguments = ["Arguments", "Parameters"].map(|field| state.fields.get(field));
        if waits && state.is("Task") && !arguments.into_iter().flatten().any(hands_on_the_context) {
            let message = "the task waits for its token and hands it to nobody; expected it among the arguments";
            found.push(
                Diagnostic::warning("F2005", state.pointer.as_str(), message)
                    .help("it is `$states.context.Task.Token`, in JSONPath `$$.Task.Token`")
                    .docs("https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token"),
            );
        }
    }
}

/// Whether an expression reads the context object, which has the token.
fn hands_on_the_context(json: &Json) -> bool {
    match json {
        Json::String(text) => text.contains("$$") || text.contains("context"),
        Json::Array(items) => items.iter().any(hands_on_the_context),
        Json::Object(members) => members.values().any(hands_on_the_context),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::asl::validate::assert_finds;

    fn sending(body: &str) -> Json {
        let resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken";
        let task = json!({"Type": "Task", "Resource": resource, "Arguments": {"MessageBody": {"a": body}}});
        json!({"StartAt": "Send", "States": {"Send": task}})
    }

    #[test]
    fn a_token_that_is_waited_for_is_handed_on() {
        assert_finds(check, sending("{% $states.context.Task.Token %}"), &[]);
        assert_finds(check, sending("$$.Task.Token"), &[]);
        assert_finds(
            check,
            sending("{% $states.input %}"),
            &[
                "warning[F2005]: the task waits for its token and hands it to nobody; expected it among the arguments\n  \
               at   /States/Send\n  \
               help it is `$states.context.Task.Token`, in JSONPath `$$.Task.Token`\n  \
               docs https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token",
            ],
        );
    }
}
