//! Batch.

use crate::{
    aws::batch::{JobDefinition, JobQueue},
    iam::{Statement, allow},
    stack::Handle,
};

impl Handle<JobQueue> {
    /// `batch:SubmitJob`: jobs of this definition into the queue.
    pub fn allow_submit(&self, definition: &Handle<JobDefinition>) -> Statement {
        allow("batch:SubmitJob").on_all([self.job_queue_arn(), definition.job_definition_arn()])
    }
}
