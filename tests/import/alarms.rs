//! The stack `alarms`, imported from `alarms.yaml`.

use formwork::{
    Stack,
    aws::{
        cloudwatch::{
            Alarm,
            alarm::{ComparisonOperator, Dimension, Metric, MetricDataQuery, MetricStat, TreatMissingData},
        },
        dynamodb::{
            Table,
            table::{AttributeDefinition, AttributeType, BillingMode, KeyType, TableKeySchema},
        },
        sns::Topic,
    },
    intrinsic::sub,
};

/// Composes the stack.
pub fn stack() -> Stack {
    let mut stack = Stack::new("alarms");

    let table = stack.add(
        "Table",
        Table::new([TableKeySchema::new("id", KeyType::HASH)])
            .attribute_definitions([AttributeDefinition::new("id", AttributeType::S)])
            .billing_mode(BillingMode::PAY_PER_REQUEST),
    );
    let topic = stack.add("Topic", Topic::new());
    stack.add(
        "Errors",
        Alarm::new()
            .comparison_operator(ComparisonOperator::GREATER_THAN_OR_EQUAL_TO_THRESHOLD)
            .evaluation_periods(3)
            .threshold(99.9)
            .treat_missing_data(TreatMissingData::NOT_BREACHING)
            .alarm_actions([topic.topic_arn()])
            .metrics([
                MetricDataQuery::new("rate").expression("errors / invocations * 100").label(sub("${Table} errors")),
                MetricDataQuery::new("errors").return_data(false).metric_stat(MetricStat::new(
                    Metric::new()
                        .namespace("AWS/DynamoDB")
                        .metric_name("SystemErrors")
                        .dimensions([Dimension::new("TableName", table.table_name())]),
                    300,
                    "Sum",
                )),
            ]),
    );
    stack
}
