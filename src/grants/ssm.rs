//! Parameters of Systems Manager.

use crate::{
    aws::ssm::Parameter,
    iam::{Statement, allow},
    stack::Handle,
};

impl Handle<Parameter> {
    /// `ssm:GetParameter`, `ssm:GetParameters` and `ssm:GetParameterHistory`.
    pub fn allow_read(&self) -> Statement {
        allow(["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParameterHistory"]).on(self.arn())
    }

    /// `ssm:PutParameter`.
    pub fn allow_write(&self) -> Statement {
        allow("ssm:PutParameter").on(self.arn())
    }
}
