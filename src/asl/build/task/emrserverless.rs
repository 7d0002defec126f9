//! `emr-serverless:startJobRun`: a run of an application.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr-serverless.html>

use super::Task;
use crate::{
    asl::build::{Argument, QueryLanguage, setters},
    aws::{emrserverless::Application, iam::Role},
    stack::Handle,
};

/// `arn:aws:states:::emr-serverless:startJobRun`, or that with `.sync`.
#[derive(Clone, Copy, Debug)]
pub enum EmrServerlessStartJobRun {}

impl<L: QueryLanguage> Task<L, EmrServerlessStartJobRun> {
    /// Starts a run with this role. The role of the state machine gets `emr-serverless:StartJobRun` on the application,
    /// and may hand the other role on.
    pub fn emr_serverless_start_job_run(
        application: &Handle<Application>,
        role: &Handle<Role>,
        driver: impl Argument<L>,
    ) -> Self {
        let mut task = Self::optimized("emr-serverless:startJobRun");
        let id = task.body.token(application, "ApplicationId", application.application_id());
        task.body.argument::<L>("ApplicationId", id);
        let arn = task.body.token(role, "Arn", role.arn());
        task.body.argument::<L>("ExecutionRoleArn", arn);
        task.body.argument::<L>("JobDriver", driver);
        task.granting(application.allow_start_run()).granting(role.allow_pass("emr-serverless.amazonaws.com"))
    }

    /// Starts a run and waits for its end (`.sync`). The role may also follow and cancel runs of the application, and
    /// gets the rule by which Step Functions learns of the end.
    pub fn emr_serverless_start_job_run_sync(
        application: &Handle<Application>,
        role: &Handle<Role>,
        driver: impl Argument<L>,
    ) -> Self {
        Self::emr_serverless_start_job_run(application, role, driver).sync(".sync", [application.allow_follow_runs()])
    }

    setters::integration_arguments! {
        configuration_overrides => "ConfigurationOverrides", "of the application, and where its logs go.";
        execution_timeout_minutes => "ExecutionTimeoutMinutes", "after how long it is cancelled.";
        name => "Name", "of the run: 1 to 256 characters.";
        tags => "Tags", "a map of up to 200.";
    }
}
