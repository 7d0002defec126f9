//! `codebuild:startBuild`: a build of a project.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/connect-codebuild.html>

use super::Task;
use crate::{
    asl::build::{QueryLanguage, setters},
    aws::codebuild::Project,
    stack::Handle,
};

/// `arn:aws:states:::codebuild:startBuild`, or that with `.sync`.
#[derive(Clone, Copy, Debug)]
pub enum CodebuildStartBuild {}

impl<L: QueryLanguage> Task<L, CodebuildStartBuild> {
    /// Starts a build. The role gets `codebuild:StartBuild` on the project.
    pub fn codebuild_start_build(project: &Handle<Project>) -> Self {
        let mut task = Self::optimized("codebuild:startBuild");
        let name = task.body.token(project, "Name", project.name());
        task.body.argument::<L>("ProjectName", name);
        task.granting(project.allow_start_build())
    }

    /// Starts a build and waits for its end (`.sync`). The role may also follow and stop it, and gets the rule by which
    /// Step Functions learns of the end.
    pub fn codebuild_start_build_sync(project: &Handle<Project>) -> Self {
        Self::codebuild_start_build(project).sync(".sync", [project.allow_follow_builds()])
    }

    setters::integration_arguments! {
        buildspec_override => "BuildspecOverride", "the build specification of this build.";
        environment_variables_override => "EnvironmentVariablesOverride", "a list of `{Name, Value, Type}`.";
        source_version => "SourceVersion", "the commit, branch, tag or object version that is built.";
        timeout_in_minutes_override => "TimeoutInMinutesOverride", "5 to 2,160.";
    }
}
