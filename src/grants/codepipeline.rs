//! CodePipeline.

use super::sub;
use crate::{
    aws::codepipeline::Pipeline,
    iam::{Statement, allow},
    stack::Handle,
};

impl Handle<Pipeline> {
    /// `codepipeline:StartPipelineExecution`.
    pub fn allow_start_execution(&self) -> Statement {
        allow("codepipeline:StartPipelineExecution").on(sub(
            self,
            "arn:${AWS::Partition}:codepipeline:${AWS::Region}:${AWS::AccountId}:${}",
            "",
        ))
    }
}
