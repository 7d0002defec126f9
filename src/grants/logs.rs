//! CloudWatch Logs.

use crate::{
    aws::logs::LogGroup,
    iam::{Statement, allow},
    stack::Handle,
};

impl Handle<LogGroup> {
    /// The actions that a function needs for its own log: `CreateLogStream` and `PutLogEvents`, not `CreateLogGroup`.
    pub fn allow_write(&self) -> Statement {
        allow(["logs:CreateLogStream", "logs:PutLogEvents"]).on(self.arn())
    }

    /// Reads and searches: `DescribeLogStreams`, `GetLogEvents`, `FilterLogEvents`.
    pub fn allow_read(&self) -> Statement {
        allow(["logs:DescribeLogStreams", "logs:GetLogEvents", "logs:FilterLogEvents"]).on(self.arn())
    }
}
