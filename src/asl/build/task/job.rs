//! The rules of Amazon EventBridge by which Step Functions learns that a job has ended.

use crate::{intrinsic::sub, value::Value};

/// The ARN of a rule.
pub(super) fn rule(name: &str) -> Value<String> {
    sub(format!("arn:${{AWS::Partition}}:events:${{AWS::Region}}:${{AWS::AccountId}}:rule/{name}"))
}
