//! F2005: a task waits for its token and hands it to nobody, so that it waits until it times out.

use crate::{
    asl::definition::{Definition, StateKind},
    diagnostic::Diagnostic,
};

pub(super) fn check(definition: &Definition, found: &mut Vec<Diagnostic>) {
    for state in definition.states() {
        let StateKind::Task(task) = &state.kind else { continue };
        // An expression that reads the context object, which has the token.
        let reads_context = |text: &str| text.contains("$$") || text.contains("context");
        let hands_on = task.sent.arguments.as_ref().is_some_and(|arguments| arguments.any_text(&reads_context));
        if task.resource.arn.ends_with(".waitForTaskToken") && !hands_on {
            let message = "the task waits for its token and hands it to nobody; expected it among the arguments";
            found.push(
                Diagnostic::warning("F2005", state.pointer.as_str(), message)
                    .help("it is `$states.context.Task.Token`, in JSONPath `$$.Task.Token`")
                    .docs("https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::asl::validate::assert_finds;

    fn sending(body: &str) -> Json {
        let resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken";
        let task = json!({"Type": "Task", "Resource": resource, "QueryLanguage": "JSONata", "End": true, "Arguments": {"MessageBody": {"a": body}}});
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
