//! `mediaconvert:createJob`: converts a video.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/connect-mediaconvert.html>

use super::Task;
use crate::{
    asl::build::{Argument, QueryLanguage, setters},
    aws::iam::Role,
    iam::allow,
    stack::Handle,
};

/// `arn:aws:states:::mediaconvert:createJob`, or that with `.sync`.
#[derive(Clone, Copy, Debug)]
pub enum MediaconvertCreateJob {}

impl<L: QueryLanguage> Task<L, MediaconvertCreateJob> {
    /// Creates a job with this role. The role of the state machine gets `mediaconvert:CreateJob`, which AWS ties to
    /// resources only in part, and may hand the other role on.
    pub fn mediaconvert_create_job(role: &Handle<Role>, settings: impl Argument<L>) -> Self {
        let mut task = Self::optimized("mediaconvert:createJob");
        let arn = task.body.token(role, "Arn", role.arn());
        task.body.argument::<L>("Role", arn);
        task.body.argument::<L>("Settings", settings);
        task.granting(allow("mediaconvert:CreateJob").on("*")).granting(role.allow_pass("mediaconvert.amazonaws.com"))
    }

    /// Creates a job and waits for its end (`.sync`). The role may also follow and cancel jobs, and gets the rule by
    /// which Step Functions learns of the end.
    pub fn mediaconvert_create_job_sync(role: &Handle<Role>, settings: impl Argument<L>) -> Self {
        let following = allow(["mediaconvert:GetJob", "mediaconvert:CancelJob"]).on("*");
        Self::mediaconvert_create_job(role, settings).sync(".sync", [following])
    }

    setters::integration_arguments! {
        job_template => "JobTemplate", "the template that the settings add to.";
        priority => "Priority", "-50 to 50.";
        queue => "Queue", "the ARN of the queue; AWS's default is `Default`.";
        tags => "Tags", "a map.";
        user_metadata => "UserMetadata", "a map that comes with each event of the job.";
    }
}
