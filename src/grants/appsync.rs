//! AppSync.

use super::attribute_and;
use crate::{
    aws::appsync::GraphQLApi,
    iam::{Statement, allow},
    stack::Handle,
};

impl Handle<GraphQLApi> {
    /// `appsync:GraphQL` on one field of a type, as `("Query", "getReport")`; `*` is all fields.
    pub fn allow_graph_ql(&self, ty: &str, field: &str) -> Statement {
        allow("appsync:GraphQL").on(attribute_and(self, "Arn", &format!("/types/{ty}/fields/{field}")))
    }
}
