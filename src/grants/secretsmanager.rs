//! Secrets Manager.

use crate::{
    aws::secretsmanager::Secret,
    iam::{Statement, allow},
    stack::Handle,
};

impl Handle<Secret> {
    /// `secretsmanager:GetSecretValue`.
    pub fn allow_read(&self) -> Statement {
        allow("secretsmanager:GetSecretValue").on(self.reference())
    }

    /// `secretsmanager:PutSecretValue`.
    pub fn allow_write(&self) -> Statement {
        allow("secretsmanager:PutSecretValue").on(self.reference())
    }
}
