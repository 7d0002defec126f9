//! RDS and Aurora.

use super::sub;
use crate::{
    aws::rds::DBCluster,
    iam::{Statement, allow},
    stack::Handle,
};

impl Handle<DBCluster> {
    /// `rds-data:ExecuteStatement`: one SQL statement through the Data API. The caller needs to read the secret of
    /// a database user too ([`secret.allow_read()`](Handle::allow_read)).
    pub fn allow_execute_statement(&self) -> Statement {
        allow("rds-data:ExecuteStatement").on(self.db_cluster_arn())
    }

    /// Batches and transactions through the Data API: `BatchExecuteStatement`, `BeginTransaction`,
    /// `CommitTransaction`, `RollbackTransaction`.
    pub fn allow_transactions(&self) -> Statement {
        allow([
            "rds-data:BatchExecuteStatement",
            "rds-data:BeginTransaction",
            "rds-data:CommitTransaction",
            "rds-data:RollbackTransaction",
        ])
        .on(self.db_cluster_arn())
    }

    /// `rds-db:connect` as one database user, with IAM authentication.
    pub fn allow_connect(&self, user: &str) -> Statement {
        let users = "arn:${AWS::Partition}:rds-db:${AWS::Region}:${AWS::AccountId}:dbuser:${.DBClusterResourceId}/";
        allow("rds-db:connect").on(sub(self, users, user))
    }
}
