//! IoT.

use super::sub;
use crate::{
    aws::iot::Thing,
    iam::{Statement, allow},
    stack::Handle,
};

impl Handle<Thing> {
    /// `iot:Connect` as the client with the name of the thing.
    pub fn allow_connect(&self) -> Statement {
        allow("iot:Connect").on(sub(self, "arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:client/${}", ""))
    }
}
