//! `bedrock:invokeModel`: a model answers.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/connect-bedrock.html>

use super::Task;
use crate::{
    asl::build::{Argument, QueryLanguage, setters},
    iam::allow,
    intrinsic::sub,
};

/// `arn:aws:states:::bedrock:invokeModel`.
#[derive(Clone, Copy, Debug)]
pub enum BedrockInvokeModel {}

impl<L: QueryLanguage> Task<L, BedrockInvokeModel> {
    /// Asks a foundation model of the region, by its id. The role gets `bedrock:InvokeModel` on it; what is no
    /// foundation model (an inference profile, a model of your own) is called by [`Task::integration`].
    pub fn bedrock_invoke_model(model: &str, body: impl Argument<L>) -> Self {
        let mut task = Self::optimized("bedrock:invokeModel");
        task.body.argument::<L>("ModelId", model);
        task.body.argument::<L>("Body", body);
        let arn = format!("arn:${{AWS::Partition}}:bedrock:${{AWS::Region}}::foundation-model/{model}");
        task.granting(allow("bedrock:InvokeModel").on(sub(arn)))
    }

    setters::integration_arguments! {
        accept => "Accept", "the type of the answer; AWS's default is `application/json`.";
        content_type => "ContentType", "the type of the body; AWS's default is `application/json`.";
        guardrail_identifier => "GuardrailIdentifier", "the guardrail that looks at it.";
        guardrail_version => "GuardrailVersion", "its version, or `DRAFT`.";
    }
}
