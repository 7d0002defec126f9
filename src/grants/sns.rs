//! SNS topics.

use crate::{
    aws::sns::Topic,
    iam::{Statement, allow},
    stack::Handle,
};

impl Handle<Topic> {
    /// `sns:Publish`.
    pub fn allow_publish(&self) -> Statement {
        allow("sns:Publish").on(self.topic_arn())
    }

    /// `sns:Subscribe`.
    pub fn allow_subscribe(&self) -> Statement {
        allow("sns:Subscribe").on(self.topic_arn())
    }
}
