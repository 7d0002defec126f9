//! EFS.

use crate::{
    aws::efs::FileSystem,
    iam::{Statement, allow},
    stack::Handle,
};

impl Handle<FileSystem> {
    /// `elasticfilesystem:ClientMount`: mounts it to read.
    pub fn allow_mount(&self) -> Statement {
        allow("elasticfilesystem:ClientMount").on(self.arn())
    }

    /// Mounts it to read and write: `ClientMount`, `ClientWrite`.
    pub fn allow_mount_to_write(&self) -> Statement {
        allow(["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]).on(self.arn())
    }
}
