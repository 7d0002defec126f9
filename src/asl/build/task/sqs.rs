//! `sqs:sendMessage`.

use super::{Task, WAIT_FOR_TASK_TOKEN};
use crate::{
    asl::build::{QueryLanguage, setters},
    aws::sqs::Queue,
    stack::Handle,
};

/// `arn:aws:states:::sqs:sendMessage`.
#[derive(Clone, Copy, Debug)]
pub enum SqsSendMessage {}

impl<L: QueryLanguage> Task<L, SqsSendMessage> {
    /// Sends the state's input, unless [`message_body`](Self::message_body) says otherwise, to a queue. The role
    /// gets `sqs:SendMessage` on it.
    ///
    /// <https://docs.aws.amazon.com/step-functions/latest/dg/connect-sqs.html>
    pub fn sqs_send_message(queue: &Handle<Queue>) -> Self {
        let mut task = Self::optimized("sqs:sendMessage");
        let url = task.body.token(queue, "QueueUrl", queue.queue_url());
        task.body.argument::<L>("QueueUrl", url);
        task.body.argument_from_input::<L>("MessageBody");
        task.granting(queue.allow_send())
    }

    /// Waits until the token is sent back (`.waitForTaskToken`). The message must hand the token on:
    /// `$states.context.Task.Token`, in JSONPath `$$.Task.Token`.
    pub fn wait_for_task_token(self) -> Self {
        self.pattern(WAIT_FOR_TASK_TOKEN)
    }

    setters::integration_arguments! {
        message_body => "MessageBody", "text, or JSON that is sent as text; at most 1 MiB.";
        delay_seconds => "DelaySeconds", "how long the message stays hidden at first, from 0 to 900.";
        message_attributes => "MessageAttributes", "a map of name to `{DataType, StringValue}`.";
        message_group_id => "MessageGroupId", "of a FIFO queue: messages of one group stay in order.";
        message_deduplication_id => "MessageDeduplicationId",
            "of a FIFO queue: a second message with the same id is dropped.";
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{asl::jsonpath::*, stack::Stack};

    #[test]
    fn a_token_is_handed_on_in_the_message() {
        let queue = Stack::new("test").handle("Orders");
        let task = Task::sqs_send_message(&queue)
            .message_body(json!({"token.$": "$$.Task.Token"}))
            .delay_seconds(5)
            .wait_for_task_token();
        let workflow = Workflow::new().state("Send", task.end());
        assert_eq!(
            workflow.definition()["States"]["Send"],
            json!({
                "Type": "Task",
                "Resource": "${SqsSendMessageWaitForTaskToken}",
                "Parameters": {
                    "QueueUrl": "${OrdersQueueUrl}",
                    "MessageBody": {"token.$": "$$.Task.Token"},
                    "DelaySeconds": 5,
                },
                "End": true,
            })
        );
        assert_eq!(
            serde_json::to_value(workflow.grants()).unwrap()["Statement"],
            json!([{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": queue.arn()}])
        );
    }
}
