//! IAM roles.

use crate::{
    aws::iam::Role,
    iam::{Operator, Statement, allow},
    stack::Handle,
};

impl Handle<Role> {
    /// `sts:AssumeRole`; the role's trust policy must allow it too.
    pub fn allow_assume(&self) -> Statement {
        allow("sts:AssumeRole").on(self.arn())
    }

    /// `iam:PassRole` to one service, such as `lambda.amazonaws.com`.
    pub fn allow_pass(&self, service: &str) -> Statement {
        allow("iam:PassRole").on(self.arn()).when(Operator::STRING_EQUALS, "iam:PassedToService", service)
    }
}
