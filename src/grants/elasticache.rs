//! ElastiCache.

use crate::{
    aws::elasticache::{ServerlessCache, User},
    iam::{Statement, allow},
    stack::Handle,
};

impl Handle<ServerlessCache> {
    /// `elasticache:Connect` as one user, with IAM authentication.
    pub fn allow_connect(&self, user: &Handle<User>) -> Statement {
        allow("elasticache:Connect").on_all([self.arn(), user.arn()])
    }
}
