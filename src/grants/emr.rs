//! EMR.

use super::sub;
use crate::{
    aws::emr::Cluster,
    iam::{Statement, allow},
    stack::Handle,
};

const ARN: &str = "arn:${AWS::Partition}:elasticmapreduce:${AWS::Region}:${AWS::AccountId}:cluster/${}";

impl Handle<Cluster> {
    /// `elasticmapreduce:AddJobFlowSteps`.
    pub fn allow_add_steps(&self) -> Statement {
        allow("elasticmapreduce:AddJobFlowSteps").on(sub(self, ARN, ""))
    }

    /// Looks at its steps and cancels them: `DescribeStep`, `CancelSteps`.
    pub fn allow_follow_steps(&self) -> Statement {
        allow(["elasticmapreduce:DescribeStep", "elasticmapreduce:CancelSteps"]).on(sub(self, ARN, ""))
    }
}
