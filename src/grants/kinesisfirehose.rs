//! Firehose.

use crate::{
    aws::kinesisfirehose::DeliveryStream,
    iam::{Statement, allow},
    stack::Handle,
};

impl Handle<DeliveryStream> {
    /// `firehose:PutRecord` and `firehose:PutRecordBatch`.
    pub fn allow_put(&self) -> Statement {
        allow(["firehose:PutRecord", "firehose:PutRecordBatch"]).on(self.arn())
    }
}
