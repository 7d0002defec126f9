//! `glue:startJobRun`: a run of a job.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/connect-glue.html>

use super::Task;
use crate::{
    asl::build::{QueryLanguage, setters},
    aws::glue::Job,
    stack::Handle,
};

/// `arn:aws:states:::glue:startJobRun`, or that with `.sync`.
#[derive(Clone, Copy, Debug)]
pub enum GlueStartJobRun {}

impl<L: QueryLanguage> Task<L, GlueStartJobRun> {
    /// Starts a run. The role gets `glue:StartJobRun` on the job.
    pub fn glue_start_job_run(job: &Handle<Job>) -> Self {
        let mut task = Self::optimized("glue:startJobRun");
        let name = task.body.token(job, "Name", job.name());
        task.body.argument::<L>("JobName", name);
        task.granting(job.allow_start_run())
    }

    /// Starts a run and waits for its end (`.sync`). The role may also follow and stop runs of the job.
    pub fn glue_start_job_run_sync(job: &Handle<Job>) -> Self {
        Self::glue_start_job_run(job).sync(".sync", [job.allow_follow_runs()])
    }

    setters::integration_arguments! {
        job_arguments => "Arguments", "a map of `--name` to value, in place of the job's own.";
        number_of_workers => "NumberOfWorkers", "how many.";
        security_configuration => "SecurityConfiguration", "the name of what encrypts.";
        timeout => "Timeout", "after how many minutes it is stopped.";
        worker_type => "WorkerType", "`G.1X`, `G.2X`, … `Z.2X`.";
    }
}
