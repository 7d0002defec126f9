//! Kinesis streams.

use crate::{
    aws::kinesis::Stream,
    iam::{Statement, allow},
    stack::Handle,
};

impl Handle<Stream> {
    /// The actions that a consumer needs, a Lambda event source too: `DescribeStream`, `DescribeStreamSummary`,
    /// `GetRecords`, `GetShardIterator`, `ListShards`, `SubscribeToShard`.
    pub fn allow_read(&self) -> Statement {
        allow([
            "kinesis:DescribeStream",
            "kinesis:DescribeStreamSummary",
            "kinesis:GetRecords",
            "kinesis:GetShardIterator",
            "kinesis:ListShards",
            "kinesis:SubscribeToShard",
        ])
        .on(self.arn())
    }

    /// `kinesis:PutRecord` and `kinesis:PutRecords`.
    pub fn allow_write(&self) -> Statement {
        allow(["kinesis:PutRecord", "kinesis:PutRecords"]).on(self.arn())
    }
}
