//! Step Functions.

use super::sub;
use crate::{
    aws::stepfunctions::{Activity, StateMachine},
    iam::{Statement, allow},
    stack::Handle,
};

const EXECUTIONS: &str = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:${.Name}:*";

impl Handle<StateMachine> {
    /// `states:StartExecution`.
    pub fn allow_start_execution(&self) -> Statement {
        allow("states:StartExecution").on(self.arn())
    }

    /// `states:StartSyncExecution` of an express machine.
    pub fn allow_start_sync_execution(&self) -> Statement {
        allow("states:StartSyncExecution").on(self.arn())
    }

    /// `states:DescribeExecution` of its executions.
    pub fn allow_describe_executions(&self) -> Statement {
        allow("states:DescribeExecution").on(sub(self, EXECUTIONS, ""))
    }

    /// `states:StopExecution` of its executions.
    pub fn allow_stop_executions(&self) -> Statement {
        allow("states:StopExecution").on(sub(self, EXECUTIONS, ""))
    }

    /// Answers `.waitForTaskToken` tasks: `SendTaskSuccess`, `SendTaskFailure`, `SendTaskHeartbeat`.
    pub fn allow_answer_tasks(&self) -> Statement {
        allow(["states:SendTaskSuccess", "states:SendTaskFailure", "states:SendTaskHeartbeat"]).on(self.arn())
    }
}

impl Handle<Activity> {
    /// `states:GetActivityTask`: what a worker asks for work with.
    pub fn allow_poll(&self) -> Statement {
        allow("states:GetActivityTask").on(self.arn())
    }
}
