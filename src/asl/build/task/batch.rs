//! `batch:submitJob`: a job in a queue.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html>

use super::Task;
use crate::{
    asl::build::{Argument, QueryLanguage, setters},
    aws::batch::{JobDefinition, JobQueue},
    iam::allow,
    stack::Handle,
};

/// `arn:aws:states:::batch:submitJob`, or that with `.sync`.
#[derive(Clone, Copy, Debug)]
pub enum BatchSubmitJob {}

impl<L: QueryLanguage> Task<L, BatchSubmitJob> {
    /// Submits a job. The role gets `batch:SubmitJob` on the queue and the definition.
    pub fn batch_submit_job(
        queue: &Handle<JobQueue>,
        definition: &Handle<JobDefinition>,
        name: impl Argument<L>,
    ) -> Self {
        let mut task = Self::optimized("batch:submitJob");
        task.body.argument::<L>("JobName", name);
        let arn = task.body.token(queue, "JobQueueArn", queue.job_queue_arn());
        task.body.argument::<L>("JobQueue", arn);
        let arn = task.body.token(definition, "JobDefinitionArn", definition.job_definition_arn());
        task.body.argument::<L>("JobDefinition", arn);
        task.granting(queue.allow_submit(definition))
    }

    /// Submits a job and waits for its end (`.sync`). The role may also follow and stop jobs, which AWS ties to no
    /// queue, and gets the rule by which Step Functions learns of the end.
    pub fn batch_submit_job_sync(
        queue: &Handle<JobQueue>,
        definition: &Handle<JobDefinition>,
        name: impl Argument<L>,
    ) -> Self {
        let following = allow(["batch:DescribeJobs", "batch:TerminateJob"]).on("*");
        Self::batch_submit_job(queue, definition, name).sync(".sync", [following])
    }

    setters::integration_arguments! {
        array_properties => "ArrayProperties", "`{Size}`: a job of 2 to 10,000 parts.";
        container_overrides => "ContainerOverrides", "command, environment and resources of the container.";
        depends_on => "DependsOn", "the jobs to wait for: up to 20 of `{JobId, Type}`.";
        job_parameters => "Parameters", "a map of what replaces the parameters of the definition.";
        retry_strategy => "RetryStrategy", "`{Attempts}`, 1 to 10.";
        share_identifier => "ShareIdentifier", "of a queue with a policy of scheduling.";
        tags => "Tags", "a map of up to 50.";
        timeout => "Timeout", "`{AttemptDurationSeconds}`, at least 60.";
    }
}
