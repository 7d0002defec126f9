//! ECS.

use super::sub;
use crate::{
    aws::ecs::{Cluster, TaskDefinition},
    iam::{Statement, allow},
    stack::Handle,
};

impl Handle<TaskDefinition> {
    /// `ecs:RunTask` of this revision. The roles of the task are granted by
    /// [`role.allow_pass("ecs-tasks.amazonaws.com")`](Handle::allow_pass).
    pub fn allow_run(&self) -> Statement {
        allow("ecs:RunTask").on(self.task_definition_arn())
    }
}

impl Handle<Cluster> {
    /// Looks at the tasks in the cluster and stops them: `DescribeTasks`, `StopTask`.
    pub fn allow_follow_tasks(&self) -> Statement {
        let tasks = "arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:task/${}/*";
        allow(["ecs:DescribeTasks", "ecs:StopTask"]).on(sub(self, tasks, ""))
    }
}
