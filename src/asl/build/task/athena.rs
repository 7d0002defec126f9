//! `athena:startQueryExecution`: a query in a work group.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/connect-athena.html>

use super::Task;
use crate::{
    asl::build::{Argument, QueryLanguage, setters},
    aws::athena::WorkGroup,
    iam::{Statement, allow},
    intrinsic::sub_with,
    stack::Handle,
};

/// `arn:aws:states:::athena:startQueryExecution`, or that with `.sync`.
#[derive(Clone, Copy, Debug)]
pub enum AthenaStartQueryExecution {}

impl<L: QueryLanguage> Task<L, AthenaStartQueryExecution> {
    /// Starts a query. The role gets `athena:StartQueryExecution` on the work group; the tables (Glue), their data and
    /// the place of the results (S3) are granted by [`grant`](Self::grant).
    pub fn athena_start_query_execution(work_group: &Handle<WorkGroup>, query: impl Argument<L>) -> Self {
        let mut task = Self::optimized("athena:startQueryExecution");
        task.body.argument::<L>("QueryString", query);
        let name = task.body.token(work_group, "Name", work_group.name());
        task.body.argument::<L>("WorkGroup", name);
        task.granting(on(work_group, ["athena:StartQueryExecution"]))
    }

    /// Starts a query and waits for its end (`.sync`). The role may also follow and stop it: `GetQueryExecution`,
    /// `StopQueryExecution`.
    pub fn athena_start_query_execution_sync(work_group: &Handle<WorkGroup>, query: impl Argument<L>) -> Self {
        let following = on(work_group, ["athena:GetQueryExecution", "athena:StopQueryExecution"]);
        Self::athena_start_query_execution(work_group, query).sync([following], None)
    }

    setters::integration_arguments! {
        query_execution_context => "QueryExecutionContext", "`{Database, Catalog}`: what names in the query are looked up in.";
        result_configuration => "ResultConfiguration", "`{OutputLocation, …}`, unless the work group says it.";
        execution_parameters => "ExecutionParameters", "a list of values for the `?` of the query.";
        client_request_token => "ClientRequestToken", "32 to 128 characters: a query with the same one is started once.";
    }
}

fn on<const N: usize>(work_group: &Handle<WorkGroup>, actions: [&str; N]) -> Statement {
    let arn = "arn:${AWS::Partition}:athena:${AWS::Region}:${AWS::AccountId}:workgroup/${Name}";
    allow(actions).on(sub_with(arn, [("Name", work_group.name())]))
}
