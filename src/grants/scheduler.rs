//! EventBridge Scheduler.

use super::sub;
use crate::{
    aws::scheduler::ScheduleGroup,
    iam::{Statement, allow},
    stack::Handle,
};

const SCHEDULES: &str = "arn:${AWS::Partition}:scheduler:${AWS::Region}:${AWS::AccountId}:schedule/${}/*";

impl Handle<ScheduleGroup> {
    /// `scheduler:GetSchedule` of the schedules in the group.
    pub fn allow_read(&self) -> Statement {
        allow("scheduler:GetSchedule").on(sub(self, SCHEDULES, ""))
    }

    /// Makes and changes schedules in the group: `CreateSchedule`, `UpdateSchedule`. The role that they run with is
    /// granted by [`role.allow_pass("scheduler.amazonaws.com")`](Handle::allow_pass).
    pub fn allow_write(&self) -> Statement {
        allow(["scheduler:CreateSchedule", "scheduler:UpdateSchedule"]).on(sub(self, SCHEDULES, ""))
    }

    /// `scheduler:DeleteSchedule` of the schedules in the group.
    pub fn allow_delete(&self) -> Statement {
        allow("scheduler:DeleteSchedule").on(sub(self, SCHEDULES, ""))
    }
}
