//! CodeBuild.

use crate::{
    aws::codebuild::Project,
    iam::{Statement, allow},
    stack::Handle,
};

impl Handle<Project> {
    /// `codebuild:StartBuild`.
    pub fn allow_start_build(&self) -> Statement {
        allow("codebuild:StartBuild").on(self.arn())
    }

    /// Looks at its builds and stops them: `BatchGetBuilds`, `StopBuild`.
    pub fn allow_follow_builds(&self) -> Statement {
        allow(["codebuild:BatchGetBuilds", "codebuild:StopBuild"]).on(self.arn())
    }
}
