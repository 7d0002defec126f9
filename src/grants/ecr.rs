//! ECR.

use crate::{
    aws::ecr::Repository,
    iam::{Statement, allow},
    stack::Handle,
};

impl Handle<Repository> {
    /// Pulls images: `BatchCheckLayerAvailability`, `GetDownloadUrlForLayer`, `BatchGetImage`. Whoever does needs
    /// [`allow_ecr_login`](super::allow_ecr_login) too.
    pub fn allow_pull(&self) -> Statement {
        allow(["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"]).on(self.arn())
    }

    /// Pushes images: `BatchCheckLayerAvailability`, `InitiateLayerUpload`, `UploadLayerPart`, `CompleteLayerUpload`,
    /// `PutImage`. Whoever does needs [`allow_ecr_login`](super::allow_ecr_login) too.
    pub fn allow_push(&self) -> Statement {
        allow([
            "ecr:BatchCheckLayerAvailability",
            "ecr:InitiateLayerUpload",
            "ecr:UploadLayerPart",
            "ecr:CompleteLayerUpload",
            "ecr:PutImage",
        ])
        .on(self.arn())
    }
}
