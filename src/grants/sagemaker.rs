//! SageMaker.

use crate::{
    aws::sagemaker::Endpoint,
    iam::{Statement, allow},
    stack::Handle,
};

impl Handle<Endpoint> {
    /// `sagemaker:InvokeEndpoint`.
    pub fn allow_invoke(&self) -> Statement {
        allow("sagemaker:InvokeEndpoint").on(self.endpoint_arn())
    }
}
