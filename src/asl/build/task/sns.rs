//! `sns:publish`.

use super::{Task, WAIT_FOR_TASK_TOKEN};
use crate::{
    asl::build::{QueryLanguage, setters},
    aws::sns::Topic,
    stack::Handle,
};

/// `arn:aws:states:::sns:publish`.
#[derive(Clone, Copy, Debug)]
pub enum SnsPublish {}

impl<L: QueryLanguage> Task<L, SnsPublish> {
    /// Publishes the state's input, unless [`message`](Self::message) says otherwise, to a topic. The role gets
    /// `sns:Publish` on it.
    ///
    /// <https://docs.aws.amazon.com/step-functions/latest/dg/connect-sns.html>
    pub fn sns_publish(topic: &Handle<Topic>) -> Self {
        let mut task = Self::optimized("sns:publish");
        let arn = task.body.token(topic, "TopicArn", topic.topic_arn());
        task.body.argument::<L>("TopicArn", arn);
        task.body.argument_from_input::<L>("Message");
        task.granting(topic.allow_publish())
    }

    /// Waits until the token is sent back (`.waitForTaskToken`). The message must hand the token on:
    /// `$states.context.Task.Token`, in JSONPath `$$.Task.Token`.
    pub fn wait_for_task_token(self) -> Self {
        self.pattern(WAIT_FOR_TASK_TOKEN)
    }

    setters::integration_arguments! {
        message => "Message", "text, or JSON that is sent as text; at most 262,144 bytes.";
        subject => "Subject", "of an e-mail: fewer than 100 characters, one line.";
        message_attributes => "MessageAttributes",
            "a map of name to `{DataType, StringValue}`, for the filters of subscriptions.";
        message_structure => "MessageStructure", "`json`: the message holds a text for each protocol.";
        message_group_id => "MessageGroupId", "of a FIFO topic: messages of one group stay in order.";
        message_deduplication_id => "MessageDeduplicationId",
            "of a FIFO topic: a second message with the same id is dropped.";
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{asl::jsonata::*, stack::Stack};

    #[test]
    fn a_message_goes_to_the_topic() {
        let topic = Stack::new("test").handle("ReportTopic");
        let task = Task::sns_publish(&topic).message("{% $states.input.text %}").subject("Coffee report");
        let workflow = Workflow::new().state("Publish", task.end());
        assert_eq!(
            workflow.definition()["States"]["Publish"],
            json!({
                "Type": "Task",
                "Resource": "${SnsPublish}",
                "Arguments": {
                    "TopicArn": "${ReportTopicArn}",
                    "Message": "{% $states.input.text %}",
                    "Subject": "Coffee report",
                },
                "End": true,
            })
        );
        assert_eq!(
            serde_json::to_value(workflow.grants()).unwrap()["Statement"],
            json!([{"Effect": "Allow", "Action": "sns:Publish", "Resource": topic.topic_arn()}])
        );
    }
}
