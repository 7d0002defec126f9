//! `elasticmapreduce:addStep`: a step of a cluster.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr.html>

use super::Task;
use crate::{
    asl::build::{Argument, QueryLanguage, setters},
    aws::emr::Cluster,
    stack::Handle,
};

/// `arn:aws:states:::elasticmapreduce:addStep`, or that with `.sync`.
#[derive(Clone, Copy, Debug)]
pub enum EmrAddStep {}

impl<L: QueryLanguage> Task<L, EmrAddStep> {
    /// Adds a step. The role gets `elasticmapreduce:AddJobFlowSteps` on the cluster.
    pub fn emr_add_step(cluster: &Handle<Cluster>, step: impl Argument<L>) -> Self {
        let mut task = Self::optimized("elasticmapreduce:addStep");
        let id = task.body.token(cluster, "Id", cluster.id());
        task.body.argument::<L>("ClusterId", id);
        task.body.argument::<L>("Step", step);
        task.granting(cluster.allow_add_steps())
    }

    /// Adds a step and waits for its end (`.sync`). The role may also follow and cancel steps of the cluster, and gets
    /// the rule by which Step Functions learns of the end.
    pub fn emr_add_step_sync(cluster: &Handle<Cluster>, step: impl Argument<L>) -> Self {
        Self::emr_add_step(cluster, step).sync(".sync", [cluster.allow_follow_steps()])
    }

    setters::integration_arguments! {
        execution_role_arn => "ExecutionRoleArn", "the role of the step, where the cluster has runtime roles.";
    }
}
