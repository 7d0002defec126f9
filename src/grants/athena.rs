//! Athena.

use super::sub;
use crate::{
    aws::athena::WorkGroup,
    iam::{Statement, allow},
    stack::Handle,
};

const ARN: &str = "arn:${AWS::Partition}:athena:${AWS::Region}:${AWS::AccountId}:workgroup/${}";

impl Handle<WorkGroup> {
    /// `athena:StartQueryExecution` in the work group.
    pub fn allow_start_query(&self) -> Statement {
        allow("athena:StartQueryExecution").on(sub(self, ARN, ""))
    }

    /// Looks at its queries and stops them: `GetQueryExecution`, `StopQueryExecution`.
    pub fn allow_follow_queries(&self) -> Statement {
        allow(["athena:GetQueryExecution", "athena:StopQueryExecution"]).on(sub(self, ARN, ""))
    }

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
