//! The topic that mails the link.

use formwork::{
    Handle, Stack,
    aws::sns::{Subscription, Topic, TopicPolicy},
    iam::{Operator, Principal, deny},
    stack::ParameterRef,
};

pub fn add(stack: &mut Stack, email: &ParameterRef<String>) -> Handle<Topic> {
    let topic = stack.add(
        "ReportTopic",
        // SNS's own key is enough: those who publish are roles of this account.
        Topic::new().display_name("Coffee report").kms_master_key_id("alias/aws/sns"),
    );
    stack.add(
        "ReportTopicPolicy",
        TopicPolicy::new(
            [deny("sns:Publish").on(topic.topic_arn()).sid("OnlyEncryptedTransport").to(Principal::anyone()).when(
                Operator::BOOL,
                "aws:SecureTransport",
                "false",
            )],
            [topic.topic_arn()],
        ),
    );
    stack.add("ReportSubscription", Subscription::new("email", topic.topic_arn()).endpoint(email.reference()));
    topic
}
