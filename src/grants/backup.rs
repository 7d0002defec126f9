//! Backup.

use crate::{
    aws::backup::BackupVault,
    iam::{Statement, allow},
    stack::Handle,
};

impl Handle<BackupVault> {
    /// `backup:StartBackupJob` into the vault. The role that makes the backup is granted by
    /// [`role.allow_pass("backup.amazonaws.com")`](Handle::allow_pass).
    pub fn allow_start_backup(&self) -> Statement {
        allow("backup:StartBackupJob").on(self.backup_vault_arn())
    }
}
