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

    /// The statements that the machine's own role needs for a distributed `Map` in it: to start child executions of the
    /// machine, to look at them and to stop them.
    ///
    /// The machine names its role, so that the role cannot name the machine: these statements go into a policy
    /// resource of their own, attached to the role and added after the machine.
    ///
    /// ```
    /// use formwork::{Stack, asl::jsonata::*, aws::{iam, stepfunctions::StateMachine}, iam::{Policy, trust}};
    /// let mut stack = Stack::new("reports");
    /// let each = Branch::new().state("Render", Pass::new().end());
    /// let workflow = Workflow::new().state("All", Map::distributed(each, ExecutionType::Express).end());
    /// let role = stack.add("WorkflowRole", iam::Role::new(trust("states.amazonaws.com")));
    /// let machine = stack.add("Reports", StateMachine::new(role.arn()).workflow(&workflow));
    /// let children = iam::ManagedPolicy::new(Policy::new(machine.allow_distributed_map())).roles([role.role_name()]);
    /// stack.add("RunChildren", children);
    /// # assert_eq!(stack.diagnostics(), []);
    /// ```
    ///
    /// <https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html>
    pub fn allow_distributed_map(&self) -> [Statement; 2] {
        let executions = ["states:DescribeExecution", "states:StopExecution"];
        [self.allow_start_execution(), allow(executions).on(sub(self, EXECUTIONS, ""))]
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
