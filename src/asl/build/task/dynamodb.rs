//! `dynamodb:getItem`, `putItem`, `updateItem` and `deleteItem`: one item of a table, keys and values in DynamoDB's
//! JSON (`{"id": {"S": "…"}}`).
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html>

use super::Task;
use crate::{
    asl::build::{Argument, QueryLanguage, setters},
    aws::dynamodb::Table,
    iam::Statement,
    stack::Handle,
};

/// `arn:aws:states:::dynamodb:getItem`.
#[derive(Clone, Copy, Debug)]
pub enum GetItem {}

/// `arn:aws:states:::dynamodb:putItem`.
#[derive(Clone, Copy, Debug)]
pub enum PutItem {}

/// `arn:aws:states:::dynamodb:updateItem`.
#[derive(Clone, Copy, Debug)]
pub enum UpdateItem {}

/// `arn:aws:states:::dynamodb:deleteItem`.
#[derive(Clone, Copy, Debug)]
pub enum DeleteItem {}

impl<L: QueryLanguage, I> Task<L, I> {
    fn dynamodb(action: &str, table: &Handle<Table>, grant: Statement) -> Self {
        let mut task = Self::optimized(&format!("dynamodb:{action}"));
        let name = task.body.token(table, "TableName", table.table_name());
        task.body.argument::<L>("TableName", name);
        task.granting(grant)
    }
}

impl<L: QueryLanguage> Task<L, GetItem> {
    /// Reads the item with a key. The role gets `dynamodb:GetItem` on the table. The result has no `Item` where
    /// there is none.
    ///
    /// ```
    /// use formwork::{Handle, asl::jsonata::*, aws::dynamodb::Table, json};
    /// fn read(table: &Handle<Table>) -> Workflow {
    ///     let key = json!({"id": {"S": "{% $states.input.id %}"}});
    ///     Workflow::new().state("Read", Task::dynamodb_get_item(table, key).consistent_read(true).end())
    /// }
    /// ```
    pub fn dynamodb_get_item(table: &Handle<Table>, key: impl Argument<L>) -> Self {
        let mut task = Self::dynamodb("getItem", table, table.allow_get_item());
        task.body.argument::<L>("Key", key);
        task
    }

    setters::integration_arguments! {
        consistent_read => "ConsistentRead", "whether to see all earlier writes; costs twice as much.";
        projection_expression => "ProjectionExpression", "the attributes to read.";
        expression_attribute_names => "ExpressionAttributeNames", "a map of `#name` to attribute.";
    }
}

impl<L: QueryLanguage> Task<L, PutItem> {
    /// Writes an item, in place of one with the same key. The role gets `dynamodb:PutItem` on the table.
    pub fn dynamodb_put_item(table: &Handle<Table>, item: impl Argument<L>) -> Self {
        let mut task = Self::dynamodb("putItem", table, table.allow_put_item());
        task.body.argument::<L>("Item", item);
        task
    }

    setters::integration_arguments! {
        condition_expression => "ConditionExpression", "what must hold of the item that is there.";
        expression_attribute_names => "ExpressionAttributeNames", "a map of `#name` to attribute.";
        expression_attribute_values => "ExpressionAttributeValues", "a map of `:name` to value.";
        return_values => "ReturnValues", "`NONE` (AWS's default) or `ALL_OLD`.";
    }
}

impl<L: QueryLanguage> Task<L, UpdateItem> {
    /// Changes attributes of the item with a key, or makes it. The role gets `dynamodb:UpdateItem` on the table.
    pub fn dynamodb_update_item(
        table: &Handle<Table>,
        key: impl Argument<L>,
        update_expression: impl Argument<L>,
    ) -> Self {
        let mut task = Self::dynamodb("updateItem", table, table.allow_update_item());
        task.body.argument::<L>("Key", key);
        task.body.argument::<L>("UpdateExpression", update_expression);
        task
    }

    setters::integration_arguments! {
        condition_expression => "ConditionExpression", "what must hold of the item that is there.";
        expression_attribute_names => "ExpressionAttributeNames", "a map of `#name` to attribute.";
        expression_attribute_values => "ExpressionAttributeValues", "a map of `:name` to value.";
        return_values => "ReturnValues",
            "`NONE` (AWS's default), `ALL_OLD`, `UPDATED_OLD`, `ALL_NEW` or `UPDATED_NEW`.";
    }
}

impl<L: QueryLanguage> Task<L, DeleteItem> {
    /// Deletes the item with a key. The role gets `dynamodb:DeleteItem` on the table.
    pub fn dynamodb_delete_item(table: &Handle<Table>, key: impl Argument<L>) -> Self {
        let mut task = Self::dynamodb("deleteItem", table, table.allow_delete_item());
        task.body.argument::<L>("Key", key);
        task
    }

    setters::integration_arguments! {
        condition_expression => "ConditionExpression", "what must hold of the item that is there.";
        expression_attribute_names => "ExpressionAttributeNames", "a map of `#name` to attribute.";
        expression_attribute_values => "ExpressionAttributeValues", "a map of `:name` to value.";
        return_values => "ReturnValues", "`NONE` (AWS's default) or `ALL_OLD`.";
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{asl::jsonata::*, stack::Stack};

    #[test]
    fn each_action_is_granted_on_the_table_alone() {
        let table = Stack::new("test").handle("Beans");
        let key = json!({"id": {"S": "1"}});
        let workflow = Workflow::new()
            .state("Put", Task::dynamodb_put_item(&table, key.clone()).return_values("ALL_OLD").next("Update"))
            .state("Update", Task::dynamodb_update_item(&table, key.clone(), "ADD n :one").next("Get"))
            .state("Get", Task::dynamodb_get_item(&table, key.clone()).next("Delete"))
            .state("Delete", Task::dynamodb_delete_item(&table, key).end());
        assert_eq!(
            serde_json::to_value(workflow.grants()).unwrap()["Statement"],
            json!([{
                "Effect": "Allow",
                "Action": ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:GetItem", "dynamodb:DeleteItem"],
                "Resource": table.arn(),
            }])
        );
        assert_eq!(
            workflow.definition()["States"]["Update"]["Arguments"],
            json!({"TableName": "${BeansTableName}", "Key": {"id": {"S": "1"}}, "UpdateExpression": "ADD n :one"})
        );
        let substitutions = workflow.substitutions();
        let tokens: Vec<&str> = substitutions.iter().map(|(token, _)| token).collect();
        assert_eq!(
            tokens,
            ["BeansTableName", "DynamodbPutItem", "DynamodbUpdateItem", "DynamodbGetItem", "DynamodbDeleteItem"]
        );
    }
}
