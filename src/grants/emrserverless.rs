//! EMR Serverless.

use super::attribute_and;
use crate::{
    aws::emrserverless::Application,
    iam::{Statement, allow},
    stack::Handle,
};

impl Handle<Application> {
    /// `emr-serverless:StartJobRun`. The role of the job is granted by
    /// [`role.allow_pass("emr-serverless.amazonaws.com")`](Handle::allow_pass).
    pub fn allow_start_run(&self) -> Statement {
        allow("emr-serverless:StartJobRun").on(self.arn())
    }

    /// Looks at its runs and cancels them: `GetJobRun`, `CancelJobRun`.
    pub fn allow_follow_runs(&self) -> Statement {
        allow(["emr-serverless:GetJobRun", "emr-serverless:CancelJobRun"]).on(attribute_and(self, "Arn", "/jobruns/*"))
    }
}
