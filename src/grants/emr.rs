//! EMR.

use super::sub;
use crate::{
    aws::emr::Cluster,
    iam::{Statement, allow},
    stack::Handle,
};

impl Handle<Cluster> {
    /// Adds steps, looks at them and cancels them: `AddJobFlowSteps`, `DescribeStep`, `CancelSteps`.
    pub fn allow_run_steps(&self) -> Statement {
        let cluster = "arn:${AWS::Partition}:elasticmapreduce:${AWS::Region}:${AWS::AccountId}:cluster/${}";
        allow(["elasticmapreduce:AddJobFlowSteps", "elasticmapreduce:DescribeStep", "elasticmapreduce:CancelSteps"])
            .on(sub(self, cluster, ""))
    }
}
