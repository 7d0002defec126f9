//! `athena:startQueryExecution`: a query in a work group.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/connect-athena.html>

use super::Task;
use crate::{
    asl::build::{Argument, QueryLanguage, setters},
    aws::athena::WorkGroup,
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
        task.granting(work_group.allow_start_query())
    }

    /// Starts a query and waits for its end (`.sync`). The role may also follow and stop it: `GetQueryExecution`,
    /// `StopQueryExecution`.
    pub fn athena_start_query_execution_sync(work_group: &Handle<WorkGroup>, query: impl Argument<L>) -> Self {
        Self::athena_start_query_execution(work_group, query).sync(".sync", [work_group.allow_follow_queries()])
    }

    setters::integration_arguments! {
        query_execution_context => "QueryExecutionContext", "`{Database, Catalog}`: what names in the query are looked up in.";
        result_configuration => "ResultConfiguration", "`{OutputLocation, …}`, unless the work group says it.";
        execution_parameters => "ExecutionParameters", "a list of values for the `?` of the query.";
        client_request_token => "ClientRequestToken", "32 to 128 characters: a query with the same one is started once.";
    }
}
