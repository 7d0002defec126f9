//! CodeCommit.

use crate::{
    aws::codecommit::Repository,
    iam::{Statement, allow},
    stack::Handle,
};

impl Handle<Repository> {
    /// `codecommit:GitPull`.
    pub fn allow_pull(&self) -> Statement {
        allow("codecommit:GitPull").on(self.arn())
    }

    /// `codecommit:GitPush`.
    pub fn allow_push(&self) -> Statement {
        allow("codecommit:GitPush").on(self.arn())
    }
}
