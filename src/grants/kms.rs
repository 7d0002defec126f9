//! KMS keys. The key's own policy must let the account's IAM policies decide, or name the caller.

use crate::{
    aws::kms::Key,
    iam::{Statement, allow},
    stack::Handle,
};

impl Handle<Key> {
    /// `kms:Encrypt`.
    pub fn allow_encrypt(&self) -> Statement {
        allow("kms:Encrypt").on(self.arn())
    }

    /// `kms:Decrypt`: what a reader of encrypted objects, messages or secrets needs.
    pub fn allow_decrypt(&self) -> Statement {
        allow("kms:Decrypt").on(self.arn())
    }

    /// `kms:GenerateDataKey`: what a writer of encrypted objects needs.
    pub fn allow_generate_data_key(&self) -> Statement {
        allow("kms:GenerateDataKey").on(self.arn())
    }

    /// `kms:Sign` with an asymmetric key.
    pub fn allow_sign(&self) -> Statement {
        allow("kms:Sign").on(self.arn())
    }

    /// `kms:Verify` with an asymmetric key.
    pub fn allow_verify(&self) -> Statement {
        allow("kms:Verify").on(self.arn())
    }
}
