//! S3 buckets. Objects are named by a pattern with `*`, such as `reports/*`, without a leading slash.

use super::attribute_and;
use crate::{
    aws::s3::Bucket,
    iam::{Operator, Permission, Statement, allow},
    stack::Handle,
};

impl Handle<Bucket> {
    /// `s3:GetObject` on the objects.
    pub fn allow_get(&self, objects: &str) -> Statement {
        self.objects(allow("s3:GetObject"), objects)
    }

    /// `s3:PutObject` on the objects, which covers uploads in parts.
    pub fn allow_put(&self, objects: &str) -> Statement {
        self.objects(allow("s3:PutObject"), objects)
    }

    /// `s3:AbortMultipartUpload` on the objects: gives up an upload in parts.
    pub fn allow_abort_upload(&self, objects: &str) -> Statement {
        self.objects(allow("s3:AbortMultipartUpload"), objects)
    }

    /// `s3:DeleteObject` on the objects; versions stay.
    pub fn allow_delete(&self, objects: &str) -> Statement {
        self.objects(allow("s3:DeleteObject"), objects)
    }

    /// `s3:ListBucket`, for listings with a prefix that matches the pattern (`reports/*`).
    pub fn allow_list(&self, prefix: &str) -> Statement {
        allow("s3:ListBucket").on(self.arn()).when(Operator::STRING_LIKE, "s3:prefix", prefix)
    }

    fn objects(&self, permission: Permission, objects: &str) -> Statement {
        permission.on(attribute_and(self, "Arn", &format!("/{objects}")))
    }
}
