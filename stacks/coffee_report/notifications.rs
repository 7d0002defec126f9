//! The topic that mails the link, and what goes wrong.

use formwork::{
    Handle, Stack,
    aws::{
        kms::Key,
        sns::{Subscription, Topic, TopicPolicy},
    },
    iam::{Operator, Principal, allow, deny},
    intrinsic::{account_id, sub},
    stack::ParameterRef,
};

/// The topic, and the key that a publisher needs as well.
pub struct Notifications {
    pub topic: Handle<Topic>,
    pub key: Handle<Key>,
}

pub fn add(stack: &mut Stack, email: &ParameterRef<String>) -> Notifications {
    let key = stack.add(
        "ReportTopicKey",
        // SNS's own key would do for roles of this account, but not for CloudWatch, whose alarms publish too.
        Key::new().description("Encrypts the topic of the coffee report").enable_key_rotation(true).key_policy([
            allow("kms:*").on("*").to(Principal::aws(sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root"))),
            allow(["kms:Decrypt", "kms:GenerateDataKey*"]).on("*").to(Principal::service("cloudwatch.amazonaws.com")),
        ]),
    );
    let topic = stack.add("ReportTopic", Topic::new().display_name("Coffee report").kms_master_key_id(key.arn()));
    stack.add(
        "ReportTopicPolicy",
        TopicPolicy::new(
            [
                deny("sns:Publish").on(topic.topic_arn()).sid("OnlyEncryptedTransport").to(Principal::anyone()).when(
                    Operator::BOOL,
                    "aws:SecureTransport",
                    "false",
                ),
                allow("sns:Publish")
                    .on(topic.topic_arn())
                    .sid("AlarmsOfThisAccount")
                    .to(Principal::service("cloudwatch.amazonaws.com"))
                    .when(Operator::STRING_EQUALS, "aws:SourceAccount", account_id()),
            ],
            [topic.topic_arn()],
        ),
    );
    stack.add("ReportSubscription", Subscription::new("email", topic.topic_arn()).endpoint(email.reference()));
    Notifications { topic, key }
}
