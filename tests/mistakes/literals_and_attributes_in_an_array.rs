use formwork::{Stack, aws::{cloudwatch::Alarm, sns::Topic}};

fn main() {
    let mut stack = Stack::new("orders");
    let topic = stack.add("Mails", Topic::new());
    Alarm::new().alarm_actions([topic.topic_arn(), "arn:aws:sns:eu-west-1:123456789012:on-call"]);
    Alarm::new().alarm_actions(("arn:aws:sns:eu-west-1:123456789012:on-call", topic.topic_arn()));
    Alarm::new().alarm_actions(topic.topic_arn());
    Alarm::new().alarm_actions("arn:aws:sns:eu-west-1:123456789012:on-call");
}
