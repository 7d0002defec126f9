//! Athena.

use super::sub;
use crate::{
    aws::athena::WorkGroup,
    iam::{Statement, allow},
    stack::Handle,
};

const ARN: &str = "arn:${AWS::Partition}:athena:${AWS::Region}:${AWS::AccountId}:workgroup/${}";

impl Handle<WorkGroup> {
    /// Runs queries in the work group and reads what they give: `StartQueryExecution`, `GetQueryExecution`,
    /// `GetQueryResults`, `StopQueryExecution`. The tables (Glue), their data and the place of the results (S3) are
    /// granted where they are.
    pub fn allow_query(&self) -> Statement {
        allow([
            "athena:StartQueryExecution",
            "athena:GetQueryExecution",
            "athena:GetQueryResults",
            "athena:StopQueryExecution",
        ])
        .on(sub(self, ARN, ""))
    }
}
