//! SQS queues.

use crate::{
    aws::sqs::Queue,
    iam::{Statement, allow},
    stack::Handle,
};

impl Handle<Queue> {
    /// `sqs:SendMessage`.
    pub fn allow_send(&self) -> Statement {
        allow("sqs:SendMessage").on(self.arn())
    }

    /// The actions that a consumer needs, a Lambda event source too: `ReceiveMessage`, `DeleteMessage`,
    /// `GetQueueAttributes`.
    pub fn allow_receive(&self) -> Statement {
        allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]).on(self.arn())
    }

    /// `sqs:PurgeQueue`: removes every message.
    pub fn allow_purge(&self) -> Statement {
        allow("sqs:PurgeQueue").on(self.arn())
    }
}
