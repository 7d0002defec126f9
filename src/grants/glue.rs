//! Glue.

use super::sub;
use crate::{
    aws::glue::Job,
    iam::{Statement, allow},
    stack::Handle,
};

const ARN: &str = "arn:${AWS::Partition}:glue:${AWS::Region}:${AWS::AccountId}:job/${}";

impl Handle<Job> {
    /// `glue:StartJobRun`.
    pub fn allow_start_run(&self) -> Statement {
        allow("glue:StartJobRun").on(sub(self, ARN, ""))
    }

    /// Looks at its runs and stops them: `GetJobRun`, `GetJobRuns`, `BatchStopJobRun`.
    pub fn allow_follow_runs(&self) -> Statement {
        allow(["glue:GetJobRun", "glue:GetJobRuns", "glue:BatchStopJobRun"]).on(sub(self, ARN, ""))
    }
}
