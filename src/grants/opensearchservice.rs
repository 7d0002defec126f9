//! OpenSearch.

use super::attribute_and;
use crate::{
    aws::opensearchservice::Domain,
    iam::{Statement, allow},
    stack::Handle,
};

impl Handle<Domain> {
    /// Searches all indices and reads documents: `ESHttpGet`, `ESHttpHead`, and `ESHttpPost`, which searches are sent
    /// by.
    pub fn allow_read(&self) -> Statement {
        allow(["es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPost"]).on(attribute_and(self, "Arn", "/*"))
    }

    /// Writes and deletes documents: `ESHttpDelete`, `ESHttpPatch`, `ESHttpPost`, `ESHttpPut`.
    pub fn allow_write(&self) -> Statement {
        allow(["es:ESHttpDelete", "es:ESHttpPatch", "es:ESHttpPost", "es:ESHttpPut"])
            .on(attribute_and(self, "Arn", "/*"))
    }
}
