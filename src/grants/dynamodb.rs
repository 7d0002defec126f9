//! DynamoDB tables. Grants on items are one action each, for a task or a function that does one thing.

use super::{allow_list_streams, attribute_and};
use crate::{
    aws::dynamodb::Table,
    iam::{Statement, allow},
    stack::Handle,
};

impl Handle<Table> {
    /// `dynamodb:GetItem`.
    pub fn allow_get_item(&self) -> Statement {
        allow("dynamodb:GetItem").on(self.arn())
    }

    /// `dynamodb:PutItem`.
    pub fn allow_put_item(&self) -> Statement {
        allow("dynamodb:PutItem").on(self.arn())
    }

    /// `dynamodb:UpdateItem`.
    pub fn allow_update_item(&self) -> Statement {
        allow("dynamodb:UpdateItem").on(self.arn())
    }

    /// `dynamodb:DeleteItem`.
    pub fn allow_delete_item(&self) -> Statement {
        allow("dynamodb:DeleteItem").on(self.arn())
    }

    /// `dynamodb:Query` of the table, not of its indexes.
    pub fn allow_query(&self) -> Statement {
        allow("dynamodb:Query").on(self.arn())
    }

    /// `dynamodb:Query` of one index.
    pub fn allow_query_index(&self, index: &str) -> Statement {
        allow("dynamodb:Query").on(attribute_and(self, "Arn", &format!("/index/{index}")))
    }

    /// `dynamodb:Scan` of the table, not of its indexes.
    pub fn allow_scan(&self) -> Statement {
        allow("dynamodb:Scan").on(self.arn())
    }

    /// Reads the table's stream, as a function needs that an `EventSourceMapping` invokes with it: `DescribeStream`,
    /// `GetRecords` and `GetShardIterator` of it, and beside that [`allow_list_streams`](super::allow_list_streams).
    ///
    /// <https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html>
    pub fn allow_read_stream(&self) -> Statement {
        allow(["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"])
            .on(self.stream_arn())
            .and(allow_list_streams())
    }
}
