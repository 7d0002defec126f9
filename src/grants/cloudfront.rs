//! CloudFront.

use super::sub;
use crate::{
    aws::cloudfront::Distribution,
    iam::{Statement, allow},
    stack::Handle,
};

impl Handle<Distribution> {
    /// `cloudfront:CreateInvalidation`: removes files from the caches.
    pub fn allow_invalidate(&self) -> Statement {
        allow("cloudfront:CreateInvalidation").on(sub(
            self,
            "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${}",
            "",
        ))
    }
}
